//! What each grant gives, and how it is refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use test_support::emulator::{CONFIDENTIAL, Emulator, PUBLIC, SECRET, TENANT, USER};

use crate::answer::{TokenAnswer as _, claims};
use crate::signed_assertion::{ASSERTION_TYPE, SignedAssertion};
use crate::token_request::{TokenEndpoint as _, changed, with_password, with_secret};

fn member_names(json: &Value) -> Vec<&str> {
    json.as_object()
        .map(|members| members.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

#[test]
fn client_credentials_give_a_token_for_the_application() {
    let emulator = Emulator::start_with(&["--token-lifetime", "1234"]);
    let answer = emulator.post(&with_secret());
    let json = answer.json();
    assert_eq!(
        member_names(&json),
        ["access_token", "expires_in", "ext_expires_in", "token_type"]
    );
    assert_eq!(
        (&json["token_type"], &json["expires_in"]),
        (&json!("Bearer"), &json!(1234))
    );
    let claims = answer.access_claims();
    assert_eq!(claims["aud"], "https://graph.microsoft.com");
    assert_eq!(
        (&claims["appid"], &claims["appidacr"]),
        (&json!(CONFIDENTIAL), &json!("1"))
    );
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 1234);
    assert_eq!((&claims["upn"], &claims["scp"]), (&Value::Null, &Value::Null));
}

#[test]
fn no_two_tokens_are_the_same() {
    let emulator = Emulator::start();
    let token = || emulator.post(&with_secret()).json()["access_token"].clone();
    assert_ne!(token(), token());
}

#[test]
fn a_password_gives_everything_that_was_asked_for() {
    let emulator = Emulator::start();
    let mut fields = with_password();
    fields.push(("client_info", "1"));
    let answer = emulator.post(&fields);
    let (json, access) = (answer.json(), answer.access_claims());
    assert_eq!(
        (&access["upn"], &access["scp"], &access["appidacr"]),
        (&json!(USER), &json!("User.Read"), &json!("0"))
    );
    assert_eq!(json["scope"], "User.Read");
    assert!(json["refresh_token"].is_string());
    let id = claims(json["id_token"].as_str().unwrap());
    assert_eq!((&id["aud"], &id["preferred_username"]), (&json!(PUBLIC), &json!(USER)));
    let info = URL_SAFE_NO_PAD.decode(json["client_info"].as_str().unwrap()).unwrap();
    let info: Value = serde_json::from_slice(&info).unwrap();
    assert_eq!((&info["uid"], &info["utid"]), (&access["oid"], &access["tid"]));
}

#[test]
fn a_password_gives_no_more_than_was_asked_for() {
    let emulator = Emulator::start();
    let answer = emulator.post(&changed(
        &with_password(),
        "scope",
        "https://graph.microsoft.com/User.Read Mail.Read",
    ));
    let json = answer.json();
    assert_eq!(
        member_names(&json),
        ["access_token", "expires_in", "ext_expires_in", "scope", "token_type"]
    );
    assert_eq!(json["scope"], "https://graph.microsoft.com/User.Read Mail.Read");
    assert_eq!(answer.access_claims()["scp"], "User.Read Mail.Read");
}

#[test]
fn a_confidential_client_proves_itself_beside_the_password() {
    let emulator = Emulator::start();
    let base = changed(&with_password(), "client_id", CONFIDENTIAL);
    emulator
        .post(&base)
        .assert_refused("no proof", 401, "invalid_client", 7_000_218, "client_assertion");
    assert_eq!(
        emulator.post(&changed(&base, "client_secret", SECRET)).access_claims()["appidacr"],
        "1"
    );
    let assertion = SignedAssertion::new(&emulator).text();
    let fields = changed(&base, "client_assertion", &assertion);
    let answer = emulator.post(&changed(&fields, "client_assertion_type", ASSERTION_TYPE));
    assert_eq!(
        (&answer.access_claims()["upn"], &answer.access_claims()["appidacr"]),
        (&json!(USER), &json!("2"))
    );
}

#[test]
fn wrong_users_and_passwords_are_refused() {
    let emulator = Emulator::start();
    let base = with_password();
    let wrong = [
        ("username", "bob@contoso.com", "invalid_grant", 50034, TENANT),
        (
            "password",
            "wrong",
            "invalid_grant",
            50126,
            "invalid username or password",
        ),
        ("username", "", "invalid_request", 900_144, "'username'"),
        ("password", "", "invalid_request", 900_144, "'password'"),
    ];
    for (name, value, error, code, part) in wrong {
        emulator
            .post(&changed(&base, name, value))
            .assert_refused(name, 400, error, code, part);
    }
    assert_eq!(
        emulator.post(&changed(&base, "username", &USER.to_uppercase())).status,
        200
    );
}

#[test]
fn a_refresh_token_gives_a_new_one_each_time() {
    let emulator = Emulator::start();
    let first = emulator.post(&with_password()).json()["refresh_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let base = [
        ("client_id", PUBLIC),
        ("refresh_token", first.as_str()),
        ("grant_type", "refresh_token"),
    ];
    let narrowed = changed(&base, "scope", "Mail.Read offline_access");
    let (kept, narrowed) = (emulator.post(&base), emulator.post(&narrowed));
    assert_eq!(
        kept.access_claims()["scp"],
        "User.Read",
        "the scope is the first one's when none is named"
    );
    assert_eq!(narrowed.access_claims()["scp"], "Mail.Read");
    assert_eq!(kept.access_claims()["upn"], USER);
    let second = kept.json()["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(second, first);
    assert_eq!(emulator.post(&changed(&base, "refresh_token", &second)).status, 200);
}

#[test]
fn a_refresh_token_belongs_to_its_client() {
    let emulator = Emulator::start();
    let token = emulator.post(&with_password()).json()["refresh_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let base = [
        ("client_id", PUBLIC),
        ("refresh_token", token.as_str()),
        ("grant_type", "refresh_token"),
    ];
    let stolen = changed(&changed(&base, "client_id", CONFIDENTIAL), "client_secret", SECRET);
    let unknown = changed(&base, "refresh_token", "0.unknown");
    for (case, fields) in [("stolen", stolen), ("unknown", unknown)] {
        emulator
            .post(&fields)
            .assert_refused(case, 400, "invalid_grant", 70000, "invalid or malformed");
    }
    let missing = changed(&base, "refresh_token", "");
    emulator
        .post(&missing)
        .assert_refused("missing", 400, "invalid_request", 900_144, "'refresh_token'");
}

#[test]
fn applications_of_the_family_accept_each_others_refresh_tokens() {
    const FIRST: &str = "33333333-3333-3333-3333-333333333333";
    const SECOND: &str = "44444444-4444-4444-4444-444444444444";
    let apps = [FIRST, SECOND].map(|id| format!("{id}:family"));
    let emulator = Emulator::start_with(&["--app", &apps[0], "--app", &apps[1]]);
    let signed_in = emulator.post(&changed(&with_password(), "client_id", FIRST)).json();
    assert_eq!(signed_in["foci"], "1");
    let refresh_token = signed_in["refresh_token"].as_str().unwrap();
    let refresh = |client_id| {
        emulator.post(&[
            ("client_id", client_id),
            ("refresh_token", refresh_token),
            ("grant_type", "refresh_token"),
        ])
    };
    let of_other = refresh(SECOND);
    assert_eq!((of_other.status, &of_other.json()["foci"]), (200, &json!("1")));

    let stranger = refresh(PUBLIC);
    stranger.assert_refused("a stranger", 400, "invalid_grant", 70000, "invalid or malformed");
    assert_eq!(stranger.json()["suberror"], "client_mismatch");
    let alone = emulator.post(&with_password()).json();
    assert_eq!(alone["foci"], Value::Null);
}

#[test]
fn the_v1_endpoint_answers_in_its_own_form() {
    let emulator = Emulator::start();
    let path = format!("/{TENANT}/oauth2/token");
    let fields = changed(
        &changed(&with_password(), "scope", ""),
        "resource",
        "https://graph.microsoft.com",
    );
    let json = emulator.post_to(&path, &fields).json();
    assert_eq!(
        (&json["resource"], &json["expires_in"]),
        (&json!("https://graph.microsoft.com"), &json!("3599"))
    );
    assert!(json["expires_on"].as_str().unwrap().parse::<u64>().is_ok(), "{json}");
    assert!(json["refresh_token"].is_string());
    let missing = emulator.post_to(&path, &with_secret());
    missing.assert_refused("no resource", 400, "invalid_request", 900_144, "'resource'");
    let unknown = emulator.post_to(&path, &changed(&fields, "resource", "graph"));
    unknown.assert_refused("unknown resource", 400, "invalid_resource", 500_011, "named graph");
}

/// A user's access token for the confidential client.
fn user_assertion(emulator: &Emulator, scope: &str) -> String {
    let answer = emulator.post(&changed(&with_password(), "scope", scope));
    let json = answer.json();
    json["access_token"]
        .as_str()
        .expect("there is an access token")
        .to_owned()
}

fn on_behalf_of(assertion: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("client_id", CONFIDENTIAL),
        ("client_secret", SECRET),
        ("scope", "User.Read openid offline_access profile"),
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", assertion),
        ("requested_token_use", "on_behalf_of"),
    ]
}

const FOR_CONFIDENTIAL: &str = "api://11111111-1111-1111-1111-111111111111/access_as_user";

#[test]
fn an_application_acts_for_the_user_whose_token_it_got() {
    let emulator = Emulator::start();
    let assertion = user_assertion(&emulator, FOR_CONFIDENTIAL);
    assert_eq!(claims(&assertion)["aud"], format!("api://{CONFIDENTIAL}"));
    for assertion in [
        assertion,
        user_assertion(&emulator, &format!("{CONFIDENTIAL}/access_as_user")),
    ] {
        let answer = emulator.post(&on_behalf_of(&assertion));
        let access = answer.access_claims();
        assert_eq!((&access["upn"], &access["scp"]), (&json!(USER), &json!("User.Read")));
        assert_eq!(
            (&access["appid"], &access["appidacr"]),
            (&json!(CONFIDENTIAL), &json!("1"))
        );
        assert!(answer.json()["refresh_token"].is_string());
    }
}

#[test]
fn only_a_valid_access_token_of_a_user_for_the_application_is_exchanged() {
    let emulator = Emulator::start();
    let assertion = user_assertion(&emulator, FOR_CONFIDENTIAL);
    let (signed, _) = assertion.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(86));
    let confidential = changed(&with_password(), "client_id", CONFIDENTIAL);
    let id_token = emulator.post(&changed(&confidential, "client_secret", SECRET)).json()["id_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let scope = format!("api://{CONFIDENTIAL}/.default");
    let application = emulator.post(&changed(&with_secret(), "scope", &scope)).json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let (for_graph, stranger) = (user_assertion(&emulator, "User.Read"), Emulator::start());
    let foreign = user_assertion(&stranger, FOR_CONFIDENTIAL);
    for (case, assertion, error, code, part) in [
        ("forged", &forged, "invalid_grant", 50013, "signature"),
        ("foreign", &foreign, "invalid_grant", 50013, "signature"),
        (
            "for Graph",
            &for_graph,
            "invalid_grant",
            500_131,
            "'https://graph.microsoft.com'",
        ),
        (
            "an id token",
            &id_token,
            "invalid_client",
            50027,
            "access token of a user",
        ),
        (
            "of an application",
            &application,
            "invalid_client",
            50027,
            "access token of a user",
        ),
        ("no JWT", &"opaque".to_owned(), "invalid_client", 50027, "three parts"),
    ] {
        let status = if error == "invalid_client" { 401 } else { 400 };
        emulator
            .post(&on_behalf_of(assertion))
            .assert_refused(case, status, error, code, part);
    }
    let short = Emulator::start_with(&["--token-lifetime", "0"]);
    let expired = user_assertion(&short, FOR_CONFIDENTIAL);
    short
        .post(&on_behalf_of(&expired))
        .assert_refused("expired", 400, "invalid_grant", 500_133, "not expired");
}

#[test]
fn the_exchange_needs_a_proof_and_every_parameter() {
    let emulator = Emulator::start();
    let assertion = user_assertion(&emulator, FOR_CONFIDENTIAL);
    let fields = on_behalf_of(&assertion);
    for (name, value, status, error, code, part) in [
        (
            "client_secret",
            "",
            401,
            "invalid_client",
            7_000_218,
            "client_assertion",
        ),
        ("assertion", "", 400, "invalid_request", 900_144, "'assertion'"),
        (
            "requested_token_use",
            "",
            400,
            "invalid_request",
            900_144,
            "'requested_token_use'",
        ),
        (
            "requested_token_use",
            "else",
            400,
            "invalid_request",
            90013,
            "not supported",
        ),
        ("scope", "", 400, "invalid_request", 900_144, "'scope'"),
    ] {
        emulator
            .post(&changed(&fields, name, value))
            .assert_refused(name, status, error, code, part);
    }
    let public = changed(&changed(&fields, "client_id", PUBLIC), "client_secret", "");
    emulator
        .post(&public)
        .assert_refused("public", 401, "invalid_client", 7_000_218, "client_assertion");
}
