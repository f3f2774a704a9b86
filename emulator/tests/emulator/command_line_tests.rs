//! Starting and ending.

use std::io::Read;
use std::process::{Command, Output, Stdio};

use test_support::emulator::{Emulator, TENANT};
use test_support::folder::Folder;
use test_support::key_pair::KeyPair;

fn failed(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entra-emulator"));
    let Output { status, stdout, stderr } = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    assert_eq!(stdout, b"", "nothing but an address belongs on standard output");
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn arguments_that_cannot_be_used_end_it_with_2_and_name_the_trouble() {
    let tenant = ["--tenant", TENANT];
    let app = ["--tenant", TENANT, "--app", "id"];
    let faulty = [
        (vec![], "--tenant"),
        (tenant.to_vec(), "--app"),
        ([&app[..], &["--ca-out", "ca.pem"]].concat(), "--tls"),
        (
            [&app[..], &["--tenant", "a b"]].concat(),
            "'a b' is neither a GUID nor a domain name",
        ),
        ([&app[..], &["--user", "topsecret"]].concat(), "NAME:PASSWORD"),
        (
            [&app[..], &["--fault", "stauts=503"]].concat(),
            "'stauts=503': unknown; the keys are status",
        ),
        (
            [&tenant[..], &["--app", "id:cert=/no/such/file"]].concat(),
            "application id: cannot read /no/such/file",
        ),
        (
            [&tenant[..], &["--app", "id:secrt=topsecret"]].concat(),
            "CLIENT_ID[:family][:cert=FILE][:secret=TEXT][:issuer=URL",
        ),
        (
            [&app[..], &["--github-actions", "topsecret"]].concat(),
            "REQUEST_TOKEN:SUBJECT",
        ),
        (
            [&app[..], &["--azure-pipelines", "topsecret:connection"]].concat(),
            "ACCESS_TOKEN:SERVICE_CONNECTION_ID:SUBJECT",
        ),
        ([&app[..], &["--listen", "localhost"]].concat(), "--listen"),
        ([&app[..], &["--tenants", "x"]].concat(), "'--tenants'"),
    ];
    for (arguments, part) in faulty {
        let (code, text) = failed(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(text.contains(part), "{arguments:?}: {text}");
        assert!(!text.contains("topsecret"), "{arguments:?}: {text}");
    }
}

#[test]
fn a_key_in_place_of_any_value_is_not_repeated() {
    let key = "-----BEGIN PRIVATE KEY-----\ntopsecret\n-----END PRIVATE KEY-----\n";
    let app = ["--tenant", TENANT, "--app", "id"];
    let with_certificate = format!("id:cert={key}");
    let mut places = vec![vec![key], vec!["--app", &with_certificate]];
    let options = ["listen", "tenant", "app", "user", "token-lifetime", "fault", "ca-out"];
    let joined = options.map(|option| format!("--{option}={key}"));
    places.extend(joined.iter().map(|argument| vec![argument.as_str()]));
    for place in places {
        let (code, text) = failed(&[&app[..], &place].concat());
        assert_eq!(code, Some(2), "{place:?}: {text}");
        assert!(text.contains("name the file"), "{text}");
        assert!(!text.contains("topsecret"), "{place:?}: {text}");
    }
}

#[test]
fn files_without_a_usable_certificate_are_named() {
    let elliptic = KeyPair::generate(&["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    let small = KeyPair::generate(&["rsa:1024"]);
    let folder = Folder::new();
    let text = folder.write("text.txt", "hello");
    let cases = [
        (elliptic.both(), "not RSA of 2048 to 8192 bits"),
        (small.both(), "not RSA of 2048 to 8192 bits"),
        (elliptic.key(), "holds no CERTIFICATE block"),
        (text, "not a DER or PEM certificate"),
    ];
    for (path, part) in cases {
        let (code, text) = failed(&["--tenant", TENANT, "--app", &format!("id:cert={path}")]);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(&path) && text.contains(part), "{text}");
    }
}

#[test]
fn what_the_system_refuses_ends_it_with_1() {
    let emulator = Emulator::start();
    let (code, text) = failed(&["--tenant", TENANT, "--app", "id", "--listen", emulator.host()]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains(&format!("cannot listen on {}", emulator.host())),
        "{text}"
    );
    let (code, text) = failed(&[
        "--tenant",
        TENANT,
        "--app",
        "id",
        "--tls",
        "--ca-out",
        "/no/such/directory/ca.pem",
    ]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("cannot write /no/such/directory/ca.pem"), "{text}");
}

#[test]
fn the_ca_is_written_to_the_current_directory_when_no_file_is_named() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("entra-emulator-ca.pem")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_entra-emulator"));
    command
        .args(["--tenant", TENANT, "--app", "id", "--tls"])
        .current_dir(folder.path(""));
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("cannot write entra-emulator-ca.pem"), "{text}");
}

#[test]
fn standard_output_holds_the_address_alone() {
    let mut emulator = Emulator::start_with(&["--fault", "reset"]);
    let (host, port) = emulator.address().rsplit_once(':').unwrap();
    assert_eq!(host, "http://127.0.0.1");
    assert_ne!(port.parse::<u16>().unwrap(), 0);
    emulator.client().send("GET", "/", &[], b"").unwrap();
    drop(emulator.service.process.stdin.take());
    let mut rest = String::new();
    emulator.service.output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn it_ends_with_its_standard_input() {
    let mut emulator = Emulator::start();
    drop(emulator.service.process.stdin.take());
    assert_eq!(emulator.service.process.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn it_ends_on_sigterm_and_sigint_even_while_a_request_waits() {
    use std::io::Write;
    use test_support::client::tcp;

    for signal in ["-TERM", "-INT"] {
        let mut emulator = Emulator::start_with(&["--fault", "delay-ms=600000"]);
        let mut stream = tcp(emulator.host()).unwrap();
        write!(
            stream,
            "POST /{TENANT}/oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
        )
        .unwrap();
        while emulator.journal().is_empty() {}
        let id = emulator.service.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert_eq!(emulator.service.process.wait().unwrap().code(), Some(0), "{signal}");
    }
}
