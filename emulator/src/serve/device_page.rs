//! The page on which a user enters the code that a device shows (RFC 8628 section 3.3).

use hyper::StatusCode;

use crate::answer::Answer;

/// What came of a user's entries.
#[derive(Clone, Copy)]
pub(crate) enum DeviceLogin {
    Approved,
    Declined,
    UnknownCode,
    WrongPassword,
}

/// The empty page.
pub(crate) fn empty() -> Answer {
    page(StatusCode::OK, "", FORM)
}

/// The page that answers the user's entries.
pub(crate) fn after(login: DeviceLogin) -> Answer {
    match login {
        DeviceLogin::Approved => page(
            StatusCode::OK,
            "You are signed in on the device. You can close this page.",
            "",
        ),
        DeviceLogin::Declined => page(StatusCode::OK, "You declined the sign-in on the device.", ""),
        DeviceLogin::UnknownCode => page(StatusCode::BAD_REQUEST, "No device waits for this code.", FORM),
        DeviceLogin::WrongPassword => page(
            StatusCode::UNAUTHORIZED,
            "The user name or the password is wrong.",
            FORM,
        ),
    }
}

/// Nothing that was entered comes back, so that there is nothing to escape.
fn page(status: StatusCode, news: &str, form: &str) -> Answer {
    let news = if news.is_empty() {
        String::new()
    } else {
        format!("<p role=\"status\">{news}</p>")
    };
    Answer::html(
        status,
        &format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in on a device</title></head>\
             <body><h1>Sign in on a device</h1>{news}{form}</body></html>\n"
        ),
    )
}

const FORM: &str = "<form method=\"post\">\
    <p><label>Code <input name=\"user_code\" autocomplete=\"off\" required></label></p>\
    <p><label>User name <input name=\"username\" autocomplete=\"username\"></label></p>\
    <p><label>Password <input name=\"password\" type=\"password\" autocomplete=\"current-password\"></label></p>\
    <p><button name=\"action\" value=\"approve\">Sign in</button> \
    <button name=\"action\" value=\"decline\">Decline</button></p></form>";
