//! The token endpoint: every check in Entra's order, then the token.

use serde_json::{Value, json};

use crate::answer::refusal::Refusal;
use crate::check::client_authentication::{Evidence, authenticate};
use crate::check::grant::{Grant, Records, granted};
use crate::check::replay::UsedAssertions;
use crate::check::rules::Rules;
use crate::check::{scope, shared_tenant};
use crate::clock::Moment;
use crate::directory::application::Application;
use crate::directory::{Directory, Tenant};
use crate::identity::AssignedIdentity;
use crate::issue::authorization_code::AuthorizationCodes;
use crate::issue::browser_session::BrowserSessions;
use crate::issue::device_code::{Decision, DeviceCodes};
use crate::issue::refresh_token::RefreshTokens;
use crate::issue::subject::Subject;
use crate::issue::token::{AcceptedRequest, TokenIssuer};
use crate::issue::workload_token::WorkloadToken;
use crate::request::call::{Call, EndpointVersion};
use crate::request::claims::ClaimsRequest;
use crate::request::form::Form;
use crate::request::scope::Scope;
use crate::serve::device_page::DeviceLogin;
use crate::settings::Settings;
use crate::start_error::StartError;

/// The token endpoints of all tenants, v1 and v2, and what they remember between calls.
pub(crate) struct TokenEndpoint {
    pub(super) directory: Directory,
    pub(super) rules: Rules,
    used_assertions: UsedAssertions,
    refresh_tokens: RefreshTokens,
    device_codes: DeviceCodes,
    pub(super) authorization_codes: AuthorizationCodes,
    pub(super) browser_sessions: BrowserSessions,
    issuer: TokenIssuer,
}

impl TokenEndpoint {
    pub(crate) fn new(settings: &Settings) -> Result<Self, StartError> {
        Ok(Self {
            directory: Directory::new(settings)?,
            rules: Rules::new(settings).map_err(StartError::Usage)?,
            used_assertions: UsedAssertions::new(),
            refresh_tokens: RefreshTokens::new(),
            device_codes: DeviceCodes::new(
                settings.device_code_lifetime,
                settings.device_code_interval,
                settings.strict,
            ),
            authorization_codes: AuthorizationCodes::new(),
            browser_sessions: BrowserSessions::new(),
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
        let claims = claims_of(form, call.now)?;
        let evidence = Evidence {
            used: &self.used_assertions,
            rules: &self.rules,
            issuer: &self.issuer,
        };
        let proof = authenticate(call, form, application, grant, &evidence)?;
        let records = Records {
            directory: &self.directory,
            refresh_tokens: &self.refresh_tokens,
            device_codes: &self.device_codes,
            authorization_codes: &self.authorization_codes,
            issuer: &self.issuer,
        };
        let subject = granted(&records, call, form, tenant, application, grant, scope)?;
        self.check_scope(&subject, tenant, application)?;
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

    /// Codes for a device and its user (RFC 8628 section 3.2), or why there are none.
    pub(crate) fn device_authorization(&self, call: &Call) -> Result<Value, Refusal> {
        let form = call.form()?;
        let tenant = self.tenant(&call.tenant)?;
        let application = self.application(form, tenant)?;
        let scope = form.get("scope").ok_or_else(|| Refusal::missing("scope"))?;
        let scope = Scope::for_user(scope)?;
        claims_of(form, call.now)?;
        let codes = self.device_codes.issue(&application.client_id, scope);
        let (address, code) = (format!("{}{DEVICE_LOGIN}", call.origin), &codes.user_code);
        Ok(json!({
            "user_code": code,
            "device_code": codes.device_code,
            "verification_uri": address,
            "expires_in": codes.lifetime.as_secs(),
            "interval": codes.interval.as_secs(),
            "message": format!("To sign in, use a web browser to open the page {address} and enter the code {code} to \
                authenticate."),
        }))
    }

    /// What the page for device codes says to a user who sent this form.
    pub(crate) fn device_login(&self, form: &Form) -> DeviceLogin {
        let field = |name| form.get(name).unwrap_or_default();
        let decision = match (field("action"), self.directory.user(field("username"))) {
            ("decline", _) => Decision::Decline,
            (_, Some(user)) if user.has_password(field("password")) => Decision::Approve(user.clone()),
            _ => return DeviceLogin::WrongPassword,
        };
        let is_declined = matches!(decision, Decision::Decline);
        match self.device_codes.decide(field("user_code").trim(), decision) {
            false => DeviceLogin::UnknownCode,
            true if is_declined => DeviceLogin::Declined,
            true => DeviceLogin::Approved,
        }
    }

    /// What clients read before they ask for tokens (OpenID Connect Discovery 1.0 section 3), or why there is none.
    pub(crate) fn discovery(&self, origin: &str, tenant: &str) -> Result<Value, Refusal> {
        let id = if shared_tenant::is_shared(tenant) {
            "{tenantid}".to_owned()
        } else {
            self.tenant(tenant)?.id.to_string()
        };
        Ok(json!({
            "authorization_endpoint": format!("{origin}/{tenant}/{AUTHORIZE}"),
            "token_endpoint": format!("{origin}/{tenant}/{}", EndpointVersion::V2.path()),
            "device_authorization_endpoint": format!("{origin}/{tenant}/{DEVICE_CODE}"),
            "jwks_uri": format!("{origin}/{tenant}/{KEYS}"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "issuer": format!("{origin}/{id}/v2.0"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "form_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
        }))
    }

    /// A token of another issuer for a workload.
    pub(crate) fn workload_token(&self, token: &WorkloadToken, now: Moment) -> String {
        self.issuer.sign_for_workload(token, now)
    }

    /// An access token for an identity of the machine.
    pub(crate) fn identity_token(
        &self,
        origin: &str,
        identity: &AssignedIdentity,
        resource: &str,
        now: Moment,
    ) -> String {
        let tenant = self.directory.home_tenant();
        let AssignedIdentity {
            client_id, object_id, ..
        } = *identity;
        self.issuer
            .identity_token(origin, tenant, client_id, object_id, resource, now)
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

    /// Whether a token for this scope may be issued.
    pub(super) fn check_scope(
        &self,
        subject: &Subject,
        tenant: &Tenant,
        application: &Application,
    ) -> Result<(), Refusal> {
        scope::check(subject, &self.directory, tenant, application)
    }

    pub(super) fn tenant(&self, name: &str) -> Result<&Tenant, Refusal> {
        if !Tenant::is_name(name) {
            return Err(Refusal::new(900_023, &[name]));
        }
        if shared_tenant::is_shared(name) {
            return Ok(self.directory.home_tenant());
        }
        self.directory.tenant(name).ok_or_else(|| Refusal::new(90002, &[name]))
    }

    pub(super) fn application(&self, form: &Form, tenant: &Tenant) -> Result<&Application, Refusal> {
        let client_id = form.get("client_id").ok_or_else(|| Refusal::missing("client_id"))?;
        let known = self.directory.application(client_id);
        known.ok_or_else(|| Refusal::new(700_016, &[client_id, &tenant.name]))
    }
}

/// Where a user signs in in a browser, below the tenant.
pub(crate) const AUTHORIZE: &str = "oauth2/v2.0/authorize";

/// Where a device asks for codes, below the tenant.
pub(crate) const DEVICE_CODE: &str = "oauth2/v2.0/devicecode";

/// The page on which a user enters the code of a device.
pub(crate) const DEVICE_LOGIN: &str = "/devicelogin";

/// Where the keys of a tenant's tokens are, below the tenant.
pub(crate) const KEYS: &str = "discovery/v2.0/keys";

pub(super) fn claims_of(form: &Form, now: Moment) -> Result<ClaimsRequest, Refusal> {
    let claims = form.get("claims").map(|text| ClaimsRequest::parse(text, now));
    Ok(claims.transpose()?.unwrap_or_default())
}

/// What is asked for; `None` when a refresh token's own scope is to be used (RFC 6749 section 6).
fn requested_scope(call: &Call, form: &Form, grant: Grant, tenant: &Tenant) -> Result<Option<Scope>, Refusal> {
    let parameter = match call.version {
        EndpointVersion::V1 => "resource",
        EndpointVersion::V2 => "scope",
    };
    let text = match form.get(parameter) {
        Some(text) => text,
        None if grant.has_scope() => return Ok(None),
        None => return Err(Refusal::missing(parameter)),
    };
    let scope = match (call.version, grant) {
        (EndpointVersion::V1, _) => Scope::of_resource(text, form.get("scope").unwrap_or_default(), &tenant.name),
        (EndpointVersion::V2, Grant::ClientCredentials) => Scope::for_application(text),
        (EndpointVersion::V2, _) => Scope::for_user(text),
    };
    scope.map(Some)
}
