//! Questions at a terminal, which `script` (util-linux) provides.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;

/// Runs `graph-token get` at a terminal, answers its question, and gives everything that was shown.
fn answer(emulator: &Emulator, arguments: &str, answer: &str) -> String {
    answer_with(emulator, arguments, answer, &[])
}

/// The same with these variables in its environment.
pub fn answer_with(emulator: &Emulator, arguments: &str, answer: &str, environment: &[(&str, &str)]) -> String {
    let program = env!("CARGO_BIN_EXE_graph-token");
    let command = format!("'{program}' get --authority '{}' {arguments}", emulator.authority());
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tests need the script command; install the package bsdutils");
    let mut keyboard = terminal.stdin.take().expect("standard input is a pipe");
    let mut screen = terminal.stdout.take().expect("standard output is a pipe");
    let (mut shown, mut byte) = (Vec::new(), [0]);
    while !shown.ends_with(b": ") || !contains(&shown, " of ") {
        screen
            .read_exact(&mut byte)
            .unwrap_or_else(|_| panic!("no question: {}", text(&shown)));
        shown.push(byte[0]);
    }
    keyboard
        .write_all(format!("{answer}\n").as_bytes())
        .expect("the question is waited for");
    screen.read_to_end(&mut shown).expect("the screen can be read");
    let status = terminal.wait().expect("the terminal ends");
    assert!(status.success(), "{}", text(&shown));
    text(&shown)
}

fn contains(shown: &[u8], expected: &str) -> bool {
    text(shown).contains(expected)
}

fn text(shown: &[u8]) -> String {
    String::from_utf8_lossy(shown).into_owned()
}

#[test]
fn a_user_s_password_is_asked_for() {
    let emulator = Emulator::start();
    let shown = answer(&emulator, &format!("--client-id {PUBLIC} --username {USER}"), PASSWORD);
    assert!(shown.contains(&format!("Password of {USER}: ")), "{shown}");
    assert!(shown.contains("eyJ"), "{shown}");
}

#[test]
fn a_certificate_s_password_is_asked_for_when_it_needs_one() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let pfx = REGISTERED.pfx(&folder, "opens");
    let shown = answer(
        &emulator,
        &format!("--client-id {CONFIDENTIAL} --certificate '{pfx}'"),
        "opens",
    );
    assert!(shown.contains(&format!("Password of {pfx}: ")), "{shown}");
    assert!(shown.contains("eyJ"), "{shown}");
}
