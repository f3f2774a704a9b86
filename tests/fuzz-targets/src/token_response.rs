//! Responses of the token endpoint, and of whatever answers in its place.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use graphtoken::base::clock::{Clock, from_unix_seconds};
use graphtoken::http::transport::Transport;
use graphtoken::http::{HttpAnswer, HttpRequest};
use graphtoken::{
    Authority, CachePlace, Client, ClientCredentials, ClientSettings, Credential, Grant, Password, RefreshToken,
    Request, RequestSettings, Result, Scopes, Secret,
};

use crate::marked_secret::{CLIENT_SECRET, MarkedSecret, PASSWORD, REFRESH_TOKEN, filled};
use crate::promise::check_error;

/// The secrets of all calls, in the order of their placeholders.
const SECRETS: [MarkedSecret; 3] = [CLIENT_SECRET, PASSWORD, REFRESH_TOKEN];

/// An HTTP response: a status line, headers, an empty line, and the body. Each grant gets it in turn.
pub fn token_response(input: &[u8]) {
    let response = filled(input, &SECRETS);
    let password = Password::new("alice@contoso.com", PASSWORD.secret()).expect("a user has a name and a password");
    let refresh_token = RefreshToken::new(REFRESH_TOKEN.secret()).expect("the refresh token is not empty");
    call(Arc::new(ClientCredentials), &response, &[CLIENT_SECRET], input);
    call(Arc::new(password), &response, &[CLIENT_SECRET, PASSWORD], input);
    call(
        Arc::new(refresh_token),
        &response,
        &[CLIENT_SECRET, REFRESH_TOKEN],
        input,
    );
}

/// A call that sends `secrets`, and shows none of them.
fn call(grant: Arc<dyn Grant>, response: &[u8], secrets: &[MarkedSecret], input: &[u8]) {
    let request = Request::new(grant, Scopes::default(), RequestSettings::default());
    match client(response).acquire(&request, None) {
        Ok(token) => {
            let text = token.access_token.expose();
            let is_printable = text.iter().all(u8::is_ascii_graphic) && !text.is_empty();
            assert!(is_printable, "the access token is no text for a header");
        }
        Err(error) => check_error(&error, secrets, input),
    }
}

fn client(response: &[u8]) -> Client {
    let settings = ClientSettings {
        cache: CachePlace::None,
        retries: 0,
        ..ClientSettings::default()
    };
    let authority = Authority::new("contoso.onmicrosoft.com", None, None).expect("this is a tenant");
    let credential = Credential::from_secret(CLIENT_SECRET.secret()).expect("the secret is not empty");
    let id = "11111111-2222-3333-4444-555555555555";
    let service = Arc::new(Canned(response.to_owned()));
    Client::with_parts(
        authority,
        id,
        Some(credential),
        settings,
        service,
        Arc::new(StoppedClock),
    )
    .expect("the settings are those of a client")
}

/// Answers every request with the same bytes.
struct Canned(Vec<u8>);

impl Transport for Canned {
    fn post(&self, _: &HttpRequest) -> Result<HttpAnswer> {
        Ok(answer(&self.0))
    }
}

/// The answer in the bytes of a response. A status that is missing is 200.
fn answer(response: &[u8]) -> HttpAnswer {
    let mut lines = response.splitn(2, |byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut answer = HttpAnswer {
        status: first
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or(200),
        ..HttpAnswer::default()
    };
    let mut rest = lines.next().unwrap_or_default();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = rest[..end].trim_ascii();
        rest = rest.get(end + 1..).unwrap_or_default();
        if line.is_empty() {
            break;
        }
        add_header(&mut answer, line);
    }
    answer.body = Secret::copy_of(rest);
    answer
}

/// Only text reaches the engine: HTTP allows other bytes in a header, and the transport drops them.
fn add_header(answer: &mut HttpAnswer, line: &[u8]) {
    let Some((name, value)) = std::str::from_utf8(line).ok().and_then(|line| line.split_once(':')) else {
        return;
    };
    let value = value.trim();
    let is_visible = value.chars().all(|c| c == ' ' || c == '\t' || c.is_ascii_graphic());
    let value = is_visible.then(|| value.to_owned());
    match name.to_ascii_lowercase().as_str() {
        "retry-after" => answer.retry_after = value,
        "date" => answer.date = value,
        "location" => answer.location = value,
        _ => {}
    }
}

/// A clock on which no time passes.
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> SystemTime {
        from_unix_seconds(1_800_000_000)
    }

    fn sleep(&self, _: Duration) {}
}
