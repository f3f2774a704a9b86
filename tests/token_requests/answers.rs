//! Responses: usable tokens, refusals, and anything else.

use graphtoken::base::error::{Error, Status};
use graphtoken::request::grant::{ClientCredentials, Password};
use graphtoken::token::AcquiredToken;

use crate::service::{Service, client_secret, plain, secret};

fn failure(status: u16, body: &str) -> Error {
    let service = Service::answering(status, body);
    let grant = ClientCredentials;
    let error = service
        .client(client_secret(), &[])
        .acquire(&plain(grant), None)
        .expect_err(body);
    assert!(!error.hint().is_empty(), "{body}");
    assert_eq!(
        error.service().map_or(status, |report| report.http_status),
        status,
        "{body}"
    );
    error
}

fn success(body: &str) -> AcquiredToken {
    let service = Service::answering(200, body);
    let grant = ClientCredentials;
    service
        .client(client_secret(), &[])
        .acquire(&plain(grant), None)
        .expect(body)
}

#[test]
fn harmless_deviations_are_accepted() {
    for body in [
        "\u{feff}{\"token_type\":\"bearer\",\"expires_in\":\"3599\",\"access_token\":\"t\",\"other\":{\"x\":[1]}}",
        r#"{"access_token":"old","token_type":"BEARER","expires_in":1,"access_token":"t"}"#,
    ] {
        assert_eq!(success(body).access_token.expose(), b"t");
    }
    let full = success(
        r#"{"token_type":"Bearer","expires_in":86400,"refresh_in":"43200","scope":"a b","access_token":"t",
            "refresh_token":"r","id_token":"e30.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhbGljZSJ9.s"}"#,
    );
    assert_eq!(&*full.scopes, "a b");
    assert_eq!(full.username(), "alice");
    assert!(full.refresh_on.unwrap() < full.expires_on);
}

#[test]
fn a_success_without_a_usable_token_is_malformed() {
    for (body, says) in [
        ("", "an empty body"),
        ("  \r\n", "an empty body"),
        ("{}", "no access_token"),
        (
            r#"{"access_token":"","token_type":"Bearer","expires_in":1}"#,
            "no access_token",
        ),
        (
            r#"{"access_token":null,"token_type":"Bearer","expires_in":1}"#,
            "no access_token",
        ),
        (r#"{"access_token":"t","expires_in":1}"#, "no token_type"),
        (
            r#"{"access_token":"t","token_type":"pop","expires_in":1}"#,
            "token_type \"pop\"",
        ),
        (r#"{"access_token":"t","token_type":"Bearer"}"#, "no expires_in"),
        (
            r#"{"access_token":"t","token_type":"Bearer","expires_in":0}"#,
            "expires_in = 0",
        ),
        (
            r#"{"access_token":"t","token_type":"Bearer","expires_in":-1}"#,
            "expires_in = -1",
        ),
        (
            r#"{"access_token":"t","token_type":"Bearer","expires_in":3599.5}"#,
            "expires_in = 3599.5",
        ),
        (
            r#"{"access_token":"t","token_type":"Bearer","expires_in":9999999999999}"#,
            "expires_in = 9999999999999",
        ),
        (
            r#"{"access_token":"t","token_type":"Bearer","expires_in":"soon"}"#,
            "expires_in = \"soon\"",
        ),
        (
            r#"{"access_token":"t","token_type":"Bearer","expires_in":1,"refresh_in":[]}"#,
            "refresh_in = []",
        ),
        ("[1]", "JSON that is not a token response"),
        ("\"t\"", "JSON that is not a token response"),
        (r#"{"access_token":"eyJ0"#, "JSON that is damaged or truncated"),
        ("access_token=t", "text that is not JSON: \"access_token=t\""),
        (
            "<html><head><title>Sign in to Wi-Fi</title>",
            "a web page: \"Sign in to Wi-Fi\"",
        ),
        (
            "<html>\n<h1>Access\tdenied\u{1b}[0m</h1>",
            "a web page: \"Access denied",
        ),
    ] {
        let error = failure(200, body);
        assert_eq!(error.status(), Status::MalformedResponse, "{body}");
        assert!(error.message().contains(says), "{body} gave {}", error.message());
        assert!(error.hint().contains("proxy"), "{body}");
        assert!(!error.message().contains("eyJ0") && !error.message().contains('\u{1b}'));
    }
}

#[test]
fn the_hint_follows_the_text_of_the_refusal() {
    let error = failure(
        401,
        r#"{"error":"invalid_client","error_description":"AADSTS700027: Client assertion contains an invalid signature. [Reason - The key was found, but use of the key to verify the signature failed.]",
            "error_codes":[700027]}"#,
    );
    assert_eq!(error.status(), Status::ClientCredentialRejected);
    assert!(error.hint().contains("another key"), "{}", error.hint());
}

#[test]
fn a_refusal_keeps_all_details_of_the_service() {
    let error = failure(
        401,
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: t Correlation ID: c Timestamp: 2026",
            "error_codes":[7000215],"timestamp":"x","trace_id":"trace-1","correlation_id":"corr-1","suberror":"bad_token"}"#,
    );
    assert_eq!(error.status(), Status::ClientCredentialRejected);
    assert_eq!(
        error.message(),
        "AADSTS7000215: Invalid client secret provided. (invalid_client)"
    );
    assert!(error.hint().contains("secret's value"));
    let report = error.service().unwrap();
    assert_eq!(
        (report.oauth_error.as_str(), report.suberror.as_str()),
        ("invalid_client", "bad_token")
    );
    assert_eq!(report.codes, [7_000_215]);
    assert_eq!(
        (report.trace_id.as_str(), report.correlation_id.as_str()),
        ("trace-1", "corr-1")
    );
}

#[test]
fn each_refusal_has_its_kind() {
    for (http, body, status) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"AADSTS50126: x"}"#,
            Status::UserCredentialRejected,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_codes":[50076]}"#,
            Status::InteractionRequired,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_codes":["50079"]}"#,
            Status::InteractionRequired,
        ),
        (400, r#"{"error":"interaction_required"}"#, Status::InteractionRequired),
        (
            400,
            r#"{"error":"invalid_grant","claims":"{}"}"#,
            Status::InteractionRequired,
        ),
        (
            400,
            r#"{"error":"unauthorized_client","error_codes":[700016]}"#,
            Status::ServiceRejected,
        ),
        (
            400,
            r#"{"error":"temporarily_unavailable"}"#,
            Status::ServiceUnavailable,
        ),
        (429, r#"{"error":"too_many"}"#, Status::Throttled),
        (429, r#"{"error":"temporarily_unavailable"}"#, Status::Throttled),
        (429, "slow down", Status::Throttled),
        (503, "", Status::ServiceUnavailable),
        (502, "<h1>Bad gateway</h1>", Status::ServiceUnavailable),
        (
            200,
            r#"{"error":"invalid_client","access_token":"t"}"#,
            Status::ClientCredentialRejected,
        ),
        (400, r#"{"error":7}"#, Status::ServiceRejected),
        (407, "<html>", Status::ProxyFailed),
        (404, "<html>", Status::MalformedResponse),
        (302, "", Status::MalformedResponse),
        (
            201,
            r#"{"access_token":"t","token_type":"Bearer","expires_in":1}"#,
            Status::MalformedResponse,
        ),
    ] {
        assert_eq!(failure(http, body).status(), status, "{http} {body}");
    }
}

#[test]
fn a_refusal_without_description_names_the_oauth_error() {
    let error = failure(400, r#"{"error":"invalid_scope"}"#);
    assert!(error.message().contains("invalid_scope"), "{}", error.message());
}

#[test]
fn no_message_quotes_a_secret_of_the_request() {
    let password = "corr\u{e9}ct horse";
    for body in [
        format!(
            r#"{{"error":"invalid_grant","error_description":"the password {password} is wrong","suberror":"{password}"}}"#
        ),
        format!("<html><h1>you sent {password} and s3cret value</h1>"),
        format!("{{\"error\":\"{password}\"}}"),
    ] {
        let service = Service::answering(400, &body);
        let grant = Password::new("alice", secret(password)).unwrap();
        let error = service
            .client(client_secret(), &[])
            .acquire(&plain(grant), None)
            .unwrap_err();
        let everything = format!("{error:?}");
        assert!(
            !everything.contains("horse") && !everything.contains("s3cret"),
            "{everything}"
        );
    }
}
