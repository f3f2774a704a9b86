//! A token service in memory, and a clock that moves only when a test moves it.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant, SystemTime};

use graphtoken::base::clock::{Clock, from_unix_seconds};
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::client::options::Options;
use graphtoken::client::settings::ClientSettings;
use graphtoken::credential::Credential;
use graphtoken::http::form::Form;
use graphtoken::http::transport::Transport;
use graphtoken::http::{CutOff, HttpAnswer, HttpRequest};
use graphtoken::request::Request;
use graphtoken::request::grant::Grant;
use graphtoken::request::scope::Scopes;
use graphtoken::request::settings::RequestSettings;

pub const NOW: i64 = 1_800_000_000;
pub const TENANT: &str = "contoso.onmicrosoft.com";
pub const CLIENT: &str = "11111111-2222-3333-4444-555555555555";
pub const ENDPOINT: &str = "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token";

/// A request that the service received.
#[derive(Clone, Debug)]
pub struct Sent {
    pub url: String,
    pub body: String,
    pub correlation_id: String,
    pub username: String,
    /// The credentials of `Authorization: Basic`.
    pub basic: Option<String>,
    pub timeout: Option<Duration>,
}

/// A response of the service.
#[derive(Clone, Default)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    pub retry_after: Option<&'static str>,
    pub date: Option<&'static str>,
    pub cut_off: Option<CutOff>,
    pub cache_control: Option<&'static str>,
    pub location: Option<&'static str>,
    /// The error with which the request fails, in place of a response.
    pub failure: Option<Status>,
    /// How long the caller waits for the response.
    pub takes: Duration,
}

impl Answer {
    pub fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self {
            status,
            body: body.as_ref().to_owned(),
            ..Self::default()
        }
    }

    pub fn failing(status: Status) -> Self {
        Self {
            failure: Some(status),
            ..Self::default()
        }
    }
}

/// What the transport sends to its proxy.
pub const PROXY_LOGIN: &str = "proxy-user:proxy-pa55";

pub const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"issued-token"}"#;

/// Returns its answers in turn, the last one repeatedly, and records the requests.
pub struct Service {
    answers: Mutex<VecDeque<Answer>>,
    sent: Mutex<Vec<Sent>>,
    arrival: Condvar,
    gate: Mutex<Gate>,
    gate_moved: Condvar,
    pub now: Mutex<i64>,
    started: Instant,
    slept: Mutex<Vec<Duration>>,
    /// How far the monotonic clock has advanced, besides the pauses.
    elapsed: Mutex<Duration>,
    proxy_login: Secret,
}

#[derive(PartialEq)]
enum Gate {
    Open,
    /// Requests wait for their answers.
    Closed,
    /// The next request panics, as a defect would.
    Broken,
}

impl Service {
    pub fn answering(status: u16, body: &(impl AsRef<[u8]> + ?Sized)) -> Arc<Self> {
        Self::answering_in_turn([Answer::new(status, body)])
    }

    pub fn answering_in_turn(answers: impl Into<VecDeque<Answer>>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into()),
            sent: Mutex::default(),
            arrival: Condvar::new(),
            gate: Mutex::new(Gate::Open),
            gate_moved: Condvar::new(),
            now: Mutex::new(NOW),
            started: Instant::now(),
            slept: Mutex::default(),
            elapsed: Mutex::default(),
            proxy_login: Secret::copy_of(PROXY_LOGIN.as_bytes()),
        })
    }

    pub fn issuing() -> Arc<Self> {
        Self::answering(200, TOKEN)
    }

    /// Sets the only answer from now on.
    pub fn answer(&self, status: u16, body: &str) {
        self.set_answer(Answer::new(status, body));
    }

    /// The same with everything that an answer has.
    pub fn set_answer(&self, answer: Answer) {
        *self.answers.lock().unwrap() = VecDeque::from([answer]);
    }

    /// Makes requests wait for their answers from now on.
    pub fn hold(&self) {
        self.set(Gate::Closed);
    }

    /// Answers the waiting requests, and all others at once.
    pub fn release(&self) {
        self.set(Gate::Open);
    }

    /// Makes waiting and future requests panic.
    pub fn break_down(&self) {
        self.set(Gate::Broken);
    }

    /// Waits until it has received `count` requests in all.
    pub fn await_requests(&self, count: usize) {
        let sent = self.sent.lock().unwrap();
        drop(self.arrival.wait_while(sent, |sent| sent.len() < count).unwrap());
    }

    fn set(&self, gate: Gate) {
        *self.gate.lock().unwrap() = gate;
        self.gate_moved.notify_all();
    }

    /// Advances the monotonic clock, but not the wall clock.
    pub fn elapse(&self, time: Duration) {
        *self.elapsed.lock().unwrap() += time;
    }

    /// The pauses that callers made. They take no real time.
    pub fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap().clone()
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    pub fn client(self: &Arc<Self>, credential: impl Into<Option<Credential>>, options: &[(&str, &str)]) -> Client {
        self.client_with(credential, client_settings(options))
    }

    pub fn client_with(
        self: &Arc<Self>,
        credential: impl Into<Option<Credential>>,
        settings: ClientSettings,
    ) -> Client {
        self.try_client_with(credential, settings).unwrap()
    }

    pub fn try_client_with(
        self: &Arc<Self>,
        credential: impl Into<Option<Credential>>,
        settings: ClientSettings,
    ) -> Result<Client> {
        let tenant = if settings.authority.is_some() { "" } else { TENANT };
        let authority = settings.authority(tenant).or_else(|_| settings.authority(TENANT))?;
        Client::with_parts(
            authority,
            CLIENT,
            credential.into(),
            settings,
            self.clone(),
            self.clone(),
        )
    }
}

impl Transport for Service {
    fn post(&self, request: &HttpRequest) -> Result<HttpAnswer> {
        self.sent.lock().unwrap().push(Sent {
            url: request.url.to_owned(),
            body: String::from_utf8(request.form.as_bytes().to_vec()).unwrap(),
            correlation_id: request.correlation_id.to_owned(),
            username: request.username.to_owned(),
            basic: request
                .basic
                .map(|value| String::from_utf8(value.expose().to_vec()).unwrap()),
            timeout: request.timeout,
        });
        self.arrival.notify_all();
        let gate = self.gate.lock().unwrap();
        let gate = self.gate_moved.wait_while(gate, |gate| *gate == Gate::Closed).unwrap();
        let is_broken = *gate == Gate::Broken;
        drop(gate);
        assert!(!is_broken, "a panic that a test asked for");
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.pop_front().unwrap()
        } else {
            answers[0].clone()
        };
        self.elapse(answer.takes);
        if let Some(status) = answer.failure {
            return Err(Error::new(status, "no answer", ""));
        }
        Ok(HttpAnswer {
            status: answer.status,
            retry_after: answer.retry_after.map(str::to_owned),
            date: answer.date.map(str::to_owned),
            cut_off: answer.cut_off,
            cache_control: answer.cache_control.map(str::to_owned),
            location: answer.location.map(str::to_owned),
            body: Secret::new(answer.body),
            ..HttpAnswer::default()
        })
    }

    /// An empty body tells it from a request for a token.
    fn get(&self, url: &str, correlation_id: &str, timeout: Duration) -> Result<HttpAnswer> {
        self.post(&HttpRequest {
            url,
            form: &Form::default(),
            correlation_id,
            username: "",
            basic: None,
            timeout: Some(timeout),
        })
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.proxy_login)
    }
}

impl Clock for Service {
    fn now(&self) -> SystemTime {
        from_unix_seconds(*self.now.lock().unwrap())
    }

    fn monotonic(&self) -> Instant {
        self.started + self.slept.lock().unwrap().iter().sum::<Duration>() + *self.elapsed.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) {
        self.slept.lock().unwrap().push(duration);
    }
}

pub fn client_settings(options: &[(&str, &str)]) -> ClientSettings {
    let mut all = Options::default();
    for (key, value) in options {
        all.set(key, value).unwrap();
    }
    all.client
}

pub fn request(grant: impl Grant + 'static, scopes: &str, options: &[(&str, &str)]) -> Request {
    let mut all = Options::default();
    for (key, value) in options {
        all.set(key, value).unwrap();
    }
    Request::new(Arc::new(grant), Scopes::parse(scopes).unwrap(), all.request)
}

pub fn plain(grant: impl Grant + 'static) -> Request {
    Request::new(Arc::new(grant), Scopes::default(), RequestSettings::default())
}

pub fn secret(text: &str) -> Secret {
    Secret::copy_of(text.as_bytes())
}

pub fn client_secret() -> Credential {
    Credential::from_secret(secret("s3cret value")).unwrap()
}
