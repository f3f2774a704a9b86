//! The grants, and whom they name.

use crate::answer::refusal::Refusal;
use crate::directory::application::Application;
use crate::directory::{Directory, Tenant, User};
use crate::issue::refresh_token::RefreshTokens;
use crate::issue::subject::Subject;
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
}

impl Grant {
    /// From the parameter `grant_type`.
    pub(crate) fn parse(name: &str) -> Result<Self, Refusal> {
        match name {
            "client_credentials" => Ok(Self::ClientCredentials),
            "password" => Ok(Self::Password),
            "refresh_token" => Ok(Self::RefreshToken),
            _ => Err(Refusal::new(70003, &[name])),
        }
    }
}

/// Checks the grant of an application that has proved itself. `scope` is left out by a refresh token only.
pub(crate) fn granted(
    directory: &Directory,
    refresh_tokens: &RefreshTokens,
    form: &Form,
    tenant: &Tenant,
    application: &Application,
    grant: Grant,
    scope: Option<Scope>,
) -> Result<Subject, Refusal> {
    match (grant, scope) {
        (Grant::ClientCredentials, Some(scope)) => Ok(Subject { user: None, scope }),
        (Grant::Password, Some(scope)) => Ok(Subject {
            user: Some(user(directory, form, tenant)?),
            scope,
        }),
        (Grant::RefreshToken, scope) => {
            let token = form
                .get("refresh_token")
                .ok_or_else(|| Refusal::missing("refresh_token"))?;
            let known = refresh_tokens.find(token, &application.client_id);
            let Subject {
                user,
                scope: first_scope,
            } = known.ok_or_else(|| Refusal::new(70000, &[]))?;
            Ok(Subject {
                user,
                scope: scope.unwrap_or(first_scope),
            })
        }
        (Grant::ClientCredentials | Grant::Password, None) => Err(Refusal::missing("scope")),
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
