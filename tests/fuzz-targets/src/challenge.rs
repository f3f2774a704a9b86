//! Claims challenges of APIs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphtoken::Status;
use graphtoken::service::challenge::read;
use serde_json::{Map, Value};

use crate::marked_secret::{PASSWORD, filled};
use crate::promise::check_error;

/// A header `WWW-Authenticate`, in which a secret is one in the wrong place.
pub fn challenge(input: &[u8]) {
    let text = filled(input, &[PASSWORD]);
    let text = String::from_utf8_lossy(&text);
    let challenge = match read(&text) {
        Ok(challenge) => challenge,
        Err(error) => {
            assert_eq!(error.status(), Status::InvalidArgument, "{error}");
            return check_error(&error, &[PASSWORD], input);
        }
    };
    let claims = &challenge.claims;
    assert!(claims.len() <= 8 * 1024, "{} bytes of claims", claims.len());
    serde_json::from_str::<Map<String, Value>>(claims).expect("the claims are a JSON object");
    let again = read(&format!("Bearer claims=\"{}\"", STANDARD.encode(claims)));
    assert_eq!(&again.expect("it is a challenge").claims, claims);
    if let Some(tenant) = challenge.tenant {
        let is_of_tenant = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        assert!(tenant.bytes().all(is_of_tenant), "{tenant:?}");
    }
}
