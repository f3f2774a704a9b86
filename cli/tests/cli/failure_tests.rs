//! What goes wrong at the service or on the way to it, as exit codes and words.

use serde_json::{Value, json};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;

use crate::call::{Call, claims};

/// Faults of the emulator with exit codes and kinds, as the error table has them.
pub const FAULTS: [(&str, i32, &str); 29] = [
    ("status=429,retry-after=7,body=html", 10, "Throttled"),
    ("status=503", 10, "ServiceUnavailable"),
    ("status=500,body=html", 10, "ServiceUnavailable"),
    ("reset", 4, "ConnectionFailed"),
    ("truncate", 11, "MalformedResponse"),
    ("body=html", 11, "MalformedResponse"),
    ("body=text", 11, "MalformedResponse"),
    ("body=empty", 11, "MalformedResponse"),
    ("body=array", 11, "MalformedResponse"),
    ("body=no-token", 11, "MalformedResponse"),
    ("body=absurd-expiry", 11, "MalformedResponse"),
    ("body=huge", 11, "MalformedResponse"),
    ("body=token-type-missing", 11, "MalformedResponse"),
    ("body=token-type-wrong", 11, "MalformedResponse"),
    ("body=form", 11, "MalformedResponse"),
    ("body=line-break", 11, "MalformedResponse"),
    ("body=echo", 11, "MalformedResponse"),
    ("status=503,body=echo", 10, "ServiceUnavailable"),
    ("redirect=http://127.0.0.1:1/", 11, "MalformedResponse"),
    ("error=AADSTS50076", 9, "InteractionRequired"),
    ("error=AADSTS50079", 9, "InteractionRequired"),
    ("error=AADSTS53003,claims=present", 9, "InteractionRequired"),
    ("error=AADSTS50126", 8, "UserCredentialRejected"),
    ("error=AADSTS7000215", 8, "ClientCredentialRejected"),
    ("error=AADSTS7000222", 8, "ClientCredentialRejected"),
    ("error=AADSTS700027", 8, "ClientCredentialRejected"),
    ("error=AADSTS700016", 8, "ServiceRejected"),
    ("error=AADSTS65001", 9, "InteractionRequired"),
    ("error=AADSTS90002", 8, "ServiceRejected"),
];

#[test]
fn each_fault_has_its_exit_code_and_kind() {
    for (fault, code, kind) in FAULTS {
        let emulator = Emulator::with_faults(&[&format!("{fault},times=all")]);
        // Too little time for what would be tried again.
        let error = Call::with_certificate(&emulator).and(&["--timeout", "1"]).run();
        assert_eq!(
            (error.code, error.stdout.as_str()),
            (Some(code), ""),
            "{fault}: {error:?}"
        );
        assert!(
            error.stderr.contains(&format!("\nkind: {kind}\n")),
            "{fault}: {error:?}"
        );
        assert!(error.stderr.starts_with("error: "), "{fault}: {error:?}");
        assert!(error.stderr.contains("\nhint: "), "{fault}: {error:?}");
    }
}

#[test]
fn a_failure_that_passes_is_not_seen() {
    for fault in [
        "reset",
        "truncate",
        "status=408,body=html",
        "status=429,retry-after=1",
        "status=429,retry-after=date:1",
        "status=500,body=html",
        "status=503,body=empty",
    ] {
        let emulator = Emulator::with_faults(&[fault]);
        Call::with_certificate(&emulator).succeed();
        let journal = emulator.journal();
        assert_eq!((journal.len(), &journal[0]["fault"]), (2, &json!(fault)));
        let of_request = |name: &str| [0, 1].map(|number: usize| journal[number].pointer(name).unwrap().clone());
        let [first, second] = of_request("/headers/client-request-id");
        assert_eq!(first, second, "{fault}");
        let [first, second] = of_request("/assertion/claims/jti");
        assert_ne!(first, second, "{fault}");
    }
}

#[test]
fn the_number_of_retries_can_be_chosen() {
    for (retries, faults, requests) in [("0", 1, 1), ("1", 2, 2)] {
        let emulator = Emulator::with_faults(&vec!["reset"; faults]);
        let call = || Call::with_certificate(&emulator).and(&["--retries", retries]);
        let error = call().fail(4);
        assert!(error.contains("kind: ConnectionFailed"), "{error}");
        assert_eq!(emulator.journal().len(), requests, "{retries}");
    }
    let emulator = Emulator::with_faults(&["reset"]);
    Call::with_certificate(&emulator).and(&["--retries", "1"]).succeed();
    assert_eq!(emulator.journal().len(), 2);
}

#[test]
fn a_failure_that_stays_and_a_proof_that_is_used_up_are_not_tried_again() {
    let emulator = Emulator::with_faults(&["body=html", "status=503"]);
    Call::with_certificate(&emulator).fail(11);
    let client = [
        "assertion",
        "--authority",
        &emulator.authority(),
        "--client-id",
        CONFIDENTIAL,
    ];
    let assertion = Call::new(&client).and(&["--certificate", &REGISTERED.both()]).succeed();
    let folder = Folder::new();
    Call::get(&emulator, CONFIDENTIAL)
        .and_secret("--client-assertion-file", &folder, &assertion)
        .fail(10);
    assert_eq!(emulator.journal().len(), 2);
}

#[test]
fn a_clock_that_is_hours_wrong_is_corrected() {
    // A certificate that was valid half a day ago.
    let file = |name| format!("{}/../tests/corpus/files/{name}", env!("CARGO_MANIFEST_DIR"));
    let (certificate, key) = (file("leaf.pem"), file("pkcs8.pem"));
    let client_id = "33333333-3333-3333-3333-333333333333";
    for hours in [-12, -2, 2, 12] {
        let emulator = Emulator::start_with(&[
            "--app",
            &format!("{client_id}:cert={certificate}"),
            "--fault",
            &format!("date-skew={},times=all", hours * 3600),
        ]);
        let token = Call::get(&emulator, client_id)
            .and(&["--certificate", &certificate, "--private-key", &key])
            .succeed_json();
        let journal = emulator.journal();
        let not_before = |number: usize| journal[number]["assertion"]["claims"]["nbf"].as_i64().unwrap();
        assert_eq!(journal.len(), 2, "{hours}");
        let moved = not_before(1) - not_before(0);
        assert!((moved - hours * 3600).abs() < 600, "{hours} h: {moved} s");
        let expires = claims(token["access_token"].as_str().unwrap())["exp"].as_i64().unwrap();
        let shown = token["expires_on"].as_i64().unwrap();
        assert!((shown - expires).abs() < 600, "{hours} h: {shown}, {expires}");
        let lifetime = token["expires_in"].as_i64().unwrap();
        assert!((3_000..=3_599).contains(&lifetime), "{hours} h: {lifetime}");
    }
}

#[test]
fn odd_answers_that_are_still_tokens_are_taken() {
    let emulator = Emulator::with_faults(&["body=bom", "body=string-numbers"]);
    for _ in 0..2 {
        Call::with_certificate(&emulator).succeed();
    }
}

#[test]
fn a_service_that_is_too_slow_is_exit_code_7() {
    let emulator = Emulator::with_faults(&["delay-ms=600000"]);
    let error = Call::with_certificate(&emulator).and(&["--timeout", "1"]).fail(7);
    assert!(error.contains("kind: RequestTimeout"), "{error}");
}

#[test]
fn a_wrong_password_is_exit_code_8_with_the_service_s_own_words() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let wrong = folder.write("password", "wrong");
    let id = "6f1a4b0e-0000-4000-8000-000000000001";
    let error = Call::with_password(&emulator, &wrong)
        .and(&["--correlation-id", id])
        .fail(8);
    assert!(error.contains("\nservice: invalid_grant AADSTS50126\n"), "{error}");
    assert!(error.contains(&format!("\ncorrelation id: {id}\n")), "{error}");
}

#[test]
fn an_unknown_tenant_and_application_are_told_apart() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let secret = folder.write("secret", "secret");
    let get = |authority: &str, client_id: &str| {
        let client = ["get", "--authority", authority, "--client-id", client_id];
        Call::new(&client).and(&["--client-secret-file", &secret]).run().stderr
    };
    let authority = emulator.authority();
    let unknown_tenant = get(&authority.replace("contoso", "fabrikam"), CONFIDENTIAL);
    assert!(unknown_tenant.contains("AADSTS90002"), "{unknown_tenant}");
    let unknown_application = get(&authority, "33333333-3333-3333-3333-333333333333");
    assert!(unknown_application.contains("AADSTS700016"), "{unknown_application}");
}

#[test]
fn an_error_as_json_has_every_member() {
    let emulator = Emulator::with_faults(&["error=AADSTS50076,suberror=basic_action,claims=present,retry-after=7"]);
    let folder = Folder::new();
    let password = folder.write("password", PASSWORD);
    let id = "6f1a4b0e-0000-4000-8000-000000000002";
    let answer = Call::with_password(&emulator, &password)
        .and(&["--correlation-id", id])
        .fail_json(9);
    let error = answer["error"].as_object().unwrap();
    for (name, value) in [
        ("kind", json!("InteractionRequired")),
        ("status", json!(303)),
        ("oauth_error", json!("invalid_grant")),
        ("suberror", json!("basic_action")),
        ("service_codes", json!([50076])),
        ("http_status", json!(400)),
        ("correlation_id", json!(id)),
        ("retry_after", json!(7)),
    ] {
        assert_eq!(error[name], value, "{name}");
    }
    for name in ["message", "hint", "trace_id"] {
        assert_ne!(error[name].as_str().unwrap_or_default(), "", "{name}");
    }
    let challenge: Value = serde_json::from_str(error["claims"].as_str().unwrap()).unwrap();
    assert!(challenge.is_object());
    assert_eq!(error.len(), 12);
    assert_eq!(answer["warnings"].as_array().map(Vec::len), Some(1), "{answer}");
}

#[test]
fn an_error_without_a_service_behind_it_has_nulls() {
    let folder = Folder::new();
    let call = Call::new(&["get", "--tenant", "not a tenant", "--client-id", "app"]);
    let answer = call.and_secret("--client-secret-file", &folder, "secret").fail_json(3);
    assert_eq!(answer["error"]["kind"], "InvalidAuthority");
    assert_eq!(answer["error"]["status"], 101);
    for name in [
        "oauth_error",
        "suberror",
        "http_status",
        "correlation_id",
        "trace_id",
        "retry_after",
        "claims",
    ] {
        assert_eq!(answer["error"].get(name), Some(&Value::Null), "{name}");
    }
    assert_eq!(answer["warnings"], json!([]));
}
