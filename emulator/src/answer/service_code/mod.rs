//! The AADSTS codes that the emulator knows, with the answers they come in.

mod sign_in;
mod table;

use sign_in::SIGN_IN;
use table::TABLE;

/// What Entra answers with one AADSTS code (Microsoft: "Microsoft Entra authentication and authorization error
/// codes"; the OAuth error and the shape of the text as clients have published them).
pub(crate) struct ServiceCode {
    pub(crate) code: u32,
    /// The OAuth error (RFC 6749 section 5.2 and Entra's additions).
    pub(crate) error: &'static str,
    pub(crate) suberror: Option<&'static str>,
    /// `{0}` and `{1}` stand for details of the request.
    pub(crate) text: &'static str,
}

impl ServiceCode {
    /// A code that is not in the table comes as `invalid_request` with a text that says nothing.
    pub(crate) fn find(code: u32) -> Self {
        let row = TABLE.iter().chain(SIGN_IN).find(|row| row.0 == code);
        let (code, error, suberror, text) = *row.unwrap_or(&(code, "invalid_request", "", "The request failed."));
        Self {
            code,
            error,
            suberror: (!suberror.is_empty()).then_some(suberror),
            text,
        }
    }

    /// The HTTP status in which this code comes.
    pub(crate) fn http_status(&self) -> u16 {
        match (self.error, self.code) {
            ("invalid_client", _) => 401,
            (_, 90055) => 429,
            ("temporarily_unavailable", _) => 503,
            _ => 400,
        }
    }
}

/// Stands for the code of `slow_down`, which has none.
pub(crate) const SLOW_DOWN: u32 = 0;
