//! The description of a tenant's authority (OpenID Connect Discovery 1.0).

use serde_json::json;
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
