//! The pages that a browser shows after a sign-in. They have no script, and say nothing of the answer but its error.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::base::quote::quote;

/// A page, with the status that it comes with.
pub struct Page {
    status: &'static str,
    title: &'static str,
    text: String,
    /// The one method that the address takes, if that is what is wrong.
    allow: Option<&'static str>,
}

impl Page {
    /// The user has signed in.
    pub fn signed_in() -> Self {
        Self::new(
            "200 OK",
            "You are signed in",
            "You can close this page and return to the application.",
        )
    }

    /// The service has refused the sign-in.
    pub fn refused(error: &str, description: &str) -> Self {
        let text = match description {
            "" => quote(error, &[]),
            description => quote(description, &[]),
        };
        Self {
            text,
            ..Self::new("200 OK", "You are not signed in", "")
        }
    }

    /// The answer is from another service.
    pub fn other_issuer() -> Self {
        Self::new(
            "400 Bad Request",
            "You are not signed in",
            "The answer comes from another service than the one that the application asked.",
        )
    }

    /// The request is no answer to this sign-in.
    pub fn not_expected() -> Self {
        Self::new(
            "400 Bad Request",
            "This sign-in is not expected",
            "Return to the page that the application opened, or start the sign-in again.",
        )
    }

    /// Another method than the one that answers come by.
    pub fn other_method(allowed: &'static str) -> Self {
        Self {
            allow: Some(allowed),
            ..Self::failure("405 Method Not Allowed")
        }
    }

    /// A request that is wrong in a way that only a program makes; the status is its text.
    pub fn failure(status: &'static str) -> Self {
        Self::new(status, "This page does not exist", status)
    }

    /// Head and body as they are sent. `accept_language` is the header of the request.
    pub fn response(&self, accept_language: &str) -> String {
        let (language, direction) = language_of(accept_language);
        let (title, text) = (self.title, escaped(&self.text));
        let body = format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
             <body><main lang=\"en\"><h1><bdi>{title}</bdi></h1><p><bdi>{text}</bdi></p></main></body></html>\n"
        );
        let allow = self
            .allow
            .map_or_else(String::new, |method| format!("Allow: {method}\r\n"));
        let style = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
        format!(
            "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n{allow}\
             Content-Security-Policy: default-src 'none'; style-src 'sha256-{style}'; frame-ancestors 'none'\r\n\
             Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n{body}",
            self.status,
            body.len()
        )
    }

    fn new(status: &'static str, title: &'static str, text: &str) -> Self {
        Self {
            status,
            title,
            text: text.to_owned(),
            allow: None,
        }
    }
}

const STYLE: &str = "body{font:1.125rem/1.6 system-ui,sans-serif;margin:0;color:#1b1b1b;background:#fff}\
    main{max-width:36rem;margin:12vh auto;padding:0 1.5rem}h1{font-size:1.75rem;line-height:1.3}\
    p{overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{color:#f2f2f2;background:#1b1b1b}}";

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 13] = [
    "ar", "arc", "ckb", "dv", "fa", "he", "iw", "nqo", "ps", "sd", "syr", "ug", "ur",
];

/// The language that the browser prefers, and the direction of its script.
fn language_of(accept_language: &str) -> (&str, &'static str) {
    let first = accept_language.split([',', ';']).next().unwrap_or_default().trim();
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let primary = first.split('-').next().unwrap_or_default();
    let is_language = primary.len() >= 2 && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_language || first.len() > 35 || !first.split('-').all(is_part) {
        return ("en", "ltr");
    }
    let has_script = |script: &str| first.split('-').skip(1).any(|part| part.eq_ignore_ascii_case(script));
    let is_turned = if has_script("Latn") || has_script("Cyrl") {
        false
    } else {
        has_script("Arab")
            || has_script("Hebr")
            || primary.eq_ignore_ascii_case("yi")
            || RIGHT_TO_LEFT
                .iter()
                .any(|language| primary.eq_ignore_ascii_case(language))
    };
    (first, if is_turned { "rtl" } else { "ltr" })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_header_and_no_script() {
        let page = Page::signed_in().response("");
        let (head, body) = page.split_once("\r\n\r\n").unwrap();
        for header in [
            "HTTP/1.1 200 OK",
            "Content-Type: text/html; charset=utf-8",
            "Content-Security-Policy: default-src 'none'; style-src 'sha256-",
            "; frame-ancestors 'none'",
            "Cache-Control: no-store",
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
        ] {
            assert!(head.contains(header), "{header}: {head}");
        }
        assert!(head.contains(&format!("Content-Length: {}", body.len())), "{head}");
        assert!(!body.contains("<script"), "{body}");
        for part in ["<title>You are signed in</title>", "<html lang=\"en\" dir=\"ltr\">"] {
            assert!(body.contains(part), "{part}: {body}");
        }
        assert_eq!(body.matches("<h1>").count(), 1);
    }

    #[test]
    fn the_direction_is_that_of_the_browser_s_language() {
        for (header, language, direction) in [
            ("he-IL,he;q=0.9,en;q=0.8", "he-IL", "rtl"),
            ("ar", "ar", "rtl"),
            ("FA-ir", "FA-ir", "rtl"),
            ("yi", "yi", "rtl"),
            ("pa-Arab-PK", "pa-Arab-PK", "rtl"),
            ("ur-Latn", "ur-Latn", "ltr"),
            ("de-DE,ar;q=0.5", "de-DE", "ltr"),
            ("*", "en", "ltr"),
            ("", "en", "ltr"),
            ("\"><script>", "en", "ltr"),
            ("ar\"onload=", "en", "ltr"),
        ] {
            assert_eq!(language_of(header), (language, direction), "{header}");
        }
    }

    #[test]
    fn what_the_service_says_is_escaped_and_cleaned() {
        let page = Page::refused("access_denied", "<script>'\"&\u{202e}\u{7}").response("");
        assert!(page.contains("<bdi>&lt;script&gt;&#39;&quot;&amp;</bdi>"), "{page}");
        assert!(
            Page::refused("access_denied", "")
                .response("")
                .contains("access_denied")
        );
    }

    #[test]
    fn another_method_is_told_which_is_right() {
        let page = Page::other_method("POST").response("");
        assert!(
            page.starts_with("HTTP/1.1 405 ") && page.contains("\r\nAllow: POST\r\n"),
            "{page}"
        );
    }
}
