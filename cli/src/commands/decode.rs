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

/// The claims that are times (RFC 7519 section 4.1), in a readable form; without those outside of the calendar.
fn times(claims: &Map<String, Value>) -> Map<String, Value> {
    let readable = |name: &str| {
        let time = OffsetDateTime::from_unix_timestamp(claims.get(name)?.as_i64()?).ok()?;
        Some((name.to_owned(), Value::String(time.format(&Rfc3339).ok()?)))
    };
    ["nbf", "iat", "exp"].into_iter().filter_map(readable).collect()
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
        assert!(times(&object(r#"{"exp": 9223372036854775807}"#)).is_empty());
    }
}
