//! What is served: the token endpoints, the description of a tenant's authority, a protected resource, and the controls.

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, COOKIE, DATE, HOST, HeaderName, LOCATION, RETRY_AFTER};
use hyper::{Method, Request, StatusCode};
use serde_json::Value;

use super::authorize_endpoint::Visit;
use super::connection::Connection;
use super::journal::Journal;
use super::received::Received;
use super::route::Route;
use super::token_endpoint::TokenEndpoint;
use super::workload_tokens::{WorkloadRequest, WorkloadService, WorkloadTokens, workload_token};
use super::{control_access, device_page, protected_resource};
use crate::answer::Answer;
use crate::answer::ending::Ending;
use crate::answer::refusal::Refusal;
use crate::answer::trace::Trace;
use crate::clock::Moment;
use crate::fault::Fault;
use crate::fault::queue::{FaultQueue, LONGEST, Refused};
use crate::identity::{AssignedIdentity, IdentityRequest, MachineIdentity, Platform};
use crate::request::call::{Call, EndpointVersion};
use crate::request::form::Form;

/// Everything behind the emulator's address.
pub(crate) struct Service {
    pub(crate) scheme: &'static str,
    pub(crate) endpoint: TokenEndpoint,
    pub(crate) workload_tokens: WorkloadTokens,
    pub(crate) identity: MachineIdentity,
    pub(crate) faults: FaultQueue,
    pub(crate) journal: Journal,
}

impl Service {
    pub(crate) async fn answer(&self, connection: &Connection, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return Answer::page(StatusCode::PAYLOAD_TOO_LARGE);
        };
        let request = Received {
            target: head.uri.authority().map(|authority| authority.as_str().to_owned()),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            method: head.method,
            headers: head.headers,
            body: body.to_bytes(),
        };
        match self.route(&request.path) {
            Route::Journal => self.control_answer(connection, &request, Self::journal_answer),
            Route::Faults => self.control_answer(connection, &request, Self::faults_answer),
            Route::WorkloadToken => self.control_answer(connection, &request, Self::workload_token_answer),
            Route::Workload(service) => self.workload_answer(connection, &request, service).await,
            Route::Revocation => self.control_answer(connection, &request, Self::revocation_answer),
            Route::Resource if request.method == Method::GET => {
                let answer = protected_resource::answer(
                    self.endpoint.issuer(),
                    &self.origin(&request),
                    &request.headers,
                    Moment::now(0),
                );
                self.page(connection, &request, answer)
            }
            Route::Token { tenant, version } if request.method == Method::POST => {
                let answer = |call: &Call| self.endpoint.answer(call);
                self.call_answer(connection, &request, (tenant, version), answer).await
            }
            Route::DeviceCode { tenant } if request.method == Method::POST => {
                let answer = |call: &Call| self.endpoint.device_authorization(call);
                let address = (tenant, EndpointVersion::V2);
                self.call_answer(connection, &request, address, answer).await
            }
            Route::DeviceLogin => {
                let answer = self.device_login_answer(&request);
                self.page(connection, &request, answer)
            }
            Route::Authorize { tenant } => {
                let answer = self.authorize_answer(&request, tenant);
                self.page(connection, &request, answer)
            }
            Route::Token { .. } | Route::DeviceCode { .. } => self.page(connection, &request, not_allowed("POST")),
            Route::Discovery { tenant } if request.method == Method::GET => {
                let description = || self.endpoint.discovery(&self.origin(&request), tenant);
                self.description_answer(connection, &request, description).await
            }
            Route::Keys { tenant } if request.method == Method::GET => {
                let description = || self.endpoint.keys(tenant);
                self.description_answer(connection, &request, description).await
            }
            Route::Resource | Route::Discovery { .. } | Route::Keys { .. } => {
                self.page(connection, &request, not_allowed("GET"))
            }
            Route::Identity(platform) => self.identity_answer(connection, &request, platform).await,
            Route::Unknown => self.page(connection, &request, Answer::page(StatusCode::NOT_FOUND)),
        }
    }

    fn route<'path>(&self, path: &'path str) -> Route<'path> {
        let platform = self.identity.platform(path);
        platform.map_or_else(|| Route::of(path), Route::Identity)
    }

    fn control_answer(
        &self,
        connection: &Connection,
        request: &Received,
        answer: impl FnOnce(&Self, &Received) -> Answer,
    ) -> Answer {
        let target = request.target.as_deref();
        match control_access::refusal(self.scheme, connection.peer, target, &request.headers) {
            Some(reason) => Answer::text(StatusCode::FORBIDDEN, &format!("{reason}\n")),
            None => answer(self, request),
        }
    }

    fn journal_answer(&self, request: &Received) -> Answer {
        match request.method {
            Method::GET => match after(&request.query) {
                Some(number) => Answer::json(StatusCode::OK, &self.journal.json_after(number)),
                None => Answer::text(StatusCode::BAD_REQUEST, "the query is after=NUMBER\n"),
            },
            Method::DELETE => {
                self.journal.clear();
                Answer::empty(StatusCode::NO_CONTENT)
            }
            _ => not_allowed("GET, DELETE"),
        }
    }

    fn faults_answer(&self, request: &Received) -> Answer {
        match request.method {
            Method::POST => match self.faults.add(&String::from_utf8_lossy(&request.body)) {
                Ok(()) => Answer::empty(StatusCode::NO_CONTENT),
                Err(Refused::Unreadable(problem)) => Answer::text(StatusCode::BAD_REQUEST, &format!("{problem}\n")),
                Err(Refused::Full) => Answer::text(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    &format!("at most {LONGEST} faults wait; DELETE /_faults removes them\n"),
                ),
            },
            Method::DELETE => {
                self.faults.clear();
                Answer::empty(StatusCode::NO_CONTENT)
            }
            _ => not_allowed("POST, DELETE"),
        }
    }

    fn workload_token_answer(&self, request: &Received) -> Answer {
        match request.method {
            Method::GET => workload_token(&request.query, &self.endpoint, Moment::now(0)),
            _ => not_allowed("GET"),
        }
    }

    fn revocation_answer(&self, request: &Received) -> Answer {
        if request.method != Method::POST {
            return not_allowed("POST");
        }
        self.endpoint.issuer().revoke_all();
        Answer::empty(StatusCode::NO_CONTENT)
    }

    /// What is not a token request comes into the journal too: a client should not ask for it.
    fn page(&self, connection: &Connection, request: &Received, answer: Answer) -> Answer {
        let number = self.journal.note_request(&request.asked(connection, None, None));
        self.journal.note_answer(number, &answer);
        answer
    }

    fn device_login_answer(&self, request: &Received) -> Answer {
        match request.method {
            Method::GET => device_page::empty(),
            Method::POST => match Form::read(request.header(&CONTENT_TYPE), &request.body) {
                Ok(form) => device_page::after(self.endpoint.device_login(&form)),
                Err(_) => Answer::page(StatusCode::BAD_REQUEST),
            },
            _ => not_allowed("GET, POST"),
        }
    }

    fn authorize_answer(&self, request: &Received, tenant: &str) -> Answer {
        let entries = match request.method {
            Method::GET => None,
            Method::POST => match Form::read(request.header(&CONTENT_TYPE), &request.body) {
                Ok(form) => Some(form),
                Err(_) => return Answer::page(StatusCode::BAD_REQUEST),
            },
            _ => return not_allowed("GET, POST"),
        };
        let now = Moment::now(0);
        let visit = Visit {
            origin: self.origin(request),
            tenant,
            query: Form::of_query(&request.query),
            entries,
            cookies: request.header(&COOKIE),
            now,
        };
        let correlation_id = visit
            .query
            .as_ref()
            .ok()
            .and_then(|query| query.get("client-request-id"));
        let trace = Trace::new(&request.headers, now).with_correlation_id(correlation_id);
        self.endpoint.authorize(&visit, &trace)
    }

    async fn call_answer(
        &self,
        connection: &Connection,
        request: &Received,
        (tenant, version): (&str, EndpointVersion),
        answer: impl FnOnce(&Call) -> Result<Value, Refusal>,
    ) -> Answer {
        let form = Form::read(request.header(&CONTENT_TYPE), &request.body);
        let (fault, number) = self.next_fault(connection, request, form.as_ref().ok()).await;
        let now = Moment::now(fault.date_skew);
        let call = Call {
            origin: self.origin(request),
            tenant: tenant.to_owned(),
            version,
            form,
            now,
        };
        let trace = Trace::new(&request.headers, now);
        let service = || answered(answer(&call), &trace);
        let answer = spoilt(service, &fault, &trace, now, &request.body);
        self.sent(connection, number, answer).await
    }

    /// What the authority says of itself (OpenID Connect Discovery 1.0 section 4).
    async fn description_answer(
        &self,
        connection: &Connection,
        request: &Received,
        description: impl FnOnce() -> Result<Value, Refusal>,
    ) -> Answer {
        let (fault, number) = self.next_fault(connection, request, None).await;
        let now = Moment::now(fault.date_skew);
        let trace = Trace::new(&request.headers, now);
        let answer = spoilt(|| answered(description(), &trace), &fault, &trace, now, &request.body);
        self.sent(connection, number, answer).await
    }

    /// What the platform of a machine gives its programs.
    async fn identity_answer(&self, connection: &Connection, request: &Received, platform: &Platform) -> Answer {
        let form = Form::read(request.header(&CONTENT_TYPE), &request.body).ok();
        let (fault, number) = self.next_fault(connection, request, form.as_ref()).await;
        let now = Moment::now(fault.date_skew);
        let query = Form::of_query(&request.query).ok();
        let asked = IdentityRequest {
            method: &request.method,
            headers: &request.headers,
            query: query.as_ref(),
            form: form.as_ref(),
            is_tls: self.scheme == "https",
            now,
        };
        let origin = self.origin(request);
        let trace = Trace::new(&request.headers, now);
        let token = |identity: &AssignedIdentity, resource: &str| {
            self.endpoint.identity_token(&origin, identity, resource, now)
        };
        let answer = || self.identity.answer(platform, &asked, token);
        let answer = spoilt(answer, &fault, &trace, now, &request.body);
        self.sent(connection, number, answer).await
    }

    /// The token service of the system that runs a workload.
    async fn workload_answer(&self, connection: &Connection, request: &Received, service: WorkloadService) -> Answer {
        let (fault, number) = self.next_fault(connection, request, None).await;
        let now = Moment::now(fault.date_skew);
        let asked = WorkloadRequest {
            method: &request.method,
            query: &request.query,
            headers: &request.headers,
            body: &request.body,
            now,
        };
        let trace = Trace::new(&request.headers, now);
        let answer = || self.workload_tokens.answer(service, &asked, &self.endpoint);
        let answer = spoilt(answer, &fault, &trace, now, &request.body);
        self.sent(connection, number, answer).await
    }

    /// Takes the fault that meets this request, notes the request, and waits as long as the fault says.
    async fn next_fault(&self, connection: &Connection, request: &Received, form: Option<&Form>) -> (Fault, u64) {
        let fault = self.faults.take();
        let spec = fault.as_ref().map(|fault| fault.spec.as_str());
        let number = self.journal.note_request(&request.asked(connection, form, spec));
        let fault = fault.unwrap_or_else(|| Fault::none(""));
        // A sleep of no length would still last until the timer's next millisecond.
        if !fault.delay.is_zero() {
            tokio::time::sleep(fault.delay).await;
        }
        (fault, number)
    }

    async fn sent(&self, connection: &Connection, number: u64, answer: Answer) -> Answer {
        self.journal.note_answer(number, &answer);
        if answer.ending == Ending::Reset {
            connection.reset().await;
        }
        answer
    }

    fn origin(&self, request: &Received) -> String {
        format!("{}://{}", self.scheme, request.header(&HOST))
    }
}

/// The number in the journal's query `after=NUMBER`; 0 without a query, `None` when it is another one.
fn after(query: &str) -> Option<u64> {
    match query {
        "" => Some(0),
        _ => query.strip_prefix("after=")?.parse().ok(),
    }
}

fn spoilt(service: impl FnOnce() -> Answer, fault: &Fault, trace: &Trace, now: Moment, request: &[u8]) -> Answer {
    let mut answer = match fault.refusal() {
        Some(refusal) => refused(&refusal, trace),
        // The status of a redirect, unless the fault names another.
        None if fault.hides_service() => Answer::empty(StatusCode::FOUND),
        None => service(),
    };
    if let Some(body) = fault.body {
        body.spoil(&mut answer, request);
    }
    if let Some(status) = fault.status.and_then(|status| StatusCode::from_u16(status).ok()) {
        answer.status = status;
    }
    answer.ending = fault.ending;
    answer.set_header(DATE, &now.http_date());
    answer.set_header(REQUEST_ID, &trace.id);
    if trace.is_correlation_returned {
        answer.set_header(CLIENT_REQUEST_ID, &trace.correlation_id);
    }
    if let Some(retry_after) = fault.retry_after {
        answer.set_header(RETRY_AFTER, &retry_after.header(now));
    }
    if let Some(url) = &fault.redirect {
        answer.set_header(LOCATION, url);
    }
    answer
}

/// Far more than any token request: 1 MiB.
const LARGEST_BODY: usize = 1024 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

pub(super) fn not_allowed(allowed: &str) -> Answer {
    let mut answer = Answer::page(StatusCode::METHOD_NOT_ALLOWED);
    answer.set_header(ALLOW, allowed);
    answer
}

fn answered(outcome: Result<Value, Refusal>, trace: &Trace) -> Answer {
    match outcome {
        Ok(body) => Answer::json(StatusCode::OK, &body),
        Err(refusal) => refused(&refusal, trace),
    }
}

fn refused(refusal: &Refusal, trace: &Trace) -> Answer {
    let status = StatusCode::from_u16(refusal.http_status()).unwrap_or(StatusCode::BAD_REQUEST);
    Answer::json(status, &refusal.json(trace))
}
