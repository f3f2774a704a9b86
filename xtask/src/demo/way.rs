//! The ways to a token. All do the same job: the application proves itself by certificate, the user by password.

use std::process::Command;

use test_support::emulator::{CONFIDENTIAL, USER};

use crate::artifacts::{demo_command, demo_library, root};
use crate::process::{Failure, stream};
use crate::stage::Stage;
use crate::tool::{DOTNET, POWERSHELL, Tool, powershell};
use crate::{dotnet, module};

/// One way.
pub struct Way {
    pub name: &'static str,
    pub needs: &'static [&'static Tool],
    /// Builds what must be built, and returns the command that prints a token as the last line of its standard output.
    pub prepare: fn(&Stage) -> Result<Command, Failure>,
}

pub const ALL: &[Way] = &[
    Way {
        name: "PowerShell: the line that replaces the script",
        needs: &[&DOTNET, &POWERSHELL],
        prepare: powershell_line,
    },
    Way {
        name: "C#: bindings/csharp/examples/GetToken",
        needs: &[&DOTNET],
        prepare: csharp_program,
    },
    Way {
        name: "C: bindings/c/examples/get_token.c",
        needs: &[],
        prepare: c_program,
    },
    Way {
        name: "shell: graph-token",
        needs: &[],
        prepare: |stage| Ok(command_line(stage)),
    },
];

/// The file of the stage that holds the user's password and nothing else.
pub const PASSWORD_FILE: &str = "password.txt";

const SCOPE: &str = "User.Read";

fn powershell_line(stage: &Stage) -> Result<Command, Failure> {
    let module = demo_library().with_file_name("GraphToken");
    module::build_for_host(&module, &demo_library())?;
    let host = powershell().ok_or_else(|| format!("{} is missing", POWERSHELL.name))?;
    let script = root().join("xtask/demo/get-token.ps1");
    let text = std::fs::read_to_string(&script).map_err(|error| error.to_string())?;
    println!("{}", text.rsplit("\n\n").next().unwrap_or_default().trim_end());
    let mut command = Command::new(host);
    command.args(["-NoProfile", "-NonInteractive", "-File"]).arg(script);
    command
        .arg("-Module")
        .arg(module)
        .arg("-TenantName")
        .arg(stage.authority());
    command
        .args(["-AppId", CONFIDENTIAL, "-CertificateFile"])
        .arg(stage.certificate());
    command
        .args(["-UserName", USER, "-PasswordFile"])
        .arg(stage.path(PASSWORD_FILE));
    command.args(["-Scope", SCOPE]);
    Ok(command)
}

fn csharp_program(stage: &Stage) -> Result<Command, Failure> {
    const PROJECT: &str = "bindings/csharp/examples/GetToken";
    let library = demo_library();
    dotnet::build(PROJECT, "Release", &[("GRAPHTOKEN_LIBRARY", &library)])?;
    let program = root().join(PROJECT).join("bin/Release/net10.0/GetToken.dll");
    let mut command = Command::new("dotnet");
    command
        .arg(program)
        .arg(stage.authority())
        .arg(CONFIDENTIAL)
        .arg(stage.certificate());
    command.arg(USER).arg(stage.path(PASSWORD_FILE)).arg(SCOPE);
    Ok(command)
}

fn c_program(stage: &Stage) -> Result<Command, Failure> {
    let library = demo_library();
    let directory = library
        .parent()
        .ok_or_else(|| "the library is in no directory".to_owned())?;
    let program = stage.path("get_token");
    let mut cc = Command::new("cc");
    cc.current_dir(root()).args([
        "-std=c99",
        "-O2",
        "-I",
        "bindings/c",
        "bindings/c/examples/get_token.c",
        "-L",
    ]);
    cc.arg(directory)
        .arg("-lgraphtoken")
        .arg(format!("-Wl,-rpath,{}", directory.display()));
    stream(cc.arg("-o").arg(&program))?;
    let mut command = Command::new(program);
    command
        .arg(stage.authority())
        .arg(CONFIDENTIAL)
        .arg(stage.certificate());
    command
        .args(["-u", USER, "-p"])
        .arg(stage.path(PASSWORD_FILE))
        .args(["-s", SCOPE]);
    Ok(command)
}

fn command_line(stage: &Stage) -> Command {
    let mut command = Command::new(demo_command("graph-token"));
    command.arg("get").arg("--authority").arg(stage.authority());
    command
        .args(["--client-id", CONFIDENTIAL, "--certificate"])
        .arg(stage.certificate());
    command
        .args(["--username", USER, "--password-file"])
        .arg(stage.path(PASSWORD_FILE));
    command.args(["--scope", SCOPE]);
    command
}
