//! Signing in in a browser (RFC 6749 section 4.1, RFC 7636, OpenID Connect Core 1.0 section 3.1).

use serde_json::json;
use test_support::browser::{self, Response, entered, get};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};

use crate::answer::{TokenAnswer as _, claims};
use crate::token_request::{TokenEndpoint as _, changed, encoded};

/// The example of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://localhost:8400";

fn request() -> Vec<(&'static str, &'static str)> {
    vec![
        ("client_id", PUBLIC),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", "User.Read openid offline_access profile"),
        ("state", "a state<\"&"),
        ("nonce", "a nonce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("response_mode", "form_post"),
        ("client_info", "1"),
    ]
}

fn url(emulator: &Emulator, fields: &[(&str, &str)]) -> String {
    format!("{}/oauth2/v2.0/authorize?{}", emulator.authority(), encoded(fields))
}

fn exchange(code: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", PUBLIC),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("client_info", "1"),
    ]
}

fn code(emulator: &Emulator) -> String {
    let response = browser::signed_in(&url(emulator, &request()));
    response.field("code").expect("there is a code").to_owned()
}

#[test]
fn a_user_signs_in_and_the_code_is_exchanged() {
    let emulator = Emulator::start();
    let response = browser::signed_in(&url(&emulator, &request()));
    assert_eq!((response.method, response.redirect_uri.as_str()), ("POST", REDIRECT));
    assert_eq!(response.field("state"), Some("a state<\"&"));
    assert!(response.field("client_info").is_some() && response.field("session_state").is_some());
    let answer = emulator.post(&exchange(response.field("code").unwrap()));
    let (body, access) = (answer.json(), answer.access_claims());
    assert_eq!((&access["upn"], &access["scp"]), (&json!(USER), &json!("User.Read")));
    let id = claims(body["id_token"].as_str().unwrap());
    assert_eq!((&id["nonce"], &id["aud"]), (&json!("a nonce"), &json!(PUBLIC)));
    assert_eq!(id["iss"], response.field("iss").unwrap());
    assert!(body["refresh_token"].is_string() && body["client_info"].is_string());
}

#[test]
fn every_kind_of_authority_has_codes_of_its_own() {
    let emulator = Emulator::start();
    let tenant = TENANT;
    for (authority, authorize, token, name) in [
        ("/adfs".to_owned(), "/oauth2/authorize", "/oauth2/token", "upn"),
        (
            format!("/{tenant}/B2C_1_in"),
            "/oauth2/v2.0/authorize",
            "/oauth2/v2.0/token",
            "tfp",
        ),
        ("/oidc".to_owned(), "/authorize", "/token", "preferred_username"),
    ] {
        let page = format!("{}{authority}{authorize}?{}", emulator.address(), encoded(&request()));
        let response = browser::signed_in(&page);
        let answer = emulator.post_to(
            &format!("{authority}{token}"),
            &exchange(response.field("code").unwrap()),
        );
        let body = answer.json();
        let id = claims(
            body["id_token"]
                .as_str()
                .unwrap_or_else(|| panic!("{authority} {body}")),
        );
        assert_eq!(id["iss"], response.field("iss").unwrap(), "{authority}");
        assert_eq!((&id["nonce"], id[name].is_string()), (&json!("a nonce"), true), "{id}");
        // AD FS and OpenID Connect name no account.
        let knows_account = authority.contains(tenant);
        assert_eq!(response.field("client_info").is_some(), knows_account, "{authority}");
        assert_eq!(body["client_info"].is_string(), knows_account, "{authority}");
    }
    let flow = format!(
        "{}/{tenant}/B2C_1_in/oauth2/v2.0/authorize?{}",
        emulator.address(),
        encoded(&request())
    );
    let declined = entered(&flow, USER, PASSWORD, "decline");
    assert_eq!(declined.field("error"), Some("access_denied"));
    assert!(
        declined.field("error_description").unwrap().starts_with("AADB2C90091"),
        "{declined:?}"
    );
}

#[test]
fn the_query_is_the_default_way_back() {
    let emulator = Emulator::start();
    for mode in ["", "query"] {
        let response = browser::signed_in(&url(&emulator, &changed(&request(), "response_mode", mode)));
        assert_eq!(response.method, "GET");
        assert!(response.field("code").is_some());
        assert_eq!(response.field("state"), Some("a state<\"&"));
    }
}

#[test]
fn a_second_use_of_a_code_revokes_what_came_of_the_first() {
    let emulator = Emulator::start();
    let code = code(&emulator);
    let first = emulator.post(&exchange(&code)).json();
    let token = |body: &serde_json::Value, name: &str| body[name].as_str().unwrap().to_owned();
    let refresh_token = token(&first, "refresh_token");
    let refresh = [
        ("client_id", PUBLIC),
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh_token),
    ];
    let second = emulator.post(&refresh);
    assert_eq!(second.status, 200, "{second:?}");
    assert!(claims(&token(&second.json(), "id_token"))["nonce"].is_null());
    assert_eq!(emulator.resource(&token(&first, "access_token")).status, 200);

    let again = emulator.post(&exchange(&code));
    again.assert_refused("again", 400, "invalid_grant", 54005, "already redeemed");
    for body in [&first, &second.json()] {
        assert_eq!(emulator.resource(&token(body, "access_token")).status, 401);
    }
    emulator
        .post(&refresh)
        .assert_refused("refresh", 400, "invalid_grant", 50173, "revoked");
}

#[test]
fn a_code_is_bound_to_its_request() {
    let emulator = Emulator::start();
    let code = code(&emulator);
    let fields = exchange(&code);
    let other_verifier = "a".repeat(43);
    for (name, value, status, error, number) in [
        ("redirect_uri", "http://localhost:8401", 401, "invalid_client", 500_112),
        ("redirect_uri", "", 400, "invalid_request", 900_144),
        ("code_verifier", &other_verifier, 400, "invalid_grant", 501_481),
        ("code_verifier", CHALLENGE, 400, "invalid_grant", 501_481),
        ("code_verifier", "", 400, "invalid_grant", 501_481),
        ("code", "1.wrong", 400, "invalid_grant", 70000),
        ("code", "", 400, "invalid_request", 900_144),
    ] {
        let answer = emulator.post(&changed(&fields, name, value));
        answer.assert_refused(name, status, error, number, "");
    }
    let mut other = changed(&fields, "client_id", CONFIDENTIAL);
    other.push(("client_secret", SECRET));
    emulator
        .post(&other)
        .assert_refused("another application", 400, "invalid_grant", 70000, "");
    assert_eq!(emulator.post(&fields).status, 200, "nothing of that spent it");
}

#[test]
fn an_unknown_asker_gets_nothing_and_the_user_is_told() {
    let emulator = Emulator::start();
    for (name, value, number) in [
        ("client_id", "33333333-3333-3333-3333-333333333333", 700_016),
        ("client_id", "", 900_144),
        ("redirect_uri", "http://localhost:8400/other", 50011),
        ("redirect_uri", "https://evil.example/<script>", 50011),
        ("redirect_uri", "", 900_144),
    ] {
        let page = get(&url(&emulator, &changed(&request(), name, value)));
        assert_eq!((page.status, page.header("location")), (400, None), "{name}");
        let text = page.text();
        assert!(text.contains(&format!("AADSTS{number}")), "{text}");
        assert!(!text.contains("<script>"), "{text}");
    }
    // An application that says nothing of it is one of this machine.
    let other = Emulator::start_with(&["--app", "44444444-4444-4444-4444-444444444444"]);
    let fields = changed(&request(), "client_id", "44444444-4444-4444-4444-444444444444");
    assert_eq!(get(&url(&other, &fields)).status, 200);
    let elsewhere = changed(&fields, "redirect_uri", "https://app.example");
    assert!(get(&url(&other, &elsewhere)).text().contains("AADSTS50011"));
    let twice = format!("{}&state=2", url(&emulator, &request()));
    assert!(get(&twice).text().contains("AADSTS9002313"));
}

#[test]
fn errors_go_to_the_application() {
    let emulator = Emulator::start();
    for (name, value, error, number) in [
        ("response_type", "", "invalid_request", 900_144),
        ("response_type", "token", "unsupported_response_type", 700_051),
        ("scope", "", "invalid_request", 900_144),
        ("scope", "https://", "invalid_scope", 70011),
        ("code_challenge", "", "invalid_request", 50147),
        ("code_challenge", "short", "invalid_request", 50147),
        ("code_challenge_method", "plain", "invalid_request", 50147),
        ("prompt", "none", "login_required", 50058),
        ("prompt", "other", "invalid_request", 90013),
        ("response_mode", "web_message", "invalid_request", 90013),
        ("claims", "{", "invalid_request", 90100),
    ] {
        let response = Response::of(&get(&url(&emulator, &changed(&request(), name, value))));
        assert_eq!(response.field("error"), Some(error), "{name}");
        let description = response.field("error_description").unwrap();
        assert!(description.starts_with(&format!("AADSTS{number}: ")), "{description}");
        assert_eq!(response.field("state"), Some("a state<\"&"));
        assert!(response.field("iss").is_some() && response.field("code").is_none());
    }
    let mut fields = request();
    let id = "6f1a4b0e-0000-4000-8000-00000000abcd";
    fields.push(("client-request-id", id));
    let declined = entered(&url(&emulator, &fields), USER, PASSWORD, "decline");
    assert_eq!(declined.field("error"), Some("access_denied"));
    let description = declined.field("error_description").unwrap();
    assert!(
        description.starts_with("AADSTS65004: ") && description.contains(id),
        "{description}"
    );
}

#[test]
fn a_browser_whose_user_has_signed_in_is_known() {
    let emulator = Emulator::start();
    let address = url(&emulator, &request());
    let page = browser::post(
        &address,
        &[("username", USER), ("password", PASSWORD), ("action", "sign-in")],
    );
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    let (cookie, _) = cookie.split_once(';').unwrap();
    let with = |fields: &[(&str, &str)], cookie: &str| {
        let path = url(&emulator, fields).replace(emulator.address(), "");
        let answer = emulator
            .client()
            .send("GET", &path, &[("Cookie", cookie)], b"")
            .unwrap();
        answer.text()
    };
    let silent = [&request()[..], &[("prompt", "none")]].concat();
    for fields in [
        silent.clone(),
        request(),
        [&silent[..], &[("login_hint", USER)]].concat(),
    ] {
        assert!(with(&fields, &format!("a=b; {cookie}")).contains("name=\"code\""));
    }
    for fields in [
        silent.clone(),
        [&silent[..], &[("login_hint", "bob@contoso.com")]].concat(),
    ] {
        let cookie = if fields.len() == silent.len() {
            "ESTSAUTH=wrong"
        } else {
            cookie
        };
        assert!(with(&fields, cookie).contains("login_required"));
    }
    let asks = [&request()[..], &[("prompt", "select_account")]].concat();
    assert!(with(&asks, cookie).contains("name=\"password\""));
}

#[test]
fn only_strict_rules_demand_pkce() {
    let without = changed(&changed(&request(), "code_challenge", ""), "code_challenge_method", "");
    let strict = Emulator::start();
    let response = Response::of(&get(&url(&strict, &without)));
    assert!(response.field("error_description").unwrap().contains("AADSTS9002325"));
    let lenient = Emulator::lenient(&[]);
    let code = browser::signed_in(&url(&lenient, &without))
        .field("code")
        .unwrap()
        .to_owned();
    let fields = exchange(&code);
    let answer = lenient.post(&fields);
    answer.assert_refused("a challenge was taken out", 400, "invalid_grant", 501_481, "");
    assert_eq!(lenient.post(&changed(&fields, "code_verifier", "")).status, 200);
}

#[test]
fn an_application_proves_itself_at_the_token_endpoint() {
    let emulator = Emulator::start();
    let response = browser::signed_in(&url(&emulator, &changed(&request(), "client_id", CONFIDENTIAL)));
    let code = response.field("code").unwrap();
    let mut fields = changed(&exchange(code), "client_id", CONFIDENTIAL);
    emulator
        .post(&fields)
        .assert_refused("without proof", 401, "invalid_client", 7_000_218, "");
    fields.push(("client_secret", SECRET));
    assert_eq!(emulator.post(&fields).status, 200);
}

#[test]
fn the_page_has_what_a_person_needs() {
    let emulator = Emulator::start();
    let hint = "alice\"><b>";
    let mut fields = request();
    fields.push(("login_hint", hint));
    let page = get(&url(&emulator, &fields)).text();
    for part in [
        "<html lang=\"en\">",
        "<title>Sign in",
        "<label for=\"username\">",
        "<label for=\"password\">",
        "value=\"alice&quot;&gt;&lt;b&gt;\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("<h1>").count(), 1);
    let wrong = browser::post(
        &url(&emulator, &request()),
        &[("username", USER), ("password", "wrong"), ("action", "sign-in")],
    );
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains("role=\"alert\"") && !wrong.text().contains("value=\"wrong\""));
}

#[test]
fn the_description_of_the_authority_tells_what_it_can() {
    let emulator = Emulator::start();
    let description = get(&format!(
        "{}/v2.0/.well-known/openid-configuration",
        emulator.authority()
    ))
    .json();
    let endpoint = format!("{}/{TENANT}/oauth2/v2.0/authorize", emulator.address());
    assert_eq!(description["authorization_endpoint"], endpoint);
    assert_eq!(description["response_modes_supported"], json!(["query", "form_post"]));
    assert_eq!(description["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(description["authorization_response_iss_parameter_supported"], true);
}

#[test]
fn nothing_secret_of_it_is_in_the_journal() {
    let emulator = Emulator::start();
    let code = code(&emulator);
    emulator.post(&exchange(&code));
    let journal = format!("{:?}", emulator.journal());
    assert!(journal.contains("/oauth2/v2.0/authorize"), "{journal}");
    for secret in [&code, VERIFIER, PASSWORD] {
        assert!(!journal.contains(secret), "{journal}");
    }
}
