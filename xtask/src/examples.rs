//! The examples of the documents in PowerShell and C#, run as they are written there. Those for a shell and in C are
//! run by `cli/tests/shell_examples` and `tests/c_program`.

mod csharp;
mod powershell;

use std::fs;

use test_support::emulator::{self, PASSWORD};
use test_support::openssl::openssl;

use crate::artifacts::test_command;
use crate::lane::Lanes;
use crate::process::Failure;
use crate::stage::Stage;
use crate::tool::{CC, DOTNET, OPENSSL, POWERSHELL};

pub use powershell::check_windows as check_powershell_for_windows;

/// Adds a lane for each language.
pub fn add(lanes: &mut Lanes) {
    lanes.check("c# examples", &[&CC, &DOTNET, &OPENSSL], csharp::check);
    let powershell = [&CC, &DOTNET, &OPENSSL, &POWERSHELL];
    lanes.check("powershell examples", &powershell, powershell::check);
}

const PFX_PASSWORD: &str = "pass w+rd";

/// The service, and the files that a reader has.
fn stage() -> Result<Stage, Failure> {
    let program = test_command("entra-emulator");
    let stage = Stage::set(&program, 1, |pairs| emulator::arguments(&pairs[0].certificate()))?;
    stage.write("password.txt", PASSWORD);
    stage.write("app.password", PFX_PASSWORD);
    let (pair, pfx) = (stage.certificate(), stage.path("app.pfx").display().to_string());
    let pem = fs::read_to_string(&pair).map_err(|error| format!("{pair}: {error}"))?;
    stage.write("app.pem", &pem);
    let password = format!("pass:{PFX_PASSWORD}");
    openssl(&["pkcs12", "-export", "-in", &pair, "-out", &pfx, "-passout", &password]);
    Ok(stage)
}
