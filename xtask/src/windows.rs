//! The Windows lane: what is shipped for Windows, built on this machine and run under Wine.
//!
//! The tests are those of the other lanes, around Windows programs. A pass here is no proof about Windows: Wine, and
//! what stands in for parts of it, are other programs.

mod build;
mod file;
mod limit;
mod test_program;

use std::path::PathBuf;
use std::process::Command;

use crate::lane::Lanes;
use crate::nextest::test_program;
use crate::process::{Failure, both, stream};
use crate::tool::{
    CC, DOTNET, MINGW, OPENSSL, Tool, WINDOWS_CARGO, WINDOWS_POWERSHELL, WINE, windows_powershell, windows_runner,
};
use crate::{examples, module};
use build::Build;
pub use build::Build as WindowsBuild;
use limit::{LIMITS, Limit};
use test_program::TestProgram;

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
    lanes.run("windows powershell", &with(&[&DOTNET]), || powershell(&build));
    lanes.check(
        "windows examples",
        &with(&[&DOTNET, &OPENSSL, &WINDOWS_POWERSHELL]),
        || powershell_examples(&build),
    );
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
    let mut tests = test_program("cli", &AGAIN)?;
    tests.env("GRAPHTOKEN_TEST_COMMAND", build.command("graph-token"));
    tests.env("GRAPHTOKEN_TEST_RUNNER", windows_runner());
    stream(&mut limited(without_limits(&mut tests, Limit::CLI)))
}

/// The tests of C programs, which run here, around programs for Windows.
fn c(build: &Build) -> Result<String, Failure> {
    let mut tests = test_program("c_program", &AGAIN)?;
    tests
        .env("GRAPHTOKEN_TEST_CC", MINGW.name)
        .env("GRAPHTOKEN_TEST_LIBRARY", build.test_library())
        .env("GRAPHTOKEN_TEST_COMMAND", build.command("graph-token"))
        .env("GRAPHTOKEN_TEST_RUNNER", windows_runner());
    let ordinary = stream(&mut limited(without_limits(&mut tests, Limit::C)));
    // An argument alone adds to those before it.
    let store = stream(&mut limited(tests.args(["--ignored", "windows_store"])));
    both(ordinary, store)
}

/// Options of nextest. Wine has ended one of some thousand programs for no reason of theirs: a test that fails runs again
/// once, and the lane counts those that pass only then.
const AGAIN: [&str; 2] = ["--retries", "1"];

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

/// The tests of the module, hosted by a program for Windows, around the library as it is shipped.
fn powershell(build: &Build) -> Result<String, Failure> {
    module::build_around(
        &build.module(),
        &[("win-x64/graphtoken.dll".to_owned(), build.library())],
    )?;
    let variables = [
        ("GRAPHTOKEN_TEST_MODULE", build.module()),
        ("GRAPHTOKEN_TEST_EMULATOR", build.command("entra-emulator")),
    ];
    xunit("powershell/GraphToken.PowerShell.Tests", Limit::POWERSHELL, &variables)
}

/// The examples of the documents in PowerShell for Windows, around the library as it is shipped.
fn powershell_examples(build: &Build) -> Result<(), Failure> {
    let host = windows_powershell().ok_or_else(|| format!("{} is missing", WINDOWS_POWERSHELL.name))?;
    examples::check_powershell_for_windows(&host, &build.module())
}

fn xunit(project: &str, suite: &str, variables: &[(&str, PathBuf)]) -> Result<String, Failure> {
    TestProgram::build(project, variables)?.run(suite)
}

/// The command with an end: what hangs would otherwise hold up everything after it.
fn limited(command: &Command) -> Command {
    let mut limited = Command::new("timeout");
    limited
        .args(["--kill-after=10", LONGEST_RUN])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        let value = value.expect("no variable is taken away");
        limited.env(name, value);
    }
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    limited
}

/// Seconds.
const LONGEST_RUN: &str = "600";
