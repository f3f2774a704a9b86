//! Secrets from files and standard input.

use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;

use crate::call::Call;

fn with_secret(emulator: &Emulator, file: &str) -> Call {
    Call::get(emulator, CONFIDENTIAL).and(&["--client-secret-file", file])
}

#[test]
fn one_line_break_and_a_byte_order_mark_are_not_part_of_a_secret() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    for content in [
        SECRET.to_owned(),
        format!("{SECRET}\n"),
        format!("{SECRET}\r\n"),
        format!("\u{feff}{SECRET}\r\n"),
    ] {
        with_secret(&emulator, &folder.write("secret", &content)).succeed();
    }
    for content in [format!("{SECRET}\n\n"), format!(" {SECRET}")] {
        let error = with_secret(&emulator, &folder.write("secret", &content)).fail(8);
        assert!(error.contains("AADSTS7000215"), "{error}");
        let hint = "\nhint: Check --client-secret-file first: the client secret begins or ends with white space";
        assert!(error.contains(hint), "{error}");
    }
}

#[test]
fn ids_and_paths_may_be_pasted_with_what_surrounds_them() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let secret = folder.write("secret", SECRET);
    for (authority, client_id, file) in [
        (
            emulator.authority(),
            format!("{{{CONFIDENTIAL}}}"),
            format!("\"{secret}\""),
        ),
        (
            format!("\"{}\"\r\n", emulator.authority()),
            format!(" '{CONFIDENTIAL}' "),
            format!("{secret} "),
        ),
    ] {
        let options = [
            "get",
            "--authority",
            &authority,
            "--client-id",
            &client_id,
            "--cloud",
            " 'Global'",
        ];
        let secret = [
            "--client-secret-file",
            &file,
            "--scope",
            "\"https://graph.microsoft.com/.default\"",
        ];
        let answer = Call::new(&options).and(&secret).succeed_json();
        assert_eq!(answer["client_id"], CONFIDENTIAL);
    }
    let both = format!("'{}'", REGISTERED.both());
    Call::get(&emulator, CONFIDENTIAL)
        .and(&["--certificate", &both])
        .succeed();
}

#[test]
fn each_secret_may_come_through_standard_input() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    with_secret(&emulator, "-").input(format!("{SECRET}\n")).succeed();
    Call::with_password(&emulator, "-").input(PASSWORD).succeed();

    let password = folder.write("password", PASSWORD);
    let answer = Call::with_password(&emulator, &password).succeed_json();
    let refresh_token = answer["refresh_token"].as_str().unwrap();
    Call::get(&emulator, PUBLIC)
        .and(&["--refresh-token-file", "-"])
        .input(refresh_token)
        .succeed();

    let pfx = REGISTERED.pfx(&folder, "opens");
    let options = ["--certificate", &pfx, "--certificate-password-file", "-"];
    Call::get(&emulator, CONFIDENTIAL)
        .and(&options)
        .input("opens\r\n")
        .succeed();

    let authority = emulator.authority();
    let client = ["assertion", "--authority", &authority, "--client-id", CONFIDENTIAL];
    let assertion = Call::new(&client).and(&["--certificate", &REGISTERED.both()]).succeed();
    Call::get(&emulator, CONFIDENTIAL)
        .and(&["--client-assertion-file", "-"])
        .input(assertion)
        .succeed();
}

#[test]
fn an_empty_secret_is_missing() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let empty = folder.write("empty", "\n");
    for call in [
        with_secret(&emulator, &empty),
        Call::get(&emulator, CONFIDENTIAL).and(&["--client-assertion-file", &empty]),
        Call::with_password(&emulator, &empty),
        Call::get(&emulator, PUBLIC).and(&["--refresh-token-file", &empty]),
    ] {
        let error = call.fail(3);
        assert!(error.contains("kind: CredentialMissing"), "{error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named_when_it_is_a_path() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let path = folder.argument("absent");
    let error = with_secret(&emulator, &path).fail(3);
    let says = format!("error: The file {path} for --client-secret-file was not found.\n");
    assert!(
        error.starts_with(&says) && error.contains("kind: InvalidArgument"),
        "{error}"
    );
}

#[test]
fn a_secret_in_place_of_a_file_is_not_repeated() {
    let emulator = Emulator::start();
    for option in [
        "--client-secret-file",
        "--client-assertion-file",
        "--refresh-token-file",
    ] {
        let error = Call::get(&emulator, CONFIDENTIAL).and(&[option, "hunter22"]).fail(3);
        assert!(
            !error.contains("hunter22") && error.contains("not the secret itself") && error.contains(option),
            "{error}"
        );
    }
}

#[test]
fn what_cannot_be_a_secret_says_why() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let utf16: Vec<u8> = "\u{feff}secret\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let large = "x".repeat(64 * 1024 + 1);
    for (file, says) in [
        (folder.write("utf16", utf16), "is not UTF-8 text"),
        (folder.write("large", large), "larger than 64 KiB"),
        (folder.argument("."), "is a directory"),
    ] {
        let error = with_secret(&emulator, &file).fail(3);
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn a_password_that_nobody_can_be_asked_for_is_missing() {
    let emulator = Emulator::start();
    let error = Call::get(&emulator, PUBLIC).and(&["--username", USER]).fail(3);
    assert!(
        error.contains("kind: CredentialMissing") && error.contains("--password-file"),
        "{error}"
    );
}
