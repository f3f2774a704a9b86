//! The tests of this repository around what is packed for this machine, in place of what they were built with.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::trial::Trial;
use crate::artifacts::{cargo_test, root};
use crate::dotnet;
use crate::lane::Lanes;
use crate::package::Pack;
use crate::package::archive::Entries;
use crate::package::platform::Platform;
use crate::process::{Failure, stream};
use crate::tool::{CC, DOTNET, OPENSSL, REDIS};

/// A test that asks the library to panic, which no packed one does.
struct NeedsHook(&'static str);

const IN_C: NeedsHook = NeedsHook("every_function_takes_bad_arguments");
const IN_CSHARP: [NeedsHook; 2] = [
    NeedsHook("PanicTests.APanicIsAnExceptionAndTheNextCallWorks"),
    NeedsHook("ErrorSecrecyTests.NoErrorShowsASecret"),
];

/// Adds a lane for each suite.
pub fn add(lanes: &mut Lanes, pack: &Pack) {
    lanes.run("packed cli", &[&CC, &OPENSSL], || cli(pack));
    lanes.run("packed c", &[&CC, &OPENSSL], || c(pack));
    lanes.run("packed c#", &[&CC, &DOTNET, &REDIS], || csharp(pack));
    lanes.run("packed powershell", &[&CC, &DOTNET, &REDIS], || powershell(pack));
    println!("\n== needs a library that panics when told to, none of them counted");
    for test in [&IN_C].into_iter().chain(&IN_CSHARP) {
        println!("{}", test.0);
    }
}

fn cli(pack: &Pack) -> Result<String, Failure> {
    let here = here()?;
    let trial = Trial::begin()?;
    let folder = trial.unpack(&archive(pack, "bin/graph-token", here))?;
    stream(&mut around(&["--test", "cli"], |tests| {
        tests.env("GRAPHTOKEN_TEST_COMMAND", folder.join("graph-token"));
        tests.env("GRAPHTOKEN_TEST_EMULATOR", folder.join("entra-emulator"));
    })?)
}

fn c(pack: &Pack) -> Result<String, Failure> {
    let here = here()?;
    let trial = Trial::begin()?;
    let folder = trial.unpack(&archive(pack, "c/graphtoken", here))?;
    let mut tests = around(&["--test", "c_program"], |tests| {
        tests.env("GRAPHTOKEN_TEST_LIBRARY", folder.join("lib/libgraphtoken.so"));
        // The programs look for its SONAME.
        tests.env("LD_LIBRARY_PATH", folder.join("lib"));
        tests.env("GRAPHTOKEN_TEST_EMULATOR", here.command("entra-emulator"));
    })?;
    stream(tests.args(["--", "--skip", IN_C.0]))
}

fn csharp(pack: &Pack) -> Result<String, Failure> {
    let here = here()?;
    let trial = Trial::begin()?;
    let folder = trial.path("nuget");
    let package = root().join(format!("dist/nuget/GraphToken.{}.nupkg", pack.version));
    Entries::of_zip(&package)?.unpack(&folder)?;
    let library = folder.join(format!("runtimes/{}/native/libgraphtoken.so", here.rid));
    let emulator = here.command("entra-emulator");
    let left_out = IN_CSHARP.map(|test| format!("GraphToken.Tests.{}", test.0));
    let options: Vec<&str> = left_out.iter().flat_map(|test| ["-method-", test]).collect();
    let variables: [(&str, &Path); 2] = [
        ("GRAPHTOKEN_TEST_LIBRARY", &library),
        ("GRAPHTOKEN_TEST_EMULATOR", &emulator),
    ];
    dotnet::test("bindings/csharp/GraphToken.Tests", &variables, &options)
}

fn powershell(pack: &Pack) -> Result<String, Failure> {
    let trial = Trial::begin()?;
    let zip = root().join(format!("dist/psgallery/GraphToken-{}.zip", pack.version));
    Entries::of_zip(&zip)?.unpack(&trial.path("modules"))?;
    let (module, emulator) = (trial.path("modules/GraphToken"), here()?.command("entra-emulator"));
    let variables: [(&str, &Path); 2] = [
        ("GRAPHTOKEN_TEST_MODULE", &module),
        ("GRAPHTOKEN_TEST_EMULATOR", &emulator),
    ];
    dotnet::test("powershell/GraphToken.PowerShell.Tests", &variables, &[])
}

/// The tests of one program, built before the variables of `set` hold.
fn around(test: &[&str], set: impl FnOnce(&mut Command)) -> Result<Command, Failure> {
    stream(&mut cargo_test(&[test, &["--no-run"]].concat()))?;
    let mut tests = cargo_test(test);
    set(&mut tests);
    Ok(tests)
}

fn here() -> Result<&'static Platform, Failure> {
    Platform::of_this_machine().ok_or_else(|| "nothing is packed for this machine".to_owned().into())
}

/// The packed archive of this name for this machine.
fn archive(pack: &Pack, name: &str, here: &Platform) -> PathBuf {
    root().join(format!("dist/{name}-{}-{}.tar.gz", pack.version, here.rid))
}
