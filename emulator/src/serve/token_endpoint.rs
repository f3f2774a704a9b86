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
use crate::request::authority::{Authority, Kind};
use crate::request::call::{Call, EndpointVersion};
use crate::request::claims::ClaimsRequest;
use crate::request::form::Form;
use crate::request::scope::Scope;
use crate::serve::description;
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
        let tenant = self.tenant(&call.authority)?;
        let application = self.application(call, form, tenant)?;
        let grant = Grant::parse(form.get("grant_type").ok_or_else(|| Refusal::missing("grant_type"))?)?;
        shared_tenant::check(&call.authority.tenant, grant)?;
        let scope = requested_scope(call, form, grant, tenant)?;
        let claims = claims_of(form, call.now)?;
        let proof = authenticate(call, form, application, grant, &self.evidence())?;
        let records = Records {
            directory: &self.directory,
            refresh_tokens: &self.refresh_tokens,
            device_codes: &self.device_codes,
            authorization_codes: &self.authorization_codes,
            issuer: &self.issuer,
        };
        let subject = granted(&records, call, form, tenant, application, grant, scope)?;
        self.check_scope(&subject, &call.authority, tenant, application)?;
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
        let tenant = self.tenant(&call.authority)?;
        let application = self.application(call, form, tenant)?;
        let scope = requested_scope(call, form, Grant::Password, tenant)?.ok_or_else(|| Refusal::missing("scope"))?;
        claims_of(form, call.now)?;
        if call.authority.kind == Kind::OpenIdConnect {
            // RFC 8628 section 3.1 refers to RFC 6749 section 3.2.1.
            authenticate(call, form, application, Grant::DeviceCode, &self.evidence())?;
        }
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
    pub(crate) fn metadata(&self, origin: &str, authority: &Authority) -> Result<Value, Refusal> {
        let tenant = self.tenant(authority)?.id.to_string();
        let entra = ["client_secret_post", "private_key_jwt"].map(str::to_owned);
        let methods = match authority.kind {
            Kind::OpenIdConnect => &self.rules.oidc_methods[..],
            Kind::Entra | Kind::ExternalId | Kind::B2c | Kind::Adfs => &entra,
        };
        Ok(description::metadata(authority, origin, &tenant, methods))
    }

    /// The authorities that an application may trust, or why the one that is asked about is none of them.
    pub(crate) fn instances(&self, origin: &str, query: Option<&Form>) -> Result<Value, Refusal> {
        let host = |origin: &str| {
            origin
                .split_once("://")
                .map_or(String::new(), |(_, host)| host.to_owned())
        };
        let hosts = [self.rules.authority.as_deref(), Some(origin)].map(|origin| origin.map(host));
        let hosts: Vec<&str> = hosts.iter().flatten().map(String::as_str).collect();
        description::instances(query, &hosts, origin)
    }

    /// Where the password of a user is checked.
    pub(crate) fn user_realm(&self, user: &str, query: Option<&Form>) -> Result<Value, Refusal> {
        description::user_realm(user, query, &self.directory)
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
    pub(crate) fn keys(&self, authority: &Authority) -> Result<Value, Refusal> {
        self.tenant(authority)?;
        Ok(json!({"keys": [self.issuer.public_key()]}))
    }

    /// What the tokens of every tenant are signed with.
    pub(crate) fn issuer(&self) -> &TokenIssuer {
        &self.issuer
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            used: &self.used_assertions,
            rules: &self.rules,
            issuer: &self.issuer,
        }
    }

    /// Whether a token for this scope may be issued. What an issuer of OpenID Connect serves is not in the directory.
    pub(super) fn check_scope(
        &self,
        subject: &Subject,
        authority: &Authority,
        tenant: &Tenant,
        application: &Application,
    ) -> Result<(), Refusal> {
        if authority.kind == Kind::OpenIdConnect {
            return Ok(());
        }
        scope::check(subject, &self.directory, tenant, application)
    }

    pub(super) fn tenant(&self, authority: &Authority) -> Result<&Tenant, Refusal> {
        let name = authority.tenant.as_str();
        if name.is_empty() {
            return Ok(self.directory.home_tenant());
        }
        if !Tenant::is_name(name) {
            return Err(Refusal::new(900_023, &[name]));
        }
        if shared_tenant::is_shared(name) {
            return Ok(self.directory.home_tenant());
        }
        self.directory.tenant(name).ok_or_else(|| Refusal::new(90002, &[name]))
    }

    fn application(&self, call: &Call, form: &Form, tenant: &Tenant) -> Result<&Application, Refusal> {
        let basic = call.basic.as_ref().map(|basic| basic.client_id.as_str());
        self.known_application(form.get("client_id").or(basic), tenant)
    }

    pub(super) fn known_application(&self, client_id: Option<&str>, tenant: &Tenant) -> Result<&Application, Refusal> {
        let client_id = client_id.ok_or_else(|| Refusal::missing("client_id"))?;
        let known = self.directory.application(client_id);
        known.ok_or_else(|| Refusal::new(700_016, &[client_id, &tenant.name]))
    }
}

/// The page on which a user enters the code of a device.
pub(crate) const DEVICE_LOGIN: &str = "/devicelogin";

pub(super) fn claims_of(form: &Form, now: Moment) -> Result<ClaimsRequest, Refusal> {
    let claims = form.get("claims").map(|text| ClaimsRequest::parse(text, now));
    Ok(claims.transpose()?.unwrap_or_default())
}

/// What is asked for; `None` when a refresh token's own scope is to be used (RFC 6749 section 6).
fn requested_scope(call: &Call, form: &Form, grant: Grant, tenant: &Tenant) -> Result<Option<Scope>, Refusal> {
    match call.authority.kind {
        Kind::Adfs | Kind::OpenIdConnect if grant.has_scope() && form.get("scope").is_none() => return Ok(None),
        Kind::Adfs | Kind::OpenIdConnect => return user_scope(&call.authority, &call.origin, form).map(Some),
        Kind::Entra | Kind::ExternalId | Kind::B2c => {}
    }
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

/// What a user's sign-in is asked for. Other kinds than those of Entra do not tell it from what an application asks for.
pub(super) fn user_scope(authority: &Authority, origin: &str, form: &Form) -> Result<Scope, Refusal> {
    let scope = form.get("scope");
    match authority.kind {
        Kind::Adfs => Scope::at_adfs(form.get("resource"), scope.unwrap_or_default()),
        Kind::OpenIdConnect => {
            let api = authority.below(origin, "api");
            Ok(Scope::at_issuer(&api, scope.unwrap_or_default()))
        }
        Kind::Entra | Kind::ExternalId | Kind::B2c => Scope::for_user(scope.ok_or_else(|| Refusal::missing("scope"))?),
    }
}
