//! Whether a client assertion proves what it should (RFC 7523 section 3; Microsoft: "Microsoft identity platform
//! application authentication certificate credentials").

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::replay::UsedAssertions;
use super::rules::Rules;
use super::signature::SignatureAlgorithm;
use crate::answer::refusal::Refusal;
use crate::clock::Moment;
use crate::directory::application::Application;
use crate::directory::certificate::RegisteredCertificate;
use crate::request::assertion::Assertion;
use crate::request::authority::Kind;
use crate::request::call::Call;

/// Checks `assertion` as the proof of `application` in `call`, and notes that it has been used.
pub(crate) fn check(
    assertion: &Assertion,
    call: &Call,
    application: &Application,
    used: &UsedAssertions,
    rules: &Rules,
) -> Result<(), Refusal> {
    let algorithm = check_header(&assertion.header)?;
    let thumbprints = Thumbprints::read(&assertion.header, algorithm, rules)?;
    if call.authority.kind == Kind::Adfs && (algorithm != SignatureAlgorithm::Rs256 || thumbprints.sha1.is_none()) {
        return Err(malformed("AD FS takes RS256 with 'x5t' only."));
    }
    let certificate = thumbprints.find(application)?;
    check_validity(certificate, &thumbprints, call.now)?;
    check_chain(&assertion.header, certificate, rules)?;
    check_signature(assertion, algorithm, certificate, &thumbprints)?;
    check_client(&assertion.claims, application)?;
    check_audience(&assertion.claims, &rules.audiences(call))?;
    let expiry = check_times(&assertion.claims, call.now, rules)?;
    let jti = text(&assertion.claims, "jti")?;
    let is_new = used.note(&application.client_id, jti, expiry.plus(LEEWAY), call.now);
    if rules.is_strict && !is_new {
        return Err(malformed(&format!(
            "The token with the identifier (jti) '{jti}' has already been used."
        )));
    }
    Ok(())
}

/// In seconds: how far the two clocks may be apart. Entra's figure is not published; this is the default of
/// Microsoft's own token validation (`TokenValidationParameters.DefaultClockSkew`).
const LEEWAY: i64 = 300;
/// In seconds.
const LONGEST_LIFETIME: i64 = 24 * 60 * 60;

fn malformed(problem: &str) -> Refusal {
    Refusal::new(50027, &[problem])
}

fn text<'claims>(claims: &'claims Map<String, Value>, name: &str) -> Result<&'claims str, Refusal> {
    let value = claims
        .get(name)
        .and_then(Value::as_str)
        .filter(|value| !value.is_empty());
    value.ok_or_else(|| malformed(&format!("'{name}' is missing or no text.")))
}

fn check_header(header: &Map<String, Value>) -> Result<SignatureAlgorithm, Refusal> {
    if header.get("typ").is_some_and(|typ| typ != "JWT") {
        return Err(malformed("The header parameter 'typ' is not 'JWT'."));
    }
    // RFC 7515 section 4.1.11: an extension that is not understood makes the whole token invalid.
    if header.contains_key("crit") {
        return Err(malformed(
            "The header parameter 'crit' names an extension that is not supported.",
        ));
    }
    let name = text(header, "alg")?;
    SignatureAlgorithm::parse(name)
        .ok_or_else(|| Refusal::new(5_002_730, &[&format!("'{name}' is neither PS256 nor RS256.")]))
}

/// The thumbprints in the header, in their base64url form.
struct Thumbprints {
    sha1: Option<String>,
    sha256: Option<String>,
}

impl Thumbprints {
    fn read(header: &Map<String, Value>, algorithm: SignatureAlgorithm, rules: &Rules) -> Result<Self, Refusal> {
        let read = |name: &str, length: usize| match header.get(name) {
            None => Ok(None),
            Some(_) => thumbprint(text(header, name)?, length, rules).map(Some).ok_or_else(|| {
                malformed(&format!(
                    "The header parameter '{name}' is not a thumbprint in base64url without padding."
                ))
            }),
        };
        let (sha1, sha256) = (read("x5t", 20)?, read("x5t#S256", 32)?);
        match (algorithm, &sha1, &sha256) {
            (SignatureAlgorithm::Rs256, None, None) => Err(malformed(
                "No certificate thumbprint specified in token header (RS256: 'x5t' or 'x5t#S256').",
            )),
            (SignatureAlgorithm::Ps256, _, None) => Err(malformed(
                "No certificate thumbprint specified in token header (PS256: 'x5t#S256').",
            )),
            _ => Ok(Self { sha1, sha256 }),
        }
    }

    fn find<'app>(&self, application: &'app Application) -> Result<&'app RegisteredCertificate, Refusal> {
        let matches = |certificate: &&RegisteredCertificate| {
            self.sha1.as_ref().is_none_or(|sha1| *sha1 == certificate.x5t())
                && self
                    .sha256
                    .as_ref()
                    .is_none_or(|sha256| *sha256 == certificate.x5t_s256())
        };
        application.certificates.iter().find(matches).ok_or_else(|| {
            let (used, client_id) = (self.hex(), &application.client_id);
            Refusal::new(
                700_027,
                &[&format!(
                    "The certificate with identifier used to sign the client assertion is not registered on \
                     application. [Reason - The key was not found., Thumbprint of key used by client: '{used}', Please \
                     visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id \
                     '{client_id}'.]"
                )],
            )
        })
    }

    /// As Entra shows it: upper-case hexadecimal, SHA-1 when both are there.
    fn hex(&self) -> String {
        let shown = self.sha1.as_ref().or(self.sha256.as_ref());
        let bytes = URL_SAFE_NO_PAD
            .decode(shown.map_or("", String::as_str))
            .unwrap_or_default();
        bytes
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02X}"))
    }
}

/// In base64url without padding (RFC 7515 sections 4.1.7 and 4.1.8). MSAL Python pads it; MSAL Go and `azure_identity` for
/// Rust write standard base64.
fn thumbprint(text: &str, length: usize, rules: &Rules) -> Option<String> {
    let bytes = if rules.is_strict {
        URL_SAFE_NO_PAD.decode(text)
    } else {
        URL_SAFE_NO_PAD.decode(text.trim_end_matches('=').replace('+', "-").replace('/', "_"))
    };
    let bytes = bytes.ok().filter(|bytes| bytes.len() == length)?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

fn check_validity(certificate: &RegisteredCertificate, thumbprints: &Thumbprints, now: Moment) -> Result<(), Refusal> {
    if now > certificate.not_after {
        return Err(unusable_key("The key used is expired.", certificate, thumbprints));
    }
    if now < certificate.not_before {
        return Err(unusable_key("The key used is not valid yet.", certificate, thumbprints));
    }
    Ok(())
}

/// `x5c` may be left out; when it is there, it is an array of base64 (RFC 7515 section 4.1.6). MSAL.NET writes the one
/// certificate as a text, and MSAL Python leaves the line breaks of the PEM file in it.
fn check_chain(header: &Map<String, Value>, certificate: &RegisteredCertificate, rules: &Rules) -> Result<(), Refusal> {
    let Some(chain) = header.get("x5c") else { return Ok(()) };
    let decode = |entry: &Value| {
        let mut text = entry.as_str()?.to_owned();
        text.retain(|c| rules.is_strict || !c.is_ascii_whitespace());
        STANDARD.decode(text).ok()
    };
    let alone = Value::Array(vec![chain.clone()]);
    let chain = if chain.is_string() && !rules.is_strict {
        &alone
    } else {
        chain
    };
    let chain: Option<Vec<Vec<u8>>> = chain
        .as_array()
        .and_then(|entries| entries.iter().map(decode).collect());
    let chain = chain.ok_or_else(|| malformed("The header parameter 'x5c' is not an array of base64."))?;
    if chain.first() != Some(&certificate.der) {
        return Err(malformed(
            "The first certificate in 'x5c' is not the one that the thumbprint names.",
        ));
    }
    Ok(())
}

fn check_signature(
    assertion: &Assertion,
    algorithm: SignatureAlgorithm,
    certificate: &RegisteredCertificate,
    thumbprints: &Thumbprints,
) -> Result<(), Refusal> {
    let is_of = |algorithm: SignatureAlgorithm| {
        algorithm.verifies(
            &certificate.public_key,
            assertion.signed.as_bytes(),
            &assertion.signature,
        )
    };
    if is_of(algorithm) {
        return Ok(());
    }
    if is_of(algorithm.other()) {
        return Err(Refusal::new(
            5_002_730,
            &["The signature is not of the algorithm that the header names."],
        ));
    }
    let reason = "Key was found, but use of the key to verify the signature failed.";
    Err(unusable_key(reason, certificate, thumbprints))
}

fn unusable_key(reason: &str, certificate: &RegisteredCertificate, thumbprints: &Thumbprints) -> Refusal {
    let (used, start, end) = (
        thumbprints.hex(),
        certificate.not_before.key_date(),
        certificate.not_after.key_date(),
    );
    Refusal::new(
        700_027,
        &[&format!(
            "Client assertion failed signature validation. [Reason - {reason}, Thumbprint of key used by client: \
             '{used}', Found key 'Start={start}, End={end}']"
        )],
    )
}

fn check_client(claims: &Map<String, Value>, application: &Application) -> Result<(), Refusal> {
    for name in ["iss", "sub"] {
        if !text(claims, name)?.eq_ignore_ascii_case(&application.client_id) {
            return Err(Refusal::new(700_021, &[&format!("The claim '{name}' is another one.")]));
        }
    }
    Ok(())
}

fn check_audience(claims: &Map<String, Value>, expected: &[String]) -> Result<(), Refusal> {
    let audience = text(claims, "aud")?;
    if !expected.iter().any(|endpoint| endpoint == audience) {
        let problem = format!("The audience is '{audience}', the token endpoint is '{}'.", expected[0]);
        return Err(Refusal::new(700_023, &[&problem]));
    }
    Ok(())
}

/// Returns the expiry time.
pub(super) fn check_times(claims: &Map<String, Value>, now: Moment, rules: &Rules) -> Result<Moment, Refusal> {
    let moment = |name: &str| moment(claims, name, rules);
    let expiry = moment("exp")?.ok_or_else(|| malformed("'exp' is missing."))?;
    let start = moment("nbf")?;
    let issued = moment("iat")?;
    let lifetime = expiry.unix().saturating_sub(start.or(issued).unwrap_or(now).unix());
    let is_early = start.is_some_and(|start| start > now.plus(LEEWAY));
    if is_early || expiry.plus(LEEWAY) < now || lifetime > LONGEST_LIFETIME {
        // Entra writes the epoch for a start that is not there.
        let start = start.unwrap_or(Moment::from_unix(0)).round_trip();
        let (now, expiry) = (now.round_trip(), expiry.round_trip());
        let times = format!("Current time: {now}, assertion valid from {start}, expiry time of assertion {expiry}.");
        return Err(Refusal::new(700_024, &[&times]));
    }
    Ok(expiry)
}

/// A whole number, as Entra's own documentation shows it. MSAL.NET writes a text, and MSAL Python a number with a
/// fraction, which RFC 7519 section 2 allows.
fn moment(claims: &Map<String, Value>, name: &str, rules: &Rules) -> Result<Option<Moment>, Refusal> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let loosely = || match value {
        Value::String(text) => text.parse().ok(),
        number => number.as_f64().map(whole),
    };
    let seconds = value
        .as_i64()
        .or_else(|| if rules.is_strict { None } else { loosely() })
        .ok_or_else(|| malformed(&format!("'{name}' is not an integer.")))?;
    Ok(Some(Moment::from_unix(seconds)))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "it saturates, and such a time is refused"
)]
fn whole(number: f64) -> i64 {
    number.floor() as i64
}
