//! Each grant with each credential.

use serde_json::{Value, json};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;

use crate::call::{Call, claims};

/// `get` with each proof that an application can have, and the `appidacr` of the token that it brings ("Access token
/// claims reference": 0 public client, 1 client secret, 2 certificate).
fn with_each_proof(emulator: &Emulator, folder: &Folder) -> Vec<(Call, &'static str)> {
    let authority = emulator.authority();
    let client = ["--authority", &authority, "--client-id", CONFIDENTIAL];
    let assertion = Call::new(&["assertion"])
        .and(&client)
        .and(&["--certificate", &REGISTERED.both()])
        .succeed();
    let confidential = || Call::get(emulator, CONFIDENTIAL);
    vec![
        (Call::with_certificate(emulator), "2"),
        (confidential().and_secret("--client-secret-file", folder, SECRET), "1"),
        (
            confidential().and_secret("--client-assertion-file", folder, &assertion),
            "2",
        ),
    ]
}

#[test]
fn an_application_gets_a_token_for_itself() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    for (call, method) in with_each_proof(&emulator, &folder) {
        let claims = claims(&call.succeed());
        assert_eq!(claims["appid"], CONFIDENTIAL);
        assert_eq!(claims["appidacr"], method);
        assert_eq!(claims["aud"], "https://graph.microsoft.com");
        assert_eq!(claims.get("upn"), None);
    }
}

#[test]
fn a_user_gets_a_token_by_password() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let mut calls = with_each_proof(&emulator, &folder);
    calls.push((Call::get(&emulator, PUBLIC), "0"));
    for (call, method) in calls {
        let call = call
            .and(&["--username", USER])
            .and_secret("--password-file", &folder, PASSWORD);
        let outcome = call.run();
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        assert!(outcome.stderr.starts_with("warning: "), "{outcome:?}");
        assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
        let claims = claims(&outcome.stdout);
        assert_eq!(claims["upn"], USER);
        assert_eq!(claims["appidacr"], method);
    }
}

#[test]
fn a_user_gets_a_token_by_refresh_token_and_a_new_refresh_token_with_it() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let password = folder.write("password", PASSWORD);
    for proof in [vec![], vec!["--certificate"], vec!["--client-secret-file"]] {
        let call = || match proof.as_slice() {
            [] => Call::get(&emulator, PUBLIC),
            ["--certificate"] => Call::with_certificate(&emulator),
            _ => Call::get(&emulator, CONFIDENTIAL).and_secret("--client-secret-file", &folder, SECRET),
        };
        let first = call()
            .and(&["--username", USER, "--password-file", &password])
            .succeed_json();
        let refresh = |answer: &Value| {
            let token = answer["refresh_token"]
                .as_str()
                .expect("users get a refresh token")
                .to_owned();
            (
                call()
                    .and_secret("--refresh-token-file", &folder, &token)
                    .succeed_json(),
                token,
            )
        };
        let (second, first_token) = refresh(&first);
        let (third, second_token) = refresh(&second);
        assert_eq!(claims(third["access_token"].as_str().unwrap())["upn"], USER);
        assert_ne!(first_token, second_token);
        assert_ne!(third["refresh_token"], second["refresh_token"]);
    }
}

#[test]
fn scopes_are_asked_for_and_granted() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let password = folder.write("password", PASSWORD);
    let answer = Call::with_password(&emulator, &password)
        .and(&["--scope", "User.Read", "--scope", "Mail.Read"])
        .succeed_json();
    assert_eq!(answer["scope"], "User.Read Mail.Read");
    let claims = claims(answer["access_token"].as_str().unwrap());
    assert_eq!(claims["scp"], "User.Read Mail.Read");
}

#[test]
fn the_tenant_may_be_named_apart_from_the_authority() {
    let emulator = Emulator::start();
    let authority = emulator.authority();
    let base = authority.strip_suffix(&format!("/{TENANT}")).unwrap();
    let token = |place: &[&str]| {
        let call = Call::new(&["get", "--client-id", CONFIDENTIAL, "--certificate", &REGISTERED.both()]);
        claims(&call.and(place).succeed())["tid"].clone()
    };
    let whole = token(&["--authority", &authority]);
    assert!(whole.is_string());
    assert_eq!(token(&["--authority", base, "--tenant", TENANT]), whole);
    assert_eq!(token(&["--tenant", &format!("{authority}/oauth2/v2.0/token")]), whole);
}

#[test]
fn no_proof_at_all_sends_nothing() {
    let emulator = Emulator::with_faults(&["error=AADSTS700016"]);
    let error = Call::get(&emulator, PUBLIC).fail_json(3);
    assert_eq!(error["error"]["kind"], json!("CredentialMissing"));
    assert_eq!(error["error"]["http_status"], Value::Null);
    Call::with_certificate(&emulator).fail(8);
}
