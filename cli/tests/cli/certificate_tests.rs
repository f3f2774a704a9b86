//! Certificates in the formats that administrators have, and those that cannot be used.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use test_support::emulator::CONFIDENTIAL;
use test_support::emulator::Emulator;
use test_support::folder::Folder;
use test_support::key_pair::{KeyPair, REGISTERED, STRANGER};
use test_support::malformed_key::MalformedKey;
use test_support::openssl::openssl;

use crate::call::Call;

/// With characters that file formats and shells treat in special ways.
const CERTIFICATE_PASSWORD: &str = "c\u{e4}rt +&=%";

fn with(emulator: &Emulator, options: &[&str]) -> Call {
    Call::get(emulator, CONFIDENTIAL).and(options)
}

#[test]
fn a_pfx_file_opens_with_its_password() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let pfx = REGISTERED.pfx(&folder, CERTIFICATE_PASSWORD);
    let password = folder.write("password", CERTIFICATE_PASSWORD);
    with(
        &emulator,
        &["--certificate", &pfx, "--certificate-password-file", &password],
    )
    .succeed();

    let wrong = folder.write("wrong", "wrong");
    let error = with(
        &emulator,
        &["--certificate", &pfx, "--certificate-password-file", &wrong],
    )
    .fail(3);
    assert!(error.contains("kind: CertificatePasswordIncorrect"), "{error}");
    let error = with(&emulator, &["--certificate", &pfx]).fail(3);
    assert!(error.contains("--certificate-password-file"), "{error}");
}

#[test]
fn certificate_and_key_may_be_two_files_and_the_key_encrypted() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let (certificate, key) = (REGISTERED.certificate(), REGISTERED.key());
    with(&emulator, &["--certificate", &certificate, "--private-key", &key]).succeed();

    let (encrypted, password) = (
        folder.argument("encrypted"),
        folder.write("password", CERTIFICATE_PASSWORD),
    );
    openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        &key,
        "-out",
        &encrypted,
        "-passout",
        &format!("file:{password}"),
    ]);
    let files = ["--certificate", &certificate, "--private-key", &encrypted];
    with(&emulator, &files)
        .and(&["--certificate-password-file", &password])
        .succeed();
}

#[test]
fn what_cannot_be_used_says_why() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let elliptic = KeyPair::generate(&["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]).both_in(&folder);
    let damaged = folder.write(
        "damaged.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let (certificate, strange_key) = (REGISTERED.certificate(), STRANGER.key());
    for (options, kind) in [
        (vec![elliptic.as_str()], "PrivateKeyUnsupported"),
        (vec![&damaged], "CertificateUnreadable"),
        (vec![&certificate], "PrivateKeyMissing"),
        (vec![&certificate, "--private-key", &strange_key], "PrivateKeyMismatch"),
        (vec!["/nowhere/app.pem"], "CertificateNotFound"),
    ] {
        let error = with(&emulator, &["--certificate"]).and(&options).fail(3);
        assert!(error.contains(&format!("\nkind: {kind}\n")), "{options:?}: {error}");
    }
}

#[test]
fn keys_of_ssh_programs_say_what_they_are_and_how_they_become_usable() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus/files");
    let certificate = format!("{corpus}/leaf.pem");
    let with = |key: &str| {
        let client = ["assertion", "--tenant", "contoso.com", "--client-id", "app"];
        let key = format!("{corpus}/{key}");
        Call::new(&client).and(&["--certificate", &certificate, "--private-key", &key])
    };
    for (key, named, way) in [
        ("openssh.key", "an OpenSSH private key", "ssh-keygen -p -m PKCS8 -f"),
        ("putty.ppk", "a PuTTY key", "puttygen FILE -O private-openssh"),
        ("openssh.pub", "an OpenSSH public key", ""),
    ] {
        let error = with(key).fail(3);
        assert!(error.contains("\nkind: CertificateUnreadable\n"), "{error}");
        assert!(
            error.contains(key) && error.contains(named) && error.contains(way),
            "{error}"
        );
    }
    for converted in ["openssh-pkcs8.key", "putty.key"] {
        with(converted).succeed();
    }
}

#[test]
fn a_certificate_that_is_not_registered_is_exit_code_8() {
    let emulator = Emulator::start();
    let error = with(&emulator, &["--certificate", &STRANGER.both()]).fail(8);
    assert!(error.contains("\nservice: invalid_client AADSTS700027\n"), "{error}");
    // Whoever compares it with the portal needs all of it.
    let (_, used) = error.split_once("Thumbprint of key used by client: '").expect(&error);
    let (digits, _) = used.split_once('\'').expect(&error);
    assert!(
        digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        "{error}"
    );
}

#[test]
fn certificate_and_key_may_come_through_standard_input() {
    let folder = Folder::new();
    let client = [
        "assertion",
        "--tenant",
        "contoso.onmicrosoft.com",
        "--client-id",
        "app",
        "--certificate",
    ];
    let both = REGISTERED.read("both.pem");
    let mut ways = vec!["-"];
    if cfg!(target_os = "linux") {
        ways.push("/dev/stdin");
    }
    for way in ways {
        Call::new(&client).and(&[way]).input(both.clone()).succeed();
        let key = ["--private-key", way];
        Call::new(&client)
            .and(&[&REGISTERED.certificate()])
            .and(&key)
            .input(REGISTERED.read("key.pem"))
            .succeed();
        let error = Call::new(&client).and(&[way]).fail(3);
        assert!(error.contains("The file is empty ("), "{error}");
    }

    let pfx = std::fs::read(REGISTERED.pfx(&folder, CERTIFICATE_PASSWORD)).unwrap();
    let password = folder.write("password", CERTIFICATE_PASSWORD);
    let options = ["-", "--certificate-password-file", &password];
    Call::new(&client).and(&options).input(pfx.clone()).succeed();
    let error = Call::new(&client)
        .and(&["-", "--certificate-password-file", "-"])
        .input(pfx)
        .fail(2);
    assert!(error.contains("standard input"), "{error}");
}

#[test]
fn what_a_secret_store_returns_may_come_through_standard_input() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let pfx = STANDARD.encode(std::fs::read(REGISTERED.pfx(&folder, CERTIFICATE_PASSWORD)).unwrap());
    let password = folder.write("password", CERTIFICATE_PASSWORD);
    for content in [pfx.clone(), format!("\"{pfx}\"\n"), STANDARD.encode(&pfx)] {
        with(
            &emulator,
            &["--certificate", "-", "--certificate-password-file", &password],
        )
        .input(content)
        .succeed();
    }
    let pem = REGISTERED.read("both.pem");
    for content in [
        STANDARD.encode(&pem),
        pem.replace('\n', " "),
        pem.replace('\n', "\\n"),
        format!("\u{feff}'{pem}'\n"),
    ] {
        with(&emulator, &["--certificate", "-"])
            .input(content.clone())
            .succeed();
        let file = folder.write("app.pem", content);
        with(&emulator, &["--certificate", &file]).succeed();
    }
}

#[test]
fn what_surrounds_a_path_is_ignored() {
    let emulator = Emulator::start();
    let both = REGISTERED.both();
    for path in [format!("\"{both}\""), format!(" {both}\r\n"), format!("'{both}'")] {
        with(&emulator, &["--certificate", &path]).succeed();
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_certificate_file_is_named() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let (empty, directory) = (folder.write("empty.pem", ""), folder.argument(""));
    for (path, kind) in [
        (&*empty, "CertificateUnreadable"),
        (&*directory, "CertificateNotFound"),
        ("/dev/null", "CertificateUnreadable"),
        ("/dev/zero", "CertificateUnreadable"),
    ] {
        for options in [
            &["--certificate", path][..],
            &["--certificate", &REGISTERED.certificate(), "--private-key", path],
        ] {
            let error = with(&emulator, options).fail(3);
            assert!(error.contains(&format!("\nkind: {kind}\n")), "{path}: {error}");
            assert!(error.contains(path), "{path}: {error}");
        }
    }
}

#[test]
fn no_output_shows_a_part_of_a_key_in_a_malformed_file() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let key = MalformedKey::new(&REGISTERED.read("key.pem"));
    let authority = emulator.authority();
    let client = ["--authority", &authority, "--client-id", CONFIDENTIAL];
    for (number, (form, content)) in key.forms().into_iter().enumerate() {
        let file = folder.write("malformed", content);
        let certificate = REGISTERED.certificate();
        let commands = [
            &["get"][..],
            &["get", "--json"],
            &["assertion"],
            &["doctor"],
            &["doctor", "--json"],
        ];
        let files = [
            &["--certificate", &file][..],
            &["--certificate", &certificate, "--private-key", &file],
        ];
        // All pairs take long; over the forms, each comes several times.
        let command = commands[number % commands.len()];
        let outcome = Call::new(command).and(&client).and(files[number % files.len()]).run();
        key.assert_absent(&outcome.stderr, &form);
        if command[0] == "doctor" {
            key.assert_absent(&outcome.stdout, &form);
        }
    }
}

#[test]
fn no_output_repeats_a_key_that_stands_in_place_of_another_argument() {
    let key = MalformedKey::new(&REGISTERED.read("key.pem"));
    let client = [
        "--authority",
        "https://127.0.0.1:9/contoso.com",
        "--client-id",
        CONFIDENTIAL,
    ];
    let certificate = REGISTERED.both();
    let signed = [&client[..], &["--certificate", &certificate]].concat();
    // As they are, and with what stands between lines lost or replaced by a space.
    for (form, content) in key
        .forms()
        .into_iter()
        .take(2)
        .chain([("whole".to_owned(), REGISTERED.read("key.pem").into())])
    {
        let text = String::from_utf8_lossy(&content).into_owned();
        let joined = |option: &str| format!("--{option}={text}");
        let mut calls = vec![
            Call::new(&["decode", &text]),
            Call::new(&["decode", "--", &text]),
            Call::new(&["completions", &text]),
            Call::new(&["completions", "--", &text]),
            Call::new(&["man-pages", &text]),
            Call::new(&["man-pages", "--", &text]),
            Call::new(&["get"]).and(&signed).variable("SSL_CERT_FILE", &text),
        ];
        for option in [
            "pkcs11-module",
            "certificate",
            "private-key",
            "ca-file",
            "proxy",
            "scope",
            "token-cache",
        ] {
            let proof = if option == "ca-file" || option == "proxy" {
                &signed[..]
            } else {
                &client
            };
            calls.push(
                Call::new(&["get", "--connect-timeout", "1"])
                    .and(proof)
                    .and(&[&joined(option)]),
            );
            calls.push(Call::new(&["doctor"]).and(proof).and(&[&joined(option)]));
        }
        for call in calls {
            let outcome = call.run();
            key.assert_absent(&outcome.stderr, &form);
            key.assert_absent(&outcome.stdout, &form);
        }
    }
}
