//! Every test of the repository.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::artifacts::{
    TEST_FEATURES, build_release, cargo, cargo_test, release_library, root, target_directory, test_command,
    test_library,
};
use crate::kept_library::KeptLibrary;
use crate::lane::Lanes;
use crate::nextest::nextest;
use crate::process::{Failure, both, stream};
use crate::tool::{
    ADDRESS_SANITIZER, ADVISORIES, CARGO_AUDIT, CARGO_DENY, CC, CERTTOOL, CHROMIUM, CPP, DOTNET, KEYTOOL, MAN,
    MSAL_PYTHON, NODE, NSS, OIDC_PROVIDER, OPENSSL, PKCS11_ENGINE, REDIS, SOFTHSM2, SSH_KEYS, THREAD_SANITIZER,
    VALGRIND, advisories, node_modules, program, python,
};
use crate::{dotnet, examples, library, module, soak, windows};

/// Long enough to see each token renewed.
const SHORT_SOAK: Duration = Duration::from_secs(10);

/// Runs all lanes, whatever becomes of each, and says whether all went well.
pub fn run(strict: bool) -> bool {
    let mut lanes = Lanes::default();
    lanes.check("format", &[], || stream(&mut cargo(&["fmt", "--all", "--check"])));
    lanes.check("lint", &[], lint);
    lanes.check("build", &[&CC], build);
    lanes.run("rust", &[&CC, &OPENSSL], rust);
    let writers = [&CC, &OPENSSL, &NSS, &KEYTOOL, &CERTTOOL, &SSH_KEYS];
    lanes.run("corpus", &writers, corpus);
    lanes.run("interleavings", &[&CC], interleavings);
    if cfg!(target_os = "linux") {
        lanes.check("soak", &[&CC, &OPENSSL], || soak::check(SHORT_SOAK));
    }
    lanes.run("c++ header", &[&CC, &CPP], || c_program("cpp"));
    lanes.run("valgrind", &[&CC, &OPENSSL, &VALGRIND], || c_program("valgrind"));
    lanes.run("helgrind", &[&CC, &OPENSSL, &VALGRIND], || c_program("helgrind"));
    let sanitizer = [&CC, &OPENSSL, &ADDRESS_SANITIZER];
    lanes.run("address sanitizer", &sanitizer, || c_program("address_sanitizer"));
    let sanitizer = [&CC, &OPENSSL, &THREAD_SANITIZER];
    lanes.run("thread sanitizer", &sanitizer, || c_program("thread_sanitizer"));
    lanes.run("instructions", &[&CC, &VALGRIND], instructions);
    lanes.run("pkcs11", &[&CC, &OPENSSL, &SOFTHSM2], pkcs11);
    lanes.run("redis", &[&CC, &OPENSSL, &REDIS], redis);
    lanes.run("manual pages", &[&CC, &MAN], manual_pages);
    lanes.run("chromium", &[&CC, &CHROMIUM, &OPENSSL], chromium);
    lanes.run("interchange", &[&CC, &DOTNET, &MSAL_PYTHON], interchange);
    lanes.run(
        "openid connect",
        &[&CC, &OPENSSL, &NODE, &OIDC_PROVIDER],
        openid_connect,
    );
    lanes.check("release library", &[&CC], || library::check_release(&release_library()));
    lanes.run("c#", &[&CC, &DOTNET, &REDIS], || csharp(&[]));
    lanes.run("powershell", &[&CC, &DOTNET, &REDIS], || powershell(&[]));
    examples::add(&mut lanes);
    let key = [&CC, &DOTNET, &OPENSSL, &SOFTHSM2, &PKCS11_ENGINE];
    lanes.run("non-exportable key", &key, non_exportable_key);
    lanes.check("licences", &[&CARGO_DENY], licences);
    lanes.check("advisories", &[&CARGO_AUDIT, &ADVISORIES], advisories_found);
    windows::add(&mut lanes);
    windows::show_limits();
    lanes.summarize(strict)
}

fn lint() -> Result<String, Failure> {
    let features = format!("{TEST_FEATURES},{MODEL_CHECKING}");
    let targets = ["clippy", "--workspace", "--all-targets", "--features", &features];
    stream(cargo(&targets).args(["--", "--deny", "warnings"]))?;
    // What a smaller build leaves out is used by nothing that it has. Its code is that of the whole one, made simpler.
    let smaller = "pkcs11,redis,wiping-allocator";
    let package = ["clippy", "-p", "graphtoken", "--no-default-features"];
    let mut clippy = cargo(&package);
    clippy.args(["--features", smaller, "--", "--deny", "warnings"]);
    stream(clippy.args(["--allow", "clippy::pedantic"]))
}

/// The tests with everything that they start, and what is shipped.
fn build() -> Result<(), Failure> {
    KeptLibrary::of_last_run().put_back()?;
    build_tests()?;
    if !library::has_test_hooks(&test_library()) {
        // A build without the features has written the library since, under the same name, and cargo cannot tell.
        stream(&mut cargo(&["clean", "--package", "graphtoken"]))?;
        build_tests()?;
    }
    build_release()
}

fn build_tests() -> Result<(), Failure> {
    stream(&mut cargo_test(&["--no-run"])).map(drop)
}

fn rust() -> Result<String, Failure> {
    let Some(mut tests) = nextest(&[]) else {
        return stream(&mut cargo_test(&["--no-fail-fast"]));
    };
    let tests = stream(&mut tests);
    let examples = stream(&mut cargo_test(&["--doc"]));
    both(tests, examples)
}

/// The tests of certificate files with files that the programs of this machine have just made.
fn corpus() -> Result<String, Failure> {
    let folder = target_directory().join("corpus");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    stream(Command::new(root().join("tests/corpus/make.sh")).arg(&folder))?;
    stream(cargo_test(&["--test", "corpus"]).env("GRAPHTOKEN_TEST_CORPUS", &folder))
}

/// Callers in every order. Only the engine is built anew for it.
fn interleavings() -> Result<String, Failure> {
    let kept = KeptLibrary::keep()?;
    let tests = stream(&mut cargo_test(&[
        "--features",
        MODEL_CHECKING,
        "--test",
        "interleavings",
    ]));
    kept.put_back()?;
    tests
}

const MODEL_CHECKING: &str = "graphtoken/model-checking";

/// The tests of C programs that need a tool of their own.
fn c_program(tests: &str) -> Result<String, Failure> {
    stream(&mut cargo_test(&["--test", "c_program", "--", "--ignored", tests]))
}

/// The test that counts what the engine's own work costs, in code that is optimised like the shipped one.
fn instructions() -> Result<String, Failure> {
    let build = ["test", "--profile", "instructions", "--package", "graphtoken"];
    let test = ["--test", "instruction_budget", "--", "--ignored", "budget"];
    stream(cargo(&build).args(test))
}

/// The tests that need tokens.
fn pkcs11() -> Result<String, Failure> {
    stream(&mut cargo_test(&[
        "--test",
        "cli",
        "--test",
        "shell_examples",
        "--test",
        "c_program",
        "--",
        "--ignored",
        "pkcs11",
    ]))
}

/// The tests that need a Redis.
fn redis() -> Result<String, Failure> {
    // With the engine's tests beside them cargo has the features of the other lanes, and builds nothing anew.
    stream(&mut cargo_test(&[
        "--test",
        "cli",
        "--test",
        "shell_examples",
        "--test",
        "token_requests",
        "--",
        "--ignored",
        "redis",
    ]))
}

/// The test that shows the manual pages of the command; beside the engine's for the same reason.
fn manual_pages() -> Result<String, Failure> {
    stream(&mut cargo_test(&[
        "--test",
        "cli",
        "--test",
        "token_requests",
        "--",
        "--ignored",
        "manual_page",
    ]))
}

/// The tests that need a browser. What it shows is kept as pictures.
fn chromium() -> Result<String, Failure> {
    let pictures = target_directory().join("screenshots");
    fs::create_dir_all(&pictures).map_err(|error| format!("cannot make {}: {error}", pictures.display()))?;
    let mut tests = cargo_test(&[
        "--test",
        "cli",
        "--test",
        "token_requests",
        "--",
        "--ignored",
        "chromium",
    ]);
    stream(tests.env("GRAPHTOKEN_TEST_SCREENSHOTS", pictures))
}

/// The tests that need Microsoft's own libraries.
fn interchange() -> Result<String, Failure> {
    let folder = target_directory().join("interchange");
    let build = [
        "build",
        "tests/interchange/dotnet",
        "--configuration",
        "Release",
        "--output",
    ];
    let mut dotnet = Command::new("dotnet");
    dotnet.current_dir(root()).args(build).arg(&folder);
    stream(
        dotnet
            .arg("--artifacts-path")
            .arg(target_directory().join("interchange-objects")),
    )?;
    let program = folder.join(format!("MsalDotnet{}", std::env::consts::EXE_SUFFIX));
    let mut tests = cargo_test(&[
        "--test",
        "interchange",
        "--",
        "--include-ignored",
        "--skip",
        "oidc_provider",
    ]);
    tests.env("GRAPHTOKEN_TEST_MSAL_PYTHON", python());
    let engine = stream(tests.env("GRAPHTOKEN_TEST_MSAL_DOTNET", program))?;
    let mut tests = cargo_test(&["--test", "cli", "--", "--ignored", "azure_identity"]);
    let command = stream(tests.env("GRAPHTOKEN_TEST_MSAL_PYTHON", python()))?;
    Ok(engine + &command)
}

/// The tests that need an OpenID Connect server of others.
fn openid_connect() -> Result<String, Failure> {
    let mut tests = cargo_test(&["--test", "interchange", "--", "--ignored", "oidc_provider"]);
    stream(tests.env("GRAPHTOKEN_TEST_NODE_MODULES", node_modules()))
}

fn csharp(options: &[&str]) -> Result<String, Failure> {
    let (library, emulator) = (test_library(), test_command("entra-emulator"));
    let environment = [
        ("GRAPHTOKEN_TEST_LIBRARY", library.as_path()),
        ("GRAPHTOKEN_TEST_EMULATOR", emulator.as_path()),
    ];
    dotnet::test("bindings/csharp/GraphToken.Tests", &environment, options)
}

/// Tests the module as it is shipped, around the release library.
fn powershell(options: &[&str]) -> Result<String, Failure> {
    let (module, emulator) = (module::build()?, test_command("entra-emulator"));
    let environment = [
        ("GRAPHTOKEN_TEST_MODULE", module.as_path()),
        ("GRAPHTOKEN_TEST_EMULATOR", emulator.as_path()),
    ];
    dotnet::test("powershell/GraphToken.PowerShell.Tests", &environment, options)
}

/// The tests of C# and PowerShell with a key that .NET cannot export. Nothing else is explicit.
fn non_exportable_key() -> Result<String, Failure> {
    let explicit = ["-explicit", "only"];
    both(csharp(&explicit), powershell(&explicit))
}

fn licences() -> Result<String, Failure> {
    // Also what is for other systems only, which no build has downloaded.
    stream(&mut cargo(&["fetch", "--locked"]))?;
    let mut deny = Command::new(program("cargo-deny").unwrap_or_default());
    deny.current_dir(root()).args(["--offline", "--workspace", "--config"]);
    stream(
        deny.arg(root().join("deny.toml"))
            .args(["check", "licenses", "bans", "sources"]),
    )
}

/// Looks for the dependencies among the advisories. `.cargo/audit.toml` has those that do not concern us.
fn advisories_found() -> Result<String, Failure> {
    let database = advisories().ok_or_else(|| "there is no database".to_owned())?;
    let mut audit = Command::new(program("cargo-audit").unwrap_or_default());
    audit.current_dir(root()).args(["audit", "--no-fetch", "--db"]);
    stream(audit.arg(database))
}
