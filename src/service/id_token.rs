//! The id token of a user who has just signed in: whether it is for this client, and from this sign-in (OpenID Connect
//! Core 1.0 section 3.1.3.7).
//!
//! Its signature is not verified: it came over TLS from the token endpoint itself, which rule 6 of that section accepts.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use serde_json::{Map, Value};

use crate::authority::Authority;
use crate::base::clock::unix_seconds;
use crate::base::secret::Secret;
use crate::token::jwt::BASE64URL;

/// What an id token must say.
pub(super) struct Expected<'a> {
    pub(super) authority: &'a Authority,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: SystemTime,
}

/// How far the clocks of this machine and of the service may differ for the end of a token.
const END_TOLERANCE: Duration = Duration::from_secs(120);
/// The same for its beginning.
const START_TOLERANCE: Duration = Duration::from_secs(300);

/// What is wrong with the id token, as the end of a sentence about it; `None` if it is as it should be.
pub(super) fn problem(id_token: &Secret, expected: &Expected) -> Option<&'static str> {
    let Some((header, claims)) = parts(id_token) else {
        return Some("is not a JSON Web Token");
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let is_unsigned = header
        .get("alg")
        .and_then(Value::as_str)
        .is_none_or(|algorithm| algorithm.is_empty() || algorithm.eq_ignore_ascii_case("none"));
    if is_unsigned {
        return Some("is not signed");
    }
    if !text("iss").is_some_and(|issuer| expected.authority.is_issuer(issuer, text("tid"))) {
        return Some("is from another issuer");
    }
    if !is_for(&claims, expected.client_id) {
        return Some("is for another application");
    }
    if text("nonce") != Some(expected.nonce) {
        return Some("is not from this sign-in (nonce)");
    }
    let now = unix_seconds(expected.now);
    let (end, start) = (seconds(END_TOLERANCE), seconds(START_TOLERANCE));
    let time = |name: &str| claims.get(name).and_then(number);
    if time("exp").is_none_or(|expires| expires <= now - end) {
        return Some("has expired");
    }
    let is_early = |name: &str| time(name).is_some_and(|time| time >= now + start);
    (is_early("iat") || is_early("nbf")).then_some("is not valid yet")
}

fn parts(token: &Secret) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let mut parts = token.expose_text()?.split('.');
    let mut object = || serde_json::from_slice(&BASE64URL.decode(parts.next()?).ok()?).ok();
    let both = (object()?, object()?);
    let has_signature = parts.next().is_some_and(|part| !part.is_empty());
    (has_signature && parts.next().is_none()).then_some(both)
}

/// Whether it is for this client, and if it is for others too, whether this client asked for it.
fn is_for(claims: &Map<String, Value>, client_id: &str) -> bool {
    let is_own = |value: &Value| value.as_str().is_some_and(|id| id.eq_ignore_ascii_case(client_id));
    match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(is_own) && claims.get("azp").map_or(all.len() == 1, is_own),
        Some(audience) => is_own(audience),
        None => false,
    }
}

/// A number of seconds. Some services write it as a text or with a fraction.
#[expect(clippy::cast_possible_truncation, reason = "a fraction of a second does not count")]
fn number(value: &Value) -> Option<i64> {
    let text = || value.as_str()?.parse().ok();
    value
        .as_i64()
        .or_else(|| value.as_f64().map(|number| number as i64))
        .or_else(text)
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use serde_json::json;

    const CLIENT: &str = "11111111-1111-1111-1111-111111111111";
    const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const NOW: i64 = 1_700_000_000;

    fn claims() -> Value {
        json!({
            "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"), "tid": TENANT, "aud": CLIENT,
            "nonce": "n", "exp": NOW + 3600, "iat": NOW, "nbf": NOW,
        })
    }

    fn token(header: &Value, claims: &Value) -> Secret {
        let [header, claims] = [header, claims].map(|part| BASE64URL.encode(part.to_string()));
        Secret::new(format!("{header}.{claims}.c2ln").into_bytes())
    }

    fn problem_of(token: &Secret) -> Option<&'static str> {
        let authority = Authority::new("contoso.com", None, None).unwrap();
        let expected = Expected {
            authority: &authority,
            client_id: CLIENT,
            nonce: "n",
            now: from_unix_seconds(NOW),
        };
        problem(token, &expected)
    }

    fn with(name: &str, value: Value) -> Option<&'static str> {
        let mut claims = claims();
        claims[name] = value;
        problem_of(&token(&json!({"alg": "RS256"}), &claims))
    }

    #[test]
    fn each_claim_counts() {
        let other = "6f1a4b0e-0000-4000-8000-00000000abcd";
        for (name, value, expected) in [
            ("x", json!(1), None),
            ("aud", json!([CLIENT]), None),
            ("aud", json!([CLIENT, other]), Some("application")),
            ("aud", json!(other), Some("application")),
            ("aud", json!([]), Some("application")),
            ("aud", Value::Null, Some("application")),
            ("iss", json!("https://evil.example"), Some("issuer")),
            ("iss", Value::Null, Some("issuer")),
            ("tid", json!(other), Some("issuer")),
            ("nonce", json!("m"), Some("nonce")),
            ("nonce", Value::Null, Some("nonce")),
            ("exp", json!(NOW - 119), None),
            ("exp", json!(NOW - 120), Some("expired")),
            ("exp", json!((NOW + 5).to_string()), None),
            ("exp", json!(1_700_000_005.5), None),
            ("exp", Value::Null, Some("expired")),
            ("iat", json!(NOW + 299), None),
            ("iat", json!(NOW + 300), Some("not valid yet")),
            ("nbf", json!(NOW + 300), Some("not valid yet")),
            ("nbf", Value::Null, None),
        ] {
            let found = with(name, value.clone());
            assert_eq!(found.is_some(), expected.is_some(), "{name} {value}: {found:?}");
            assert!(
                found.is_none_or(|found| found.contains(expected.unwrap())),
                "{name} {value}: {found:?}"
            );
        }
    }

    #[test]
    fn a_list_of_audiences_names_who_asked() {
        let mut several = claims();
        several["aud"] = json!([CLIENT, "other"]);
        for (party, is_right) in [(CLIENT, true), ("other", false)] {
            several["azp"] = json!(party);
            assert_eq!(
                problem_of(&token(&json!({"alg": "RS256"}), &several)).is_none(),
                is_right
            );
        }
    }

    #[test]
    fn what_is_no_signed_token_is_refused() {
        for header in [
            json!({"alg": "none"}),
            json!({"alg": "None"}),
            json!({"alg": ""}),
            json!({}),
        ] {
            assert_eq!(
                problem_of(&token(&header, &claims())),
                Some("is not signed"),
                "{header}"
            );
        }
        let whole = token(&json!({"alg": "RS256"}), &claims());
        let whole = whole.expose_text().unwrap();
        for text in [
            "",
            "a.b",
            "a.b.c",
            whole.trim_end_matches("c2ln"),
            &format!("{whole}.more"),
        ] {
            let found = problem_of(&Secret::copy_of(text.as_bytes()));
            assert_eq!(found, Some("is not a JSON Web Token"), "{text}");
        }
    }
}
