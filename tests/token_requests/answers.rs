//! Responses: usable tokens, refusals, and anything else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphtoken::base::error::{Error, Status};
use graphtoken::credential::Credential;
use graphtoken::request::grant::{ClientCredentials, Password};
use graphtoken::token::AcquiredToken;
use graphtoken::token::jwt::BASE64URL;
use serde_json::json;

use crate::service::{PROXY_LOGIN, Service, client_secret, plain, secret};

fn failure(status: u16, body: &str) -> Error {
    failure_of_bytes(status, body.as_bytes())
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn failure_of_bytes(status: u16, body: &[u8]) -> Error {
    let service = Service::answering(status, body);
    let body = body.escape_ascii().to_string();
    let grant = ClientCredentials;
    let error = service
        .client(client_secret(), &[])
        .acquire(&plain(grant), None)
        .expect_err(&body);
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
        (
            "access_token=opaque&token_type=bearer",
            "text that is not JSON: \"access_token=***&token_type=bearer\"",
        ),
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
fn a_token_has_visible_ascii_characters_only() {
    for character in ["\\r\\n", "\\u001b[2J", "\\u0000", " ", "\u{e4}", "\\u007f", "\u{202e}"] {
        for name in ["access_token", "refresh_token", "id_token"] {
            let mut members = json!({"token_type": "Bearer", "expires_in": 1, "access_token": "t"});
            members[name] = "@".into();
            let body = members.to_string().replace('@', &format!("eyJ0{character}x"));
            let error = failure(200, &body);
            assert_eq!(error.status(), Status::MalformedResponse, "{body}");
            assert!(
                error.message().contains(&format!("in its {name}, which")),
                "{}",
                error.message()
            );
            assert!(!error.message().contains("eyJ0"), "{}", error.message());
        }
    }
}

#[test]
fn a_refusal_is_read_as_far_as_it_can_be_read() {
    for (body, status, message, codes) in [
        (
            &br#"{"error":"invalid_grant","error_description":"AADSTS50126: cut \ud83d"}"#[..],
            Status::UserCredentialRejected,
            "AADSTS50126: cut \u{fffd} (invalid_grant)",
            &[50126][..],
        ),
        (
            b"{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50126: ung\xfcltig\"}",
            Status::UserCredentialRejected,
            "AADSTS50126: ung\u{fc}ltig (invalid_grant)",
            &[50126],
        ),
        (
            &utf_16(r#"{"error":"invalid_grant","error_description":"AADSTS50126: wide"}"#),
            Status::UserCredentialRejected,
            "AADSTS50126: wide (invalid_grant)",
            &[50126],
        ),
        (
            br#"{"error_description":"AADSTS90013: odd"}"#,
            Status::ServiceRejected,
            "AADSTS90013: odd (unnamed error, HTTP 400)",
            &[90013],
        ),
        (
            br#"{"error":{"code":"InvalidAuthenticationToken","message":"Access token is empty.","innerError":{"request-id":"r"}}}"#,
            Status::ServiceRejected,
            "Access token is empty. (InvalidAuthenticationToken, HTTP 400)",
            &[],
        ),
        (
            br#"{"error":{"code":429}}"#,
            Status::ServiceRejected,
            "The service refused the request: 429, HTTP 400 (no description).",
            &[],
        ),
    ] {
        let error = failure_of_bytes(400, body);
        assert_eq!(error.message(), message);
        assert_eq!(error.status(), status, "{message}");
        assert_eq!(error.service().unwrap().codes, codes, "{message}");
    }
}

#[test]
fn controls_and_formatting_characters_are_never_shown() {
    let hostile = "a\u{202e}b\u{2066}c\u{200b}d\u{61c}e\u{feff}f\u{85}g\u{9b}h\u{2028}i\u{1b}j";
    let body = json!({
        "error": hostile, "error_description": hostile, "suberror": hostile, "trace_id": hostile,
        "correlation_id": hostile, "claims": hostile,
    });
    let error = failure(400, &body.to_string());
    let report = error.service().unwrap();
    for text in [
        error.message(),
        error.hint(),
        &report.oauth_error,
        &report.suberror,
        &report.trace_id,
        &report.correlation_id,
        &report.claims,
    ] {
        let bad = |c: &char| c.is_control() || "\u{202e}\u{2066}\u{200b}\u{61c}\u{feff}\u{2028}".contains(*c);
        assert_eq!(text.chars().find(bad), None, "{text:?}");
    }
    let claims = BASE64URL.encode(json!({ "preferred_username": hostile }).to_string());
    let token = success(
        &json!({"token_type": "Bearer", "access_token": "t", "scope": hostile, "id_token": format!("e30.{claims}.s")})
            .to_string(),
    );
    assert_eq!((&*token.scopes, token.username()), ("abcdefghij", "abcdefghij"));
}

#[test]
fn granted_scopes_and_names_of_users_repeat_no_secret() {
    const SECRET: &str = "Zq7~kT9.secretsecret+/42xyzABC";
    let spread: String = SECRET.chars().flat_map(|c| [c, '\u{200b}']).collect();
    for hidden in [
        SECRET,
        &spread,
        "Zq7%7EkT9.secretsecret%2B%2F42xyzABC",
        "Zq7~kT9.secretsecret&plus;/42xyzABC",
        &BASE64URL.encode(SECRET),
        &SECRET[..15],
    ] {
        let claims = BASE64URL.encode(json!({ "preferred_username": hidden }).to_string());
        let id_token = format!("e30.{claims}.s");
        let body = json!({"token_type": "Bearer", "access_token": "t", "scope": hidden, "id_token": id_token});
        let service = Service::answering(200, &body.to_string());
        let token = service
            .client(Credential::from_secret(secret(SECRET)).unwrap(), &[])
            .acquire(&plain(ClientCredentials), None)
            .unwrap();
        for shown in [&*token.scopes, token.username()] {
            assert!(shown.contains("***"), "{hidden} gave {shown}");
            assert!(!shown.contains("secretsecret"), "{hidden} gave {shown}");
        }
    }
}

#[test]
fn a_number_that_is_not_known_is_looked_up_and_not_guessed_at() {
    for oauth_error in ["invalid_grant", "invalid_client", "invalid_request"] {
        let error = failure(400, &format!(r#"{{"error":"{oauth_error}","error_codes":[99999901]}}"#));
        assert!(
            error
                .hint()
                .contains("https://login.microsoftonline.com/error?code=99999901"),
            "{}",
            error.hint()
        );
        for guess in ["user name", "password", "certificate"] {
            assert!(!error.hint().contains(guess), "{}", error.hint());
        }
    }
}

#[test]
fn a_gateway_s_page_is_quoted_and_named_as_such() {
    for (status, body) in [
        (502, "<html><head><title>Bad Gateway: squid at 10.0.0.1</title></head>"),
        (503, "<html><head><title>Bad Gateway: squid at 10.0.0.1</title></head>"),
        (503, r#"{"message":"no upstream (squid at 10.0.0.1)"}"#),
    ] {
        let error = failure(status, body);
        assert_eq!(error.status(), Status::ServiceUnavailable);
        assert!(
            error.message().contains("A proxy or gateway in front of"),
            "{}",
            error.message()
        );
        assert!(error.message().contains("squid at 10.0.0.1"), "{}", error.message());
        assert!(error.hint().contains("proxy or gateway"), "{}", error.hint());
    }
}

#[test]
fn what_a_gateway_says_in_json_is_quoted() {
    for (body, says) in [
        (
            r#"{"statusCode":403,"message":"Access denied due to missing\n subscription key."}"#,
            "HTTP 403 with JSON that is not a token response: \"Access denied due to missing subscription key.\"",
        ),
        (
            r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"Blocked by policy 7."}"#,
            "\"Blocked by policy 7.\"",
        ),
        (r#"{"title":"Forbidden","detail":""}"#, "\"Forbidden\""),
    ] {
        let error = failure(403, body);
        assert_eq!(error.status(), Status::MalformedResponse, "{body}");
        assert!(error.message().contains(says), "{body} gave {}", error.message());
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
            r#"{"error":"invalid_grant","error_codes":[70000]}"#,
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
    let password = "Pa$$w0rd+<corr\u{e9}ct> horse";
    let percent: String = password
        .bytes()
        .fold(String::new(), |text, byte| text + &format!("%{byte:02x}"));
    let lifetime =
        |name: &str| format!(r#"{{"token_type":"Bearer","access_token":"t","expires_in":60,"{name}":"{password}"}}"#);
    for (status, body) in [
        (
            400,
            format!(
                r#"{{"error":"invalid_grant","error_description":"the password {password} is wrong","suberror":"{password}"}}"#
            ),
        ),
        (400, format!("<html><h1>you sent {password} and s3cret value</h1>")),
        (400, format!("<html><title>{percent} s3cret+value</title>")),
        (
            400,
            format!(
                "<html><title>{}</title>",
                STANDARD.encode(format!("a={percent}&b=s3cret+value"))
            ),
        ),
        (400, format!("{{\"error\":\"{password}\"}}")),
        (
            400,
            format!("{{\"error\":{{\"code\":\"{password}\",\"message\":\"s3cret value\"}}}}"),
        ),
        (
            400,
            format!("{{\"error\":\"interaction_required\",\"claims\":\"{password}\"}}"),
        ),
        (503, format!("you sent {percent}")),
        (
            503,
            format!("Proxy-Authorization: Basic {}", STANDARD.encode(PROXY_LOGIN)),
        ),
        (200, lifetime("expires_in")),
        (200, lifetime("refresh_in")),
        (200, lifetime("token_type")),
    ] {
        let service = Service::answering(status, &body);
        let grant = Password::new("alice", secret(password)).unwrap();
        let error = service
            .client(client_secret(), &[("http.retries", "0")])
            .acquire(&plain(grant), None)
            .unwrap_err();
        let everything = format!("{error:?}");
        for hidden in [
            "horse",
            "Pa$$",
            "w0rd",
            "s3cret",
            "%24",
            "corr\u{e9}",
            &STANDARD.encode(PROXY_LOGIN)[..12],
            &STANDARD.encode(&percent)[..12],
        ] {
            assert!(!everything.contains(hidden), "{hidden} in {everything}");
        }
    }
}

/// A token with two slashes in a row, and one of a personal account.
#[test]
fn no_message_repeats_a_token_of_the_same_answer() {
    let slashes = format!("EwB{}//{}", "a8Zq".repeat(20), "x7Lp".repeat(20));
    let personal = format!(
        "M.C5{}!{}*{}$$",
        "Bay0".repeat(10),
        "qrSt".repeat(10),
        "uvWx".repeat(10)
    );
    for token in [slashes, personal, "opaque-but-short-token".to_owned()] {
        let member = |name: &str| json!({"access_token": token, "refresh_token": "r", name: token}).to_string();
        for (status, body) in [
            (200, member("token_type")),
            (200, member("expires_in").replace('}', r#","token_type":"Bearer"}"#)),
            (400, member("error")),
            (400, member("error_description")),
        ] {
            let everything = format!("{:?}", failure(status, &body));
            assert!(!everything.contains(&token[..12]), "{everything}");
        }
    }
    let long = format!("EwB{}//{}", "a8Zq".repeat(20), "x7Lp".repeat(20));
    for body in [
        format!("Bearer {long}"),
        format!("<access_token>{long}</access_token>"),
        format!("access_token: {long}"),
    ] {
        let everything = format!("{:?}", failure(502, &body));
        assert!(!everything.contains(&long[..12]), "{everything}");
    }
}

#[test]
fn scope_and_user_of_an_answer_do_not_repeat_a_secret() {
    let claims = BASE64URL.encode(r#"{"preferred_username":"evil s3cret value"}"#);
    let body = json!({
        "access_token": "t", "token_type": "Bearer", "expires_in": 60, "scope": "s3cret value",
        "id_token": format!("e30.{claims}.e30"),
    });
    let token = success(&body.to_string());
    assert_eq!(&*token.scopes, "***");
    assert_eq!(token.username(), "evil ***");
}

#[test]
fn a_refusal_whose_json_is_damaged_keeps_its_number() {
    for body in [
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid\nsecret.\"}",
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid secret.","more":NaN}"#,
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid secret.",}"#,
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid secret."} and more"#,
        r#"{ "error" : "invalid_client", "error_description":"AADSTS7000215: Invalid sec"#,
    ] {
        let error = failure(401, body);
        assert_eq!(error.status(), Status::ClientCredentialRejected, "{body}");
        assert_eq!(error.service().unwrap().codes, [7_000_215], "{body}");
        assert!(error.message().starts_with("AADSTS7000215: Invalid"), "{error}");
    }
}
