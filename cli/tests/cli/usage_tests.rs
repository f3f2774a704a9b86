//! Command lines that make no sense, and help.

use std::collections::BTreeMap;

use graphtoken::Status;

use test_support::key_pair::REGISTERED;

use crate::call::Call;

const CLIENT: [&str; 5] = ["get", "--tenant", "contoso.onmicrosoft.com", "--client-id", "app"];

#[test]
fn what_cannot_be_said_is_exit_code_2() {
    for arguments in [
        &["--certificate", "a", "--client-secret-file", "b"][..],
        &["--certificate", "a", "--client-assertion-file", "b"],
        &["--client-secret-file", "a", "--client-assertion-file", "b"],
        &["--certificate-thumbprint", "a", "--certificate", "b"],
        &["--certificate-thumbprint", "a", "--certificate-subject-name", "b"],
        &["--certificate-subject-name", "a", "--client-secret-file", "b"],
        &["--certificate-thumbprint", "a", "--private-key", "b"],
        &["--federated-token-file", "a", "--certificate", "b"],
        &["--federated-token-file", "a", "--client-secret-file", "b"],
        &["--federated-token-file", "a", "--client-assertion-file", "b"],
        &["--federated-token-file", "a", "--github-actions"],
        &["--github-actions", "--certificate-thumbprint", "a"],
        &["--github-actions", "--azure-pipelines"],
        &["--azure-pipelines", "--client-secret-file", "a"],
        &["--service-connection-id", "a"],
        &["--github-actions", "--service-connection-id", "a"],
        &["--send-certificate-chain"],
        &["--username", "a", "--refresh-token-file", "b"],
        &["--username", "a", "--user-assertion-file", "b"],
        &["--json", "--header"],
        &["--json", "--exec-credential"],
        &["--header", "--exec-credential"],
        &["--refresh-token-file", "a", "--user-assertion-file", "b"],
        &["--password-file", "a"],
        &["--private-key", "a"],
        &["--certificate-password-file", "a"],
        &["--pkcs11-module", "a", "--client-secret-file", "b"],
        &["--pkcs11-module", "a", "--client-assertion-file", "b"],
        &["--pkcs11-module", "a", "--certificate", "b", "--private-key", "c"],
        &[
            "--pkcs11-module",
            "a",
            "--certificate",
            "b",
            "--certificate-password-file",
            "c",
        ],
        &["--pkcs11-uri", "pkcs11:token=a"],
        &["--pkcs11-pin-file", "a"],
        &[
            "--pkcs11-module",
            "a",
            "--pkcs11-pin-file",
            "-",
            "--refresh-token-file",
            "-",
        ],
        &["--algorithm", "RS256"],
        &["--client-secret-file", "a", "--send-certificate-chain"],
        &["--client-secret-file", "-", "--refresh-token-file", "-"],
        &["--cloud", "mars"],
        &["--certificate", "a", "--algorithm", "HS256"],
        &["--certificate", "a", "--assertion-lifetime", "0"],
        &["--timeout", "0"],
        &["--timeout", "soon"],
        &["--connect-timeout", "0"],
        &["--retries", "11"],
        &["--retries", "-1"],
        &["--minimum-lifetime", "86401"],
        &["--minimum-lifetime", "5m"],
        &["--force-refresh=true"],
        &["--proxy"],
        &["--no-proxy"],
        &["--ca-file"],
        &["--unknown"],
    ] {
        let error = Call::new(&CLIENT).and(arguments).fail(2);
        assert!(error.starts_with("error: "), "{arguments:?}: {error}");
    }
    Call::new(&["get", "--client-id", "app"]).fail(2);
    Call::new(&["get", "--tenant", "contoso.onmicrosoft.com"]).fail(2);
    Call::new(&["assertion", "--tenant", "contoso.onmicrosoft.com", "--client-id", "app"]).fail(2);
    Call::new(&["unknown"]).fail(2);
    Call::new(&[]).fail(2);
}

#[test]
fn a_value_out_of_range_says_what_the_range_is() {
    for (option, value, range) in [
        ("--timeout", "0", "whole number of seconds from 1 to 86400"),
        ("--connect-timeout", "3601", "whole number of seconds from 1 to 3600"),
        ("--minimum-lifetime", "86401", "whole number of seconds from 0 to 86400"),
        ("--retries", "11", "whole number from 0 to 10"),
    ] {
        let error = Call::new(&CLIENT).and(&[option, value]).fail(2);
        assert!(error.contains(option) && error.contains(range), "{error}");
    }
}

#[test]
fn what_a_command_has_no_use_for_it_does_not_take() {
    let assertion = [
        "assertion",
        "--tenant",
        "contoso.com",
        "--client-id",
        "app",
        "--certificate",
        "a",
    ];
    let doctor = ["doctor", "--tenant", "contoso.com", "--client-id", "app"];
    for (command, argument) in [
        (&assertion[..], "--force-refresh"),
        (&assertion, "--proxy="),
        (&assertion, "--retries=1"),
        (&doctor, "--force-refresh"),
        (&doctor, "--minimum-lifetime=1"),
        (&["cache", "list", "--token-cache", "a"], "--proxy="),
        (&["decode"], "--ca-file=a"),
    ] {
        let error = Call::new(command).and(&[argument]).fail(2);
        assert!(error.contains("unexpected argument"), "{command:?}: {error}");
    }
}

#[test]
fn what_the_engine_refuses_is_exit_code_3() {
    for (option, value) in [
        ("--correlation-id", "12"),
        ("--claims", "[]"),
        ("--challenge", "Bearer error=\"invalid_token\""),
        ("--challenge", ""),
        ("--client-capability", "cp;1"),
        ("--scope", "a\"b"),
    ] {
        let error = Call::new(&CLIENT).and(&[option, value]).fail(3);
        assert!(error.contains("kind: InvalidArgument"), "{option}: {error}");
    }
}

#[test]
fn a_secret_as_a_value_leads_to_the_file_and_is_not_repeated() {
    for option in [
        "--password",
        "--client-secret",
        "--client-assertion",
        "--refresh-token",
        "--certificate-password",
        "--pkcs11-pin",
    ] {
        let joined = format!("{option}=hunter22");
        for arguments in [&[option, "hunter22"][..], &[joined.as_str()]] {
            let error = Call::new(&CLIENT).and(arguments).fail(2);
            assert!(error.contains(&format!("{option}-file")), "{error}");
            assert!(!error.contains("hunter22"), "{error}");
        }
    }
}

#[test]
fn a_key_in_place_of_its_file_is_not_repeated() {
    let pem = REGISTERED.read("both.pem");
    let flat = pem.replace('\n', " ");
    let base64 = "ktV2bGx0/AbC+dEfGhIjKlMnOpQrStUvWxYz/0123456789=";
    for option in [
        "--certificate",
        "--private-key",
        "--client-secret-file",
        "--certificate-password-file",
        "--redis-password-file",
        "--certificate-thumbprint",
        "--token-cache",
        "--algorithm",
        "--cloud",
        "--timeout",
        "--scope",
        "--json",
    ] {
        // What stands for the file of a certificate is a path, and is shown.
        let is_path = ["--certificate", "--private-key"].contains(&option);
        for secret in [&pem, &flat, base64].into_iter().take(if is_path { 2 } else { 3 }) {
            let joined = format!("{option}={secret}");
            for arguments in [&[option, secret][..], &[&joined]] {
                let outcome = Call::new(&CLIENT).and(arguments).run();
                assert_ne!(outcome.code, Some(0), "{option}");
                let start = &secret[secret.len() - 60.min(secret.len() - 8)..][..16];
                assert!(!outcome.stderr.contains(start), "{option}: {}", outcome.stderr);
            }
        }
    }
}

#[test]
fn a_word_that_belongs_to_no_option_is_not_repeated() {
    let token = "eyJhbGciOiJub25lIn0.e30.";
    for arguments in [
        &["get", "--tenant", "contoso.com", "--client-id", "app", "hunter22"][..],
        &[
            "get",
            "--tenant",
            "contoso.com",
            "--client-id",
            "app",
            "--client-secret-file",
            "a",
            "hunter22",
        ],
        &["get", "hunter22"],
        &["doctor", "hunter22"],
        &["assertion", "hunter22"],
        &["decode", "a", token],
        &["cache", token],
        &["cache", "list", "hunter22"],
        &[token],
    ] {
        let error = Call::new(arguments).fail(2);
        assert!(
            !error.contains("hunter22") && !error.contains(token),
            "{arguments:?}: {error}"
        );
        assert!(
            error.starts_with("error: unexpected argument found\n")
                || error.starts_with("error: unrecognized subcommand\n"),
            "{arguments:?}: {error}"
        );
    }
    let error = Call::new(&["decod"]).fail(2);
    assert!(error.contains("'decod'") && error.contains("'decode'"), "{error}");
}

#[test]
fn a_reason_reads_as_one() {
    let error = Call::new(&CLIENT).and(&["--timeout", "0"]).fail(2);
    let reason = "error: invalid value '0' for '--timeout <SECONDS>': ";
    let reason = error.strip_prefix(reason).and_then(|rest| rest.lines().next());
    let reason = reason.unwrap_or_else(|| panic!("{error}"));
    assert!(
        reason.starts_with(char::is_lowercase) && !reason.ends_with('.'),
        "{error}"
    );
}

#[test]
fn help_has_an_example_for_each_command() {
    for command in ["get", "serve", "assertion", "decode", "doctor"] {
        for option in ["--help", "-h"] {
            let help = Call::new(&[command, option]).succeed();
            assert!(help.contains("Example"), "{help}");
        }
    }
}

/// The options under each heading of a command's help.
fn headings(command: &[&str]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut heading = String::new();
    for line in Call::new(command).and(&["--help"]).succeed().lines() {
        let option = line.strip_prefix("      --").or(line.strip_prefix("  -h, --"));
        if let Some(title) = line.strip_suffix(':').filter(|_| !line.starts_with(' ')) {
            title.clone_into(&mut heading);
        } else if let Some(option) = option.and_then(|option| option.split_whitespace().next()) {
            found.entry(heading.clone()).or_default().push(option.to_owned());
        }
    }
    found
}

#[test]
fn help_has_each_option_under_its_heading() {
    let application = "authority tenant cloud authority-type azure-region client-id client-secret-file \
                       client-assertion-file federated-token-file github-actions azure-pipelines service-connection-id";
    let certificate = "certificate certificate-thumbprint certificate-subject-name private-key \
                       certificate-password-file pkcs11-module pkcs11-uri pkcs11-pin-file algorithm \
                       send-certificate-chain assertion-lifetime audience";
    let network = "timeout connect-timeout retries proxy no-proxy ca-file";
    let file = "token-cache token-cache-folder cache-key-file token-cache-protection";
    let all = format!("{file} redis redis-password-file");
    let get = [
        ("Application", application),
        ("Certificate", certificate),
        (
            "Managed identity",
            "managed-identity identity-client-id identity-object-id identity-resource-id",
        ),
        (
            "Other sources",
            "environment-variables chain azure-cli azure-developer-cli",
        ),
        (
            "User",
            "username password-file refresh-token-file user-assertion-file device-code interactive no-browser \
             redirect-port redirect-host login-hint prompt account",
        ),
        (
            "Request",
            "scope claims challenge client-capability correlation-id force-refresh minimum-lifetime",
        ),
        ("Network", network),
        ("Token cache", &all),
        ("Output", "json header exec-credential verbose"),
        ("Options", "help"),
    ];
    let doctor = [
        ("Application", application),
        ("Certificate", certificate),
        (
            "Managed identity",
            "managed-identity identity-client-id identity-object-id identity-resource-id",
        ),
        ("Other sources", "chain"),
        ("Network", network),
        ("Output", "json"),
        ("Options", "help"),
    ];
    let assertion = [
        (
            "Application",
            "authority tenant cloud authority-type azure-region client-id",
        ),
        ("Certificate", certificate),
        ("Options", "help"),
    ];
    let list = [
        ("Token cache", file),
        ("Selection", "tenant client-id account"),
        ("Output", "json"),
        ("Options", "help"),
    ];
    for (command, expected) in [
        (&["get"][..], &get[..]),
        (&["doctor"], &doctor),
        (&["assertion"], &assertion),
        (&["cache", "list"], &list),
    ] {
        let expected = expected.iter().map(|(heading, options)| {
            let options = options.split_whitespace().map(str::to_owned);
            ((*heading).to_owned(), options.collect())
        });
        assert_eq!(headings(command), expected.collect(), "{command:?}");
    }
}

#[test]
fn help_explains_each_exit_code_there_is() {
    let help = Call::new(&["--help"]).succeed();
    let (_, table) = help.split_once("Exit codes:\n").unwrap();
    let explained = |code: u8| {
        table
            .lines()
            .any(|line| line.split_whitespace().next() == Some(&code.to_string()))
    };
    for status in Status::all() {
        assert!(explained(status.exit_code()), "{status:?}: {table}");
    }
    assert!(explained(1) && explained(2) && !explained(99), "{table}");
}

#[test]
fn the_version_is_the_package_s() {
    let version = Call::new(&["--version"]).succeed();
    assert_eq!(version, concat!("graph-token ", env!("CARGO_PKG_VERSION")));
}
