//! Signing in in a web browser: says on standard error where, so that the user learns of it even if standard output is
//! captured.

use std::io::{self, Write};

use graphtoken::{Client, Options, Request, Result, Scopes, SignIn, Surface};
use serde_json::json;

use crate::arguments::UserArguments;

/// Opens the browser, unless the user wants the address alone. The resulting request waits for the user. With `json`
/// the address is shown as a JSON object on one line.
pub fn request(
    client: &Client,
    scopes: Scopes,
    options: Options,
    arguments: &UserArguments,
    json: bool,
) -> Result<Request> {
    let sign_in = SignIn::new(client, scopes, &options.request, &options.sign_in)?;
    let url = sign_in.url();
    if json {
        show(&json!({"event": "browser", "url": url}).to_string());
        if !arguments.no_browser {
            // The address is there for whoever reads the event.
            let _ = sign_in.open_browser();
        }
    } else if arguments.no_browser {
        show(url);
    } else {
        let opened = sign_in.open_browser();
        show(&match opened {
            Ok(()) => format!("Sign in in the web browser that was opened, or open this address:\n{url}"),
            Err(error) => format!(
                "{} To sign in, open this address in a web browser on this machine:\n{url}",
                error.message_on(Surface::Command)
            ),
        });
    }
    Ok(sign_in.request(options.request))
}

/// Writes a line to standard error. Whoever closed it may have the address from elsewhere; the wait has an end.
fn show(line: &str) {
    let mut output = io::stderr().lock();
    let _ = writeln!(output, "{line}").and_then(|()| output.flush());
}
