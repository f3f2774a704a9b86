//! Hints that follow from what was sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphtoken::base::error::{Error, Status};
use graphtoken::base::surface::Surface;
use graphtoken::credential::Credential;
use graphtoken::request::grant::{ClientCredentials, Grant, Password, RefreshToken};
use graphtoken::token::jwt::BASE64URL;
use serde_json::{Value, json};

use crate::service::{CLIENT, ENDPOINT, NOW, Service, client_secret, request, secret};

fn refusal(error: &str, code: u32, grant: impl Grant + 'static, credential: Option<Credential>, scopes: &str) -> Error {
    let body = json!({"error": error, "error_codes": [code], "error_description": format!("AADSTS{code}: Refused.")});
    let service = Service::answering(400, &body.to_string());
    let client = service.client(credential, &[]);
    client.acquire(&request(grant, scopes, &[]), None).unwrap_err()
}

fn secret_hint(given: &str, code: u32) -> String {
    let credential = Credential::from_secret(secret(given)).unwrap();
    let error = refusal("invalid_client", code, ClientCredentials, Some(credential), "");
    assert!(!format!("{error:?}").contains(given.trim()), "{error:?}");
    error.hint_on(Surface::PowerShell).to_owned()
}

fn password(text: &str) -> Password {
    Password::new("alice@contoso.com", secret(text)).unwrap()
}

#[test]
fn a_refused_secret_with_an_odd_form_is_doubted_first() {
    for (given, says) in [
        ("\"s3cret value\"", "begins or ends with a quotation mark"),
        ("s3cret value\n", "begins or ends with white space"),
        (&STANDARD.encode("s3cret value"), "looks like Base64"),
    ] {
        let hint = secret_hint(given, 7_000_215);
        assert!(
            hint.starts_with("Check -ClientSecret first: the client secret "),
            "{hint}"
        );
        assert!(hint.contains(says) && hint.contains("Use the secret's value"), "{hint}");
    }
    assert!(secret_hint("s3cret value", 7_000_215).starts_with("Use the secret's value"));
    assert!(
        !secret_hint("s3cret value\n", 7_000_222).contains("white space"),
        "an expired secret was recognised"
    );
}

#[test]
fn so_are_passwords_and_refresh_tokens() {
    let hint = |code, grant: Password| {
        refusal("invalid_grant", code, grant, None, "User.Read")
            .hint()
            .to_owned()
    };
    let odd = hint(50_126, password("hunter22 "));
    assert!(
        odd.starts_with("Check argument password first: the password begins"),
        "{odd}"
    );
    assert!(odd.contains("Check the user name and password"), "{odd}");
    assert!(!hint(50_126, password("hunter22")).contains("first"));
    assert!(
        !hint(50_034, password("hunter22 ")).contains("white space"),
        "the user is unknown"
    );

    let token = RefreshToken::new(secret("'0.AXYA-refresh'")).unwrap();
    let error = refusal("invalid_grant", 70_000, token, None, "User.Read");
    assert!(
        error
            .hint()
            .contains("the refresh token begins or ends with a quotation mark"),
        "{}",
        error.hint()
    );
}

#[test]
fn a_server_without_numbers_is_treated_alike() {
    let service = Service::answering(401, r#"{"error":"invalid_client","error_description":"MSIS9622: no"}"#);
    let credential = Credential::from_secret(secret("s3cret value ")).unwrap();
    let error = service
        .client(credential, &[])
        .acquire(&request(ClientCredentials, "", &[]), None)
        .unwrap_err();
    assert_eq!(error.status(), Status::ClientCredentialRejected);
    assert!(error.hint().contains("white space"), "{}", error.hint());
}

#[test]
fn scopes_of_two_resources_need_two_requests() {
    let hint = |code, scopes| {
        let error = refusal("invalid_scope", code, password("hunter22"), None, scopes);
        error.hint_on(Surface::Command).to_owned()
    };
    let two = "https://graph.microsoft.com/.default https://vault.azure.net/.default";
    for code in [70_011, 28_000, 1_002_012] {
        let hint = hint(code, two);
        let says =
            "a token is for one resource, and --scope names https://graph.microsoft.com and https://vault.azure.net.";
        assert!(hint.ends_with(says), "{hint}");
    }
    let mixed = hint(70_011, "https://graph.microsoft.com/.default User.Read");
    assert!(
        mixed.starts_with("Use either <resource>/.default or the names of permissions in --scope"),
        "{mixed}"
    );
    assert!(hint(70_011, "User.Read").contains("applications use <resource>/.default"));
    assert!(!hint(50_126, two).contains("one resource"));
}

fn assertion(claims: &Value) -> String {
    format!("e30.{}.c2lnbmF0dXJl", BASE64URL.encode(claims.to_string()))
}

#[test]
fn an_assertion_from_elsewhere_is_shown_beside_what_was_expected() {
    let hint = |code, text: &str| {
        let credential = Credential::from_assertion(&secret(text)).unwrap();
        let error = refusal("invalid_client", code, ClientCredentials, Some(credential), "");
        assert!(!error.hint().contains("c2lnbmF0dXJl"), "{}", error.hint());
        error.hint_on(Surface::Command).to_owned()
    };
    let expired = json!({"iss": CLIENT, "sub": CLIENT, "aud": ENDPOINT, "nbf": NOW - 900, "exp": NOW - 300});
    for code in [700_024, 50_013] {
        let hint = hint(code, &assertion(&expired));
        assert!(
            hint.starts_with("Set --client-assertion-file to a new client assertion"),
            "{hint}"
        );
        assert!(
            hint.contains("valid from 2027-01-15T07:45:00Z to 2027-01-15T07:55:00Z"),
            "{hint}"
        );
        assert!(hint.contains(&format!("audience {ENDPOINT}")), "{hint}");
        assert!(!hint.contains("clock"), "{hint}");
    }
    let federated = json!({"iss": "https://issuer.example", "sub": "repo:a/b", "aud": "api://x", "exp": NOW + 300});
    for code in [700_027, 700_213, 70_021] {
        let hint = hint(code, &assertion(&federated));
        assert!(
            hint.contains("issuer https://issuer.example, subject repo:a/b and audience api://x"),
            "{hint}"
        );
        assert!(
            hint.contains("federated credential") && !hint.contains("certificate"),
            "{hint}"
        );
    }
    assert!(hint(700_027, "no-jwt").contains("This is not a JSON Web Token"));
    // What blames no assertion: a public client, an application that is disabled or not there, and what is not known.
    for code in [700_025, 7_000_112, 7_000_229, 700_016, 90_033, 999_999] {
        let hint = hint(code, &assertion(&federated));
        assert!(
            !hint.contains("Compare") && !hint.contains("assertion"),
            "{code}: {hint}"
        );
    }
}

#[test]
fn a_pasted_assertion_is_sent_without_what_surrounded_it() {
    let service = Service::issuing();
    let credential = Credential::from_assertion(&secret(" \"a.b.c\"\r\n")).unwrap();
    let client = service.client(credential, &[]);
    client.acquire(&request(ClientCredentials, "", &[]), None).unwrap();
    assert!(service.sent()[0].body.contains("client_assertion=a.b.c&"));
}

#[test]
fn a_secret_is_sent_as_it_was_given() {
    let service = Service::issuing();
    let credential = Credential::from_secret(secret(" \"s\" ")).unwrap();
    service
        .client(credential, &[])
        .acquire(&request(ClientCredentials, "", &[]), None)
        .unwrap();
    assert!(
        service.sent()[0].body.contains("client_secret=+%22s%22+&"),
        "{}",
        service.sent()[0].body
    );
    let user = request(
        Password::new(" 'alice@contoso.com'\n", secret(" p ")).unwrap(),
        "User.Read",
        &[],
    );
    service.client(None, &[]).acquire(&user, None).unwrap();
    let body = &service.sent()[1].body;
    assert!(body.contains("username=alice%40contoso.com&password=+p+&"), "{body}");
}

#[test]
fn other_refusals_keep_their_hint() {
    let error = refusal(
        "unauthorized_client",
        700_016,
        ClientCredentials,
        Some(client_secret()),
        "",
    );
    assert!(error.hint().starts_with("Check the client id"), "{}", error.hint());
}

#[test]
fn a_grant_of_the_application_blames_no_user() {
    let service = Service::answering(400, r#"{"error":"invalid_grant"}"#);
    let client = service.client(client_secret(), &[]);
    let error = client.acquire(&request(ClientCredentials, "", &[]), None).unwrap_err();
    assert!(!error.hint().contains("password"), "{}", error.hint());
    assert!(error.hint().contains("no user took part"), "{}", error.hint());
}
