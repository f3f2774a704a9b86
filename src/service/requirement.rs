//! What a grant requires of the application and of the authority, whatever a service may answer.

use crate::authority::Authority;
use crate::base::error::{Error, Result, Status};
#[cfg(feature = "flows")]
use crate::base::parameter::AZURE_REGION;
use crate::base::parameter::{SCOPES, TENANT};
use crate::credential::Credential;
use crate::request::grant::Grant;
use crate::request::scope::Scopes;

/// Refuses a grant that no service accepts from an application with this `credential` at `authority`.
///
/// # Errors
/// `CredentialMissing` if nothing proves an application or a user; `InvalidArgument` if a public client exchanges a user
/// assertion, if a token for one tenant is asked of the authority of all tenants, and if a password is sent where
/// personal accounts sign in.
pub fn check(grant: &dyn Grant, credential: Option<&Credential>, authority: &Authority) -> Result<()> {
    let is_exchange = grant.user_assertion().is_some();
    if credential.is_none() && grant.is_for_application() {
        return Err(Error::new(
            Status::CredentialMissing,
            "No application or user credential was given.",
            "Use a certificate, a client secret or a client assertion, or request a token for a user.",
        ));
    }
    if credential.is_none() && is_exchange {
        return Err(Error::new(
            Status::InvalidArgument,
            "A public client cannot exchange a user assertion: the application has no credential.",
            "Use a certificate, a client secret or a client assertion of the application that the user assertion was \
             issued for.",
        ));
    }
    if authority.names_no_tenant() && (is_exchange || grant.is_for_application()) {
        let whose = if is_exchange {
            "the user assertion, which is its claim tid"
        } else {
            "the application: its id (a GUID) or a domain such as contoso.onmicrosoft.com"
        };
        return Err(Error::new(
            Status::InvalidArgument,
            format!(
                "{} stands for the tenants of all users, and this token is for one tenant.",
                authority.tenant()
            ),
            format!("Set {TENANT} to the tenant of {whose}."),
        ));
    }
    if grant.is_for_work_accounts() && authority.has_personal_accounts() {
        return Err(Error::new(
            Status::InvalidArgument,
            format!(
                "Users of personal accounts sign in at {}, and no password of theirs is accepted.",
                authority.tenant()
            ),
            format!("Set {TENANT} to the user's tenant, or to organizations."),
        ));
    }
    Ok(())
}

/// Refuses an application's request without scopes to an authority that has no default.
///
/// # Errors
/// `InvalidArgument`.
pub fn check_scopes(grant: &dyn Grant, scopes: &Scopes, authority: &Authority) -> Result<()> {
    if !grant.is_for_application() || !scopes.is_empty() || !authority.needs_scope() {
        return Ok(());
    }
    Err(Error::new(
        Status::InvalidArgument,
        format!("No scope was given, and {} has no default.", authority.product()),
        format!("Set {SCOPES} to the API that the token is for, such as https://TENANT.onmicrosoft.com/API/.default."),
    ))
}

/// The error for a region, if the token is for a user.
#[cfg(feature = "flows")]
pub fn no_region_for_users() -> Error {
    Error::new(
        Status::InvalidArgument,
        "A region was given, but tokens for users have no regional endpoints.",
        format!("Leave out {AZURE_REGION}."),
    )
}
