//! Whether the token of another issuer proves an application (Microsoft: "Workload identity federation").

use serde_json::{Map, Value};

use super::assertion::check_times;
use super::client_authentication::Evidence;
use crate::answer::refusal::Refusal;
use crate::directory::application::Application;
use crate::directory::federated_credential::FederatedCredential;
use crate::request::assertion::Assertion;
use crate::request::call::Call;

/// Whether another issuer has signed `assertion`, rather than the application itself.
pub(crate) fn is_one(assertion: &Assertion, application: &Application) -> bool {
    let own = text(&assertion.claims, "iss").eq_ignore_ascii_case(&application.client_id);
    !own && !application.federated_credentials.is_empty()
}

/// Checks it against the federated credentials of `application`. Unlike the application's own assertions it may be used
/// more than once.
pub(crate) fn check(
    assertion: &Assertion,
    call: &Call,
    application: &Application,
    evidence: &Evidence,
) -> Result<(), Refusal> {
    if !evidence.issuer.has_signed(assertion) {
        return Err(Refusal::new(50013, &[]));
    }
    find(&assertion.claims, &application.federated_credentials)?;
    check_times(&assertion.claims, call.now, evidence.rules).map(drop)
}

/// Issuer, subject and audience are compared as they are, with their case.
fn find(claims: &Map<String, Value>, known: &[FederatedCredential]) -> Result<(), Refusal> {
    let [issuer, subject, audience] = ["iss", "sub", "aud"].map(|name| text(claims, name));
    let is_any = |matches: &dyn Fn(&FederatedCredential) -> bool| known.iter().any(matches);
    if is_any(&|it| it.issuer == issuer && it.subject == subject && it.audience == audience) {
        Ok(())
    } else if !is_any(&|it| it.issuer == issuer) {
        Err(Refusal::new(700_211, &[issuer]))
    } else if !is_any(&|it| it.subject == subject) {
        Err(Refusal::new(700_213, &[subject]))
    } else if !is_any(&|it| it.audience == audience) {
        Err(Refusal::new(700_212, &[audience]))
    } else {
        let presented =
            format!("Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'.");
        Err(Refusal::new(70021, &[&presented]))
    }
}

fn text<'claims>(claims: &'claims Map<String, Value>, name: &str) -> &'claims str {
    claims.get(name).and_then(Value::as_str).unwrap_or_default()
}
