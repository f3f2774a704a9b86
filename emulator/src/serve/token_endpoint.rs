//! The token endpoint: every check in Entra's order, then the token.

use serde_json::{Value, json};

use crate::answer::refusal::Refusal;
use crate::check::client_authentication::authenticate;
use crate::check::grant::{Grant, Records, granted};
use crate::check::replay::UsedAssertions;
use crate::check::rules::Rules;
use crate::check::{scope, shared_tenant};
use crate::directory::application::Application;
use crate::directory::{Directory, Tenant};
use crate::issue::refresh_token::RefreshTokens;
use crate::issue::token::{AcceptedRequest, TokenIssuer};
use crate::request::call::{Call, EndpointVersion};
use crate::request::claims::ClaimsRequest;
use crate::request::form::Form;
use crate::request::scope::Scope;
use crate::settings::Settings;
use crate::start_error::StartError;

/// The token endpoints of all tenants, v1 and v2, and what they remember between calls.
pub(crate) struct TokenEndpoint {
    directory: Directory,
    rules: Rules,
    used_assertions: UsedAssertions,
    refresh_tokens: RefreshTokens,
    issuer: TokenIssuer,
}

impl TokenEndpoint {
    pub(crate) fn new(settings: &Settings) -> Result<Self, StartError> {
        Ok(Self {
            directory: Directory::new(settings)?,
            rules: Rules::new(settings).map_err(StartError::Usage)?,
            used_assertions: UsedAssertions::new(),
            refresh_tokens: RefreshTokens::new(),
            issuer: TokenIssuer::new(settings.token_lifetime)?,
        })
    }

    /// The body of the answer with status 200, or why there is none.
    pub(crate) fn answer(&self, call: &Call) -> Result<Value, Refusal> {
        let form = call.form()?;
        let tenant = self.tenant(&call.tenant)?;
        let application = self.application(form, tenant)?;
        let grant = Grant::parse(form.get("grant_type").ok_or_else(|| Refusal::missing("grant_type"))?)?;
        shared_tenant::check(&call.tenant, grant)?;
        let scope = requested_scope(call, form, grant, tenant)?;
        let claims = form.get("claims").map(|text| ClaimsRequest::parse(text, call.now));
        let claims = claims.transpose()?.unwrap_or_default();
        let proof = authenticate(call, form, application, grant, &self.used_assertions, &self.rules)?;
        let records = Records {
            directory: &self.directory,
            refresh_tokens: &self.refresh_tokens,
            issuer: &self.issuer,
        };
        let subject = granted(&records, call, form, tenant, application, grant, scope)?;
        scope::check(&subject, &self.directory, tenant, application)?;
        let accepted = AcceptedRequest {
            call,
            form,
            tenant,
            application,
            proof,
            subject,
            claims,
        };
        Ok(self.issuer.answer(&accepted, &self.refresh_tokens))
    }

    /// What clients read before they ask for tokens (OpenID Connect Discovery 1.0 section 3), or why there is none.
    pub(crate) fn discovery(&self, origin: &str, tenant: &str) -> Result<Value, Refusal> {
        let id = if shared_tenant::is_shared(tenant) {
            "{tenantid}".to_owned()
        } else {
            self.tenant(tenant)?.id.to_string()
        };
        Ok(json!({
            "authorization_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{origin}/{tenant}/{}", EndpointVersion::V2.path()),
            "jwks_uri": format!("{origin}/{tenant}/{KEYS}"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "issuer": format!("{origin}/{id}/v2.0"),
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
        }))
    }

    /// The keys that tokens are signed with (RFC 7517 section 5), or why there are none.
    pub(crate) fn keys(&self, tenant: &str) -> Result<Value, Refusal> {
        self.tenant(tenant)?;
        Ok(json!({"keys": [self.issuer.public_key()]}))
    }

    /// What the tokens of every tenant are signed with.
    pub(crate) fn issuer(&self) -> &TokenIssuer {
        &self.issuer
    }

    fn tenant(&self, name: &str) -> Result<&Tenant, Refusal> {
        if !Tenant::is_name(name) {
            return Err(Refusal::new(900_023, &[name]));
        }
        if shared_tenant::is_shared(name) {
            return Ok(self.directory.home_tenant());
        }
        self.directory.tenant(name).ok_or_else(|| Refusal::new(90002, &[name]))
    }

    fn application(&self, form: &Form, tenant: &Tenant) -> Result<&Application, Refusal> {
        let client_id = form.get("client_id").ok_or_else(|| Refusal::missing("client_id"))?;
        let known = self.directory.application(client_id);
        known.ok_or_else(|| Refusal::new(700_016, &[client_id, &tenant.name]))
    }
}

/// Where the keys of a tenant's tokens are, below the tenant.
pub(crate) const KEYS: &str = "discovery/v2.0/keys";

/// What is asked for; `None` when a refresh token's own scope is to be used (RFC 6749 section 6).
fn requested_scope(call: &Call, form: &Form, grant: Grant, tenant: &Tenant) -> Result<Option<Scope>, Refusal> {
    let parameter = match call.version {
        EndpointVersion::V1 => "resource",
        EndpointVersion::V2 => "scope",
    };
    let text = match form.get(parameter) {
        Some(text) => text,
        None if grant == Grant::RefreshToken => return Ok(None),
        None => return Err(Refusal::missing(parameter)),
    };
    let scope = match (call.version, grant) {
        (EndpointVersion::V1, _) => Scope::of_resource(text, form.get("scope").unwrap_or_default(), &tenant.name),
        (EndpointVersion::V2, Grant::ClientCredentials) => Scope::for_application(text),
        (EndpointVersion::V2, _) => Scope::for_user(text),
    };
    scope.map(Some)
}
