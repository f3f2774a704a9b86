//! Authorities that are no tenant of Entra: what requests to them contain, and what is refused before one is sent.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use graphtoken::base::error::Status;
use graphtoken::credential::Credential;
use graphtoken::request::grant::{ClientCredentials, OnBehalfOf, Password, RefreshToken};
use graphtoken::request::scope::Scopes;
use graphtoken::request::settings::RequestSettings;
use graphtoken::sign_in::device_code::DeviceCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::assertions::{credential, decoded};
use crate::service::{
    Answer, CLIENT, ENDPOINT, Service, TOKEN, client_secret, client_settings, plain, request, secret,
};

const APPLICATION: ClientCredentials = ClientCredentials;
const ADFS: &str = "https://fs.contoso.com/adfs";
const FLOW: &str = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_SignIn";
const ISSUER: &str = "https://issuer.example/a";

fn password() -> Password {
    Password::new("alice@contoso.example", secret("pw")).unwrap()
}

#[test]
fn adfs_gets_the_resource_in_a_parameter_and_no_client_info() {
    for (scopes, resource) in [
        ("", ""),
        ("https://api.example/.default", "&resource=https%3A%2F%2Fapi.example"),
    ] {
        let service = Service::issuing();
        let client = service.client(client_secret(), &[("authority", ADFS)]);
        client.acquire(&request(APPLICATION, scopes, &[]), None).unwrap();
        let sent = service.sent().remove(0);
        assert_eq!(sent.url, "https://fs.contoso.com/adfs/oauth2/token");
        let expected = format!("client_id={CLIENT}&client_secret=s3cret+value{resource}&grant_type=client_credentials");
        assert_eq!(sent.body, expected);
    }
    let service = Service::issuing();
    let client = service.client(None, &[("authority", ADFS)]);
    client
        .acquire(&request(password(), "https://api.example/read", &[]), None)
        .unwrap();
    assert_eq!(
        service.sent()[0].body,
        format!(
            "client_id={CLIENT}&resource=https%3A%2F%2Fapi.example&scope=openid+offline_access+profile+read\
             &grant_type=password&username=alice%40contoso.example&password=pw"
        )
    );
}

#[test]
fn a_policy_of_b2c_is_an_authority_of_its_own() {
    let service = Service::issuing();
    let settings = |policy: &str| {
        let authority = FLOW.replace("B2C_1_SignIn", policy);
        [
            ("authority".to_owned(), authority),
            ("cache".to_owned(), "process".to_owned()),
        ]
    };
    for (policy, requests) in [("B2C_1_SignIn", 1), ("b2c_1_signin", 1), ("B2C_1_edit", 2)] {
        let options = settings(policy);
        let options = options.each_ref().map(|(key, value)| (key.as_str(), value.as_str()));
        let client = service.client(client_secret(), &options);
        client
            .acquire(
                &request(APPLICATION, "https://contoso.onmicrosoft.com/api/.default", &[]),
                None,
            )
            .unwrap();
        assert_eq!(service.sent().len(), requests, "{policy}");
    }
    let url = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_signin/oauth2/v2.0/token";
    assert_eq!(service.sent()[0].url, url);
}

#[test]
fn errors_of_b2c_have_their_own_numbers() {
    for (number, status, hint) in [
        (
            "AADB2C90118: The user has forgotten their password.",
            Status::InteractionRequired,
            "resets passwords",
        ),
        (
            "AADB2C90091: The user has cancelled.",
            Status::ServiceRejected,
            "cancelled",
        ),
        (
            "AADB2C90225: The username or password is invalid.",
            Status::UserCredentialRejected,
            "password",
        ),
    ] {
        let service = Service::answering(
            400,
            &format!(r#"{{"error":"access_denied","error_description":"{number}"}}"#),
        );
        let client = service.client(None, &[("authority", FLOW)]);
        let error = client.acquire(&request(password(), "", &[]), None).unwrap_err();
        assert_eq!(error.status(), status, "{error}");
        assert!(error.message().contains(number.split(':').next().unwrap()), "{error}");
        assert!(error.hint().contains(hint), "{}", error.hint());
    }
}

#[test]
fn what_an_authority_cannot_do_is_refused_before_anything_is_sent() {
    let service = Service::issuing();
    let refused = |error: graphtoken::Error, says: &str| {
        assert_eq!(error.status(), Status::InvalidArgument, "{error}");
        assert!(error.message().contains(says), "{error}");
        assert!(service.sent().is_empty(), "{error}");
    };
    let b2c = service.client(client_secret(), &[("authority", FLOW)]);
    refused(
        b2c.acquire(&plain(APPLICATION), None).unwrap_err(),
        "No scope was given",
    );
    let device = b2c.authorize_device(&Scopes::default(), &RequestSettings::default(), None);
    refused(device.unwrap_err(), "Azure AD B2C has none");
    for shared in [
        "common",
        "consumers",
        "9188040d-6c67-4c5b-b112-36a304b66dad",
        "organizations",
    ] {
        let authority = format!("https://login.microsoftonline.com/{shared}");
        let client = service.client(client_secret(), &[("authority", &authority)]);
        refused(client.acquire(&plain(APPLICATION), None).unwrap_err(), shared);
        let assertion = OnBehalfOf::new(&secret("a.b.c")).unwrap();
        refused(client.acquire(&request(assertion, "", &[]), None).unwrap_err(), shared);
        if shared != "organizations" {
            refused(client.acquire(&plain(password()), None).unwrap_err(), shared);
        }
    }
    let region = [("authority.region", "westeurope")];
    let client = service.client(client_secret(), &region);
    refused(client.acquire(&plain(password()), None).unwrap_err(), "region");
    let refresh = RefreshToken::new(secret("r")).unwrap();
    refused(client.acquire(&plain(refresh), None).unwrap_err(), "region");
    let device = client.authorize_device(&Scopes::default(), &RequestSettings::default(), None);
    refused(device.unwrap_err(), "region");
    for authority in [ADFS, FLOW, "https://contoso.ciamlogin.com"] {
        let options = client_settings(&[("authority", authority), region[0]]);
        refused(
            service.try_client_with(client_secret(), options).err().unwrap(),
            "no regional endpoints",
        );
    }
    let organizations = service.client(
        None,
        &[("authority", "https://login.microsoftonline.com/organizations")],
    );
    organizations.acquire(&plain(password()), None).unwrap();
}

/// Header and claims of the assertion in a form.
fn assertion_in(body: &str) -> (Value, Value) {
    let (_, rest) = body.split_once("client_assertion=").unwrap();
    decoded(&secret(rest.split('&').next().unwrap()))
}

const REGIONAL: &str = "https://westeurope.login.microsoft.com/contoso.onmicrosoft.com/oauth2/v2.0/token";

#[test]
fn the_region_answers_and_the_authority_stays_the_audience() {
    let service = Service::issuing();
    let credential = credential();
    let client = service.client(credential, &[("authority.region", "WestEurope")]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    let sent = service.sent().remove(0);
    assert_eq!(sent.url, REGIONAL);
    assert_eq!(assertion_in(&sent.body).1["aud"], ENDPOINT);
}

#[test]
fn the_authority_answers_once_if_nothing_answers_in_the_region() {
    for failure in [Status::ConnectionFailed, Status::RequestTimeout] {
        let service = Service::answering_in_turn([Answer::failing(failure), Answer::new(200, TOKEN)]);
        let client = service.client(client_secret(), &[("authority.region", "westeurope")]);
        client.acquire(&plain(APPLICATION), None).unwrap();
        let urls: Vec<_> = service.sent().into_iter().map(|sent| sent.url).collect();
        assert_eq!(urls, [REGIONAL, ENDPOINT]);
        assert!(service.slept().is_empty());
    }
    // No time is left for another.
    let slow = Answer {
        takes: Duration::from_secs(100),
        ..Answer::failing(Status::RequestTimeout)
    };
    let service = Service::answering_in_turn([slow]);
    let client = service.client(client_secret(), &[("authority.region", "westeurope")]);
    client.acquire(&plain(APPLICATION), None).unwrap_err();
    assert_eq!(service.sent().len(), 1);
    // An assertion that was given as text is sent once.
    let service = Service::answering_in_turn([Answer::failing(Status::ConnectionFailed)]);
    let assertion = Credential::from_assertion(&secret("a.b.c")).unwrap();
    let client = service.client(Some(assertion), &[("authority.region", "westeurope")]);
    client.acquire(&plain(APPLICATION), None).unwrap_err();
    assert_eq!(service.sent().len(), 1);
    // Any answer of the region is the answer.
    let service = Service::answering(400, r#"{"error":"invalid_client"}"#);
    let client = service.client(client_secret(), &[("authority.region", "westeurope")]);
    client.acquire(&plain(APPLICATION), None).unwrap_err();
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn a_detected_region_is_that_of_the_environment() {
    let service = Service::issuing();
    let options = [
        ("authority.region", "auto"),
        ("identity.variables", "REGION_NAME=West Europe\0"),
    ];
    service
        .client(client_secret(), &options)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.sent()[0].url, REGIONAL);
}

const METADATA: &str = r#"{"issuer":"https://issuer.example/a","token_endpoint":"https://issuer.example/a/token",
    "device_authorization_endpoint":"https://issuer.example/a/device",
    "token_endpoint_auth_methods_supported":["client_secret_basic","private_key_jwt"]}"#;

fn issuer(metadata: &str) -> Arc<Service> {
    Service::answering_in_turn([Answer::new(200, metadata), Answer::new(200, TOKEN)])
}

const OIDC: [(&str, &str); 2] = [("authority", ISSUER), ("authority.type", "oidc")];

#[test]
fn an_issuer_is_asked_for_its_metadata_once() {
    let service = issuer(METADATA);
    let client = service.client(client_secret(), &OIDC);
    for scopes in ["", "read"] {
        client.acquire(&request(APPLICATION, scopes, &[]), None).unwrap();
    }
    let sent = service.sent();
    let urls: Vec<_> = sent.iter().map(|sent| sent.url.as_str()).collect();
    let metadata = "https://issuer.example/a/.well-known/openid-configuration";
    assert_eq!(
        urls,
        [
            metadata,
            "https://issuer.example/a/token",
            "https://issuer.example/a/token"
        ]
    );
    // RFC 6749 section 2.3.1: "11111111-...:s3cret+value".
    let login = "MTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1OnMzY3JldCt2YWx1ZQ==";
    assert_eq!(sent[1].basic.as_deref(), Some(login));
    assert_eq!(
        sent[1].body,
        format!("client_id={CLIENT}&grant_type=client_credentials")
    );
    assert_eq!(
        sent[2].body,
        format!("client_id={CLIENT}&scope=read&grant_type=client_credentials")
    );
}

#[test]
fn metadata_are_kept_as_long_as_they_say() {
    let metadata = |cache_control| Answer {
        cache_control,
        ..Answer::new(200, METADATA)
    };
    for (header, seconds, requests) in [
        (Some("max-age=60"), 59, 3),
        (Some("max-age=60"), 61, 4),
        (Some("no-store"), 1, 4),
        (None, 24 * 3600 - 1, 3),
        (None, 24 * 3600 + 1, 4),
    ] {
        let token = || Answer::new(200, TOKEN);
        let answers = if requests == 3 {
            vec![metadata(header), token(), token()]
        } else {
            vec![metadata(header), token(), metadata(header), token()]
        };
        let service = Service::answering_in_turn(answers);
        let client = service.client(client_secret(), &[&OIDC[..], &[("cache", "none")]].concat());
        client.acquire(&plain(APPLICATION), None).unwrap();
        service.elapse(Duration::from_secs(seconds));
        client.acquire(&plain(APPLICATION), None).unwrap();
        assert_eq!(service.sent().len(), requests, "{header:?} {seconds}");
    }
}

#[test]
fn the_secret_goes_where_the_issuer_wants_it() {
    let post = METADATA.replace("client_secret_basic", "client_secret_post");
    let service = issuer(&post);
    service
        .client(client_secret(), &OIDC)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    let sent = service.sent();
    assert!(sent[1].body.contains("client_secret=s3cret+value") && sent[1].basic.is_none());
    // Without a list it is the header.
    let silent = METADATA.replace("token_endpoint_auth_methods_supported", "x");
    let service = issuer(&silent);
    service
        .client(client_secret(), &OIDC)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert!(service.sent()[1].basic.is_some());
    let service = issuer(&METADATA.replace("client_secret_basic", "x"));
    let error = service
        .client(client_secret(), &OIDC)
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(
        error.message().contains("client secret") && service.sent().len() == 1,
        "{error}"
    );
}

#[test]
fn an_issuer_that_takes_no_assertions_gets_none() {
    let service = issuer(&METADATA.replace("private_key_jwt", "x"));
    let assertion = Credential::from_assertion(&secret("a.b.c")).unwrap();
    let error = service
        .client(Some(assertion), &OIDC)
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(error.message().contains("token_endpoint_auth_methods_supported") && service.sent().len() == 1);
}

#[test]
fn an_assertion_for_an_issuer_names_its_endpoint_and_is_rs256() {
    let service = issuer(METADATA);
    service
        .client(credential(), &OIDC)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    let body = &service.sent()[1].body;
    let (header, claims) = assertion_in(body);
    assert_eq!(
        (&header["alg"], &claims["aud"]),
        (&json!("RS256"), &json!("https://issuer.example/a/token"))
    );
}

#[test]
fn metadata_of_another_issuer_end_the_call() {
    for (metadata, says) in [
        (
            METADATA.replace("example/a\"", "example/b\""),
            "https://issuer.example/b",
        ),
        (
            METADATA.replace("https://issuer.example/a/token", "http://issuer.example/t"),
            "http://issuer.example/t",
        ),
        ("[]".to_owned(), ""),
        ("<html>".to_owned(), ""),
    ] {
        let service = issuer(&metadata);
        let error = service
            .client(client_secret(), &OIDC)
            .acquire(&plain(APPLICATION), None)
            .unwrap_err();
        assert_eq!(error.status(), Status::MalformedResponse, "{metadata}: {error}");
        assert!(error.message().contains(says), "{error}");
        assert_eq!(service.sent().len(), 1, "{metadata}");
    }
}

#[test]
fn metadata_are_asked_for_again_after_a_transient_failure() {
    let answers = [
        Answer::new(503, ""),
        Answer::new(200, METADATA),
        Answer::new(200, TOKEN),
    ];
    let service = Service::answering_in_turn(answers);
    service
        .client(client_secret(), &OIDC)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.sent().len(), 3);
}

#[test]
fn redirects_of_metadata_stay_on_the_host() {
    let redirect = |location| Answer {
        location: Some(location),
        ..Answer::new(302, "")
    };
    let answers = [
        redirect("/b/configuration"),
        Answer::new(200, METADATA),
        Answer::new(200, TOKEN),
    ];
    let service = Service::answering_in_turn(answers);
    service
        .client(client_secret(), &OIDC)
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    assert_eq!(service.sent()[1].url, "https://issuer.example/b/configuration");
    for (location, requests) in [("https://evil.example/", 1), ("/again", 4)] {
        let service = Service::answering_in_turn([redirect(location)]);
        let error = service
            .client(client_secret(), &OIDC)
            .acquire(&plain(APPLICATION), None)
            .unwrap_err();
        assert_eq!(
            (error.status(), service.sent().len()),
            (Status::MalformedResponse, requests),
            "{error}"
        );
    }
}

#[test]
fn a_device_proves_its_application_where_the_issuer_demands_it() {
    const CODES: &str = r#"{"device_code":"d","user_code":"u","verification_uri":"https://v","expires_in":60}"#;
    let service = Service::answering_in_turn([Answer::new(200, METADATA), Answer::new(200, CODES)]);
    let client = service.client(client_secret(), &OIDC);
    client
        .authorize_device(&Scopes::default(), &RequestSettings::default(), None)
        .unwrap();
    let sent = service.sent().remove(1);
    assert_eq!(sent.url, "https://issuer.example/a/device");
    assert!(sent.basic.is_some() && !sent.body.contains("s3cret"), "{}", sent.body);
    let service = issuer(&METADATA.replace("device_authorization_endpoint", "x"));
    let client = service.client(None, &OIDC);
    let error = client
        .authorize_device(&Scopes::default(), &RequestSettings::default(), None)
        .unwrap_err();
    assert_eq!(
        (error.status(), service.sent().len()),
        (Status::InvalidArgument, 1),
        "{error}"
    );
}

#[test]
fn a_device_at_adfs_names_the_resource() {
    const CODES: &str = r#"{"device_code":"d","user_code":"u","verification_uri":"https://v","expires_in":60}"#;
    let service = Service::answering_in_turn([Answer::new(200, CODES), Answer::new(200, TOKEN)]);
    let client = service.client(None, &[("authority", ADFS)]);
    let scopes = Scopes::parse("https://api.example/read").unwrap();
    let code = DeviceCode::new(&client, scopes, &RequestSettings::default(), None).unwrap();
    client.acquire(&code.request(RequestSettings::default()), None).unwrap();
    let sent = service.sent();
    assert_eq!(sent[0].url, "https://fs.contoso.com/adfs/oauth2/devicecode");
    let scope = "resource=https%3A%2F%2Fapi.example&scope=openid+offline_access+profile+read";
    assert_eq!(sent[0].body, format!("client_id={CLIENT}&{scope}"));
    assert_eq!(sent[1].url, "https://fs.contoso.com/adfs/oauth2/token");
    assert!(!sent[1].body.contains("client_info"), "{}", sent[1].body);
}

/// The options of a cache file in this folder.
fn in_file(folder: &TempDir) -> [(&'static str, String); 3] {
    [
        ("cache.name", "work".to_owned()),
        ("cache.folder", folder.path().display().to_string()),
        ("cache.protection", "none".to_owned()),
    ]
}

fn content(folder: &TempDir) -> Value {
    serde_json::from_slice(&fs::read(folder.path().join("work.json")).unwrap()).unwrap()
}

#[test]
fn a_file_keeps_the_tokens_of_each_policy_apart() {
    let (folder, service) = (tempfile::tempdir().unwrap(), Service::issuing());
    let file = in_file(&folder);
    let acquire = |policy: &str| {
        let authority = FLOW.replace("B2C_1_SignIn", policy);
        let mut options = vec![("authority", authority.as_str())];
        options.extend(file.iter().map(|(key, value)| (*key, value.as_str())));
        let client = service.client(client_secret(), &options);
        let wanted = request(APPLICATION, "https://contoso.onmicrosoft.com/api/.default", &[]);
        client.acquire(&wanted, None).unwrap();
        service.sent().len()
    };
    let requests = ["B2C_1_SignIn", "b2c_1_signin", "B2C_1_edit"].map(acquire);
    assert_eq!(requests, [1, 1, 2]);
    let content = content(&folder);
    let tokens = content["AccessToken"].as_object().unwrap();
    let realms: BTreeSet<&str> = tokens.values().filter_map(|token| token["realm"].as_str()).collect();
    let tenant = "contoso.onmicrosoft.com";
    let expected = ["b2c_1_edit", "b2c_1_signin"].map(|policy| format!("{tenant}/{policy}"));
    assert_eq!(realms, expected.iter().map(String::as_str).collect());
}

#[test]
fn an_account_has_the_type_of_its_authority_in_a_file() {
    const USER: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"issued","refresh_token":"next"}"#;
    for (authority, kind, account_type) in [
        (ADFS, "adfs", "ADFS"),
        (ISSUER, "oidc", "Generic"),
        (FLOW, "b2c", "MSSTS"),
    ] {
        let mut answers = vec![Answer::new(200, USER)];
        if kind == "oidc" {
            answers.insert(0, Answer::new(200, METADATA));
        }
        let (folder, service) = (tempfile::tempdir().unwrap(), Service::answering_in_turn(answers));
        let file = in_file(&folder);
        let mut options = vec![("authority", authority), ("authority.type", kind)];
        options.extend(file.iter().map(|(key, value)| (*key, value.as_str())));
        let refresh = RefreshToken::new(secret("first")).unwrap();
        let client = service.client(None, &options);
        client.acquire(&request(refresh, "read", &[]), None).unwrap();
        let content = content(&folder);
        let accounts = content["Account"].as_object().unwrap();
        let types: Vec<_> = accounts.values().map(|account| &account["authority_type"]).collect();
        assert_eq!(types, [account_type]);
    }
}

#[test]
fn what_an_issuer_repeats_of_the_secret_is_hidden() {
    let login = "MTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1OnMzY3JldCt2YWx1ZQ==";
    let refusal = format!(r#"{{"error":"invalid_client","error_description":"unknown login {login}"}}"#);
    let service = Service::answering_in_turn([Answer::new(200, METADATA), Answer::new(401, refusal)]);
    let client = service.client(client_secret(), &OIDC);
    let device = client.authorize_device(&Scopes::default(), &RequestSettings::default(), None);
    for error in [
        client.acquire(&plain(APPLICATION), None).unwrap_err(),
        device.unwrap_err(),
    ] {
        assert_eq!(error.status(), Status::ClientCredentialRejected);
        assert!(error.message().contains("unknown login"), "{error}");
        assert!(!format!("{error:?}").contains(&login[40..]), "{error:?}");
    }
}
