//! How an application proves that it is the one it says (RFC 6749 section 2.3, RFC 7523 section 2.2).

use super::assertion::check;
use super::federated_assertion;
use super::grant::Grant;
use super::replay::UsedAssertions;
use super::rules::Rules;
use crate::answer::refusal::Refusal;
use crate::directory::application::Application;
use crate::issue::proof::Proof;
use crate::issue::token::TokenIssuer;
use crate::request::assertion::Assertion;
use crate::request::authority::Kind;
use crate::request::call::Call;
use crate::request::form::Form;

/// What assertions are checked with.
pub(crate) struct Evidence<'it> {
    pub(crate) used: &'it UsedAssertions,
    pub(crate) rules: &'it Rules,
    /// It also signs for the issuers of federated credentials.
    pub(crate) issuer: &'it TokenIssuer,
}

pub(crate) fn authenticate(
    call: &Call,
    form: &Form,
    application: &Application,
    grant: Grant,
    evidence: &Evidence,
) -> Result<Proof, Refusal> {
    let assertion = (form.get("client_assertion_type"), form.get("client_assertion"));
    if call.authority.kind == Kind::OpenIdConnect {
        check_method(call, form, &evidence.rules.oidc_methods)?;
    }
    let basic = call
        .basic
        .as_ref()
        .filter(|_| call.authority.kind == Kind::OpenIdConnect);
    let secret = basic.map(|basic| basic.secret.as_str()).or(form.get("client_secret"));
    match (secret, assertion) {
        (None, (None, None)) if application.is_public() && grant.is_for_public_clients() => Ok(Proof::None),
        (None, (None, None)) if grant == Grant::ClientCredentials => Err(Refusal::new(7_000_216, &[])),
        (None, (None, None)) => Err(Refusal::new(7_000_218, &[])),
        _ if application.is_public() => Err(Refusal::new(700_025, &[])),
        (Some(secret), (None, None)) => with_secret(application, secret),
        (None, (assertion_type, assertion)) => {
            let assertion_type = assertion_type.ok_or_else(|| Refusal::missing("client_assertion_type"))?;
            let assertion = assertion.ok_or_else(|| Refusal::missing("client_assertion"))?;
            with_assertion(call, application, assertion_type, assertion, evidence)
        }
        (Some(_), _) => Err(Refusal::new(
            9_002_313,
            &["Both 'client_secret' and 'client_assertion' are present."],
        )),
    }
}

/// Refuses a way to prove an application that the issuer does not name, and two of them at once (RFC 6749 section 2.3).
fn check_method(call: &Call, form: &Form, known: &[String]) -> Result<(), Refusal> {
    let used: Vec<&str> = [
        ("client_secret_basic", call.basic.is_some()),
        ("client_secret_post", form.get("client_secret").is_some()),
        ("private_key_jwt", form.get("client_assertion").is_some()),
    ]
    .into_iter()
    .filter_map(|(method, is_used)| is_used.then_some(method))
    .collect();
    match used[..] {
        [] => Ok(()),
        [method] if known.iter().any(|known| known == method) => Ok(()),
        [method] => Err(Refusal::new(
            50027,
            &[&format!("The method {method} is not supported.")],
        )),
        _ => Err(Refusal::new(
            9_002_313,
            &["Two methods of client authentication are used."],
        )),
    }
}

fn with_secret(application: &Application, secret: &str) -> Result<Proof, Refusal> {
    if !application.has_secret(secret) {
        return Err(Refusal::new(7_000_215, &[&application.client_id]));
    }
    Ok(Proof::Secret)
}

fn with_assertion(
    call: &Call,
    application: &Application,
    assertion_type: &str,
    assertion: &str,
    evidence: &Evidence,
) -> Result<Proof, Refusal> {
    if assertion_type != ASSERTION_TYPE {
        return Err(Refusal::new(
            90013,
            &["The parameter 'client_assertion_type' is not supported."],
        ));
    }
    let assertion = Assertion::parse(assertion).map_err(|problem| Refusal::new(50027, &[problem]))?;
    if federated_assertion::is_one(&assertion, application) {
        federated_assertion::check(&assertion, call, application, evidence)?;
    } else {
        check(&assertion, call, application, evidence.used, evidence.rules)?;
    }
    Ok(Proof::Certificate)
}

/// RFC 7523 section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
