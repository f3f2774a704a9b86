//! Tokens for the managed identity of a machine.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use graphtoken::base::clock::{Clock, from_unix_seconds, unix_seconds};
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::http::HttpAnswer;
use graphtoken::http::metadata::{MetadataRequest, MetadataTransport};
use graphtoken::managed_identity::{self, ManagedIdentity};
use graphtoken::request::grant::{ClientCredentials, RefreshToken};
use graphtoken::token::TokenSource;
use serde_json::json;

use crate::service::{NOW, client_settings, plain, request, secret};

const HEADER: &str = "h3ader/secret+value==";

/// Gives its answers in turn, the last one for ever. Pauses take no time.
struct Machine {
    answers: Mutex<VecDeque<Result<HttpAnswer>>>,
    sent: Mutex<Vec<Sent>>,
    slept: Mutex<Vec<u64>>,
    /// In seconds, beside what was slept.
    elapsed: Mutex<u64>,
    started: Instant,
    is_held: Mutex<bool>,
    came: Condvar,
    released: Condvar,
}

#[derive(Clone, Debug, PartialEq)]
struct Sent {
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    timeout: Duration,
}

impl Machine {
    fn answering(answers: impl IntoIterator<Item = Result<HttpAnswer>>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into_iter().collect()),
            sent: Mutex::default(),
            slept: Mutex::default(),
            elapsed: Mutex::default(),
            is_held: Mutex::default(),
            came: Condvar::new(),
            released: Condvar::new(),
            started: Instant::now(),
        })
    }

    fn client(self: &Arc<Self>, variables: &[(&str, &str)], options: &[(&str, &str)]) -> Result<Client> {
        let block: String = variables
            .iter()
            .flat_map(|(name, value)| [*name, "=", *value, "\0"])
            .collect();
        let settings = client_settings(&[&[("identity.variables", &*block)], options].concat());
        let platform = managed_identity::platform(&settings.identity)?;
        Client::of_platform(platform, &settings, self.clone(), self.clone())
    }

    /// Lets every answer wait, or no longer.
    fn hold(&self, is_held: bool) {
        *self.is_held.lock().unwrap() = is_held;
        self.released.notify_all();
    }

    /// Waits until so many requests have come.
    fn await_requests(&self, count: usize) {
        let mut sent = self.sent.lock().unwrap();
        while sent.len() < count {
            sent = self.came.wait(sent).unwrap();
        }
    }

    fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    fn slept(&self) -> Vec<u64> {
        self.slept.lock().unwrap().clone()
    }
}

impl MetadataTransport for Machine {
    fn send(&self, request: &MetadataRequest) -> Result<HttpAnswer> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let headers = request.headers.iter();
        self.sent.lock().unwrap().push(Sent {
            url: request.url.to_owned(),
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), text(value.expose())))
                .collect(),
            body: request.form.map(|form| text(form.as_bytes())),
            timeout: request.timeout,
        });
        self.came.notify_all();
        let mut is_held = self.is_held.lock().unwrap();
        while *is_held {
            is_held = self.released.wait(is_held).unwrap();
        }
        drop(is_held);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.pop_front().unwrap()
        } else {
            copy(&answers[0])
        };
        drop(answers);
        answer
    }
}

impl Clock for Machine {
    fn now(&self) -> SystemTime {
        from_unix_seconds(NOW) + Duration::from_secs(*self.elapsed.lock().unwrap())
    }

    fn monotonic(&self) -> Instant {
        let slept: u64 = self.slept.lock().unwrap().iter().sum();
        self.started + Duration::from_secs(slept + *self.elapsed.lock().unwrap())
    }

    fn sleep(&self, duration: Duration) {
        self.slept.lock().unwrap().push(duration.as_secs());
    }
}

fn copy(answer: &Result<HttpAnswer>) -> Result<HttpAnswer> {
    let answer = answer.as_ref().map_err(Clone::clone)?;
    Ok(HttpAnswer {
        status: answer.status,
        retry_after: answer.retry_after.clone(),
        location: answer.location.clone(),
        challenge: answer.challenge.clone(),
        body: answer.body.clone(),
        ..HttpAnswer::default()
    })
}

#[expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "the lists of answers have texts, JSON and errors side by side"
)]
fn answer(status: u16, body: impl ToString) -> Result<HttpAnswer> {
    Ok(HttpAnswer {
        status,
        body: Secret::copy_of(body.to_string().as_bytes()),
        ..HttpAnswer::default()
    })
}

fn issued(lifetime: u32) -> Result<HttpAnswer> {
    answer(
        200,
        json!({
            "access_token": "issued-token", "token_type": "Bearer", "expires_in": lifetime.to_string(),
            "resource": "https://graph.microsoft.com/", "client_id": "6f1a4b0e-0000-4000-8000-000000000000",
        }),
    )
}

fn headers(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

const APP_SERVICE: [(&str, &str); 2] = [
    ("IDENTITY_ENDPOINT", "http://localhost:42356/msi/token?x=y"),
    ("IDENTITY_HEADER", HEADER),
];

fn error_of(
    variables: &[(&str, &str)],
    answers: impl IntoIterator<Item = Result<HttpAnswer>>,
) -> (Error, Arc<Machine>) {
    let machine = Machine::answering(answers);
    let client = machine.client(variables, &[]).unwrap();
    (client.acquire(&plain(ClientCredentials), None).unwrap_err(), machine)
}

#[test]
fn each_platform_gets_its_own_request() {
    const GUID: &str = "6f1a4b0e-0000-4000-8000-000000000000";
    let metadata = ("Metadata", "true");
    for (variables, options, url, sent, body) in [
        (
            &[][..],
            &[("identity.client_id", GUID)][..],
            "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01\
             &resource=https%3A%2F%2Fgraph.microsoft.com&client_id=6f1a4b0e-0000-4000-8000-000000000000",
            &[metadata][..],
            None,
        ),
        (
            &[("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9000/x/")],
            &[("identity.resource_id", "/subscriptions/a b&c=d"), ("cloud", "usgov")],
            "http://127.0.0.1:9000/metadata/identity/oauth2/token?api-version=2018-02-01\
             &resource=https%3A%2F%2Fgraph.microsoft.us&msi_res_id=%2Fsubscriptions%2Fa+b%26c%3Dd",
            &[metadata],
            None,
        ),
        (
            &APP_SERVICE,
            &[("identity.object_id", GUID)],
            "http://localhost:42356/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fgraph.microsoft.com\
             &object_id=6f1a4b0e-0000-4000-8000-000000000000",
            &[("X-IDENTITY-HEADER", HEADER), metadata],
            None,
        ),
        (
            &[
                (
                    "IDENTITY_ENDPOINT",
                    "https://10.0.0.4:2377/metadata/identity/oauth2/token",
                ),
                ("IDENTITY_HEADER", HEADER),
                ("IDENTITY_SERVER_THUMBPRINT", "0123456789abcdef0123456789ABCDEF01234567"),
            ],
            &[("identity.object_id", GUID)],
            "https://10.0.0.4:2377/metadata/identity/oauth2/token?api-version=2019-07-01-preview\
             &resource=https%3A%2F%2Fgraph.microsoft.com&principalId=6f1a4b0e-0000-4000-8000-000000000000",
            &[("Secret", HEADER)],
            None,
        ),
        (
            &[
                ("MSI_ENDPOINT", "http://127.0.0.1:46808/MSI/auth"),
                ("MSI_SECRET", HEADER),
                ("DEFAULT_IDENTITY_CLIENT_ID", GUID),
            ],
            &[],
            "http://127.0.0.1:46808/MSI/auth?api-version=2017-09-01&resource=https%3A%2F%2Fgraph.microsoft.com\
             &clientid=6f1a4b0e-0000-4000-8000-000000000000",
            &[("secret", HEADER), metadata],
            None,
        ),
        (
            &[("MSI_ENDPOINT", "http://localhost:50342/oauth2/token")],
            &[],
            "http://localhost:50342/oauth2/token",
            &[metadata],
            Some("resource=https%3A%2F%2Fgraph.microsoft.com"),
        ),
    ] {
        let machine = Machine::answering([answer(200, json!({"access_token": "issued-token", "expires_in": 3600}))]);
        let client = machine.client(variables, options).unwrap();
        let token = client.acquire(&plain(ClientCredentials), None).unwrap();
        assert_eq!(token.access_token.expose(), b"issued-token");
        let expected = Sent {
            url: url.to_owned(),
            headers: headers(sent),
            body: body.map(str::to_owned),
            timeout: Duration::from_secs(30),
        };
        assert_eq!(machine.sent(), [expected]);
    }
}

#[test]
fn a_token_is_cached_and_renewed_in_the_middle_of_a_long_life() {
    let machine = Machine::answering([issued(86_400)]);
    let client = machine.client(&[], &[]).unwrap();
    let request = plain(ClientCredentials);
    let first = client.acquire(&request, None).unwrap();
    assert_eq!(
        (first.source, unix_seconds(first.expires_on)),
        (TokenSource::Network, NOW + 86_400)
    );
    assert_eq!(first.refresh_on.map(unix_seconds), Some(NOW + 43_200));
    assert_eq!(&*first.scopes, "https://graph.microsoft.com/.default");
    assert_eq!(first.holder.client_id, "6f1a4b0e-0000-4000-8000-000000000000");
    assert_eq!(client.acquire(&request, None).unwrap().source, TokenSource::Cache);
    assert_eq!(machine.sent().len(), 1);
    for (option, value) in [
        ("force_refresh", "true"),
        ("claims", r#"{"access_token":{}}"#),
        ("challenge", r#"Bearer error="insufficient_claims", claims="e30=""#),
    ] {
        let forced = crate::service::request(ClientCredentials, "", &[(option, value)]);
        assert_eq!(
            client.acquire(&forced, None).unwrap().source,
            TokenSource::Network,
            "{option}"
        );
        assert!(!machine.sent().last().unwrap().url.contains("claims"), "{option}");
    }

    let short = Machine::answering([issued(7200)]);
    let token = short.client(&[], &[]).unwrap().acquire(&request, None).unwrap();
    assert_eq!(token.refresh_on, None);
}

#[test]
fn service_fabric_is_told_which_token_was_refused() {
    let variables = [
        (
            "IDENTITY_ENDPOINT",
            "https://10.0.0.4:2377/metadata/identity/oauth2/token",
        ),
        ("IDENTITY_HEADER", HEADER),
        ("IDENTITY_SERVER_THUMBPRINT", "0123456789abcdef0123456789ABCDEF01234567"),
    ];
    let challenge = [("challenge", r#"Bearer error="insufficient_claims", claims="e30=""#)];
    let machine = Machine::answering([issued(3600)]);
    let client = machine.client(&variables, &[]).unwrap();
    let wanted = request(ClientCredentials, "", &challenge);
    // Nothing is known to be refused yet.
    client.acquire(&wanted, None).unwrap();
    client.acquire(&plain(ClientCredentials), None).unwrap();
    client.acquire(&wanted, None).unwrap();
    client
        .acquire(&request(ClientCredentials, "", &[("force_refresh", "true")]), None)
        .unwrap();
    let ends: Vec<String> = machine
        .sent()
        .iter()
        .map(|sent| sent.url.split("graph.microsoft.com").nth(1).unwrap().to_owned())
        .collect();
    // The SHA-256 of "issued-token".
    let refused = "5d7706e905989cb8bd1d1ceb4d68978647ce800c8f884de00494de21a2cc9c5f";
    let expected = format!("&xms_cc=cp1&token_sha256_to_refresh={refused}");
    assert_eq!(ends, ["&xms_cc=cp1", &expected, ""]);
}

#[test]
fn a_token_due_for_renewal_is_returned_at_once_and_renewed_once() {
    let machine = Machine::answering([issued(86_400)]);
    let client = machine.client(&[], &[]).unwrap();
    let request = plain(ClientCredentials);
    client.acquire(&request, None).unwrap();
    *machine.elapsed.lock().unwrap() = 60_000;
    machine.hold(true);
    for _ in 0..3 {
        let token = client.acquire(&request, None).unwrap();
        assert_eq!(token.source, TokenSource::Cache);
        assert_eq!(unix_seconds(token.expires_on), NOW + 86_400);
    }
    machine.await_requests(2);
    machine.hold(false);
    while unix_seconds(client.acquire(&request, None).unwrap().expires_on) == NOW + 86_400 {
        thread::yield_now();
    }
    assert_eq!(machine.sent().len(), 2);
}

#[test]
fn callers_for_the_same_token_share_one_request() {
    let machine = Machine::answering([issued(3600)]);
    let client = machine.client(&[], &[]).unwrap();
    machine.hold(true);
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || client.acquire(&plain(ClientCredentials), None).unwrap().source)
        })
        .collect();
    machine.await_requests(1);
    machine.hold(false);
    let sources: Vec<TokenSource> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    let sent = |source: &&TokenSource| **source == TokenSource::Network;
    assert_eq!(sources.iter().filter(sent).count(), 1);
    assert_eq!(machine.sent().len(), 1);
}

#[test]
fn a_probe_tells_the_service_from_what_else_answers() {
    let probe = |variables: &[(&str, &str)], outcome: Result<HttpAnswer>| {
        let machine = Machine::answering([outcome]);
        let block: String = variables
            .iter()
            .flat_map(|(name, value)| [*name, "=", *value, "\0"])
            .collect();
        let settings = client_settings(&[("identity.variables", &block)]);
        let platform = managed_identity::platform(&settings.identity).unwrap();
        let scope = "https://graph.microsoft.com/.default";
        let limits = (3, Duration::from_secs(100));
        let identity = ManagedIdentity::new(platform, "", scope, limits, machine.clone(), machine.clone());
        (identity.probe(&plain(ClientCredentials)), machine)
    };
    let refused = json!({"error": "invalid_request", "error_description": "Required metadata header not specified"});
    let (is_there, machine) = probe(&[], answer(400, &refused));
    is_there.unwrap();
    let sent = machine.sent();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].headers.is_empty(), "{sent:?}");
    assert_eq!(sent[0].timeout, Duration::from_secs(1));
    let address = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=";
    assert!(sent[0].url.starts_with(address), "{sent:?}");
    for status in [200, 400, 410, 429, 500] {
        assert!(probe(&[], answer(status, "")).0.is_ok(), "{status}");
    }
    for outcome in [
        answer(403, "{}"),
        answer(404, ""),
        answer(200, " <html>Sign in to the hotel</html>"),
        Err(Error::new(Status::ConnectionFailed, "Nothing answers.", "")),
        Err(Error::new(Status::RequestTimeout, "Timed out.", "")),
    ] {
        let (outcome, machine) = probe(&[], outcome);
        let error = outcome.unwrap_err();
        assert_eq!(error.status(), Status::ConnectionFailed, "{error}");
        assert_eq!(machine.sent().len(), 1, "it is not asked again");
        assert!(machine.slept().is_empty());
    }
    let (outcome, machine) = probe(&APP_SERVICE, answer(404, ""));
    outcome.unwrap();
    assert!(machine.sent().is_empty(), "the variables say that it is there");
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_sent() {
    let machine = Machine::answering([issued(3600)]);
    let client = machine.client(&[], &[]).unwrap();
    for wanted in [
        plain(RefreshToken::new(secret("refreshing")).unwrap()),
        request(ClientCredentials, "User.Read", &[]),
        request(
            ClientCredentials,
            "https://a.example/.default https://b.example/.default",
            &[],
        ),
    ] {
        assert_eq!(
            client.acquire(&wanted, None).unwrap_err().status(),
            Status::InvalidArgument
        );
    }
    for options in [
        &[("authority", "https://login.example/contoso")][..],
        &[("cache.name", "work")],
        &[("capabilities", "cp1")],
        &[("cache.redis", "redis://localhost")],
        &[
            ("identity.client_id", "6f1a4b0e-0000-4000-8000-000000000000"),
            ("identity.resource_id", "/subscriptions/x"),
        ],
    ] {
        let error = machine.client(&[], options).err().unwrap();
        assert_eq!(error.status(), Status::InvalidArgument, "{options:?}");
    }
    assert!(machine.sent().is_empty());
    let error = client.assertion(None).unwrap_err();
    assert_eq!(error.status(), Status::CredentialMissing);
}

#[test]
fn an_application_has_no_managed_identity() {
    let id = [("identity.client_id", "6f1a4b0e-0000-4000-8000-000000000000")];
    let error = Client::new("contoso.example", "app", None, client_settings(&id))
        .err()
        .unwrap();
    assert_eq!(error.status(), Status::InvalidArgument);
}

#[test]
fn refusals_become_errors_that_say_what_to_do() {
    let said = |text: &str| json!({"error": "invalid_request", "error_description": text});
    let fabric = |code: &str| json!({"error": {"code": code, "message": "no", "correlationId": "c-1"}});
    for (variables, status, body, kind, hint) in [
        (
            &[][..],
            400,
            said("Identity not found"),
            Status::ClientCredentialRejected,
            "Assign the identity",
        ),
        (
            &[],
            400,
            said("Multiple user assigned identities exist, please specify the clientId"),
            Status::ClientCredentialRejected,
            "Name one of them with option identity.client_id",
        ),
        (
            &[],
            400,
            said("AADSTS500011: no such resource"),
            Status::ServiceRejected,
            "Check that the resource",
        ),
        (
            &[],
            403,
            said("forbidden"),
            Status::ClientCredentialRejected,
            "Check that this program",
        ),
        (
            &APP_SERVICE,
            400,
            json!({"statusCode": 400, "message": "No User Assigned or Delegated Managed Identity found for specified ClientId"}),
            Status::ClientCredentialRejected,
            "Assign the identity",
        ),
        (
            &APP_SERVICE,
            400,
            fabric("ManagedIdentityNotFound"),
            Status::ClientCredentialRejected,
            "Assign",
        ),
        (
            &APP_SERVICE,
            400,
            fabric("ArgumentNullOrEmpty"),
            Status::ServiceRejected,
            "Check that the resource",
        ),
        (
            &APP_SERVICE,
            502,
            fabric("BadGateway"),
            Status::ServiceUnavailable,
            "Try again later",
        ),
    ] {
        let (error, machine) = error_of(variables, [answer(status, &body)]);
        assert_eq!(error.status(), kind, "{body}");
        assert!(error.hint().starts_with(hint), "{body}: {error:?}");
        assert_eq!(error.service().unwrap().http_status, status);
        assert_eq!(machine.sent().len(), 1, "{body}");
    }
    let (error, _) = error_of(&APP_SERVICE, [answer(400, fabric("X"))]);
    assert_eq!(error.service().unwrap().correlation_id, "c-1");
}

#[test]
fn something_else_at_the_address_is_no_platform() {
    let redirect = Ok(HttpAnswer {
        status: 302,
        location: Some("http://login.hotel.example/".to_owned()),
        ..HttpAnswer::default()
    });
    let page = "<html><title>Welcome</title></html>";
    for (variables, given, kind) in [
        (&[][..], redirect, Status::MalformedResponse),
        (&[], answer(200, page), Status::ConnectionFailed),
        (&[], answer(403, page), Status::ConnectionFailed),
        (&APP_SERVICE, answer(200, page), Status::MalformedResponse),
        (&APP_SERVICE, answer(200, "{}"), Status::MalformedResponse),
        (
            &[],
            answer(200, json!({"access_token": "t"})),
            Status::MalformedResponse,
        ),
        (
            &[],
            answer(200, json!({"access_token": "t\n", "expires_in": 1})),
            Status::MalformedResponse,
        ),
        (
            &[],
            answer(200, json!({"access_token": "t", "expires_in": 1, "token_type": "pop"})),
            Status::MalformedResponse,
        ),
        (
            &[],
            answer(
                200,
                json!({"access_token": "t", "expires_in": 1, "resource": "https://vault.azure.net"}),
            ),
            Status::MalformedResponse,
        ),
    ] {
        let (error, machine) = error_of(variables, [given]);
        assert_eq!(error.status(), kind, "{error}");
        assert_eq!(machine.sent().len(), 1, "{error}");
    }
}

#[test]
fn an_update_of_the_metadata_service_is_waited_for() {
    let gone = || answer(410, "");
    let machine = Machine::answering((0..7).map(|_| gone()).chain([issued(3600)]));
    let client = machine.client(&[], &[]).unwrap();
    client.acquire(&plain(ClientCredentials), None).unwrap();
    assert_eq!(machine.slept(), [10; 7]);

    let (error, machine) = error_of(&[], [gone()]);
    assert_eq!((error.status(), machine.sent().len()), (Status::ServiceUnavailable, 8));
    let (error, machine) = error_of(
        &[],
        [
            answer(404, "{}"),
            answer(429, "{}"),
            answer(500, "{}"),
            answer(503, "{}"),
        ],
    );
    assert_eq!(
        (error.status(), machine.slept()),
        (Status::ServiceUnavailable, vec![1, 2, 4])
    );
    let refused = Err(Error::new(Status::ConnectionFailed, "no", ""));
    let (error, machine) = error_of(&[], [refused]);
    assert_eq!((error.status(), machine.sent().len()), (Status::ConnectionFailed, 2));
}

#[test]
fn the_time_limit_holds_for_all_attempts() {
    let machine = Machine::answering([answer(410, "")]);
    let client = machine.client(&[], &[("http.timeout_seconds", "25")]).unwrap();
    let error = client.acquire(&plain(ClientCredentials), None).unwrap_err();
    assert!(error.ran_out_of_time(), "{error:?}");
    assert_eq!(machine.slept(), [10, 10]);
    let limits: Vec<u64> = machine.sent().iter().map(|sent| sent.timeout.as_secs()).collect();
    assert_eq!(limits, [25, 15, 5]);
}

#[test]
fn no_message_has_a_secret_of_the_platform() {
    let (error, _) = error_of(
        &APP_SERVICE,
        [answer(
            400,
            json!({"statusCode": 400, "message": format!("the header was {HEADER}")}),
        )],
    );
    assert!(error.message().contains("***"), "{error}");
    assert!(!format!("{error:?}").contains(HEADER), "{error:?}");
    let options = client_settings(&[("identity.variables", &format!("IDENTITY_HEADER={HEADER}\0"))]);
    assert!(!format!("{options:?}").contains(HEADER));
}

#[test]
fn a_token_of_arc_without_a_challenge_is_refused() {
    let arc = [
        ("IDENTITY_ENDPOINT", "http://127.0.0.1:1/"),
        ("IMDS_ENDPOINT", "http://127.0.0.1:1/"),
    ];
    let challenge = |text: &str| {
        Ok(HttpAnswer {
            status: 401,
            challenge: Some(text.to_owned()),
            ..HttpAnswer::default()
        })
    };
    for (given, kind) in [
        (issued(3600), Status::MalformedResponse),
        (answer(401, "{}"), Status::MalformedResponse),
        (challenge("Bearer realm=/x.key"), Status::MalformedResponse),
        (challenge("Basic realm=/etc/shadow"), Status::InvalidArgument),
        (
            answer(400, json!({"error": "invalid_request", "error_description": "no"})),
            Status::ServiceRejected,
        ),
    ] {
        let (error, machine) = error_of(&arc, [given]);
        assert_eq!((error.status(), machine.sent().len()), (kind, 1), "{error}");
    }
}
