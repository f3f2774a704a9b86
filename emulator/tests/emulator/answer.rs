//! What an answer to a token request says.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use test_support::answer::Answer;

/// An answer of a token endpoint.
pub trait TokenAnswer {
    /// The claims of the access token in a successful answer.
    fn access_claims(&self) -> Value;

    /// Checks status, OAuth error, AADSTS code and a part of the description.
    fn assert_refused(&self, case: &str, status: u16, error: &str, code: u32, part: &str);
}

impl TokenAnswer for Answer {
    #[track_caller]
    fn access_claims(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        claims(self.json()["access_token"].as_str().expect("there is an access token"))
    }

    #[track_caller]
    fn assert_refused(&self, case: &str, status: u16, error: &str, code: u32, part: &str) {
        let json = self.json();
        let description = json["error_description"].as_str().unwrap_or_default();
        assert_eq!(self.status, status, "{case}: {json}");
        assert_eq!(json["error"], error, "{case}: {json}");
        assert_eq!(json["error_codes"], serde_json::json!([code]), "{case}: {json}");
        assert!(
            description.starts_with(&format!("AADSTS{code}: ")),
            "{case}: {description}"
        );
        assert!(description.contains(part), "{case}: {description}");
    }
}

/// The claims of a JWT.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("a JWT has three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}
