//! Signing in on another device: shows the code on standard error, where it reaches the user even if standard output is
//! captured.

use std::io::{self, IsTerminal, Write};

use graphtoken::Request;
use graphtoken::{Client, DeviceCode, RequestSettings, Result, Scopes, whole_seconds};
use serde_json::{Value, json};

use super::qr_code;

/// Requests a code and shows it. The resulting request waits for the user. With `json` the code is shown as a JSON
/// object on one line.
pub fn request(client: &Client, scopes: &Scopes, settings: &RequestSettings, json: bool) -> Result<Request> {
    let code = DeviceCode::new(client, scopes.clone(), settings, None)?;
    let text = if json {
        format!("{}\n", event(&code))
    } else {
        let drawing = code
            .link()
            .filter(|_| io::stderr().is_terminal())
            .and_then(qr_code::drawn);
        format!("{}\n{}", code.message(), drawing.unwrap_or_default())
    };
    let mut output = io::stderr().lock();
    // Whoever closed standard error may have the code from elsewhere; the wait ends with the code.
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    Ok(code.request(settings.clone()))
}

fn event(code: &DeviceCode) -> Value {
    json!({
        "event": "device_code",
        "user_code": code.user_code(),
        "verification_uri": code.verification_uri(),
        "verification_uri_complete": code.verification_uri_complete(),
        "expires_in": whole_seconds(code.expires_in()),
        "message": code.message(),
    })
}
