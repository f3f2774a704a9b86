//! The grants, and whom they name.

use super::user_assertion::user_of;
use crate::answer::refusal::Refusal;
use crate::directory::application::Application;
use crate::directory::{Directory, Tenant, User};
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
}

impl Grant {
    /// From the parameter `grant_type`.
    pub(crate) fn parse(name: &str) -> Result<Self, Refusal> {
        match name {
            "client_credentials" => Ok(Self::ClientCredentials),
            "password" => Ok(Self::Password),
            "refresh_token" => Ok(Self::RefreshToken),
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => Ok(Self::OnBehalfOf),
            // Entra takes the short name, which its older libraries send, too.
            "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => Ok(Self::DeviceCode),
            _ => Err(Refusal::new(70003, &[name])),
        }
    }

    /// Whether it stands for what was asked for before, so that its request may leave the scope out.
    pub(crate) fn has_scope(self) -> bool {
        matches!(self, Self::RefreshToken | Self::DeviceCode)
    }

    /// Whether an application without anything to prove itself with may use it.
    pub(crate) fn is_for_public_clients(self) -> bool {
        matches!(self, Self::Password | Self::RefreshToken | Self::DeviceCode)
    }
}

/// What a grant is compared with.
pub(crate) struct Records<'endpoint> {
    pub(crate) directory: &'endpoint Directory,
    pub(crate) refresh_tokens: &'endpoint RefreshTokens,
    pub(crate) device_codes: &'endpoint DeviceCodes,
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
        (Grant::ClientCredentials, Some(scope)) => Ok(Subject { user: None, scope }),
        (Grant::Password, Some(scope)) => Ok(Subject {
            user: Some(user(records.directory, form, tenant)?),
            scope,
        }),
        (Grant::OnBehalfOf, Some(scope)) => {
            let required = |name| form.get(name).ok_or_else(|| Refusal::missing(name));
            let assertion = required("assertion")?;
            if required("requested_token_use")? != "on_behalf_of" {
                let problem = "The parameter 'requested_token_use' is not supported.";
                return Err(Refusal::new(90013, &[problem]));
            }
            let Records { issuer, directory, .. } = records;
            let user = user_of(assertion, issuer, directory, tenant, application, call.now)?;
            Ok(Subject {
                user: Some(user),
                scope,
            })
        }
        (Grant::RefreshToken, scope) => {
            let token = form
                .get("refresh_token")
                .ok_or_else(|| Refusal::missing("refresh_token"))?;
            let Subject {
                user,
                scope: first_scope,
            } = records
                .refresh_tokens
                .find(token, application, call.authority.realm())?;
            Ok(Subject {
                user,
                scope: scope.unwrap_or(first_scope),
            })
        }
        (Grant::DeviceCode, _) => {
            let code = form.get("device_code").ok_or_else(|| Refusal::missing("device_code"))?;
            records.device_codes.redeem(code, &application.client_id)
        }
        (Grant::ClientCredentials | Grant::Password | Grant::OnBehalfOf, None) => Err(Refusal::missing("scope")),
    }
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
