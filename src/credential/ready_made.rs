//! A client assertion that was signed elsewhere, compared with what the service expects of it.

use std::time::SystemTime;

use crate::base::clock::unix_seconds;
use crate::base::error::Result;
use crate::base::parameter::Parameter;
use crate::base::secret::Secret;
use crate::token::claims::{UnverifiedClaims, utc};

/// The claims of a client assertion that this process has not signed. Nothing in it is verified.
pub struct ReadyMadeAssertion<'a> {
    claims: UnverifiedClaims<'a>,
}

impl<'a> ReadyMadeAssertion<'a> {
    /// Decodes an assertion.
    ///
    /// # Errors
    /// It is not a JWT. The message does not quote it.
    pub fn read(assertion: &'a Secret) -> Result<Self> {
        UnverifiedClaims::read(assertion).map(|claims| Self { claims })
    }

    /// What to do after a refusal: the assertion's times, issuer, subject and audience beside those that the service
    /// expects of `client_id` at `endpoint`. `parameter` is where the assertion comes from, and `now` the service's time.
    ///
    /// Expected are the client id as issuer and subject, and the endpoint as audience ("Microsoft identity platform
    /// application authentication certificate credentials"), or all three as a federated credential of the application
    /// has them ("Configure an app to trust an external identity provider").
    pub fn compared(&self, parameter: &Parameter, client_id: &str, endpoint: &str, now: SystemTime) -> String {
        let first = self.first_step(parameter, now);
        let [issuer, subject, audience] = ["iss", "sub", "aud"].map(|name| self.claims.shown(name));
        let [start, end] = ["nbf", "exp"].map(|name| self.claims.time(name).map_or_else(|| "none".to_owned(), utc));
        let expected = if self.is_of_application(client_id) {
            format!("issuer and subject {client_id}, and audience {endpoint}")
        } else {
            "issuer, subject and audience as in a federated credential of the application, whose audience is usually \
             api://AzureADTokenExchange"
                .to_owned()
        };
        format!(
            "{first} It is valid from {start} to {end}, and now it is {}. It has issuer {issuer}, subject {subject} \
             and audience {audience}. Expected: {expected}.",
            utc(unix_seconds(now))
        )
    }

    fn first_step(&self, parameter: &Parameter, now: SystemTime) -> String {
        let now = unix_seconds(now);
        if self.claims.time("exp").is_some_and(|end| end <= now) {
            format!("Set {parameter} to a new client assertion: the one that was sent has expired.")
        } else if self.claims.time("nbf").is_some_and(|start| start > now) {
            format!(
                "Check the clock of the machine that signs the client assertion for {parameter}: the one that \
                 was sent is not valid yet."
            )
        } else {
            format!("Compare the client assertion in {parameter} with what the service expects.")
        }
    }

    /// Whether the application signs for itself, rather than an identity provider for it.
    pub fn is_of_application(&self, client_id: &str) -> bool {
        ["iss", "sub"].iter().any(|name| {
            let claim = self.claims.text(name);
            claim.is_some_and(|claim| claim.eq_ignore_ascii_case(client_id))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use crate::base::parameter::CLIENT_ASSERTION;
    use crate::token::jwt::BASE64URL;
    use base64::Engine as _;
    use serde_json::{Value, json};

    /// 2026-11-23T10:00:00Z.
    const TEN: i64 = 1_795_428_000;
    const APP: &str = "11111111-2222-3333-4444-555555555555";
    const ENDPOINT: &str = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token";

    fn hint(claims: &Value) -> String {
        let signature = "signature".repeat(10);
        let text = format!("e30.{}.{signature}", BASE64URL.encode(claims.to_string()));
        let assertion = Secret::copy_of(text.as_bytes());
        let hint = ReadyMadeAssertion::read(&assertion).unwrap().compared(
            &CLIENT_ASSERTION,
            APP,
            ENDPOINT,
            from_unix_seconds(TEN),
        );
        assert!(!hint.contains(&signature) && !hint.contains(&text), "{hint}");
        hint
    }

    #[test]
    fn an_expired_assertion_is_to_be_replaced() {
        let hint = hint(&json!({"iss": APP, "sub": APP, "aud": ENDPOINT, "nbf": TEN - 900, "exp": 1_795_427_699.5}));
        assert!(hint.starts_with("Set ") && hint.contains("has expired"), "{hint}");
        assert!(
            hint.contains(
                "valid from 2026-11-23T09:45:00Z to 2026-11-23T09:54:59Z, and now it is 2026-11-23T10:00:00Z"
            ),
            "{hint}"
        );
        assert!(
            hint.contains(&format!("Expected: issuer and subject {APP}, and audience {ENDPOINT}")),
            "{hint}"
        );
    }

    #[test]
    fn an_assertion_of_the_future_blames_the_clock_that_signed_it() {
        let hint = hint(&json!({"iss": APP, "nbf": TEN + 3600, "exp": TEN + 7200}));
        assert!(
            hint.contains("not valid yet") && hint.contains("subject none and audience none"),
            "{hint}"
        );
    }

    #[test]
    fn a_federated_assertion_is_compared_with_its_registration() {
        let hint = hint(&json!({
            "iss": "https://token.actions.githubusercontent.com", "sub": "repo:a/b:ref:refs/heads/main",
            "aud": ["api://a", "api://b"], "exp": TEN + 300,
        }));
        for part in [
            "Compare",
            "valid from none to",
            "issuer https://token.actions.githubusercontent.com, subject repo:a/b:ref:refs/heads/main",
            "audience [\"api://a\",\"api://b\"]",
            "api://AzureADTokenExchange",
        ] {
            assert!(hint.contains(part), "{part}: {hint}");
        }
    }

    #[test]
    fn claims_of_strangers_are_quoted_and_absurd_times_do_no_harm() {
        let hint = hint(&json!({"iss": format!("a\r\n\u{1b}{}", "x".repeat(70)), "sub": 5, "exp": 1e300, "nbf": -1}));
        assert!(
            hint.contains("***") && hint.contains("subject 5") && !hint.contains(['\n', '\u{1b}']),
            "{hint}"
        );
    }
}
