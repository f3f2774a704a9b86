//! `--managed-identity`: tokens for the identity of the machine.

use std::fs;

use serde_json::json;
use test_support::emulator::Emulator;
use test_support::folder::Folder;
use test_support::machine::{
    CLIENT_ID as ASSIGNED, OBJECT_ID as OBJECT, RESOURCE_ID as RESOURCE, SECRET, start as machine,
};
use test_support::secrecy::assert_hidden;

use crate::call::{Call, claims};

const HOST: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

fn get(arguments: &[&str]) -> Call {
    Call::new(&["get", "--managed-identity"]).and(arguments)
}

fn at(emulator: &Emulator, path: &str) -> String {
    format!("{}{path}", emulator.address())
}

#[test]
fn a_virtual_machine_asks_where_the_variable_says() {
    let emulator = machine(&[]);
    for (arguments, is_assigned) in [
        (&[][..], false),
        (&["--identity-client-id", ASSIGNED], true),
        (&["--identity-object-id", OBJECT], true),
        (&["--identity-resource-id", RESOURCE], true),
    ] {
        let answer = get(arguments).variable(HOST, emulator.address()).succeed_json();
        let claims = claims(answer["access_token"].as_str().unwrap());
        assert_eq!(claims["aud"], "https://graph.microsoft.com");
        assert_eq!(claims["appid"] == ASSIGNED, is_assigned, "{arguments:?}");
        assert_eq!(answer["client_id"], claims["appid"]);
        assert_eq!((&answer["tenant"], &answer["source"]), (&json!(""), &json!("network")));
    }
    let journal = emulator.journal();
    assert_eq!(journal.len(), 4);
    for asked in journal {
        assert_eq!(asked["path"], "/metadata/identity/oauth2/token");
        assert_eq!(asked["query"]["api-version"], "2018-02-01");
        let agent = asked["headers"]["user-agent"].as_str().unwrap();
        assert!(agent.starts_with("graph-token/"), "{agent}");
    }
}

#[test]
fn every_platform_gives_a_token() {
    let emulator = machine(&[]);
    for variables in [
        [
            ("IDENTITY_ENDPOINT", "/app-service/msi/token"),
            ("IDENTITY_HEADER", SECRET),
        ],
        [("MSI_ENDPOINT", "/machine-learning/msi/token"), ("MSI_SECRET", SECRET)],
        [("MSI_ENDPOINT", "/cloud-shell/oauth2/token"), ("MSI_SECRET", "")],
    ] {
        let [(endpoint, path), (name, value)] = variables;
        let call = get(&["--scope", "https://vault.azure.net/.default", "--verbose"])
            .variable(endpoint, &at(&emulator, path))
            .variable(name, value);
        let outcome = call.run();
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        assert_eq!(
            claims(outcome.stdout.trim())["aud"],
            "https://vault.azure.net",
            "{path}"
        );
        assert_hidden(&outcome.stderr, &[SECRET.to_owned()], "the log");
    }
}

#[test]
fn service_fabric_is_recognised_by_its_certificate_alone() {
    let folder = Folder::new();
    let (ca, thumbprint) = (folder.argument("ca.pem"), folder.argument("thumbprint"));
    let emulator = machine(&["--tls", "--ca-out", &ca, "--thumbprint-out", &thumbprint]);
    let thumbprint = fs::read_to_string(thumbprint).unwrap();
    let call = |thumbprint: &str| {
        get(&["--retries", "0"])
            .variable("IDENTITY_ENDPOINT", &at(&emulator, "/service-fabric/token"))
            .variable("IDENTITY_HEADER", SECRET)
            .variable("IDENTITY_SERVER_THUMBPRINT", thumbprint)
    };
    for thumbprint in [thumbprint.clone(), thumbprint.to_lowercase()] {
        let token = call(&thumbprint).succeed();
        assert_eq!(claims(&token)["aud"], "https://graph.microsoft.com");
    }
    let challenge = r#"Bearer error="insufficient_claims", claims="e30=""#;
    call(&thumbprint).and(&["--challenge", challenge]).succeed();
    // A certificate that an authority vouches for is not enough.
    let other = call(&"0F".repeat(20)).variable("SSL_CERT_FILE", &ca).fail_json(5);
    assert_eq!(other["error"]["kind"], "TlsFailed", "{other}");
    assert_hidden(&other.to_string(), &[SECRET.to_owned()], "the error");
}

#[test]
fn arc_reads_the_key_that_the_agent_names_in_its_own_folder() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    let emulator = machine(&["--arc-key-folder", &folder.argument("")]);
    let call = |folder: &Folder| {
        get(&[])
            .variable(
                "IDENTITY_ENDPOINT",
                &at(&emulator, "/arc/metadata/identity/oauth2/token"),
            )
            .variable("IMDS_ENDPOINT", emulator.address())
            .variable(
                "GRAPHTOKEN_TEST_ARC_KEY_FOLDER",
                folder.argument("").trim_end_matches('/'),
            )
    };
    let token = call(&folder).succeed();
    assert_eq!(claims(&token)["aud"], "https://graph.microsoft.com");
    assert_eq!(emulator.journal().len(), 2);
    let refused = call(&elsewhere).fail_json(3);
    assert_eq!(refused["error"]["kind"], "InvalidArgument", "{refused}");
    assert_eq!(emulator.journal().len(), 3, "no key is sent");
}

#[test]
fn no_proxy_is_used() {
    let emulator = machine(&[]);
    let closed = "http://127.0.0.1:9";
    for arguments in [&[][..], &["--proxy", closed]] {
        let mut call = get(arguments).variable(HOST, emulator.address());
        for name in [
            "HTTPS_PROXY",
            "https_proxy",
            "HTTP_PROXY",
            "http_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            call = call.variable(name, closed);
        }
        call.succeed();
    }
    let folder = Folder::new();
    let (ca, thumbprint) = (folder.argument("ca.pem"), folder.argument("thumbprint"));
    let emulator = machine(&["--tls", "--ca-out", &ca, "--thumbprint-out", &thumbprint]);
    get(&["--proxy", closed])
        .variable("IDENTITY_ENDPOINT", &at(&emulator, "/service-fabric/token"))
        .variable("IDENTITY_HEADER", SECRET)
        .variable("IDENTITY_SERVER_THUMBPRINT", &fs::read_to_string(thumbprint).unwrap())
        .variable("HTTPS_PROXY", closed)
        .succeed();
}

#[test]
fn a_hostile_endpoint_gets_neither_the_secret_nor_a_request() {
    let emulator = machine(&[]);
    let port = emulator.address().rsplit(':').next().unwrap();
    for endpoint in [
        "http://metadata.attacker.example/".to_owned(),
        format!("http://127.0.0.1:{port}@attacker.example/"),
        format!("http://0.0.0.0:{port}/app-service/msi/token"),
        format!("http://[::ffff:127.0.0.1]:{port}/app-service/msi/token"),
        format!("http://user:hunter22@127.0.0.1:{port}/app-service/msi/token"),
        "file:///etc/passwd".to_owned(),
    ] {
        let call = get(&[])
            .variable("IDENTITY_ENDPOINT", &endpoint)
            .variable("IDENTITY_HEADER", SECRET);
        let error = call.fail_json(3);
        assert_eq!(error["error"]["kind"], "InvalidArgument", "{endpoint}: {error}");
        assert!(!error.to_string().contains("hunter22"), "{error}");
        assert_hidden(&error.to_string(), &[SECRET.to_owned()], "the error");
    }
    let injected = get(&[])
        .variable("IDENTITY_ENDPOINT", &at(&emulator, "/app-service/msi/token"))
        .variable("IDENTITY_HEADER", "x\r\nX-Other: y");
    assert_eq!(injected.fail_json(3)["error"]["kind"], "InvalidArgument");
    assert!(emulator.journal().is_empty());
}

#[test]
fn failures_have_their_exit_codes() {
    let emulator = machine(&[]);
    let unknown = get(&["--identity-client-id", OBJECT]).variable(HOST, emulator.address());
    let error = unknown.fail_json(8);
    assert_eq!(error["error"]["kind"], "ClientCredentialRejected", "{error}");
    let hint = error["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("--identity-client-id"), "{hint}");
    // Every test sets the variable to a port where nothing listens.
    let error = get(&["--retries", "0"]).fail_json(4);
    assert_eq!(error["error"]["kind"], "ConnectionFailed", "{error}");
    let fault = Emulator::start_with(&["--identity", "system", "--fault", "redirect=http://127.0.0.1:9/"]);
    assert_eq!(
        get(&[]).variable(HOST, fault.address()).fail_json(11)["error"]["kind"],
        "MalformedResponse"
    );
}

#[test]
fn a_refusal_quotes_no_secret() {
    let emulator = machine(&["--fault", "body=echo,status=400,times=all"]);
    let call = get(&["--verbose"])
        .variable("IDENTITY_ENDPOINT", &at(&emulator, "/app-service/msi/token"))
        .variable("IDENTITY_HEADER", SECRET);
    let outcome = call.run();
    assert_ne!(outcome.code, Some(0), "{outcome:?}");
    assert_hidden(&outcome.stderr, &[SECRET.to_owned()], "standard error");
}

#[test]
fn contradictions_are_usage_errors() {
    for arguments in [
        &["--managed-identity", "--tenant", "contoso.example"][..],
        &["--managed-identity", "--client-id", ASSIGNED],
        &["--managed-identity", "--client-secret-file", "x"],
        &["--managed-identity", "--certificate", "x"],
        &["--managed-identity", "--username", "x"],
        &["--managed-identity", "--refresh-token-file", "x"],
        &["--managed-identity", "--token-cache", "x"],
        &[
            "--managed-identity",
            "--identity-client-id",
            ASSIGNED,
            "--identity-object-id",
            OBJECT,
        ],
        &[
            "--managed-identity",
            "--identity-object-id",
            OBJECT,
            "--identity-resource-id",
            RESOURCE,
        ],
        &["--managed-identity", "--identity-client-id", "not-a-guid"],
        &["--managed-identity", "--identity-resource-id", "subscriptions/x"],
        &["--identity-client-id", ASSIGNED],
    ] {
        Call::new(&["get"]).and(arguments).fail(2);
    }
    // The parser asks for nothing that conflicts with what is given.
    let application = ["--tenant", "contoso.example", "--client-id", ASSIGNED];
    let call = Call::new(&["get", "--identity-client-id", ASSIGNED]).and(&application);
    assert_eq!(call.fail_json(3)["error"]["kind"], "InvalidArgument");
}
