//! What packages install beside the command: completions and manual pages.

use std::fs;
use std::process::Command;

use test_support::emulator::program;
use test_support::folder::Folder;
use test_support::program::Outcome;

use crate::call::Call;

/// What bash offers for the last of these words.
fn offered(words: &[&str]) -> Vec<String> {
    let folder = Folder::new();
    folder.write("secret.txt", "");
    let script = folder.write("completions", Call::new(&["completions", "bash"]).succeed());
    // As bash calls the function: with the command, the word, and the word before it (bash, "Programmable Completion").
    let complete = r#"
        # It works while a line is completed, and not here.
        compopt() { :; }
        source "$1"; shift
        function=$(complete -p graph-token | sed "s/.*-F \([^ ]*\).*/\1/")
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        "$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", complete, "bash", &script]).args(words);
    let output = bash.current_dir(folder.path("")).output().expect("bash starts");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("completions are text");
    text.lines().map(str::to_owned).collect()
}

#[test]
#[cfg(unix)]
fn bash_completes_commands_options_values_and_files() {
    let commands = offered(&["graph-token", ""]);
    for command in [
        "get",
        "assertion",
        "decode",
        "doctor",
        "cache",
        "completions",
        "man-pages",
    ] {
        assert!(commands.iter().any(|offer| offer == command), "{commands:?}");
    }
    assert_eq!(offered(&["graph-token", "cache", "l"]), ["list"]);
    assert_eq!(offered(&["graph-token", "get", "--client-s"]), ["--client-secret-file"]);
    assert_eq!(offered(&["graph-token", "get", "--cloud", "us"]), ["usgov", "usgovdod"]);
    assert_eq!(
        offered(&["graph-token", "get", "--client-secret-file", "sec"]),
        ["secret.txt"]
    );
    assert_eq!(offered(&["graph-token", "completions", "p"]), ["powershell"]);
}

#[test]
fn every_shell_has_a_script_and_no_other() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = Call::new(&["completions", shell]).succeed();
        assert!(script.contains("client-secret-file"), "{shell}");
    }
    Call::new(&["completions", "tcsh"]).fail(2);
}

#[test]
#[ignore = "needs man"]
fn each_command_has_a_manual_page_without_warnings() {
    let folder = Folder::new();
    assert_eq!(Call::new(&["man-pages", &folder.argument("")]).run().code, Some(0));
    let mut pages: Vec<String> = fs::read_dir(folder.path(""))
        .expect("the folder can be listed")
        .map(|entry| entry.expect("the folder can be listed").file_name().into_string())
        .collect::<Result<_, _>>()
        .expect("the names are text");
    pages.sort();
    let expected = [
        "graph-token-assertion.1",
        "graph-token-cache-clear.1",
        "graph-token-cache-list.1",
        "graph-token-cache.1",
        "graph-token-completions.1",
        "graph-token-decode.1",
        "graph-token-doctor.1",
        "graph-token-get.1",
        "graph-token-man-pages.1",
        "graph-token-serve.1",
        "graph-token.1",
    ];
    assert_eq!(pages, expected);
    let emulator = Outcome::of(Command::new(program()).arg("--man-page"), b"");
    assert_eq!(emulator.code, Some(0), "{emulator:?}");
    folder.write("entra-emulator.1", emulator.stdout);
    pages.push("entra-emulator.1".to_owned());
    for page in pages {
        let mut man = Command::new("man");
        man.args(["--warnings", "--encoding=UTF-8", "--local-file"])
            .arg(folder.path(&page));
        let shown = man.env("MANWIDTH", "100").output().expect("man starts");
        assert!(shown.status.success() && shown.stderr.is_empty(), "{page}: {shown:?}");
        assert!(
            String::from_utf8_lossy(&shown.stdout).contains("SYNOPSIS"),
            "{page}: {shown:?}"
        );
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = Folder::new();
    let error = Call::new(&["man-pages", &folder.argument("absent")]).fail(3);
    assert!(error.contains("absent") && error.contains("\nhint: "), "{error}");
}
