//! The Windows lane: what is shipped for Windows, built on this machine and run under Wine.
//!
//! The tests are those of the other lanes, around Windows programs. A pass here is no proof about Windows: Wine, and
//! what stands in for parts of it, are other programs.

mod build;
mod file;
mod limit;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::artifacts::{cargo_test, root};
use crate::dotnet;
use crate::lane::Lanes;
use crate::process::{Failure, both, stream};
use crate::tool::{CC, DOTNET, MINGW, OPENSSL, Tool, WINDOWS_CARGO, WINE, windows_runner};
use build::Build;
use limit::{LIMITS, Limit};

/// What every part of the lane needs.
const TOOLS: [&Tool; 3] = [&WINDOWS_CARGO, &MINGW, &WINE];

/// Runs the lane alone, and says whether all went well.
pub fn run() -> bool {
    let mut lanes = Lanes::default();
    add(&mut lanes);
    show_limits();
    lanes.summarize(false)
}

/// Adds the lane to others.
pub fn add(lanes: &mut Lanes) {
    let build = Build::place();
    lanes.check("windows build", &TOOLS, || build.make());
    lanes.check("windows files", &TOOLS, || file::check(&build));
    lanes.run("windows cli", &with(&[&CC, &OPENSSL]), || cli(&build));
    lanes.run("windows c", &with(&[&CC, &OPENSSL]), || c(&build));
    lanes.run("windows c#", &with(&[&DOTNET]), || csharp(&build));
}

/// Says what could not run.
pub fn show_limits() {
    println!("\n== could not run under Wine, none of them counted");
    for limit in LIMITS {
        println!("{limit}");
    }
}

fn with<'a>(more: &[&'a Tool]) -> Vec<&'a Tool> {
    TOOLS.iter().chain(more).copied().collect()
}

/// The tests of the command, which run here, around the Windows program.
fn cli(build: &Build) -> Result<String, Failure> {
    let mut tests = cargo_test(&["--test", "cli"]);
    tests.env("GRAPHTOKEN_TEST_COMMAND", build.command("graph-token"));
    tests.env("GRAPHTOKEN_TEST_RUNNER", windows_runner());
    stream(without_limits(&mut tests, Limit::CLI))
}

/// The tests of C programs, which run here, around programs for Windows.
fn c(build: &Build) -> Result<String, Failure> {
    let mut tests = cargo_test(&["--test", "c_program"]);
    tests
        .env("GRAPHTOKEN_TEST_CC", MINGW.name)
        .env("GRAPHTOKEN_TEST_LIBRARY", build.test_library())
        .env("GRAPHTOKEN_TEST_COMMAND", build.command("graph-token"))
        .env("GRAPHTOKEN_TEST_RUNNER", windows_runner());
    let ordinary = stream(without_limits(&mut tests, Limit::C));
    // An argument alone adds to those before it.
    let store = stream(tests.args(["--ignored", "windows_store"]));
    both(ordinary, store)
}

fn without_limits<'a>(tests: &'a mut Command, suite: &str) -> &'a mut Command {
    tests.arg("--");
    for limit in limit::of(suite) {
        tests.args(["--skip", limit.test]);
    }
    tests
}

/// The tests of the class library: a program for Windows.
fn csharp(build: &Build) -> Result<String, Failure> {
    let variables = [
        ("GRAPHTOKEN_TEST_LIBRARY", build.test_library()),
        ("GRAPHTOKEN_TEST_EMULATOR", build.command("entra-emulator")),
    ];
    xunit("bindings/csharp/GraphToken.Tests", Limit::CSHARP, &variables)
}

/// Builds a program of tests for Windows and runs it.
fn xunit(project: &str, suite: &str, variables: &[(&str, PathBuf)]) -> Result<String, Failure> {
    let variables: Vec<(&str, &Path)> = variables.iter().map(|(name, path)| (*name, path.as_path())).collect();
    dotnet::build_for("win-x64", project, &variables)?;
    let name = Path::new(project).file_name().expect("a project has a name");
    let file = format!("bin/Debug/net10.0/win-x64/{}.exe", name.display());
    let mut program = Command::new("timeout");
    program
        .args(["--kill-after=10", LONGEST_RUN])
        .arg(windows_runner())
        .arg(root().join(project).join(file))
        .arg("-noColor")
        .env("DOTNET_GCgen0size", NO_COLLECTION)
        .envs(variables.iter().map(|(name, path)| (name, in_wine(path))));
    for limit in limit::of(suite) {
        program
            .arg("-method-")
            .arg(format!("{}.{}", name.display(), limit.test));
    }
    stream(&mut program)
}

/// Seconds; a program that hangs would otherwise hold up everything after it.
const LONGEST_RUN: &str = "600";

/// Bytes in hexadecimal that .NET may use before it looks for garbage: more than the tests need. Under Wine the runtime
/// ends when it frees a method that was made at run time.
const NO_COLLECTION: &str = "40000000";

/// A path as Windows programs see it: Wine shows the file system as drive Z.
fn in_wine(path: &Path) -> String {
    format!("Z:{}", path.display().to_string().replace('/', "\\"))
}
