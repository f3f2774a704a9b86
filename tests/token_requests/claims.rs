//! Claims requests and claims challenges: the token that an API has refused does not come back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphtoken::base::error::Status;
use graphtoken::base::surface::Surface;
use graphtoken::client::Client;
use graphtoken::request::Request;
use graphtoken::request::grant::{ClientCredentials, Grant, RefreshToken};
use graphtoken::token::{Token, TokenSource, UNKNOWN_END};
use serde_json::{Value, json};

use crate::service::{NOW, Service, client_secret, client_settings, plain, request, secret};

const APPLICATION: ClientCredentials = ClientCredentials;
const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
const OTHER_TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

/// The header of an API that demands [`CLAIMS`].
fn header(authority: &str) -> String {
    format!(
        r#"Bearer realm="", authorization_uri="{authority}/oauth2/authorize", error="insufficient_claims", claims="{}""#,
        STANDARD.encode(CLAIMS)
    )
}

fn challenged(grant: impl Grant + 'static, scopes: &str) -> Request {
    let header = header("https://login.microsoftonline.com/common");
    request(grant, scopes, &[("challenge", &header)])
}

fn issued(token: &str) -> String {
    json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token}).to_string()
}

fn text(token: &Token) -> &str {
    token.access_token.expose_text().unwrap()
}

fn sent(service: &Service, name: &str) -> Vec<Option<String>> {
    let value = |body: &str| {
        let mut fields = form_urlencoded(body);
        fields.find_map(|(known, value)| (known == name).then_some(value))
    };
    service.sent().iter().map(|sent| value(&sent.body)).collect()
}

pub fn form_urlencoded(body: &str) -> impl Iterator<Item = (String, String)> + '_ {
    body.split('&').filter_map(|field| {
        let (name, value) = field.split_once('=')?;
        let mut bytes = Vec::new();
        let mut rest = value.as_bytes();
        while let [first, after @ ..] = rest {
            let decoded = (*first == b'%').then(|| u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16));
            bytes.push(decoded.map_or(*first, Result::unwrap));
            rest = if *first == b'%' { &after[2..] } else { after };
        }
        Some((name.to_owned(), String::from_utf8(bytes).unwrap()))
    })
}

#[test]
fn the_new_token_replaces_the_refused_one_in_memory() {
    let service = Service::answering(200, &issued("refused"));
    let client = service.client(client_secret(), &[]);
    assert_eq!(text(&client.acquire(&plain(APPLICATION), None).unwrap()), "refused");
    service.answer(200, &issued("new"));
    let request = challenged(APPLICATION, "");
    assert!(client.cached(&request).is_none());
    let token = client.acquire(&request, None).unwrap();
    assert_eq!((text(&token), token.source), ("new", TokenSource::Network));
    let token = client.acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!((text(&token), token.source), ("new", TokenSource::Cache));
    assert_eq!(sent(&service, "claims"), [None, Some(CLAIMS.to_owned())]);
}

#[test]
fn a_new_token_of_unknown_end_displaces_the_refused_one_too() {
    let service = Service::answering(200, &issued("refused"));
    let client = service.client(client_secret(), &[]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    service.answer(200, r#"{"token_type":"Bearer","access_token":"new"}"#);
    let token = client.acquire(&challenged(APPLICATION, ""), None).unwrap();
    assert_eq!(token.expires_on, UNKNOWN_END);
    assert_eq!(text(&client.acquire(&plain(APPLICATION), None).unwrap()), "new");
    assert_eq!(service.sent().len(), 3);
}

/// A client as in another process: it shares only the file.
fn with_file(service: &Arc<Service>, folder: &Path, capabilities: &str) -> Client {
    let folder = folder.display().to_string();
    let options = [
        ("cache.name", "work"),
        ("cache.folder", folder.as_str()),
        ("cache.protection", "none"),
        ("capabilities", capabilities),
    ];
    service.client_with(client_secret(), client_settings(&options))
}

#[test]
fn the_new_token_replaces_the_refused_one_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::answering(200, &issued("refused"));
    let client = || with_file(&service, folder.path(), "");
    client().acquire(&plain(APPLICATION), None).unwrap();
    service.answer(200, &issued("new"));
    assert_eq!(
        text(&client().acquire(&challenged(APPLICATION, ""), None).unwrap()),
        "new"
    );
    let token = client().acquire(&plain(APPLICATION), None).unwrap();
    assert_eq!((text(&token), token.source), ("new", TokenSource::Cache));
    let content = fs::read_to_string(folder.path().join("work.json")).unwrap();
    assert!(!content.contains("refused"), "{content}");
}

/// A user's token for more scopes is good for fewer, and may live longer than the one that replaces it.
#[test]
fn nor_does_a_refused_token_for_more_scopes_come_back_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let answer = |token: &str, scopes: &str, lifetime: u32| {
        json!({
            "token_type": "Bearer", "expires_in": lifetime, "access_token": token, "scope": scopes,
            "refresh_token": format!("after-{token}"), "client_info": "eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ",
        })
        .to_string()
    };
    let grant = || RefreshToken::new(secret("first")).unwrap();
    let service = Service::answering(200, &answer("refused", "User.Read Mail.Read", 7200));
    let client = || with_file(&service, folder.path(), "");
    client()
        .acquire(&request(grant(), "User.Read Mail.Read", &[]), None)
        .unwrap();
    let token = client().acquire(&request(grant(), "User.Read", &[]), None).unwrap();
    assert_eq!((text(&token), token.source), ("refused", TokenSource::Cache));
    service.answer(200, &answer("new", "User.Read", 3600));
    client().acquire(&challenged(grant(), "User.Read"), None).unwrap();
    let token = client().acquire(&request(grant(), "User.Read", &[]), None).unwrap();
    assert_eq!((text(&token), token.source), ("new", TokenSource::Cache));
    let tokens: Vec<_> = sent(&service, "refresh_token").into_iter().flatten().collect();
    assert_eq!(
        tokens,
        ["first", "after-refused"],
        "the newest refresh token was not used"
    );
}

#[test]
fn a_new_token_of_unknown_end_leaves_no_refused_one_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::answering(200, &issued("refused"));
    with_file(&service, folder.path(), "")
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    service.answer(200, r#"{"token_type":"Bearer","access_token":"new"}"#);
    with_file(&service, folder.path(), "")
        .acquire(&challenged(APPLICATION, ""), None)
        .unwrap();
    let content = fs::read_to_string(folder.path().join("work.json")).unwrap();
    assert!(!content.contains("refused"), "{content}");
}

#[test]
fn capabilities_are_sent_with_every_request_and_keep_tokens_apart() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::issuing();
    let client = with_file(&service, folder.path(), "cp1");
    client.acquire(&plain(APPLICATION), None).unwrap();
    client.acquire(&challenged(APPLICATION, ""), None).unwrap();
    let claims = sent(&service, "claims");
    let claims: Vec<Value> = claims
        .into_iter()
        .flatten()
        .map(|text| serde_json::from_str(&text).unwrap())
        .collect();
    let capabilities = json!({"values": ["cp1"]});
    assert_eq!(claims[0], json!({"access_token": {"xms_cc": capabilities}}));
    let nbf = json!({"essential": true, "value": "1604106651"});
    assert_eq!(claims[1], json!({"access_token": {"xms_cc": capabilities, "nbf": nbf}}));
    for (capabilities, source) in [
        ("cp1", TokenSource::Cache),
        ("", TokenSource::Network),
        ("", TokenSource::Cache),
        ("cp1", TokenSource::Network),
    ] {
        let token = with_file(&service, folder.path(), capabilities).acquire(&plain(APPLICATION), None);
        assert_eq!(token.unwrap().source, source, "{capabilities}");
    }
    let shared = |capabilities| {
        let client = service.client(client_secret(), &[("cache", "process"), ("capabilities", capabilities)]);
        client
            .acquire(&request(APPLICATION, "api://capabilities/.default", &[]), None)
            .unwrap()
            .source
    };
    let sources = ["", "cp1", "", "cp1"].map(shared);
    assert_eq!(
        sources,
        [
            TokenSource::Network,
            TokenSource::Network,
            TokenSource::Cache,
            TokenSource::Cache
        ]
    );
}

#[test]
fn what_the_caller_asks_for_is_united_with_the_challenge() {
    let service = Service::issuing();
    let header = header("https://login.microsoftonline.com/common");
    let asked = r#"{"id_token":{"a":null},"access_token":{"nbf":{"value":"1"},"b":null}}"#;
    let request = request(APPLICATION, "", &[("challenge", &header), ("claims", asked)]);
    service.client(client_secret(), &[]).acquire(&request, None).unwrap();
    let claims: Value = serde_json::from_str(sent(&service, "claims")[0].as_ref().unwrap()).unwrap();
    let nbf = json!({"essential": true, "value": "1604106651"});
    assert_eq!(
        claims,
        json!({"id_token": {"a": null}, "access_token": {"nbf": nbf, "b": null}})
    );
}

#[test]
fn a_challenge_is_answered_once_and_the_next_one_is_the_caller_s() {
    let body = json!({"error": "interaction_required", "error_codes": [50076], "claims": CLAIMS,
        "error_description": "AADSTS50076: more is required."});
    let service = Service::answering(400, &body.to_string());
    let client = service.client(client_secret(), &[]);
    let error = client.acquire(&challenged(APPLICATION, ""), None).unwrap_err();
    assert_eq!(error.status(), Status::InteractionRequired);
    assert_eq!(error.service().unwrap().claims, CLAIMS);
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn the_hint_tells_another_tenant_of_the_challenge_but_nothing_is_sent_there() {
    let body = r#"{"error":"invalid_request","error_description":"AADSTS90013: no","error_codes":[90013]}"#;
    for (tenant, told) in [
        (OTHER_TENANT, false),
        ("fabrikam.example", true),
        ("Contoso.OnMicrosoft.com", false),
        ("common", false),
    ] {
        let service = Service::answering(400, body);
        let header = header(&format!("https://attacker.example/{tenant}"));
        let request = request(APPLICATION, "", &[("challenge", &header)]);
        let error = service
            .client(client_secret(), &[])
            .acquire(&request, None)
            .unwrap_err();
        let hint = error.hint_on(Surface::PowerShell);
        let expected = format!("Check -TenantId: the API that demands the claims is in the tenant {tenant}.");
        assert_eq!(hint.ends_with(&expected), told, "{hint}");
        assert!(service.sent().iter().all(|sent| !sent.url.contains("attacker")));
    }
}

#[test]
fn an_early_renewal_does_not_repeat_the_challenge() {
    let body = r#"{"token_type":"Bearer","expires_in":3600,"refresh_in":1800,"access_token":"t"}"#;
    let service = Service::answering(200, body);
    let client = service.client(client_secret(), &[]);
    client.acquire(&challenged(APPLICATION, ""), None).unwrap();
    *service.now.lock().unwrap() = NOW + 1800 + 181;
    client.acquire(&plain(APPLICATION), None).unwrap();
    service.await_requests(2);
    assert_eq!(sent(&service, "claims"), [Some(CLAIMS.to_owned()), None]);
}
