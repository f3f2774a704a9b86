//! The token services of GitHub Actions and Azure Pipelines, and tokens of any issuer for the caller of this emulator.

use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use hyper::{HeaderMap, Method, StatusCode};
use serde_json::json;
use subtle::ConstantTimeEq;

use super::token_endpoint::TokenEndpoint;
use crate::answer::Answer;
use crate::clock::Moment;
use crate::directory::federated_credential::AUDIENCE;
use crate::issue::workload_token::{USUAL_LIFETIME, WorkloadToken};
use crate::request::form::Form;
use crate::settings::Settings;

/// The services that the command line asks for.
pub(crate) struct WorkloadTokens {
    github_actions: Option<GitHubActions>,
    azure_pipelines: Option<AzurePipelines>,
}

struct GitHubActions {
    request_token: String,
    subject: String,
}

struct AzurePipelines {
    access_token: String,
    service_connection_id: String,
    subject: String,
}

/// A request to one of the services.
pub(crate) struct WorkloadRequest<'it> {
    pub(crate) method: &'it Method,
    pub(crate) query: &'it str,
    pub(crate) headers: &'it HeaderMap,
    pub(crate) body: &'it [u8],
    pub(crate) now: Moment,
}

/// Which service a path belongs to.
#[derive(Clone, Copy)]
pub(crate) enum WorkloadService {
    GitHubActions,
    AzurePipelines,
}

impl WorkloadService {
    pub(crate) fn at(path: &str) -> Option<Self> {
        if path.starts_with("/_apis/distributedtask/hubs/Actions/") && path.ends_with("/idtoken") {
            Some(Self::GitHubActions)
        } else if path.ends_with("/oidctoken") {
            Some(Self::AzurePipelines)
        } else {
            None
        }
    }
}

impl WorkloadTokens {
    pub(crate) fn new(settings: &Settings) -> Result<Self, String> {
        let is_missing = |parts: &[&str]| parts.iter().any(|part| part.is_empty());
        let github = |spec: &str| match spec.split_once(':') {
            Some((token, subject)) if !is_missing(&[token, subject]) => Ok(GitHubActions {
                request_token: token.to_owned(),
                subject: subject.to_owned(),
            }),
            _ => Err("GitHub Actions is REQUEST_TOKEN:SUBJECT, with neither of them empty".to_owned()),
        };
        let pipelines = |spec: &str| match spec.splitn(3, ':').collect::<Vec<_>>()[..] {
            [token, connection, subject] if !is_missing(&[token, connection, subject]) => Ok(AzurePipelines {
                access_token: token.to_owned(),
                service_connection_id: connection.to_owned(),
                subject: subject.to_owned(),
            }),
            _ => {
                Err("Azure Pipelines is ACCESS_TOKEN:SERVICE_CONNECTION_ID:SUBJECT, with none of them empty".to_owned())
            }
        };
        Ok(Self {
            github_actions: settings.github_actions.as_deref().map(github).transpose()?,
            azure_pipelines: settings.azure_pipelines.as_deref().map(pipelines).transpose()?,
        })
    }

    pub(crate) fn answer(
        &self,
        service: WorkloadService,
        request: &WorkloadRequest,
        endpoint: &TokenEndpoint,
    ) -> Answer {
        let answer = match (service, &self.github_actions, &self.azure_pipelines) {
            (WorkloadService::GitHubActions, Some(github), _) => github.answer(request, endpoint),
            (WorkloadService::AzurePipelines, _, Some(pipelines)) => pipelines.answer(request, endpoint),
            _ => Err(Box::new(Answer::page(StatusCode::NOT_FOUND))),
        };
        answer.unwrap_or_else(|refusal| *refusal)
    }
}

impl GitHubActions {
    /// GitHub: "OpenID Connect reference".
    fn answer(&self, request: &WorkloadRequest, endpoint: &TokenEndpoint) -> Result<Answer, Box<Answer>> {
        request.check_method(&Method::GET)?;
        let query = request.query()?;
        if !request.has_bearer(&self.request_token) {
            return refused(StatusCode::UNAUTHORIZED, "The request token is missing or wrong.");
        }
        if request.header(&ACCEPT) != "application/json" {
            return refused(StatusCode::NOT_ACCEPTABLE, "The answer is application/json.");
        }
        if query.get("api-version") != Some("2.0") {
            return refused(StatusCode::BAD_REQUEST, "The api-version is not 2.0.");
        }
        let Some(audience) = query.get("audience") else {
            return refused(StatusCode::BAD_REQUEST, "The audience is missing.");
        };
        let token = WorkloadToken {
            issuer: GITHUB.to_owned(),
            subject: self.subject.clone(),
            audience: audience.to_owned(),
            lifetime: USUAL_LIFETIME,
        };
        let value = endpoint.workload_token(&token, request.now);
        Ok(Answer::json(
            StatusCode::OK,
            &json!({"count": value.len(), "value": value}),
        ))
    }
}

impl AzurePipelines {
    /// Microsoft: "Oidctoken - Create" of the Azure DevOps REST API, and what its own libraries send.
    fn answer(&self, request: &WorkloadRequest, endpoint: &TokenEndpoint) -> Result<Answer, Box<Answer>> {
        request.check_method(&Method::POST)?;
        let query = request.query()?;
        if !request.has_bearer(&self.access_token) {
            return Err(Box::new(request.without_access()));
        }
        if request.header(&CONTENT_LENGTH) != "0" || !request.body.is_empty() {
            return refused(
                StatusCode::LENGTH_REQUIRED,
                "The body is not empty, or its length is missing.",
            );
        }
        if request.header(&CONTENT_TYPE) != "application/json" {
            return refused(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The content type is not application/json.",
            );
        }
        if query.get("api-version") != Some("7.1") {
            return refused(StatusCode::BAD_REQUEST, "The api-version is not 7.1.");
        }
        if query.get("serviceConnectionId") != Some(&self.service_connection_id) {
            return refused(StatusCode::NOT_FOUND, "There is no such service connection.");
        }
        let token = WorkloadToken {
            issuer: PIPELINES.to_owned(),
            subject: self.subject.clone(),
            audience: AUDIENCE.to_owned(),
            lifetime: USUAL_LIFETIME,
        };
        let value = endpoint.workload_token(&token, request.now);
        Ok(Answer::json(StatusCode::OK, &json!({"oidcToken": value})))
    }
}

const GITHUB: &str = "https://token.actions.githubusercontent.com";
const PIPELINES: &str = "https://vstoken.dev.azure.com/emulated";

impl WorkloadRequest<'_> {
    fn check_method(&self, expected: &Method) -> Result<(), Box<Answer>> {
        if self.method == expected {
            return Ok(());
        }
        Err(Box::new(super::service::not_allowed(expected.as_str())))
    }

    fn query(&self) -> Result<Form, Box<Answer>> {
        match read(self.query) {
            None => refused(StatusCode::BAD_REQUEST, "The query is malformed."),
            Some(query) if query.duplicate().is_some() => refused(StatusCode::BAD_REQUEST, "A parameter is repeated."),
            Some(query) => Ok(query),
        }
    }

    fn has_bearer(&self, token: &str) -> bool {
        let sent = self.header(&AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default();
        sent.as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// The service sends browsers to its sign-in page, and programs that ask for it do not go there.
    fn without_access(&self) -> Answer {
        if self.header("x-tfs-fedauthredirect") == "Suppress" {
            return message(StatusCode::UNAUTHORIZED, "The access token is missing or wrong.");
        }
        let mut answer = Answer::page(StatusCode::FOUND);
        answer.set_header(LOCATION, "/_signin");
        answer
    }

    fn header(&self, name: impl hyper::header::AsHeaderName) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }
}

/// A token as the query describes it: the emulator's user plays the issuer.
pub(crate) fn workload_token(query: &str, endpoint: &TokenEndpoint, now: Moment) -> Answer {
    match described(query) {
        Some(token) => Answer::text(StatusCode::OK, &endpoint.workload_token(&token, now)),
        None => Answer::text(
            StatusCode::BAD_REQUEST,
            "the query is issuer=URL&subject=TEXT[&audience=TEXT][&lifetime=SECONDS]\n",
        ),
    }
}

fn described(query: &str) -> Option<WorkloadToken> {
    let query = read(query)?;
    Some(WorkloadToken {
        issuer: query.get("issuer")?.to_owned(),
        subject: query.get("subject")?.to_owned(),
        audience: query.get("audience").unwrap_or(AUDIENCE).to_owned(),
        lifetime: query
            .get("lifetime")
            .map_or(Some(USUAL_LIFETIME), |text| text.parse().ok())?,
    })
}

/// A query has the encoding of a form.
fn read(query: &str) -> Option<Form> {
    Form::read("application/x-www-form-urlencoded", query.as_bytes()).ok()
}

fn refused<T>(status: StatusCode, text: &str) -> Result<T, Box<Answer>> {
    Err(Box::new(message(status, text)))
}

fn message(status: StatusCode, text: &str) -> Answer {
    Answer::json(status, &json!({"$id": "1", "message": text}))
}
