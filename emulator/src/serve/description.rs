//! What clients read before they ask for tokens: the description of an authority, the known authorities, and whose
//! users sign in where.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::answer::refusal::Refusal;
use crate::check::shared_tenant;
use crate::directory::Directory;
use crate::request::authority::{Authority, Endpoint, Kind};
use crate::request::form::Form;

/// The metadata of an authority (OpenID Connect Discovery 1.0 section 3) whose tenant has this id.
pub(super) fn metadata(authority: &Authority, origin: &str, tenant_id: &str, auth_methods: &[String]) -> Value {
    let tenant_id = if shared_tenant::is_shared(&authority.tenant) {
        "{tenantid}"
    } else {
        tenant_id
    };
    let address = |endpoint| authority.address(origin, endpoint);
    let mut metadata = json!({
        "authorization_endpoint": address(Endpoint::Authorization),
        "token_endpoint": address(Endpoint::Token),
        "jwks_uri": address(Endpoint::Keys),
        "token_endpoint_auth_methods_supported": auth_methods,
        "issuer": authority.issuer(origin, tenant_id),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    if let Some(endpoint) = address(Endpoint::DeviceCode) {
        metadata["device_authorization_endpoint"] = endpoint.into();
    }
    if authority.kind == Kind::OpenIdConnect {
        metadata["end_session_endpoint"] = authority.below(origin, "end-session").into();
    }
    metadata
}

/// The authorities that an application may trust (as MSAL asks at `login.microsoftonline.com` for those that it does not
/// know). Here these are its own address and the authority that it stands in for.
pub(super) fn instances(query: Option<&Form>, hosts: &[&str], origin: &str) -> Result<Value, Refusal> {
    let parameter = |name| {
        query
            .and_then(|query| query.get(name))
            .ok_or_else(|| Refusal::missing(name))
    };
    parameter("api-version")?;
    let asked = parameter("authorization_endpoint")?;
    let (host, path) = asked
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'))
        .unwrap_or_default();
    let tenant = path.split('/').next().unwrap_or_default();
    if tenant.is_empty() || !hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
        return Err(Refusal::new(50049, &[]));
    }
    Ok(json!({
        "tenant_discovery_endpoint": format!("{origin}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{"preferred_network": hosts[0], "preferred_cache": hosts[0], "aliases": hosts}],
    }))
}

/// Where the password of a user is checked (as MSAL asks before it sends one): in Entra, for every user of the directory.
pub(super) fn user_realm(user: &str, query: Option<&Form>, directory: &Directory) -> Result<Value, Refusal> {
    if query.and_then(|query| query.get("api-version")).is_none() {
        return Err(Refusal::missing("api-version"));
    }
    let user = percent_decode_str(user).decode_utf8_lossy();
    let domain = user.rsplit_once('@').map_or("", |(_, domain)| domain);
    let is_known = directory.user(&user).is_some();
    let mut realm = json!({
        "ver": "1.0",
        "account_type": if is_known { "Managed" } else { "Unknown" },
        "cloud_instance_name": "microsoftonline.com",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    });
    if is_known {
        realm["domain_name"] = domain.into();
    }
    Ok(realm)
}
