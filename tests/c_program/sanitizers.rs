//! The test programs again, watched by what finds misuse of memory and data races.
//!
//! Races are looked for in `threads` alone, whose threads are its own. In the other programs the library calls back on
//! its threads and hands over by futexes, which helgrind and `ThreadSanitizer` do not see: what it hands over looks like
//! a race to them.

use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::program::Outcome;

use crate::program::{Program, Sanitizer};

#[test]
#[ignore = "needs valgrind"]
fn valgrind_finds_nothing_in_grants_and_signers() {
    grants(
        &Program::test("grants"),
        &Emulator::start(),
        None,
        Program::run_under_valgrind,
    );
    signers(&Program::test("signers"), Program::run_under_valgrind);
}

#[test]
#[ignore = "needs valgrind"]
fn helgrind_finds_no_races() {
    plain(&Program::test("threads"), Program::run_under_helgrind);
}

#[test]
#[ignore = "needs gcc's AddressSanitizer"]
fn address_sanitizer_finds_nothing() {
    for name in ["abi", "handles", "threads", "token_store"] {
        plain(&Program::sanitized(name, Sanitizer::Address), Program::run_sanitized);
    }
    signers(
        &Program::sanitized("signers", Sanitizer::Address),
        Program::run_sanitized,
    );
}

#[test]
#[ignore = "needs gcc's AddressSanitizer"]
fn address_sanitizer_finds_nothing_in_grants_over_tls() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let program = Program::sanitized("grants", Sanitizer::Address);
    grants(
        &program,
        &emulator,
        Some(folder.argument("ca.pem")),
        Program::run_sanitized,
    );
}

#[test]
#[ignore = "needs gcc's ThreadSanitizer"]
fn thread_sanitizer_finds_no_races() {
    plain(
        &Program::sanitized("threads", Sanitizer::Thread),
        Program::run_sanitized,
    );
}

/// How a program is run.
type Run = fn(&Program, &[String]) -> Outcome;

/// A program that takes an emulator, an application and its certificate.
fn plain(program: &Program, run: Run) {
    let emulator = Emulator::start();
    let arguments = [emulator.authority(), CONFIDENTIAL.to_owned(), REGISTERED.both()];
    succeeds(&run(program, &arguments));
}

fn grants(program: &Program, emulator: &Emulator, ca_file: Option<String>, run: Run) {
    let folder = Folder::new();
    let mut arguments = vec![
        emulator.authority(),
        CONFIDENTIAL.to_owned(),
        PUBLIC.to_owned(),
        REGISTERED.both(),
        folder.write("secret", SECRET),
        USER.to_owned(),
        folder.write("password", PASSWORD),
    ];
    arguments.extend(ca_file);
    succeeds(&run(program, &arguments));
}

fn signers(program: &Program, run: Run) {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let digest = folder.write("digest", "");
    let arguments = [emulator.authority(), CONFIDENTIAL.to_owned(), REGISTERED.both(), digest];
    succeeds(&run(program, &arguments));
}

fn succeeds(output: &Outcome) {
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
}
