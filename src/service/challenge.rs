//! Reads a claims challenge: the header `WWW-Authenticate` with which an API refuses a token (RFC 9110 section 11.6.1,
//! RFC 6750 section 3; "Claims challenges, claims requests and client capabilities").

use std::fmt::Display;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::authority::tenant_in;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CHALLENGE, FORCE_REFRESH, SCOPES};
use crate::request::claims::ClaimsChallenge;

/// The longest header that is read, in bytes.
const LONGEST_HEADER: usize = 16 * 1024;

/// The longest claims, in bytes of JSON.
const LONGEST_CLAIMS: usize = 8 * 1024;

/// Reads the value of a header, with or without its name. Several headers may follow each other, each on a line of its
/// own or separated by commas.
///
/// The challenge for bearer tokens that has claims counts; others are skipped.
///
/// # Errors
/// `InvalidArgument` for a text that is no such header, and for one without claims: the error says what the header asks
/// for instead. It quotes nothing of the text, which may be a secret in the wrong place.
pub fn read(text: &str) -> Result<ClaimsChallenge> {
    if text.len() > LONGEST_HEADER {
        return Err(refused("it is longer than 16 KiB"));
    }
    let value = joined_lines(text);
    let challenges = Reader(value.trim_ascii()).challenges().map_err(refused)?;
    let bearer: Vec<&Challenge> = challenges
        .iter()
        .filter(|it| it.scheme.eq_ignore_ascii_case("Bearer"))
        .collect();
    let demanding = bearer
        .iter()
        .find_map(|challenge| Some((challenge, challenge.claims()?)));
    let Some((challenge, claims)) = demanding else {
        return Err(without_claims(&bearer));
    };
    Ok(ClaimsChallenge {
        claims: decoded(claims).map_err(refused)?,
        tenant: challenge.parameter("authorization_uri").and_then(tenant_in),
    })
}

/// One line out of several headers, and out of one that is folded (RFC 9112 section 5.2).
fn joined_lines(text: &str) -> String {
    let mut value = String::new();
    for line in text.lines() {
        let is_folded = line.starts_with([' ', '\t']);
        let name = line.split_once(':').map_or("", |(name, _)| name);
        let line = if name.trim().eq_ignore_ascii_case("WWW-Authenticate") {
            &line[name.len() + 1..]
        } else {
            line
        };
        if !value.is_empty() {
            value.push_str(if is_folded { " " } else { ", " });
        }
        value.push_str(line.trim());
    }
    value
}

struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let (_, value) = parameters.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value.trim())
    }

    /// What it demands. With another error the token itself is refused, and claims would not change that.
    fn claims(&self) -> Option<&str> {
        let error = self.parameter("error");
        let claims = self.parameter("claims").filter(|claims| !claims.is_empty());
        claims.filter(|_| error.is_none_or(|error| error.eq_ignore_ascii_case("insufficient_claims")))
    }
}

/// What is left of the header.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    /// The challenges, or what is wrong.
    fn challenges(mut self) -> std::result::Result<Vec<Challenge>, &'static str> {
        let mut challenges: Vec<Challenge> = Vec::new();
        loop {
            self.0 = self.0.trim_start_matches([' ', '\t', ',']);
            if self.0.is_empty() {
                return if challenges.is_empty() {
                    Err("it is empty")
                } else {
                    Ok(challenges)
                };
            }
            let name = self
                .token()
                .ok_or("it has no name of a scheme or a parameter where one belongs")?;
            match (self.equals_sign(), challenges.last_mut()) {
                (true, Some(challenge)) => {
                    let value = self.value()?;
                    if challenge.parameter(name).is_some() {
                        return Err("a parameter occurs twice in one challenge");
                    }
                    challenge.parameters.push((name.to_owned(), value));
                    if !self.0.is_empty() && !self.0.starts_with([' ', '\t', ',']) {
                        return Err("a parameter is not followed by a comma");
                    }
                }
                (true, None) => return Err("it begins with a parameter and not with a scheme"),
                (false, _) => {
                    challenges.push(Challenge {
                        scheme: name.to_owned(),
                        parameters: Vec::new(),
                    });
                    self.skip_token68();
                }
            }
        }
    }

    /// A token (RFC 9110 section 5.6.2).
    fn token(&mut self) -> Option<&'a str> {
        let is_of_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        self.run(is_of_token)
    }

    /// Whether a `=` follows, with which a parameter goes on. It may have white space around it.
    fn equals_sign(&mut self) -> bool {
        let rest = self.0.trim_start_matches([' ', '\t']).strip_prefix('=');
        if let Some(rest) = rest {
            self.0 = rest.trim_start_matches([' ', '\t']);
        }
        rest.is_some()
    }

    /// The value of a parameter. Without quotation marks it may have more characters than a token, because some servers
    /// leave the marks out.
    fn value(&mut self) -> std::result::Result<String, &'static str> {
        let Some(quoted) = self.0.strip_prefix('"') else {
            let value = self.run(|c| c.is_ascii_graphic() && !",\"".contains(c));
            return value.map(str::to_owned).ok_or("a parameter has no value");
        };
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        while let Some((index, c)) = characters.next() {
            match c {
                '"' => {
                    self.0 = &quoted[index + 1..];
                    return Ok(value);
                }
                '\\' => value.extend(characters.next().map(|(_, c)| c)),
                c => value.push(c),
            }
        }
        Err("a quotation mark has no counterpart")
    }

    /// Skips the data that some schemes have in place of parameters (RFC 9110 section 11.2).
    fn skip_token68(&mut self) {
        let rest = self.0.trim_start_matches([' ', '\t']);
        let data = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        let after = data.trim_start_matches('=').trim_start_matches([' ', '\t']);
        if rest.len() < self.0.len() && data.len() < rest.len() && (after.is_empty() || after.starts_with(',')) {
            self.0 = after;
        }
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self.0.find(|c| !belongs(c)).unwrap_or(self.0.len());
        let (run, rest) = self.0.split_at(end);
        self.0 = rest;
        (!run.is_empty()).then_some(run)
    }
}

/// Takes Base64 in either alphabet, with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The claims as JSON. Some APIs send them as they are, and not in Base64.
fn decoded(claims: &str) -> std::result::Result<String, &'static str> {
    let json = if claims.starts_with('{') {
        claims.to_owned()
    } else {
        let standard = claims.replace('-', "+").replace('_', "/");
        let bytes = BASE64
            .decode(standard)
            .map_err(|_| "its claims are neither Base64 nor JSON")?;
        String::from_utf8(bytes).map_err(|_| "its claims are not text")?
    };
    if json.len() > LONGEST_CLAIMS {
        return Err("its claims are longer than 8 KiB");
    }
    match serde_json::from_str::<Map<String, Value>>(&json) {
        Ok(_) => Ok(json),
        Err(_) => Err("its claims are not a JSON object"),
    }
}

/// The error for a header that demands no claims: it says what the header asks for.
fn without_claims(bearer: &[&Challenge]) -> Error {
    let says = |error: &str| {
        let errors = bearer.iter().filter_map(|challenge| challenge.parameter("error"));
        errors.into_iter().any(|said| said.eq_ignore_ascii_case(error))
    };
    let (asked, hint) = if bearer.is_empty() {
        (
            "it is not for bearer tokens",
            "Check which way of signing in the API takes.".to_owned(),
        )
    } else if says("invalid_token") {
        (
            "the API says that the token is not valid (invalid_token) and asks for a new one",
            format!("Use {FORCE_REFRESH} to get a new token."),
        )
    } else if says("insufficient_scope") {
        (
            "the API asks for a token with more permissions (insufficient_scope)",
            format!("Check {SCOPES} and the permissions of the application."),
        )
    } else if says("insufficient_user_authentication") {
        (
            "the API asks for a stronger sign-in of the user (insufficient_user_authentication)",
            "Check which sign-in the API requires (RFC 9470).".to_owned(),
        )
    } else {
        (
            "the API only asks for a token",
            format!("Check that the request has the header Authorization. Use {FORCE_REFRESH} to get a new token."),
        )
    };
    Error::new(
        Status::InvalidArgument,
        format!("Invalid value for {CHALLENGE}: it has no claims; {asked}."),
        hint,
    )
}

fn refused(problem: impl Display) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("Invalid value for {CHALLENGE}: {problem}."),
        "Pass the value of the header WWW-Authenticate as the API has sent it.",
    )
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"},"a":"??>>~~"}}"#;

    fn claims(header: &str) -> String {
        read(header).unwrap_or_else(|error| panic!("{error}: {header}")).claims
    }

    #[test]
    fn the_claims_are_found_by_the_grammar() {
        let (standard, url) = (STANDARD.encode(CLAIMS), URL_SAFE_NO_PAD.encode(CLAIMS));
        assert!(standard.contains(['+', '/']) && url.contains(['-', '_']), "{standard}");
        let quoted = CLAIMS.replace('"', "\\\"");
        for header in [
            format!(
                r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="{standard}""#
            ),
            format!(r#"bearer CLAIMS="{url}",ERROR="Insufficient_Claims""#),
            format!(r#"Bearer claims = "{}""#, standard.trim_end_matches('=')),
            format!("Bearer claims={standard}, error=insufficient_claims"),
            format!(r#"Bearer error="insufficient_claims", claims="{quoted}""#),
            format!(r#"Bearer error_description="a \"quoted\", claims=\"x\", Basic b=c", claims="{standard}""#),
            format!(r#"Negotiate, Basic realm="a, b", Bearer claims="{standard}", NTLM dGVzdA=="#),
            format!(
                r#"Negotiate dGVzdA==, PoP claims="e30=", Bearer error="invalid_token", Bearer claims="{standard}""#
            ),
            format!(r#"  ,, Bearer ,claims="{standard}" , "#),
            format!(
                "WWW-Authenticate: PoP nonce=\"n\"\r\nwww-authenticate: Bearer realm=\"\",\r\n  claims=\"{standard}\"\r\n"
            ),
            format!(r#"Bearer {}, claims="{standard}""#, r#"a="\"""#),
        ] {
            assert_eq!(claims(&header), CLAIMS, "{header}");
        }
    }

    #[test]
    fn the_tenant_of_the_authorization_uri_is_told_and_nothing_else_of_it() {
        for (address, tenant) in [
            ("https://login.microsoftonline.com/common/oauth2/authorize", None),
            ("https://login.microsoftonline.com/organizations", None),
            ("https://login.windows.net/", None),
            ("https://login.windows.net/Contoso.com/oauth2", Some("Contoso.com")),
            (
                "https://x/72f988bf-86f1-41af-91ab-2d7cd011db47",
                Some("72f988bf-86f1-41af-91ab-2d7cd011db47"),
            ),
            ("https://x/\u{1b}[31m.com", None),
            ("no address", None),
        ] {
            let header = format!(r#"Bearer authorization_uri="{address}", claims="e30=""#);
            assert_eq!(read(&header).unwrap().tenant.as_deref(), tenant, "{address}");
        }
    }

    #[test]
    fn a_header_without_claims_says_what_it_asks_for() {
        for (header, part) in [
            (
                r#"Bearer error="invalid_token", error_description="expired""#,
                "invalid_token",
            ),
            (r#"Bearer error="invalid_token", claims="e30=""#, "invalid_token"),
            (r#"Bearer error="insufficient_scope", scope="x""#, "insufficient_scope"),
            (r#"Bearer error="insufficient_user_authentication""#, "stronger sign-in"),
            (r#"Bearer realm="x""#, "only asks for a token"),
            (r#"Bearer claims="""#, "only asks for a token"),
            ("Bearer", "only asks for a token"),
            ("Bearer eyJ0eXAiOiJKV1QifQ==", "only asks for a token"),
            ("Negotiate, NTLM", "not for bearer tokens"),
            (r#"PoP claims="e30=""#, "not for bearer tokens"),
        ] {
            let error = read(header).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().contains(part), "{header}: {error}");
            assert!(error.message().contains("has no claims"), "{header}: {error}");
        }
    }

    #[test]
    fn what_is_no_such_header_is_refused_and_not_quoted() {
        let long = |length: usize| format!(r#"Bearer claims="{}""#, "A".repeat(length));
        let claims_of = |json: &str| format!(r#"Bearer claims="{}""#, STANDARD.encode(json));
        for (header, part) in [
            (String::new(), "empty"),
            (" , ".to_owned(), "empty"),
            (r#"realm="hunter22""#.to_owned(), "begins with a parameter"),
            (r#"Bearer claims="hunter22"#.to_owned(), "no counterpart"),
            (r#"Bearer claims="hunter22\"#.to_owned(), "no counterpart"),
            ("Bearer a=b, claims=".to_owned(), "no value"),
            (r#"Bearer claims="e30="hunter22"#.to_owned(), "not followed by a comma"),
            (r#"Bearer claims="e30=", Claims="e30=""#.to_owned(), "occurs twice"),
            (r#"Bearer "hunter22""#.to_owned(), "no name"),
            (r#"Bearer claims="hunter22!""#.to_owned(), "neither Base64 nor JSON"),
            (r#"Bearer claims="gICA""#.to_owned(), "not text"),
            (r#"Bearer claims="{hunter22}""#.to_owned(), "not a JSON object"),
            (claims_of("[1]"), "not a JSON object"),
            (
                claims_of(&format!(r#"{{"a":"{}"}}"#, "b".repeat(8 * 1024))),
                "longer than 8 KiB",
            ),
            (long(16 * 1024), "longer than 16 KiB"),
        ] {
            let error = read(&header).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().contains(part), "{header}: {error}");
            assert!(!format!("{error} {}", error.hint()).contains("hunter22"), "{error}");
        }
        let largest = format!(r#"{{"a":"{}"}}"#, "b".repeat(8 * 1024 - 8));
        assert_eq!(claims(&claims_of(&largest)).len(), 8 * 1024);
    }
}
