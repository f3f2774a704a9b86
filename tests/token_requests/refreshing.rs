//! Refresh tokens that the service replaces or refuses.

use graphtoken::base::error::Status;
use graphtoken::request::Request;
use graphtoken::request::grant::RefreshToken;

use crate::service::{Service, request, secret};

fn with_refresh_token(token: &str, scopes: &str) -> Request {
    let grant = RefreshToken::new(secret(token)).unwrap();
    request(grant, scopes, &[("force_refresh", "true")])
}

fn issued(refresh_token: &str) -> String {
    format!(r#"{{"token_type":"Bearer","expires_in":3599,"access_token":"t","refresh_token":"{refresh_token}"}}"#)
}

fn sent_refresh_tokens(service: &Service) -> Vec<String> {
    let of_body = |body: String| {
        let field = body.split('&').find_map(|field| field.strip_prefix("refresh_token="));
        field.unwrap_or_default().to_owned()
    };
    service.sent().into_iter().map(|sent| of_body(sent.body)).collect()
}

#[test]
fn a_caller_with_an_old_refresh_token_uses_its_replacement() {
    let service = Service::answering(200, &issued("second"));
    let client = service.client(None, &[]);
    let token = client.acquire(&with_refresh_token("first", "User.Read"), None).unwrap();
    assert_eq!(token.refresh_token().unwrap().expose(), b"second");
    service.answer(200, &issued("third"));
    client
        .acquire(&with_refresh_token("second", "Mail.Read"), None)
        .unwrap();
    service.answer(200, &issued("third"));
    client.acquire(&with_refresh_token("first", "User.Read"), None).unwrap();
    assert_eq!(sent_refresh_tokens(&service), ["first", "second", "third"]);
}

#[test]
fn clients_share_a_replacement_only_through_the_process_s_cache() {
    let service = Service::answering(200, &issued("shared-second"));
    let shared = [("cache", "process")];
    let request = with_refresh_token("shared-first", "User.Read");
    service.client(None, &shared).acquire(&request, None).unwrap();
    service.client(None, &shared).acquire(&request, None).unwrap();
    service.client(None, &[]).acquire(&request, None).unwrap();
    assert_eq!(
        sent_refresh_tokens(&service),
        ["shared-first", "shared-second", "shared-first"]
    );
}

#[test]
fn a_refused_refresh_token_is_forgotten_and_the_user_must_sign_in() {
    for description in [
        "AADSTS50173: revoked",
        "AADSTS70000: x",
        "AADSTS70043: x",
        "AADSTS700082: The refresh token has expired.",
        "AADSTS700084: x",
        "AADSTS99999901: unknown",
        "no number",
    ] {
        let service = Service::answering(200, &issued("second"));
        let client = service.client(None, &[]);
        let request = with_refresh_token("first", "User.Read");
        client.acquire(&request, None).unwrap();
        service.answer(
            400,
            &format!(r#"{{"error":"invalid_grant","error_description":"{description}"}}"#),
        );
        for _ in 0..2 {
            let error = client.acquire(&request, None).unwrap_err();
            assert_eq!(error.status(), Status::InteractionRequired, "{description}");
            assert!(error.hint().contains("sign in"), "{}", error.hint());
        }
        assert_eq!(
            sent_refresh_tokens(&service),
            ["first", "second", "first"],
            "{description}"
        );
    }
}

#[test]
fn a_policy_that_the_user_can_satisfy_keeps_the_refresh_token() {
    let service = Service::answering(200, &issued("second"));
    let client = service.client(None, &[]);
    let request = with_refresh_token("first", "User.Read");
    client.acquire(&request, None).unwrap();
    service.answer(
        400,
        r#"{"error":"invalid_grant","error_description":"AADSTS50076: multi-factor"}"#,
    );
    for _ in 0..2 {
        assert_eq!(
            client.acquire(&request, None).unwrap_err().status(),
            Status::InteractionRequired
        );
    }
    assert_eq!(sent_refresh_tokens(&service), ["first", "second", "second"]);
}

#[test]
fn other_failures_keep_the_refresh_token() {
    let service = Service::answering(200, &issued("second"));
    let client = service.client(None, &[("http.retries", "0")]);
    client.acquire(&with_refresh_token("first", "User.Read"), None).unwrap();
    service.answer(503, "");
    client
        .acquire(&with_refresh_token("first", "User.Read"), None)
        .unwrap_err();
    service.answer(200, &issued("third"));
    client.acquire(&with_refresh_token("first", "User.Read"), None).unwrap();
    assert_eq!(sent_refresh_tokens(&service), ["first", "second", "second"]);
}
