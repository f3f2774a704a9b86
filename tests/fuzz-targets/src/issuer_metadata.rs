//! The metadata of OpenID Connect issuers.

use graphtoken::service::discovery::Metadata;

/// The issuer in the seeds.
const ISSUER: &str = "https://issuer.example/a";

/// A document, which is that of [`ISSUER`] or not.
pub fn issuer_metadata(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let metadata = match Metadata::read(&text, ISSUER) {
        Ok(metadata) => metadata,
        Err(problem) => {
            assert!(problem.len() < 1024, "{} bytes of a problem", problem.len());
            assert!(problem.chars().all(|c| !c.is_control()), "{problem:?}");
            return;
        }
    };
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "device_authorization_endpoint",
        "end_session_endpoint",
        "jwks_uri",
    ] {
        let Some(endpoint) = metadata.endpoint(name) else {
            continue;
        };
        let (scheme, rest) = endpoint.split_once("://").expect("an endpoint is an address");
        assert!(scheme.eq_ignore_ascii_case("https"), "{endpoint} is not encrypted");
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let is_of_host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        assert!(
            !host.is_empty() && host.chars().all(is_of_host),
            "{endpoint} leads to another host"
        );
        assert!(endpoint.bytes().all(|byte| byte.is_ascii_graphic()), "{endpoint:?}");
    }
    assert!(metadata.endpoint("token_endpoint").is_some());
    metadata.supports("token_endpoint_auth_methods_supported", "client_secret_basic");
}
