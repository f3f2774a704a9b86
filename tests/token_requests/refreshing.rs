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
    let service = Service::answering(200, &issued("shared second"));
    let shared = [("cache", "process")];
    let request = with_refresh_token("shared first", "User.Read");
    service.client(None, &shared).acquire(&request, None).unwrap();
    service.client(None, &shared).acquire(&request, None).unwrap();
    service.client(None, &[]).acquire(&request, None).unwrap();
    assert_eq!(
        sent_refresh_tokens(&service),
        ["shared+first", "shared+second", "shared+first"]
    );
}

#[test]
fn a_refused_refresh_token_is_forgotten_and_the_user_must_sign_in() {
    let service = Service::answering(200, &issued("second"));
    let client = service.client(None, &[]);
    client.acquire(&with_refresh_token("first", "User.Read"), None).unwrap();
    for description in ["AADSTS700082: The refresh token has expired.", "no code"] {
        service.answer(
            400,
            &format!(r#"{{"error":"invalid_grant","error_description":"{description}"}}"#),
        );
        let error = client
            .acquire(&with_refresh_token("first", "User.Read"), None)
            .unwrap_err();
        assert_eq!(error.status(), Status::UserCredentialRejected);
        assert!(error.hint().contains("sign in"), "{}", error.hint());
    }
    assert_eq!(sent_refresh_tokens(&service), ["first", "second", "first"]);
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
