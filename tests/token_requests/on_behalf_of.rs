//! Tokens for the user whose access token a caller has sent.

use base64::Engine as _;
use graphtoken::authority::Authority;
use graphtoken::base::error::{Error, Status};
use graphtoken::base::surface::Surface;
use graphtoken::client::Client;
use graphtoken::request::Request;
use graphtoken::request::grant::{ClientCredentials, OnBehalfOf};
use graphtoken::token::TokenSource;
use graphtoken::token::jwt::BASE64URL;
use serde_json::json;

use crate::service::{Answer, CLIENT, Service, client_secret, client_settings, plain, request, secret};

fn on_behalf_of(assertion: &str) -> Request {
    request(OnBehalfOf::new(&secret(assertion)).unwrap(), "User.Read", &[])
}

fn answer(access_token: &str) -> Answer {
    let body = json!({
        "token_type": "Bearer", "expires_in": 3600, "access_token": access_token, "refresh_token": "refreshing",
        "client_info": "eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ", "scope": "User.Read",
    });
    Answer::new(200, body.to_string())
}

fn refusal(body: &serde_json::Value, assertion: &str) -> Error {
    let service = Service::answering(400, &body.to_string());
    let client = service.client(client_secret(), &[]);
    client.acquire(&on_behalf_of(assertion), None).unwrap_err()
}

/// An access token with these claims.
fn token(claims: &serde_json::Value) -> String {
    format!("e30.{}.{}", BASE64URL.encode(claims.to_string()), "signature".repeat(8))
}

#[test]
fn the_request_exchanges_the_callers_token() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[]);
    client.acquire(&on_behalf_of("Bearer eyJ.eyJ.sig\n"), None).unwrap();
    let sent = service.sent().remove(0);
    assert_eq!(
        sent.body,
        format!(
            "client_id={CLIENT}&client_secret=s3cret+value&scope=openid+offline_access+profile+User.Read\
             &grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJ.eyJ.sig\
             &requested_token_use=on_behalf_of&client_info=1"
        )
    );
    assert_eq!(sent.username, "");
}

#[test]
fn a_token_is_cached_for_its_assertion_alone_and_cannot_be_refreshed() {
    let service = Service::answering_in_turn([answer("first"), answer("second")]);
    let client = service.client(client_secret(), &[]);
    let get = |assertion| client.acquire(&on_behalf_of(assertion), None).unwrap();
    let first = get("assertion-1");
    assert_eq!(first.access_token.expose(), b"first");
    assert!(first.refresh_token().is_none());
    let again = get("Bearer assertion-1 ");
    assert_eq!(
        (again.source, again.access_token.expose()),
        (TokenSource::Cache, &b"first"[..])
    );
    let other = get("assertion-2");
    assert_eq!(
        (other.source, other.access_token.expose()),
        (TokenSource::Network, &b"second"[..])
    );
    assert_eq!(service.sent().len(), 2);
}

#[test]
fn a_public_client_is_refused_before_anything_is_sent() {
    let service = Service::issuing();
    let error = service
        .client(None, &[])
        .acquire(&on_behalf_of("eyJ.eyJ.sig"), None)
        .unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(error.message().contains("public client"), "{error}");
    assert!(service.sent().is_empty());
}

#[test]
fn a_token_for_one_tenant_is_not_asked_of_all_of_them() {
    for shared in [
        "common",
        "Organizations",
        "consumers",
        "9188040D-6c67-4c5b-b112-36a304b66dad",
    ] {
        for (wanted, names) in [
            (on_behalf_of("eyJ.eyJ.sig"), "its claim tid"),
            (plain(ClientCredentials), "a domain such as"),
        ] {
            let service = Service::issuing();
            let authority = Authority::new(shared, None, None).unwrap();
            let settings = client_settings(&[]);
            let credential = Some(client_secret());
            let client = Client::with_parts(
                authority,
                CLIENT,
                credential,
                settings,
                service.clone(),
                service.clone(),
            )
            .unwrap();
            let error = client.acquire(&wanted, None).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{shared}");
            assert!(error.hint_on(Surface::Command).starts_with("Set --tenant"), "{error:?}");
            assert!(error.hint().contains(names), "{error:?}");
            assert!(service.sent().is_empty(), "{shared}");
        }
    }
}

#[test]
fn a_refused_assertion_is_compared_with_the_application() {
    let assertion = token(&json!({"aud": "https://graph.microsoft.com", "scp": "User.Read", "exp": 1_800_000_060}));
    for body in [
        json!({"error": "invalid_grant", "error_codes": [500_131], "error_description": "AADSTS500131: Audience."}),
        json!({"error": "invalid_grant"}),
    ] {
        let error = refusal(&body, &assertion);
        assert_eq!(error.status(), Status::UserCredentialRejected);
        let hint = error.hint_on(Surface::PowerShell);
        assert!(hint.starts_with("Set -UserAssertion to an access token"), "{hint}");
        assert!(
            hint.contains("It has audience https://graph.microsoft.com and ends at 2027-01-15"),
            "{hint}"
        );
        assert!(
            !format!("{error:?}").contains(&assertion[assertion.len() - 20..]),
            "{error:?}"
        );
    }
}

#[test]
fn more_that_is_demanded_of_the_user_is_for_the_caller() {
    let claims = r#"{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}"#;
    let body = json!({
        "error": "invalid_grant", "error_codes": [50_076], "error_description": "AADSTS50076: MFA.",
        "suberror": "basic_action", "claims": claims,
    });
    let error = refusal(&body, "eyJ.eyJ.sig");
    assert_eq!(error.status(), Status::InteractionRequired);
    assert_eq!(error.service().unwrap().claims, claims);
    assert!(
        error.hint().starts_with("Return this error's claims to your caller"),
        "{error:?}"
    );
}
