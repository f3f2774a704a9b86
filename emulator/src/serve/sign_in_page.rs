//! The page on which a user signs in, and those that take the answer to the application.

use hyper::StatusCode;
use hyper::header::{CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};

use crate::answer::Answer;
use crate::answer::refusal::Refusal;
use crate::answer::trace::Trace;
use crate::request::authorization::ResponseMode;

/// The page with the fields for name and password. `hint` is the user whom the application expects.
pub(crate) fn form(hint: &str) -> Answer {
    with_form(StatusCode::OK, "", hint)
}

/// The same after a wrong name or password.
pub(crate) fn wrong_password(name: &str) -> Answer {
    let news = "<p role=\"alert\">The user name or the password is wrong.</p>";
    with_form(StatusCode::UNAUTHORIZED, news, name)
}

/// Why nobody can sign in: shown here, because nothing may be sent to an address that is not the application's
/// (RFC 6749 section 4.1.2.1).
pub(crate) fn refused(refusal: &Refusal, trace: &Trace) -> Answer {
    let text = escaped(&refusal.description(trace));
    page(
        StatusCode::BAD_REQUEST,
        "Sign-in failed",
        &format!("<p role=\"alert\">{text}</p>"),
    )
}

/// Takes the parameters of an answer to `redirect_uri`.
pub(crate) fn answer(redirect_uri: &str, mode: ResponseMode, parameters: &[(&str, String)]) -> Answer {
    match mode {
        ResponseMode::Query => {
            let encoded = |(name, value): &(&str, String)| format!("{name}={}", encode(value));
            let query: Vec<String> = parameters.iter().map(encoded).collect();
            let separator = if redirect_uri.contains('?') { '&' } else { '?' };
            let mut answer = Answer::empty(StatusCode::FOUND);
            answer.set_header(LOCATION, &format!("{redirect_uri}{separator}{}", query.join("&")));
            answer.set_header(REFERRER_POLICY, "no-referrer");
            answer
        }
        ResponseMode::FormPost => {
            let field = |(name, value): &(&str, String)| {
                format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
            };
            let fields: String = parameters.iter().map(field).collect();
            let target = escaped(redirect_uri);
            let content = format!(
                "<form method=\"post\" action=\"{target}\">{fields}<noscript><p>Continue to the application.</p>\
                 <button>Continue</button></noscript></form><script>document.forms[0].submit()</script>"
            );
            let mut answer = page(StatusCode::OK, "Continue", &content);
            answer.set_header(REFERRER_POLICY, "no-referrer");
            answer
        }
    }
}

fn with_form(status: StatusCode, news: &str, name: &str) -> Answer {
    let (name, focus) = (escaped(name), " autofocus");
    let (on_name, on_password) = if name.is_empty() { (focus, "") } else { ("", focus) };
    let content = format!(
        "{news}<form method=\"post\">\
         <p><label for=\"username\">User name</label><br>\
         <input id=\"username\" name=\"username\" autocomplete=\"username\" value=\"{name}\"{on_name}></p>\
         <p><label for=\"password\">Password</label><br>\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\"{on_password}></p>\
         <p><button name=\"action\" value=\"sign-in\">Sign in</button> \
         <button name=\"action\" value=\"decline\">Decline</button></p></form>"
    );
    let mut answer = page(status, "Sign in", &content);
    // The form leads to an address of this page, and its answer to one of the application.
    answer.set_header(
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    answer
}

fn page(status: StatusCode, title: &str, content: &str) -> Answer {
    Answer::html(
        status,
        &format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title} - entra-emulator</title>\
             <style>{STYLE}</style></head><body><main><h1>{title}</h1>{content}</main></body></html>\n"
        ),
    )
}

const STYLE: &str = "body{font:1rem/1.5 sans-serif;margin:0;color:#1b1b1b;background:#f2f2f2}\
    main{max-width:22rem;margin:10vh auto;padding:2rem;background:#fff}\
    h1{font-size:1.5rem;margin:0}input{font:inherit;box-sizing:border-box;width:100%;padding:.4rem}\
    button{font:inherit;padding:.4rem 1.2rem}[role=alert]{color:#a80000}";

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
