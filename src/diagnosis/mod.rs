//! Finds out why an application gets no token: looks at every part of its setup and says how each of them is.

pub mod finding;

mod proof;
mod route;
mod service;

use std::sync::Arc;

use crate::authority::Authority;
use crate::base::cancel::Cancel;
use crate::base::error::Result;
use crate::client::options::Options;
use crate::credential::Credential;
use crate::diagnosis::finding::{Check, Finding, FindingStatus, skip_rest};

/// What is to be looked at: everything that a token request of an application is made of.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The tenant, as for [`crate::client::Client::new`].
    pub tenant: String,
    /// The application's id.
    pub client_id: String,
    /// The application's proof, or the error with which loading it failed; `None` for a public client.
    pub credential: Option<Result<Credential>>,
    /// Settings of the client and of the request.
    pub options: Options,
}

/// Looks at everything, and does not stop at the first failure. What a failure makes pointless is skipped.
///
/// With a credential that can be used, one token is requested and thrown away. Nothing is read from or kept in a cache,
/// and the connections are new, so that what is found is how things are now.
///
/// # Errors
/// Only [`Status::Cancelled`], from `cancel` or from a signer, and [`Status::InternalError`]. What is wrong with the
/// setup is in the findings: one for each of [`Check::ALL`], in that order.
pub fn diagnose(setup: Setup, cancel: Option<&Cancel>) -> Result<Vec<Finding>> {
    match cancel {
        None => findings(&setup),
        Some(cancel) => cancel.run(move || findings(&setup)),
    }
}

fn findings(setup: &Setup) -> Result<Vec<Finding>> {
    let mut findings = proof::findings(setup.credential.as_ref(), setup.options.client.assertion.algorithm)?;
    let authority = Authority::new(
        &setup.tenant,
        setup.options.client.authority.as_deref(),
        setup.options.client.cloud,
    );
    match authority {
        Ok(authority) => {
            findings.push(Finding::passed(
                Check::Authority,
                format!("Tokens are asked for at {}.", authority.token_endpoint()),
            ));
            let transport = route::findings(&authority, &setup.options, &mut findings)?;
            match transport {
                None => skip_rest(&mut findings, "The service was not reached."),
                Some(_) if !has_passed(&findings, Check::Tenant) => {
                    skip_rest(&mut findings, "Without its tenant the application cannot be asked for.");
                }
                Some(transport) => service::findings(setup, authority, Arc::new(transport), &mut findings)?,
            }
        }
        Err(error) => {
            findings.push(Finding::of_error(Check::Authority, &error));
            skip_rest(&mut findings, "Without an authority there is nobody to ask.");
        }
    }
    Ok(findings)
}

fn has_passed(findings: &[Finding], check: Check) -> bool {
    findings
        .iter()
        .any(|finding| finding.check == check && finding.status == FindingStatus::Passed)
}
