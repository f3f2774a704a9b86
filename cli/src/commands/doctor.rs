//! `graph-token doctor`: diagnoses why no token is issued.

use graphtoken::{AskedSource, Finding, FindingStatus, Options, Setup, Status, Surface, diagnose, diagnose_source};
use serde::Serialize;

use crate::arguments::DoctorArguments;
use crate::failure::Failure;
use crate::warnings::Warnings;
use crate::{credential, output};

/// Checks the setup and prints the findings. Gives the exit code of the first failed check.
pub fn run(arguments: &DoctorArguments) -> Result<u8, Failure> {
    let mut options = Options::default();
    arguments.application.set_in(&mut options)?;
    arguments.credential.certificate.set_in(&mut options)?;
    arguments.identity.set_in(&mut options)?;
    arguments.network.set_in(&mut options)?;
    if arguments.identity.managed_identity {
        return show(
            arguments,
            &diagnose_source(AskedSource::ManagedIdentity, options, None)?,
        );
    }
    if arguments.chain {
        return show(arguments, &diagnose_source(AskedSource::Chain, options, None)?);
    }
    // The findings include what loading a credential warns about.
    let client_id = arguments.application.client_id();
    let credential = credential::load(&arguments.credential, &client_id, &mut Warnings::new(true)).transpose();
    let setup = Setup {
        tenant: arguments.application.tenant(),
        client_id,
        credential,
        options,
    };
    show(arguments, &diagnose(setup, None)?)
}

fn show(arguments: &DoctorArguments, findings: &[Finding]) -> Result<u8, Failure> {
    if arguments.json {
        output::write_json(&findings.iter().map(Shown::of).collect::<Vec<_>>())?;
    } else {
        output::write_line(table(findings).trim_end().as_bytes())?;
    }
    let failure = findings.iter().find_map(|finding| finding.failure);
    Ok(failure.map_or(0, Status::exit_code))
}

/// One line per finding, and another one for what to do about it.
fn table(findings: &[Finding]) -> String {
    let width = findings.iter().map(|finding| finding.check.name().len()).max();
    findings
        .iter()
        .map(|finding| lines(finding, width.unwrap_or(0)))
        .collect()
}

fn lines(finding: &Finding, width: usize) -> String {
    let (status, check) = (finding.status.name(), finding.check.name());
    let (detail, hint) = (finding.detail.on(Surface::Command), finding.hint.on(Surface::Command));
    let line = format!("{status:<8} {check:<width$}  {detail}\n");
    if finding.status == FindingStatus::Passed || hint.is_empty() {
        return line;
    }
    let indent = width + 11;
    format!("{line}{:indent$}{hint}\n", "")
}

/// What `--json` prints for each finding.
#[derive(Serialize)]
struct Shown<'a> {
    check: String,
    status: String,
    detail: &'a str,
    hint: &'a str,
}

impl<'a> Shown<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self {
            check: finding.check.name(),
            status: finding.status.name(),
            detail: finding.detail.on(Surface::Command),
            hint: finding.hint.on(Surface::Command),
        }
    }
}
