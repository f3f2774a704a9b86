//! Errors in the form of Azure AD B2C, which has numbers of its own ("Error codes: Azure Active Directory B2C").

use serde_json::{Value, json};

use super::trace::Trace;

/// The answer of B2C in place of an AADSTS `code` with its `text`, or to one of its own numbers.
pub(super) fn json(code: u32, text: &str, trace: &Trace) -> Value {
    let own = match code {
        50_034 | 50_126 => 90225,
        65_004 => 90091,
        70_000 => 90088,
        70_011 | 1_002_012 => 90117,
        7_000_215 => 90081,
        7_000_216 | 7_000_218 => 90079,
        code if row(code).is_some() => code,
        _ => 90085,
    };
    let (error, own_text) = row(own).unwrap_or(("server_error", text));
    let text = if own == 90085 { text } else { own_text };
    let (correlation_id, timestamp) = (&trace.correlation_id, trace.now.timestamp());
    json!({
        "error": error,
        "error_description":
            format!("AADB2C{own}: {text}\r\nCorrelation ID: {correlation_id}\r\nTimestamp: {timestamp}\r\n"),
    })
}

fn row(code: u32) -> Option<(&'static str, &'static str)> {
    Some(match code {
        90079 => (
            "invalid_request",
            "Clients must send a client_secret when redeeming a confidential grant.",
        ),
        90081 => (
            "invalid_client",
            "The specified client_secret does not match the expected value for this client. Please correct the \
             client_secret and try again.",
        ),
        90085 => ("server_error", ""),
        90088 => (
            "invalid_grant",
            "The provided grant has not been issued for this endpoint.",
        ),
        90091 => (
            "access_denied",
            "The user has cancelled entering self-asserted information.",
        ),
        90117 => ("invalid_request", "The scope provided in the request is not supported."),
        90118 => ("access_denied", "The user has forgotten their password."),
        90225 => (
            "access_denied",
            "The username or password provided in the request are invalid.",
        ),
        _ => return None,
    })
}
