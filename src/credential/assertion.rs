//! The client assertion: a JWT with which the application authenticates itself (RFC 7523 section 3;
//! "Microsoft identity platform application authentication certificate credentials").

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::base::algorithm::SignatureAlgorithm;
use crate::base::clock::unix_seconds;
use crate::base::correlation_id::random_uuid;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::ALGORITHM;
use crate::base::secret::Secret;
use crate::certificate::key::SignerError;
use crate::certificate::signing::SigningCertificate;
use crate::credential::CertificateCredential;
use crate::token::jwt::{BASE64URL, encoded_length, signing_input};

/// The `client_assertion_type` of every JWT assertion (RFC 7523 section 2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far `nbf` lies in the past at most. Without it, a clock that is a little fast would make assertions not yet
/// valid.
const BACK_DATING: Duration = Duration::from_secs(60);

/// The longest time from `nbf` to `exp`, unless the caller's lifetime alone is longer. Microsoft advises short-lived
/// assertions, of 5 to 10 minutes ("Microsoft identity platform application authentication certificate credentials").
const LONGEST_VALIDITY: Duration = Duration::from_secs(600);

/// As long as the back-dating leaves of the longest validity.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(540);

/// The choice of the signature algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlgorithmChoice {
    /// PS256 with `x5t#S256`, or RS256 with `x5t` if the authority or the key does not support PS256.
    #[default]
    Auto,
    /// Only this algorithm.
    Only(SignatureAlgorithm),
}

/// The settings of client assertions.
#[derive(Clone, Debug)]
pub struct AssertionSettings {
    /// The choice of the signature algorithm.
    pub algorithm: AlgorithmChoice,
    /// The audience (`aud`); `None` for the token endpoint.
    pub audience: Option<String>,
    /// The time between signing and `exp`.
    pub lifetime: Duration,
    /// Whether `x5c` has the certificate chain, as subject name and issuer authentication requires.
    pub send_chain: bool,
}

impl Default for AssertionSettings {
    fn default() -> Self {
        Self {
            algorithm: AlgorithmChoice::Auto,
            audience: None,
            lifetime: DEFAULT_LIFETIME,
            send_chain: false,
        }
    }
}

/// Signs a new assertion for `client_id` to use at `token_endpoint`, valid from `now`. `left` tells
/// how long an external signer may take from then on.
///
/// With [`AlgorithmChoice::Auto`], the algorithm is `default_algorithm`, that of the authority; a key that does not support PS256 signs the same claims with RS256, and PS256 is not
/// tried with this key again.
pub fn client_assertion(
    credential: &CertificateCredential,
    client_id: &str,
    token_endpoint: &str,
    settings: &AssertionSettings,
    default_algorithm: SignatureAlgorithm,
    now: SystemTime,
    left: impl Fn() -> Duration,
) -> Result<Secret> {
    let sign =
        |algorithm, certificate: &_, claims: &_| sign(certificate, algorithm, claims, settings.send_chain, left());
    let audience = settings.audience.as_deref().unwrap_or(token_endpoint);
    let claims = Claims::new(client_id, audience, settings.lifetime, now)?;
    let certificate = &credential.certificate(now);
    let (algorithm, may_fall_back) = match settings.algorithm {
        AlgorithmChoice::Only(algorithm) => (algorithm, false),
        AlgorithmChoice::Auto if !credential.signs_pss() => (SignatureAlgorithm::Rs256, false),
        AlgorithmChoice::Auto => (default_algorithm, default_algorithm == SignatureAlgorithm::Ps256),
    };
    match sign(algorithm, certificate, &claims) {
        Err(SignerError::AlgorithmUnsupported) if may_fall_back => {
            log::info!("the key does not support PS256, using RS256 from now on");
            credential.remember_no_pss();
            sign(SignatureAlgorithm::Rs256, certificate, &claims)
        }
        outcome => outcome,
    }
    .map_err(|failure| match failure {
        SignerError::Failed(error) => error,
        SignerError::AlgorithmUnsupported => unsupported(algorithm),
    })
}

/// The claims (RFC 7523 section 3), in their order in the JWT.
#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: String,
    nbf: i64,
    exp: i64,
}

impl<'a> Claims<'a> {
    fn new(client_id: &'a str, audience: &'a str, lifetime: Duration, now: SystemTime) -> Result<Self> {
        let now = unix_seconds(now);
        let back = BACK_DATING.min(LONGEST_VALIDITY.saturating_sub(lifetime));
        let [lifetime, back] = [lifetime, back].map(|time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        Ok(Self {
            aud: audience,
            iss: client_id,
            sub: client_id,
            jti: random_uuid()?,
            nbf: now.saturating_sub(back),
            exp: now.saturating_add(lifetime),
        })
    }
}

/// The header (RFC 7515 section 4.1), in its order in the JWT.
#[derive(Serialize)]
struct Header {
    alg: &'static str,
    typ: &'static str,
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    thumbprint_sha256: Option<String>,
    #[serde(rename = "x5t", skip_serializing_if = "Option::is_none")]
    thumbprint_sha1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5c: Option<Vec<String>>,
}

impl Header {
    fn new(certificate: &SigningCertificate, algorithm: SignatureAlgorithm, send_chain: bool) -> Self {
        let leaf = certificate.certificate();
        let (thumbprint_sha256, thumbprint_sha1) = match algorithm {
            SignatureAlgorithm::Ps256 => (Some(BASE64URL.encode(leaf.thumbprint_sha256())), None),
            SignatureAlgorithm::Rs256 => (None, Some(BASE64URL.encode(leaf.thumbprint_sha1()))),
        };
        let chain = || certificate.chain().iter().map(|link| STANDARD.encode(link.der()));
        Self {
            alg: algorithm.name(),
            typ: "JWT",
            thumbprint_sha256,
            thumbprint_sha1,
            x5c: send_chain.then(|| chain().collect()),
        }
    }
}

fn sign(
    certificate: &SigningCertificate,
    algorithm: SignatureAlgorithm,
    claims: &Claims<'_>,
    send_chain: bool,
    limit: Duration,
) -> std::result::Result<Secret, SignerError> {
    let input = signing_input(&Header::new(certificate, algorithm, send_chain), claims);
    let signature = Zeroizing::new(certificate.sign_within(limit, algorithm, input.as_bytes())?);
    // Allocated once: a buffer that grows leaves parts of the assertion in memory.
    let mut assertion = String::with_capacity(input.len() + 1 + encoded_length(signature.len()));
    assertion.push_str(&input);
    assertion.push('.');
    BASE64URL.encode_string(&*signature, &mut assertion);
    Ok(Secret::new(assertion.into_bytes()))
}

fn unsupported(algorithm: SignatureAlgorithm) -> Error {
    Error::new(
        Status::SigningFailed,
        format!("The provider of the private key does not support {}.", algorithm.name()),
        format!("Use auto or RS256 for {ALGORITHM}."),
    )
}
