//! Advice that follows from what was sent, where the number of a refusal alone would mislead.

use std::time::SystemTime;

use crate::base::error::{Error, Status};
use crate::base::parameter::{CLIENT_SECRET, INTERACTIVE, Parameter, REFRESH_TOKEN, SCOPES, TENANT, USER_PASSWORD};
use crate::base::quote::quote;
use crate::base::secret::Secret;
use crate::base::secret_form::oddity;
use crate::credential::Credential;
use crate::credential::ready_made::ReadyMadeAssertion;
use crate::request::claims::ClaimsChallenge;
use crate::request::grant::Grant;
use crate::request::scope::Scopes;
use crate::service::user_assertion;

/// What a request was made of.
pub struct Sent<'a> {
    /// Where it was sent.
    pub endpoint: &'a str,
    /// The application.
    pub client_id: &'a str,
    /// The application's credential.
    pub credential: Option<&'a Credential>,
    /// The client assertion in it.
    pub assertion: Option<&'a Secret>,
    /// The grant.
    pub grant: &'a dyn Grant,
    /// The scopes that the caller named.
    pub scopes: &'a Scopes,
    /// The scope that stands for the resource of scopes that name none.
    pub default_scope: &'a str,
    /// The tenant.
    pub tenant: &'a str,
    /// The claims challenge that the request answered.
    pub challenge: Option<&'a ClaimsChallenge>,
    /// When it was refused.
    pub now: SystemTime,
}

/// The error of a refused request with a hint that fits what was sent.
pub fn advised(error: Error, sent: &Sent<'_>) -> Error {
    let Some(codes) = error.service().map(|report| report.codes.clone()) else {
        return error;
    };
    let hint = about_user_assertion(&error, &codes, sent)
        .or_else(|| about_assertion(&error, &codes, sent))
        .or_else(|| about_scopes(&codes, sent))
        .or_else(|| about_user(&error, &codes, sent))
        .or_else(|| {
            let oddity = about_secret(&error, &codes, sent)?;
            Some(format!("{oddity} {}", error.advice()).trim_end().to_owned())
        });
    let error = match hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    };
    match about_challenge(sent).or_else(|| about_device_code(&codes, sent)) {
        Some(hint) => {
            let hint = format!("{} {hint}", error.advice());
            error.with_hint(hint.trim_start())
        }
        None => error,
    }
}

/// The numbers of policies that many tenants have against device codes alone.
const DEVICE_CODE_POLICIES: &[u32] = &[50_199, 53_003, 530_033, 530_036];

fn about_device_code(codes: &[u32], sent: &Sent<'_>) -> Option<String> {
    let is_blocked = codes.iter().any(|code| DEVICE_CODE_POLICIES.contains(code));
    (is_blocked && sent.grant.kind() == "device_code")
        .then(|| format!("If the policy is about device codes, use {INTERACTIVE}."))
}

/// The API that demands the claims may be in another tenant. An id and a domain cannot be compared.
fn about_challenge(sent: &Sent<'_>) -> Option<String> {
    let named = sent.challenge?.tenant.as_deref()?;
    let is_other = named.contains('.') == sent.tenant.contains('.') && !named.eq_ignore_ascii_case(sent.tenant);
    is_other.then(|| format!("Check {TENANT}: the API that demands the claims is in the tenant {named}."))
}

/// The numbers that blame the user's access token of the on-behalf-of grant.
const USER_ASSERTION_CODES: &[u32] = &[50_013, 50_027, 500_131, 500_133];

/// Only the caller of the application can satisfy a claims challenge, or bring another token.
fn about_user_assertion(error: &Error, codes: &[u32], sent: &Sent<'_>) -> Option<String> {
    let assertion = sent.grant.user_assertion()?;
    if error.status() == Status::InteractionRequired {
        let has_claims = error.service().is_some_and(|report| !report.claims.is_empty());
        return has_claims.then(|| {
            "Return this error's claims to your caller in a WWW-Authenticate header: the user has to satisfy them there."
                .to_owned()
        });
    }
    let is_blamed = match codes {
        // A server other than Entra gives no number.
        [] => error.status() == Status::UserCredentialRejected,
        codes => codes.iter().any(|code| USER_ASSERTION_CODES.contains(code)),
    };
    is_blamed.then(|| user_assertion::compared(assertion, sent.client_id, sent.now))
}

/// The numbers that blame a client assertion, whatever the OAuth error is: its claims, its signature, or the federated
/// credential that it is matched with ("Microsoft Entra authentication and authorization error codes").
const ASSERTION_CODES: &[u32] = &[
    50_012, 50_013, 50_027, 70_021, 500_133, 700_021, 700_023, 700_024, 700_027, 700_211, 700_212, 700_213, 5_002_730,
];

/// An assertion that was signed elsewhere is neither signed anew with another clock nor with another certificate.
fn about_assertion(error: &Error, codes: &[u32], sent: &Sent<'_>) -> Option<String> {
    let (Some(Credential::Assertion(source)), Some(assertion)) = (sent.credential, sent.assertion) else {
        return None;
    };
    let is_blamed = match codes {
        // A server other than Entra gives no number.
        [] => error.status() == Status::ClientCredentialRejected,
        codes => codes.iter().any(|code| ASSERTION_CODES.contains(code)),
    };
    if !is_blamed {
        return None;
    }
    let parameter = source.parameter();
    let hint = match ReadyMadeAssertion::read(assertion) {
        Ok(assertion) => assertion.compared(parameter, sent.client_id, sent.endpoint, sent.now),
        Err(reason) => format!("Check {parameter}. {}", reason.cause()),
    };
    Some(match source.advice() {
        Some(advice) => format!("{hint} {advice}"),
        None => hint,
    })
}

/// "The provided value for the input parameter 'scope' is not valid", "contains more than one resource", "scope must
/// end with /.default".
const SCOPE_CODES: &[u32] = &[28_000, 70_011, 700_022, 1_002_012];

fn about_scopes(codes: &[u32], sent: &Sent<'_>) -> Option<String> {
    if !codes.iter().any(|code| SCOPE_CODES.contains(code)) {
        return None;
    }
    let resources = sent.scopes.resources(sent.default_scope);
    if let [first, second, ..] = resources.as_slice() {
        let [first, second] = [first, second].map(|resource| quote(resource, &[]));
        return Some(format!(
            "Request one token for each resource: a token is for one resource, and {SCOPES} names {first} and {second}."
        ));
    }
    sent.scopes.mixes_default_with_others().then(|| {
        format!(
            "Use either <resource>/.default or the names of permissions in {SCOPES}: the service does not accept both \
             in one request."
        )
    })
}

/// `invalid_grant` blames the user's credential, and this request had none.
fn about_user(error: &Error, codes: &[u32], sent: &Sent<'_>) -> Option<String> {
    let is_for_nobody = sent.grant.is_for_application() && codes.is_empty();
    (is_for_nobody && error.status() == Status::UserCredentialRejected).then(|| {
        "Check what the service says: it refused the grant of the application, and no user took part in the request."
            .to_owned()
    })
}

/// The numbers of a secret whose value is wrong. Without a number, a server other than Entra has refused it.
const CLIENT_SECRET_CODES: &[u32] = &[70_002, 7_000_215];
const PASSWORD_CODES: &[u32] = &[50_056, 50_064, 50_126];
const REFRESH_TOKEN_CODES: &[u32] = &[70_000, 9_002_313];

fn about_secret(error: &Error, codes: &[u32], sent: &Sent<'_>) -> Option<String> {
    let is_refused = |wrong: &[u32], statuses: &[Status]| {
        codes.iter().any(|code| wrong.contains(code)) || (codes.is_empty() && statuses.contains(&error.status()))
    };
    let of_client = match sent.credential {
        Some(Credential::Secret(secret)) => Some(secret),
        _ => None,
    };
    let of_client = of_client.filter(|_| is_refused(CLIENT_SECRET_CODES, &[Status::ClientCredentialRejected]));
    if let Some(advice) = of_client.and_then(|secret| check_first(&CLIENT_SECRET, "client secret", secret)) {
        return Some(advice);
    }
    let statuses = [Status::UserCredentialRejected, Status::InteractionRequired];
    match (sent.grant.refresh_token(), sent.grant.secret()?) {
        (Some(token), _) if is_refused(REFRESH_TOKEN_CODES, &statuses) => {
            check_first(&REFRESH_TOKEN, "refresh token", token)
        }
        (None, password) if is_refused(PASSWORD_CODES, &statuses) => check_first(&USER_PASSWORD, "password", password),
        _ => None,
    }
}

fn check_first(parameter: &Parameter, name: &str, secret: &Secret) -> Option<String> {
    let oddity = oddity(secret.expose_text()?)?;
    Some(format!(
        "Check {parameter} first: the {name} {oddity}, and was sent as it is."
    ))
}
