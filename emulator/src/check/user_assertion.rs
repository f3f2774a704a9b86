//! Whether an access token entitles an application to act for its user (Microsoft: "Microsoft identity platform and OAuth
//! 2.0 On-Behalf-Of flow").

use serde_json::{Map, Value};

use crate::answer::refusal::Refusal;
use crate::clock::Moment;
use crate::directory::application::Application;
use crate::directory::{Directory, Tenant, User};
use crate::issue::token::TokenIssuer;
use crate::request::assertion::Assertion;

/// The user of `assertion`: an access token of a user of this tenant that was issued for `application`.
pub(crate) fn user_of(
    assertion: &str,
    issuer: &TokenIssuer,
    directory: &Directory,
    tenant: &Tenant,
    application: &Application,
    now: Moment,
) -> Result<User, Refusal> {
    let assertion = Assertion::parse(assertion).map_err(|problem| Refusal::new(50027, &[problem]))?;
    if !issuer.has_signed(&assertion) {
        return Err(Refusal::new(50013, &[]));
    }
    let claims = &assertion.claims;
    let audience = text(claims, "aud");
    let own = [
        application.client_id.clone(),
        format!("api://{}", application.client_id),
    ];
    if !own.iter().any(|own| own.eq_ignore_ascii_case(audience)) {
        return Err(Refusal::new(500_131, &[audience, &application.client_id]));
    }
    if claims
        .get("exp")
        .and_then(Value::as_i64)
        .is_none_or(|end| end <= now.unix())
    {
        return Err(Refusal::new(500_133, &[]));
    }
    if text(claims, "tid") != tenant.id.to_string() {
        return Err(Refusal::new(50013, &[]));
    }
    // An id token has no scopes, nor has a token for an application.
    if text(claims, "idtyp") == "app" || text(claims, "scp").is_empty() {
        return Err(Refusal::new(50027, &["It is not the access token of a user."]));
    }
    let user = directory.user(text(claims, "upn"));
    user.cloned().ok_or_else(|| Refusal::new(50034, &[&tenant.name]))
}

fn text<'claims>(claims: &'claims Map<String, Value>, name: &str) -> &'claims str {
    claims.get(name).and_then(Value::as_str).unwrap_or_default()
}
