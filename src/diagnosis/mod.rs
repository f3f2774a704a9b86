//! Diagnoses why an application gets no token: checks each part of its setup and reports the results.

pub mod finding;

mod proof;
mod route;
mod service;
#[cfg(feature = "flows")]
pub mod sources;

use std::sync::Arc;

use crate::base::cancel::Cancel;
use crate::base::error::Result;
use crate::client::options::Options;
use crate::credential::Credential;
use crate::diagnosis::finding::{Check, Finding, FindingStatus, skip_rest};
#[cfg(feature = "flows")]
use crate::diagnosis::sources::AskedSource;

/// What is to be checked: everything that an application's token request depends on.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The tenant, as for [`crate::client::Client::new`].
    pub tenant: String,
    /// The application's id.
    pub client_id: String,
    /// The application's credential, or the error with which loading it failed; `None` for a public client.
    pub credential: Option<Result<Credential>>,
    /// The settings of the client and the request.
    pub options: Options,
}

/// Checks everything and does not stop at the first failure. Checks that a failure makes pointless are skipped.
///
/// With a usable credential, one token is requested and discarded. The diagnosis uses neither the cache nor existing
/// connections: it reports the present state.
///
/// # Errors
/// Only [`Status::Cancelled`], from `cancel` or from a signer, and [`Status::InternalError`]. Problems of the setup are
/// in the findings: one for each of [`Check::all`], in that order. The sources of tokens that need no application are
/// named by variables and files, and not asked.
pub fn diagnose(mut setup: Setup, cancel: Option<&Cancel>) -> Result<Vec<Finding>> {
    let client = &setup.options.client;
    let connected = |credential: Credential| credential.connected(&client.transport, client.retries);
    setup.credential = setup.credential.map(|credential| credential.and_then(connected));
    let all = move || {
        let mut findings = findings(&setup)?;
        #[cfg(feature = "flows")]
        findings.extend(sources::findings(None, &setup.options)?);
        #[cfg(not(feature = "flows"))]
        findings.extend(Check::OF_SOURCES.map(|check| Finding::skipped(check, "This build of GraphToken lacks it.")));
        Ok(findings)
    };
    match cancel {
        None => all(),
        Some(cancel) => cancel.run(all),
    }
}

/// Asks a source that needs no application for one token, which is discarded, and names the others. The checks of an
/// application are skipped.
///
/// # Errors
/// As [`diagnose`].
#[cfg(feature = "flows")]
pub fn diagnose_source(source: AskedSource, options: Options, cancel: Option<&Cancel>) -> Result<Vec<Finding>> {
    let all = move || {
        let mut findings = Vec::new();
        skip_rest(&mut findings, "No application was given.");
        findings.extend(sources::findings(Some(source), &options)?);
        Ok(findings)
    };
    match cancel {
        None => all(),
        Some(cancel) => cancel.run(all),
    }
}

fn findings(setup: &Setup) -> Result<Vec<Finding>> {
    let options = &setup.options;
    let limit = options.request.timeout.unwrap_or(options.client.transport.timeout);
    let mut findings = proof::findings(setup.credential.as_ref(), options.client.assertion.algorithm, limit)?;
    let authority = options.client.authority(&setup.tenant);
    match authority {
        Ok(authority) => {
            findings.push(Finding::passed(
                Check::Authority,
                if authority.needs_discovery() {
                    format!("The issuer is {authority}.")
                } else {
                    format!("The token endpoint is {}.", authority.token_endpoint())
                },
            ));
            let credential = setup
                .credential
                .as_ref()
                .and_then(|credential| credential.as_ref().ok());
            let secret = credential.and_then(Credential::secret);
            let transport = route::findings(&authority, &setup.options, secret, &mut findings)?;
            match transport {
                None => skip_rest(&mut findings, "The service was not reached."),
                Some(_) if !has_passed(&findings, Check::Tenant) => {
                    skip_rest(
                        &mut findings,
                        "The application was not looked up, because the tenant was not found.",
                    );
                }
                Some(transport) => service::findings(setup, authority, Arc::new(transport), &mut findings)?,
            }
        }
        Err(error) => {
            findings.push(Finding::of_error(Check::Authority, &error));
            skip_rest(
                &mut findings,
                "The service was not contacted, because the authority is not valid.",
            );
        }
    }
    Ok(findings)
}

fn has_passed(findings: &[Finding], check: Check) -> bool {
    findings
        .iter()
        .any(|finding| finding.check == check && finding.status == FindingStatus::Passed)
}
