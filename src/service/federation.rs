//! Assertions from the systems that run workloads: GitHub Actions and Azure Pipelines give each job a token service of
//! its own ("Workload identity federation").

use std::env;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;
use ureq::http::Uri;
use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::loopback::is_loopback;
use crate::base::parameter::{FEDERATION_REQUEST_URL, Parameter, SERVICE_CONNECTION_ID};
use crate::base::pasted;
use crate::base::percent_encoding::push_form_value;
use crate::base::quote::quote;
use crate::base::secret::Secret;
use crate::credential::assertion_source::{AssertionSource, Wanted, checked};
use crate::http::HttpAnswer;
use crate::http::bare::{BareMethod, BareRequest, BareTransport};
use crate::http::https::HttpsTransport;
use crate::http::transport::TransportSettings;
use crate::service::response::Asked;
use crate::service::response::report::{hint_for_unavailable, report};
use crate::service::retry::{Next, Retries};

/// Where a token service is and what it demands, in place of the variables of the environment.
#[derive(Clone, Debug, Default)]
pub struct FederationSettings {
    /// Its address, in place of `ACTIONS_ID_TOKEN_REQUEST_URL` and `SYSTEM_OIDCREQUESTURI`.
    pub request_url: Option<String>,
    /// The bearer token, in place of `ACTIONS_ID_TOKEN_REQUEST_TOKEN` and `SYSTEM_ACCESSTOKEN`.
    pub request_token: Option<Secret>,
}

/// The token service of a job. It is asked anew for each token request.
pub struct WorkloadService {
    system: System,
    /// With its query, but without what each request adds.
    url: String,
    token: Secret,
    /// The service connection; empty for GitHub.
    connection_id: String,
    connected: Option<Connected>,
}

/// What a client has given it.
struct Connected {
    transport: Arc<dyn BareTransport>,
    retries: u32,
}

impl WorkloadService {
    /// The token service of the workflow of GitHub Actions that runs this process ("OpenID Connect reference").
    ///
    /// # Errors
    /// `CredentialMissing` if the variables of the environment are missing, `InvalidArgument` if they cannot be used.
    pub fn github_actions(settings: &FederationSettings) -> Result<Self> {
        Self::new(&GITHUB_ACTIONS, settings, String::new())
    }

    /// The token service of the job of Azure Pipelines that runs this process, for a service connection: that of
    /// `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID` if `connection_id` is empty (`azure_pipelines.py` of azure-identity).
    ///
    /// # Errors
    /// As for GitHub Actions.
    pub fn azure_pipelines(connection_id: &str, settings: &FederationSettings) -> Result<Self> {
        let connection_id = match pasted::id(connection_id) {
            id if id.is_empty() => variable(CONNECTION_VARIABLE).unwrap_or_default(),
            id => id,
        };
        if connection_id.is_empty() {
            return Err(Error::new(
                Status::CredentialMissing,
                format!("No service connection was given, and the variable {CONNECTION_VARIABLE} is not set."),
                format!("Set {SERVICE_CONNECTION_ID} to the id of the Azure Resource Manager service connection."),
            ));
        }
        Self::new(&AZURE_PIPELINES, settings, connection_id)
    }

    fn new(system: System, settings: &FederationSettings, connection_id: String) -> Result<Self> {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let url = settings.request_url.as_ref().and_then(given);
        let url = url.or_else(|| variable(system.url_variable));
        let token = settings.request_token.clone().filter(|token| !token.is_empty());
        let token = token.or_else(|| variable(system.token_variable).map(|token| Secret::new(token.into_bytes())));
        let url = url.ok_or_else(|| system.missing(system.url_variable))?;
        let token = token.ok_or_else(|| system.missing(system.token_variable))?;
        check_url(&url, system)?;
        if token.expose().iter().any(|byte| !byte.is_ascii_graphic()) {
            return Err(Error::new(
                Status::InvalidArgument,
                format!(
                    "The value of {} is not a token: it contains white space, control characters or non-ASCII characters.",
                    system.token_variable
                ),
                system.token_hint,
            ));
        }
        Ok(Self {
            system,
            url,
            token,
            connection_id,
            connected: None,
        })
    }

    fn ask(&self, connected: &Connected, wanted: &Wanted<'_>) -> Result<Secret> {
        let url = self.request_url(wanted.audience);
        log::debug!("asking {} for a client assertion", self.system.name);
        let answer = connected.transport.send(&BareRequest {
            method: self.system.method,
            url: &url,
            headers: self.system.headers,
            bearer: &self.token,
            timeout: wanted.left(),
        })?;
        log::debug!("{} answered HTTP {}", self.system.name, answer.status);
        self.read(&answer, connected, wanted.clock.now())
    }

    /// The address with what this request adds. Each value is percent-encoded.
    fn request_url(&self, audience: &str) -> String {
        let added: &[(&str, &str)] = match self.system.method {
            BareMethod::Get => &[("audience", audience)],
            BareMethod::Post => &[("api-version", "7.1"), ("serviceConnectionId", &self.connection_id)],
        };
        let mut url = self.url.clone().into_bytes();
        for (name, value) in added {
            url.push(if url.contains(&b'?') { b'&' } else { b'?' });
            url.extend_from_slice(name.as_bytes());
            url.push(b'=');
            push_form_value(&mut url, value.as_bytes());
        }
        String::from_utf8(url).unwrap_or_default()
    }

    fn read(&self, answer: &HttpAnswer, connected: &Connected, now: SystemTime) -> Result<Secret> {
        let secrets: Vec<&Secret> = [Some(&self.token), connected.transport.proxy_login()]
            .into_iter()
            .flatten()
            .collect();
        let asked = Asked {
            endpoint: &self.url,
            correlation_id: "",
            secrets: &secrets,
            sent_refresh_token: false,
            now,
        };
        let report = report(answer, &asked);
        let body = parsed(&answer.body);
        let member = |name: &str| body.as_ref().and_then(|body| body.get(name)?.as_str());
        if answer.status == 200 && answer.cut_off.is_none() {
            let token = member(self.system.member).map(|text| Zeroizing::new(text.to_owned()));
            let token = token.map(|text| Secret::copy_of(text.as_bytes())).unwrap_or_default();
            if let Some(token) = checked(&token, &format!("The token of {}", self.system.name), self.parameter())? {
                return Ok(token);
            }
        }
        let said = member("message").map(|text| format!(": {}", quote(text, &secrets).trim_end_matches('.')));
        let said = said.unwrap_or_default();
        let (name, http) = (self.system.name, answer.status);
        let (status, message, hint) = match http {
            401 | 403 => self.rejected(&said, http),
            // The page on which a user would sign in.
            203 | 302 if self.system.method == BareMethod::Post => self.rejected(": it asks for a sign-in", http),
            408 | 429 | 500..=599 => {
                let status = if http == 429 {
                    Status::Throttled
                } else {
                    Status::ServiceUnavailable
                };
                let message = format!("{name} is not available (HTTP {http}){said}.");
                (status, message, hint_for_unavailable(status, &report))
            }
            300..=399 => (
                Status::MalformedResponse,
                format!("{name} answered with a redirect (HTTP {http}), which is not followed."),
                format!("Check the variable {}.", self.system.url_variable),
            ),
            400..=499 => (
                Status::ServiceRejected,
                format!("{name} refused the request (HTTP {http}){said}."),
                format!(
                    "Check the variable {}, and what the service says.",
                    self.system.url_variable
                ),
            ),
            _ => (
                Status::MalformedResponse,
                format!("{name} answered with HTTP {http}, but without a token."),
                format!(
                    "Check the variable {}, the proxy settings, and whether a proxy or firewall answers in place of \
                     the service.",
                    self.system.url_variable
                ),
            ),
        };
        Err(Error::new(status, message, hint).with_service(report))
    }

    fn rejected(&self, said: &str, http: u16) -> (Status, String, String) {
        let Facts {
            name, token_variable, ..
        } = self.system;
        (
            Status::ClientCredentialRejected,
            format!("{name} did not accept the token of {token_variable} (HTTP {http}){said}."),
            self.system.token_hint.to_owned(),
        )
    }
}

impl AssertionSource for WorkloadService {
    /// The errors of the last attempt, as for token requests.
    fn assertion(&self, wanted: &Wanted<'_>) -> Result<Secret> {
        let own;
        let connected = if let Some(connected) = &self.connected {
            connected
        } else {
            own = Connected::new(&TransportSettings::default(), &self.url, RETRIES)?;
            &own
        };
        let mut retries = Retries::new(connected.retries);
        loop {
            let error = match self.ask(connected, wanted) {
                Ok(assertion) => return Ok(assertion),
                Err(error) => error,
            };
            match retries.next(&error, wanted.left()) {
                Next::Again(pause) => {
                    log::info!("retrying in {} ms after: {error}", pause.as_millis());
                    wanted.clock.sleep(pause);
                }
                Next::NoTime => return Err(error.out_of_time()),
                Next::Never => return Err(error),
            }
        }
    }

    fn proof(&self) -> (&'static str, &[u8]) {
        (self.system.kind, self.connection_id.as_bytes())
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.token)
    }

    fn parameter(&self) -> &'static Parameter {
        match self.system.method {
            BareMethod::Get => &FEDERATION_REQUEST_URL,
            BareMethod::Post => &SERVICE_CONNECTION_ID,
        }
    }

    fn connected(&self, settings: &TransportSettings, retries: u32) -> Option<Result<Arc<dyn AssertionSource>>> {
        Some(Connected::new(settings, &self.url, retries).map(|connected| {
            Arc::new(Self {
                system: self.system,
                url: self.url.clone(),
                token: self.token.clone(),
                connection_id: self.connection_id.clone(),
                connected: Some(connected),
            }) as _
        }))
    }
}

impl Connected {
    fn new(settings: &TransportSettings, url: &str, retries: u32) -> Result<Self> {
        Ok(Self {
            transport: HttpsTransport::shared(settings, url)?,
            retries,
        })
    }
}

impl fmt::Debug for WorkloadService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "WorkloadService({})", self.system.kind)
    }
}

type System = &'static Facts;

/// What differs between the systems.
struct Facts {
    /// In cache keys.
    kind: &'static str,
    name: &'static str,
    method: BareMethod,
    headers: &'static [(&'static str, &'static str)],
    /// The member of the answer that has the token.
    member: &'static str,
    url_variable: &'static str,
    token_variable: &'static str,
    /// What to do when it is missing or refused.
    token_hint: &'static str,
}

const GITHUB_ACTIONS: Facts = Facts {
    kind: "GitHub Actions",
    name: "GitHub's token service",
    method: BareMethod::Get,
    headers: &[("Accept", "application/json")],
    member: "value",
    url_variable: "ACTIONS_ID_TOKEN_REQUEST_URL",
    token_variable: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    token_hint: "Run this in a job of GitHub Actions that has the permission `permissions: id-token: write`.",
};

const AZURE_PIPELINES: Facts = Facts {
    kind: "Azure Pipelines",
    name: "The token service of Azure Pipelines",
    method: BareMethod::Post,
    headers: &[
        ("Content-Type", "application/json"),
        ("X-TFS-FedAuthRedirect", "Suppress"),
    ],
    member: "oidcToken",
    url_variable: "SYSTEM_OIDCREQUESTURI",
    token_variable: "SYSTEM_ACCESSTOKEN",
    token_hint: "Run this in a task of Azure Pipelines that gets the access token of its job: \
                 `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.",
};

const CONNECTION_VARIABLE: &str = "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID";

/// How often a request is sent again if no client has said it.
const RETRIES: u32 = 3;

impl Facts {
    fn missing(&self, variable: &str) -> Error {
        Error::new(
            Status::CredentialMissing,
            format!("The environment variable {variable} is not set."),
            self.token_hint,
        )
    }
}

/// An empty variable counts as unset.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The bearer token must not go over the network in clear text, or to another host than the one that is seen.
fn check_url(url: &str, system: System) -> Result<()> {
    let refused = |what: &str| {
        Err(Error::new(
            Status::InvalidArgument,
            format!("The address in {} {what}.", system.url_variable),
            format!(
                "Leave the variable {} as the system sets it, and do not set {FEDERATION_REQUEST_URL}.",
                system.url_variable
            ),
        ))
    };
    if url.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return refused("contains white space, control characters or non-ASCII characters");
    }
    if url.contains('#') {
        return refused("has a fragment");
    }
    let Ok(address) = url.parse::<Uri>() else {
        return refused("is not a URL");
    };
    let (Some(scheme), Some(authority)) = (address.scheme_str(), address.authority()) else {
        return refused("is not a URL");
    };
    if authority.as_str().contains('@') {
        return refused("contains user information before the host");
    }
    match scheme {
        "https" => Ok(()),
        "http" if is_loopback(&authority.host().to_ascii_lowercase()) => Ok(()),
        "http" => refused("uses http://, which would send the access token in clear text"),
        _ => refused("is not https"),
    }
}

fn parsed(body: &Secret) -> Option<Value> {
    serde_json::from_slice(body.expose()).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::base::clock::Clock;

    const URL: &str = "https://token.example/idtoken?api-version=2.0";
    const BEARER: &str = "bearer-of-the-job-0123456789";

    /// Answers in turn, the last answer repeatedly, and remembers what was asked. Its pauses take no time.
    #[derive(Default)]
    struct Service {
        answers: Mutex<VecDeque<HttpAnswer>>,
        asked: Mutex<Vec<String>>,
        slept: Mutex<usize>,
    }

    impl BareTransport for Service {
        fn send(&self, request: &BareRequest<'_>) -> Result<HttpAnswer> {
            let headers: Vec<String> = request
                .headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            assert_eq!(request.bearer.expose_text(), Some(BEARER));
            let asked = format!("{:?} {} {}", request.method, request.url, headers.join(", "));
            self.asked.lock().unwrap().push(asked);
            let mut answers = self.answers.lock().unwrap();
            match answers.len() {
                0 => Err(Error::new(Status::ConnectionFailed, "no answer", "")),
                _ => Ok(answers.pop_front().unwrap()),
            }
        }

        fn proxy_login(&self) -> Option<&Secret> {
            None
        }
    }

    impl Clock for Service {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        fn sleep(&self, _: Duration) {
            *self.slept.lock().unwrap() += 1;
        }
    }

    fn answer(status: u16, body: &str) -> HttpAnswer {
        HttpAnswer {
            status,
            body: Secret::copy_of(body.as_bytes()),
            ..HttpAnswer::default()
        }
    }

    fn settings(url: &str, token: &str) -> FederationSettings {
        FederationSettings {
            request_url: Some(url.to_owned()),
            request_token: Some(Secret::copy_of(token.as_bytes())),
        }
    }

    fn github() -> WorkloadService {
        WorkloadService::github_actions(&settings(URL, BEARER)).unwrap()
    }

    fn pipelines() -> WorkloadService {
        WorkloadService::azure_pipelines("a b&c", &settings("https://dev.example/oidctoken", BEARER)).unwrap()
    }

    fn ask(mut source: WorkloadService, answers: Vec<HttpAnswer>) -> (Result<Secret>, Arc<Service>) {
        let service = Arc::new(Service {
            answers: Mutex::new(answers.into()),
            ..Service::default()
        });
        source.connected = Some(Connected {
            transport: Arc::clone(&service) as _,
            retries: RETRIES,
        });
        let outcome = source.assertion(&Wanted {
            tenant: "tenant",
            client_id: "client",
            token_endpoint: "https://login.example/token",
            audience: "api://AzureADTokenExchange",
            clock: &*service,
            deadline: Instant::now() + Duration::from_secs(3600),
        });
        (outcome, service)
    }

    #[test]
    fn github_is_asked_for_the_audience_of_the_cloud() {
        let (token, service) = ask(github(), vec![answer(200, r#"{"count":1,"value":"a.b.c"}"#)]);
        assert_eq!(token.unwrap().expose(), b"a.b.c");
        let expected = format!("Get {URL}&audience=api%3A%2F%2FAzureADTokenExchange Accept: application/json");
        assert_eq!(*service.asked.lock().unwrap(), [expected]);
        let plain = WorkloadService::github_actions(&settings("https://token.example/", BEARER)).unwrap();
        assert_eq!(plain.request_url("a"), "https://token.example/?audience=a");
    }

    #[test]
    fn pipelines_is_asked_for_the_service_connection() {
        let (token, service) = ask(pipelines(), vec![answer(200, r#"{"oidcToken":"a.b.c"}"#)]);
        assert_eq!(token.unwrap().expose(), b"a.b.c");
        let expected = "Post https://dev.example/oidctoken?api-version=7.1&serviceConnectionId=a+b%26c Content-Type: \
                        application/json, X-TFS-FedAuthRedirect: Suppress";
        assert_eq!(*service.asked.lock().unwrap(), [expected]);
    }

    #[test]
    fn transient_failures_are_retried_three_times() {
        for status in [408, 429, 500, 502, 503, 504] {
            let answers = vec![answer(status, ""), answer(200, r#"{"value":"a.b.c"}"#)];
            let (token, service) = ask(github(), answers);
            token.unwrap_or_else(|error| panic!("{status}: {error}"));
            assert_eq!(*service.slept.lock().unwrap(), 1, "{status}");
        }
        let (error, service) = ask(github(), Vec::new());
        assert_eq!(error.unwrap_err().status(), Status::ConnectionFailed);
        assert_eq!(service.asked.lock().unwrap().len(), 4);
    }

    #[test]
    fn each_answer_without_a_token_says_what_it_is() {
        use Status::{ClientCredentialRejected, InvalidArgument, MalformedResponse, ServiceRejected};
        let said = format!(r#"{{"message":"No, {BEARER}."}}"#);
        for (source, status, body, expected, hint) in [
            (
                github as fn() -> WorkloadService,
                401,
                said.as_str(),
                ClientCredentialRejected,
                "`permissions: id-token: write`",
            ),
            (github, 302, "", MalformedResponse, "ACTIONS_ID_TOKEN_REQUEST_URL"),
            (github, 400, &said, ServiceRejected, "ACTIONS_ID_TOKEN_REQUEST_URL"),
            (github, 200, "<html>", MalformedResponse, "ACTIONS_ID_TOKEN_REQUEST_URL"),
            (github, 200, r#"{"value":""}"#, MalformedResponse, "proxy"),
            (github, 200, r#"{"value":"a b"}"#, InvalidArgument, ""),
            (
                pipelines,
                401,
                "",
                ClientCredentialRejected,
                "`env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
            ),
            (
                pipelines,
                302,
                "",
                ClientCredentialRejected,
                "`env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
            ),
            (
                pipelines,
                203,
                "<html>",
                ClientCredentialRejected,
                "`env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
            ),
            (pipelines, 307, "", MalformedResponse, "SYSTEM_OIDCREQUESTURI"),
            (pipelines, 404, &said, ServiceRejected, "SYSTEM_OIDCREQUESTURI"),
        ] {
            let (outcome, service) = ask(source(), vec![answer(status, body)]);
            let error = outcome.unwrap_err();
            assert_eq!(error.status(), expected, "{status} {body}: {error}");
            assert!(error.hint().contains(hint), "{status}: {}", error.hint());
            let shown = format!("{error:?}");
            assert!(!shown.contains(BEARER), "{shown}");
            assert_eq!(service.asked.lock().unwrap().len(), 1, "{status}");
        }
    }

    #[test]
    fn addresses_that_would_betray_the_token_are_refused() {
        for url in [
            "http://token.example/",
            "http://127.0.0.1.token.example/",
            "http://localhost@token.example/",
            "https://user:hunter22@token.example/",
            "https://token.example/#hunter22",
            "https://token.example/ hunter22",
            "https://token.example/\r\nhunter22",
            "ftp://token.example/",
            "token.example",
            "/idtoken",
        ] {
            let error = WorkloadService::github_actions(&settings(url, BEARER)).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{url}: {error}");
            assert!(!format!("{error:?}").contains("hunter22"), "{error:?}");
        }
        for url in [
            "http://127.0.0.1:1/",
            "http://localhost:1/",
            "http://[::1]:1/",
            "HTTPS://token.example/",
        ] {
            WorkloadService::github_actions(&settings(url, BEARER)).unwrap_or_else(|error| panic!("{url}: {error}"));
        }
    }

    #[test]
    fn a_token_that_would_inject_a_header_is_refused_and_not_shown() {
        for token in ["hunter22\r\nX: 1", "hunter22\0", "hunter 22"] {
            let error = WorkloadService::github_actions(&settings(URL, token)).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(!format!("{error:?}").contains("hunter"), "{error:?}");
        }
    }

    #[test]
    fn what_identifies_a_source_stays_when_its_tokens_change() {
        let other = WorkloadService::github_actions(&settings("https://other.example/", "another-token")).unwrap();
        assert_eq!(github().proof(), other.proof());
        assert_ne!(github().proof(), pipelines().proof());
        let connection = WorkloadService::azure_pipelines("other", &settings(URL, BEARER)).unwrap();
        assert_ne!(pipelines().proof(), connection.proof());
        assert!(!format!("{:?}", github()).contains(BEARER));
    }
}
