//! The description of a tenant's authority (OpenID Connect Discovery 1.0).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use test_support::answer::Answer;
use test_support::emulator::{Emulator, TENANT};

use crate::answer::TokenAnswer as _;
use crate::token_request::{TokenEndpoint as _, with_secret};

fn get(emulator: &Emulator, tenant: &str) -> Answer {
    send(emulator, "GET", tenant)
}

fn send(emulator: &Emulator, method: &str, tenant: &str) -> Answer {
    let path = format!("/{tenant}/v2.0/.well-known/openid-configuration");
    let answer = emulator.client().send(method, &path, &[], b"");
    answer.expect("the emulator answers")
}

#[test]
fn a_tenant_describes_its_authority() {
    let emulator = Emulator::start();
    let answer = get(&emulator, TENANT);
    assert_eq!(answer.status, 200, "{answer:?}");
    let description = answer.json();
    assert_eq!(description["token_endpoint"], emulator.endpoint());
    let issuer = description["issuer"].as_str().expect("the issuer is text");
    let id = issuer.strip_prefix(&format!("{}/", emulator.address()));
    let id = id
        .and_then(|rest| rest.strip_suffix("/v2.0"))
        .expect("the issuer is {origin}/{id}/v2.0");
    let tokens = emulator.post(&with_secret()).access_claims();
    assert_eq!(tokens["tid"], json!(id), "tokens name the same tenant");
}

#[test]
fn tokens_are_signed_with_the_key_that_it_names() {
    let emulator = Emulator::start();
    let description = get(&emulator, TENANT).json();
    let keys = description["jwks_uri"].as_str().unwrap();
    let path = keys.strip_prefix(emulator.address()).unwrap();
    let keys = emulator.client().send("GET", path, &[], b"").unwrap().json();
    let key = &keys["keys"][0];
    let token = emulator.post(&with_secret()).json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!((&header["kid"], &header["alg"]), (&key["kid"], &key["alg"]));
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    assert_eq!((number("x").len(), number("y").len()), (32, 32));
    assert!(key.get("d").is_none(), "{key}");
    let unknown = emulator
        .client()
        .send("GET", "/fabrikam.example/discovery/v2.0/keys", &[], b"");
    unknown
        .unwrap()
        .assert_refused("unknown", 400, "invalid_request", 90002, "fabrikam.example");
}

#[test]
fn all_tenants_have_one_description() {
    let emulator = Emulator::start();
    let description = get(&emulator, "common").json();
    assert_eq!(
        description["issuer"],
        format!("{}/{{tenantid}}/v2.0", emulator.address())
    );
}

#[test]
fn a_tenant_that_is_none_is_refused_as_for_tokens() {
    let emulator = Emulator::start();
    let answer = get(&emulator, "fabrikam.example");
    answer.assert_refused("unknown", 400, "invalid_request", 90002, "'fabrikam.example' not found");
    let answer = get(&emulator, "-");
    answer.assert_refused("no name", 400, "invalid_request", 900_023, "'-'");
}

#[test]
fn only_get_is_answered() {
    let answer = send(&Emulator::start(), "POST", TENANT);
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
}

#[test]
fn faults_meet_it_too_and_the_journal_has_it() {
    let emulator = Emulator::start_with(&["--fault", "date-skew=-1200", "--fault", "body=html"]);
    let skewed = get(&emulator, TENANT);
    let date = skewed
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date).ok());
    let age = date
        .and_then(|date| date.elapsed().ok())
        .expect("the date is in the past");
    assert!((1190..1300).contains(&age.as_secs()), "{age:?}");
    assert!(get(&emulator, TENANT).text().contains('<'));
    assert_eq!(get(&emulator, TENANT).status, 200, "both faults are spent");
    let journal = emulator.journal();
    assert_eq!(journal[0]["fault"], "date-skew=-1200", "{journal:?}");
    assert_eq!(journal[0]["method"], "GET", "{journal:?}");
}
