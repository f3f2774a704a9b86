//! The .NET SDK.

use std::process::Command;

use crate::artifacts::root;
use crate::process::{self, Failure};

/// Builds the project in this directory of the checkout.
pub fn build(project: &str, configuration: &str, environment: &[(&str, &std::path::Path)]) -> Result<String, Failure> {
    let arguments = [
        "build",
        project,
        "--configuration",
        configuration,
        "--nologo",
        "--verbosity",
        "quiet",
    ];
    process::stream(dotnet(&arguments).envs(environment.iter().copied()))
}

/// Builds a program in this directory of the checkout for another system, which has the .NET runtime.
pub fn build_for(runtime: &str, project: &str, environment: &[(&str, &std::path::Path)]) -> Result<String, Failure> {
    let arguments = [
        "build",
        project,
        "--configuration",
        "Debug",
        "--nologo",
        "--verbosity",
        "quiet",
        "--runtime",
        runtime,
        "--self-contained",
        "false",
        // Nothing here serves web pages.
        "-property:DisableTransitiveFrameworkReferenceDownloads=true",
    ];
    process::stream(dotnet(&arguments).envs(environment.iter().copied()))
}

/// Builds and runs a program of tests; its summary is in what is returned.
/// `options` are those of xunit.v3.
pub fn test(project: &str, environment: &[(&str, &std::path::Path)], options: &[&str]) -> Result<String, Failure> {
    build(project, "Debug", environment)?;
    let arguments = [
        "run",
        "--no-build",
        "--configuration",
        "Debug",
        "--project",
        project,
        "--",
        "-noColor",
    ];
    process::stream(dotnet(&arguments).args(options).envs(environment.iter().copied()))
}

/// The SDK's name of this platform.
pub fn runtime_identifier() -> String {
    let system = match std::env::consts::OS {
        "windows" => "win",
        "macos" => "osx",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "x86" => "x86",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}-{processor}")
}

/// A command of the SDK that leaves no process behind.
pub fn dotnet(arguments: &[&str]) -> Command {
    let mut dotnet = Command::new("dotnet");
    dotnet.current_dir(root()).args(arguments);
    dotnet.env("DOTNET_CLI_TELEMETRY_OPTOUT", "1").env("DOTNET_NOLOGO", "1");
    dotnet
        .env("MSBUILDDISABLENODEREUSE", "1")
        .env("UseSharedCompilation", "false");
    dotnet
}
