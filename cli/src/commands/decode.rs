//! `graph-token decode`: shows the contents of a token.

use std::io::{self, Write};

use graphtoken::{DecodedJwt, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::arguments::DecodeArguments;
use crate::failure::Failure;
use crate::{output, secret_input};

/// Prints the header and claims of a token. Its signature is neither verified nor shown.
pub fn run(arguments: &DecodeArguments) -> std::result::Result<(), Failure> {
    let jwt = token(arguments)?;
    let (header, claims) = (object(jwt.header()), object(jwt.claims()));
    if arguments.json {
        output::write_json(&Contents {
            header,
            claims,
            times: None,
        })?;
    } else {
        let times = Some(times(&claims));
        output::write_pretty_json(&Contents { header, claims, times })?;
    }
    // A closed standard error does not change the outcome.
    let _ = writeln!(
        io::stderr(),
        "note: the signature was not verified; anyone could have created this token"
    );
    Ok(())
}

fn token(arguments: &DecodeArguments) -> Result<DecodedJwt> {
    let text = secret_input::read(&arguments.file, "the token")?;
    DecodedJwt::decode(text.expose_text().unwrap_or_default())
}

#[derive(Serialize)]
struct Contents {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<Map<String, Value>>,
}

fn object(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).expect("the engine hands out JSON objects only")
}

/// The claims that are times (RFC 7519 section 4.1, OpenID Connect Core sections 2 and 5.1), in a readable form;
/// without those outside of the calendar.
fn times(claims: &Map<String, Value>) -> Map<String, Value> {
    let readable = |name: &str| {
        let time = time(claims.get(name)?)?.format(&Rfc3339).ok()?;
        Some((name.to_owned(), Value::String(time)))
    };
    ["nbf", "iat", "exp", "auth_time", "updated_at"]
        .into_iter()
        .filter_map(readable)
        .collect()
}

/// A `NumericDate`: seconds, which may have a fraction (RFC 7519 section 2). Shown to the microsecond, which is as far
/// as a JSON number of today's size goes.
fn time(date: &Value) -> Option<OffsetDateTime> {
    if let Some(seconds) = date.as_i64() {
        return OffsetDateTime::from_unix_timestamp(seconds).ok();
    }
    // A number that is too large saturates, and is outside of the calendar then.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction of a microsecond is not shown"
    )]
    let microseconds = (date.as_f64()? * 1e6).round() as i128;
    OffsetDateTime::from_unix_timestamp_nanos(microseconds.saturating_mul(1000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_in_utc() {
        // RFC 7519 section 3.1 has this `exp`; date -u -d @1300819380 says the rest.
        let claims = object(r#"{"exp": 1300819380, "nbf": 0, "iat": "text"}"#);
        assert_eq!(
            Value::Object(times(&claims)),
            serde_json::json!({"nbf": "1970-01-01T00:00:00Z", "exp": "2011-03-22T18:43:00Z"})
        );
        for claims in [
            r#"{"exp": 9223372036854775807}"#,
            r#"{"exp": 1e300}"#,
            r#"{"exp": -1e300}"#,
        ] {
            assert!(times(&object(claims)).is_empty(), "{claims}");
        }
    }

    #[test]
    fn a_time_may_have_a_fraction() {
        let claims = object(
            r#"{"exp": 1300819380.5, "nbf": 1300819380.0,
                "iat": 1.3008193801234567e9, "auth_time": 1300819379.999999}"#,
        );
        assert_eq!(
            Value::Object(times(&claims)),
            serde_json::json!({
                "exp": "2011-03-22T18:43:00.5Z",
                "nbf": "2011-03-22T18:43:00Z",
                "iat": "2011-03-22T18:43:00.123457Z",
                "auth_time": "2011-03-22T18:42:59.999999Z",
            })
        );
    }
}
