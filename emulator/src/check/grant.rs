//! The grants, and whom they name.

use super::user_assertion::user_of;
use crate::answer::refusal::Refusal;
use crate::directory::application::Application;
use crate::directory::{Directory, Tenant, User};
use crate::issue::authorization_code::{AuthorizationCodes, CodeError, Presented};
use crate::issue::device_code::DeviceCodes;
use crate::issue::refresh_token::RefreshTokens;
use crate::issue::subject::Subject;
use crate::issue::token::TokenIssuer;
use crate::request::call::Call;
use crate::request::form::Form;
use crate::request::scope::Scope;

/// What a token request is based on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    /// RFC 6749 section 4.4.
    ClientCredentials,
    /// RFC 6749 section 4.3.
    Password,
    /// RFC 6749 section 6.
    RefreshToken,
    /// RFC 7523 section 2.1, as Entra extends it.
    OnBehalfOf,
    /// RFC 8628 section 3.4.
    DeviceCode,
    /// RFC 6749 section 4.1.
    AuthorizationCode,
}

impl Grant {
    /// From the parameter `grant_type`.
    pub(crate) fn parse(name: &str) -> Result<Self, Refusal> {
        match name {
            "client_credentials" => Ok(Self::ClientCredentials),
            "password" => Ok(Self::Password),
            "refresh_token" => Ok(Self::RefreshToken),
            "authorization_code" => Ok(Self::AuthorizationCode),
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => Ok(Self::OnBehalfOf),
            // Entra takes the short name, which its older libraries send, too.
            "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => Ok(Self::DeviceCode),
            _ => Err(Refusal::new(70003, &[name])),
        }
    }

    /// Whether it stands for what was asked for before, so that its request may leave the scope out.
    pub(crate) fn has_scope(self) -> bool {
        matches!(self, Self::RefreshToken | Self::DeviceCode | Self::AuthorizationCode)
    }

    /// Whether an application without anything to prove itself with may use it.
    pub(crate) fn is_for_public_clients(self) -> bool {
        matches!(
            self,
            Self::Password | Self::RefreshToken | Self::DeviceCode | Self::AuthorizationCode
        )
    }
}

/// What a grant is compared with.
pub(crate) struct Records<'endpoint> {
    pub(crate) directory: &'endpoint Directory,
    pub(crate) refresh_tokens: &'endpoint RefreshTokens,
    pub(crate) device_codes: &'endpoint DeviceCodes,
    pub(crate) authorization_codes: &'endpoint AuthorizationCodes,
    pub(crate) issuer: &'endpoint TokenIssuer,
}

/// Checks the grant of an application that has proved itself. `scope` is left out by a grant that has one only.
pub(crate) fn granted(
    records: &Records,
    call: &Call,
    form: &Form,
    tenant: &Tenant,
    application: &Application,
    grant: Grant,
    scope: Option<Scope>,
) -> Result<Subject, Refusal> {
    match (grant, scope) {
        (Grant::ClientCredentials, Some(scope)) => Ok(Subject::new(None, scope)),
        (Grant::Password, Some(scope)) => Ok(Subject::new(Some(user(records.directory, form, tenant)?), scope)),
        (Grant::OnBehalfOf, Some(scope)) => {
            let required = |name| form.get(name).ok_or_else(|| Refusal::missing(name));
            let assertion = required("assertion")?;
            if required("requested_token_use")? != "on_behalf_of" {
                let problem = "The parameter 'requested_token_use' is not supported.";
                return Err(Refusal::new(90013, &[problem]));
            }
            let Records { issuer, directory, .. } = records;
            let user = user_of(assertion, issuer, directory, tenant, application, call.now)?;
            Ok(Subject::new(Some(user), scope))
        }
        (Grant::RefreshToken, scope) => {
            let token = form
                .get("refresh_token")
                .ok_or_else(|| Refusal::missing("refresh_token"))?;
            let realm = call.authority.realm();
            let mut subject = records.refresh_tokens.find(token, application, realm)?;
            if records.issuer.has_revoked_sign_in(&subject) {
                return Err(Refusal::new(50173, &[]));
            }
            subject.scope = scope.unwrap_or(subject.scope);
            Ok(subject)
        }
        (Grant::AuthorizationCode, _) => signed_in(records, form, application),
        (Grant::DeviceCode, _) => {
            let code = form.get("device_code").ok_or_else(|| Refusal::missing("device_code"))?;
            records.device_codes.redeem(code, &application.client_id)
        }
        (Grant::ClientCredentials | Grant::Password | Grant::OnBehalfOf, None) => Err(Refusal::missing("scope")),
    }
}

/// The user who signed in in a browser. A code that comes a second time ends what it was exchanged for.
fn signed_in(records: &Records, form: &Form, application: &Application) -> Result<Subject, Refusal> {
    let required = |name| form.get(name).ok_or_else(|| Refusal::missing(name));
    let presented = Presented {
        code: required("code")?,
        client_id: &application.client_id,
        redirect_uri: required("redirect_uri")?,
        verifier: form.get("code_verifier"),
    };
    records
        .authorization_codes
        .redeem(&presented)
        .map_err(|error| match error {
            CodeError::Refused(refusal) => refusal,
            CodeError::Reused(session) => {
                records.issuer.revoke_sign_in(session);
                Refusal::new(54005, &[])
            }
        })
}

fn user(directory: &Directory, form: &Form, tenant: &Tenant) -> Result<User, Refusal> {
    let name = form.get("username").ok_or_else(|| Refusal::missing("username"))?;
    let password = form.get("password").ok_or_else(|| Refusal::missing("password"))?;
    let user = directory
        .user(name)
        .ok_or_else(|| Refusal::new(50034, &[&tenant.name]))?;
    if !user.has_password(password) {
        return Err(Refusal::new(50126, &[]));
    }
    Ok(user.clone())
}
