//! The tests of this repository around what is packed for this machine, in place of what they were built with.

use std::path::{Path, PathBuf};

use super::trial::{Trial, here};
use crate::artifacts::root;
use crate::dotnet;
use crate::lane::Lanes;
use crate::nextest::test_program;
use crate::package::Pack;
use crate::package::archive::Entries;
use crate::process::{Failure, stream};
use crate::tool::{CC, DOTNET, OPENSSL, REDIS};

/// The tests that need a hook in the library, which no packed one has: to panic, and to name another folder of keys.
const NEEDS_HOOK_IN_CLI: &str = "arc_reads_the_key_that_the_agent_names_in_its_own_folder";
const NEEDS_HOOK_IN_C: &str = "every_function_takes_bad_arguments";
const NEED_HOOK_IN_CSHARP: [&str; 2] = [
    "PanicTests.APanicIsAnExceptionAndTheNextCallWorks",
    "ErrorSecrecyTests.NoErrorShowsASecret",
];

/// Adds a lane for each suite.
pub fn add(lanes: &mut Lanes, pack: &Pack) {
    lanes.run("packed cli", &[&CC, &OPENSSL], || cli(pack));
    lanes.run("packed c", &[&CC, &OPENSSL], || c(pack));
    lanes.run("packed c#", &[&CC, &DOTNET, &REDIS], || csharp(pack));
    lanes.run("packed powershell", &[&CC, &DOTNET, &REDIS], || powershell(pack));
    println!("\n== needs a library with test hooks, none of them counted");
    for test in [NEEDS_HOOK_IN_CLI, NEEDS_HOOK_IN_C].iter().chain(&NEED_HOOK_IN_CSHARP) {
        println!("{test}");
    }
}

fn cli(pack: &Pack) -> Result<String, Failure> {
    let trial = Trial::begin()?;
    let folder = trial.unpack(&archive(pack, "bin/graph-token")?)?;
    let mut tests = test_program("cli", &[])?;
    tests
        .env("GRAPHTOKEN_TEST_COMMAND", folder.join("graph-token"))
        .env("GRAPHTOKEN_TEST_EMULATOR", folder.join("entra-emulator"));
    stream(tests.args(["--", "--skip", NEEDS_HOOK_IN_CLI]))
}

fn c(pack: &Pack) -> Result<String, Failure> {
    let trial = Trial::begin()?;
    let folder = trial.unpack(&archive(pack, "c/graphtoken")?)?;
    let mut tests = test_program("c_program", &[])?;
    tests
        .env("GRAPHTOKEN_TEST_LIBRARY", folder.join("lib/libgraphtoken.so"))
        // The programs look for its SONAME.
        .env("LD_LIBRARY_PATH", folder.join("lib"))
        .env("GRAPHTOKEN_TEST_EMULATOR", here()?.command("entra-emulator"));
    stream(tests.args(["--", "--skip", NEEDS_HOOK_IN_C]))
}

fn csharp(pack: &Pack) -> Result<String, Failure> {
    let here = here()?;
    let trial = Trial::begin()?;
    let folder = trial.path("nuget");
    let package = root().join(format!("dist/nuget/GraphToken.{}.nupkg", pack.version));
    Entries::of_zip(&package)?.unpack(&folder)?;
    let library = folder.join(format!("runtimes/{}/native/libgraphtoken.so", here.rid));
    let emulator = here.command("entra-emulator");
    let left_out = NEED_HOOK_IN_CSHARP.map(|test| format!("GraphToken.Tests.{test}"));
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

/// The packed archive of this name for this machine.
fn archive(pack: &Pack, name: &str) -> Result<PathBuf, Failure> {
    let file = format!("dist/{name}-{}-{}.tar.gz", pack.version, here()?.rid);
    Ok(root().join(file))
}
