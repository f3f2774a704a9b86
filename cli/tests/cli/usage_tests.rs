//! Command lines that make no sense, and help.

use graphtoken::base::error::Status;

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
        &["--send-certificate-chain"],
        &["--username", "a", "--refresh-token-file", "b"],
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
    let error = Call::new(&CLIENT).and(&["--timeout", "0"]).fail(2);
    assert!(
        error.contains("--timeout") && error.contains("from 1 to 86400"),
        "{error}"
    );
}

#[test]
fn what_the_engine_refuses_is_exit_code_3() {
    for (option, value) in [("--correlation-id", "12"), ("--claims", "[]"), ("--scope", "a\"b")] {
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
fn help_has_an_example_for_each_command() {
    for command in ["get", "assertion", "decode"] {
        for option in ["--help", "-h"] {
            let help = Call::new(&[command, option]).succeed();
            assert!(help.contains("Example"), "{help}");
        }
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
