//! What the authorities serve: token endpoints, descriptions, and what a machine can ask about its region.

use hyper::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HeaderName};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Received, Service, answered, not_allowed, spoilt};
use crate::answer::Answer;
use crate::answer::refusal::Refusal;
use crate::answer::trace::Trace;
use crate::clock::Moment;
use crate::request::authority::{Authority, Endpoint, Kind};
use crate::request::basic::BasicCredentials;
use crate::request::call::{Call, EndpointVersion};
use crate::request::form::Form;
use crate::serve::authorize_endpoint::Visit;
use crate::serve::connection::Connection;

const METADATA: HeaderName = HeaderName::from_static("metadata");

impl Service {
    pub(super) async fn authority_answer(
        &self,
        connection: &Connection,
        request: &Received,
        authority: Authority,
        endpoint: Endpoint,
    ) -> Answer {
        let kind = authority.kind;
        match (endpoint, &request.method) {
            (Endpoint::Token | Endpoint::TokenV1, &Method::POST) => {
                let answer = |call: &Call| self.endpoint.answer(call);
                self.call_answer(connection, request, (authority, endpoint), answer)
                    .await
            }
            (Endpoint::DeviceCode, &Method::POST) => {
                let answer = |call: &Call| self.endpoint.device_authorization(call);
                self.call_answer(connection, request, (authority, endpoint), answer)
                    .await
            }
            (Endpoint::Authorization, _) => {
                let answer = self.authorization_answer(request, authority);
                self.page(connection, request, answer)
            }
            (Endpoint::Description, &Method::GET) => {
                let description = || self.endpoint.metadata(&self.origin(request), &authority);
                self.description_answer(connection, request, kind, description).await
            }
            (Endpoint::Keys, &Method::GET) => {
                let description = || self.endpoint.keys(&authority);
                self.description_answer(connection, request, kind, description).await
            }
            (Endpoint::Description | Endpoint::Keys, _) => self.page(connection, request, not_allowed("GET")),
            _ => self.page(connection, request, not_allowed("POST")),
        }
    }

    fn authorization_answer(&self, request: &Received, authority: Authority) -> Answer {
        let entries = match request.method {
            Method::GET => None,
            Method::POST => match Form::read(request.header(&CONTENT_TYPE), &request.body) {
                Ok(form) => Some(form),
                Err(_) => return Answer::page(StatusCode::BAD_REQUEST),
            },
            _ => return not_allowed("GET, POST"),
        };
        let now = Moment::now(0);
        let trace = Trace::new(&request.headers, authority.kind, now);
        let visit = Visit {
            origin: self.origin(request),
            authority,
            query: Form::of_query(&request.query),
            entries,
            cookies: request.header(&COOKIE),
            now,
        };
        let query = visit.query.as_ref().ok();
        let trace = trace.with_correlation_id(query.and_then(|query| query.get("client-request-id")));
        self.endpoint.authorize(&visit, &trace)
    }

    /// What IMDS tells of the machine ("Azure Instance Metadata Service": compute).
    pub(super) fn region_answer(&self, request: &Received) -> Answer {
        let query = Form::of_query(&request.query).ok();
        let version = query.as_ref().and_then(|query| query.get("api-version"));
        match &self.region {
            Some(_) if request.header(&METADATA) != "true" || version.is_none() => Answer::json(
                StatusCode::BAD_REQUEST,
                &json!({"error": "Bad request. Required metadata header or api-version not specified"}),
            ),
            Some(region) => Answer::json(StatusCode::OK, &json!({"location": region})),
            None => Answer::page(StatusCode::NOT_FOUND),
        }
    }

    async fn call_answer(
        &self,
        connection: &Connection,
        request: &Received,
        (authority, endpoint): (Authority, Endpoint),
        answer: impl FnOnce(&Call) -> Result<Value, Refusal>,
    ) -> Answer {
        let form = Form::read(request.header(&CONTENT_TYPE), &request.body);
        let (fault, number) = self.next_fault(connection, request, form.as_ref().ok()).await;
        let now = Moment::now(fault.date_skew);
        let trace = Trace::new(&request.headers, authority.kind, now);
        let call = Call {
            origin: self.origin(request),
            authority,
            version: match endpoint {
                Endpoint::TokenV1 => EndpointVersion::V1,
                _ => EndpointVersion::V2,
            },
            basic: BasicCredentials::parse(request.header(&AUTHORIZATION)),
            form,
            now,
        };
        let service = || answered(answer(&call), &trace);
        let answer = spoilt(service, &fault, &trace, now, &request.body);
        self.sent(connection, number, answer).await
    }

    /// What the authority says of itself (OpenID Connect Discovery 1.0 section 4).
    pub(super) async fn description_answer(
        &self,
        connection: &Connection,
        request: &Received,
        kind: Kind,
        description: impl FnOnce() -> Result<Value, Refusal>,
    ) -> Answer {
        let (fault, number) = self.next_fault(connection, request, None).await;
        let now = Moment::now(fault.date_skew);
        let trace = Trace::new(&request.headers, kind, now);
        let described = || {
            let mut answer = answered(description(), &trace);
            if answer.status == StatusCode::OK {
                answer.set_header(CACHE_CONTROL, "max-age=86400, private");
            }
            answer
        };
        let answer = spoilt(described, &fault, &trace, now, &request.body);
        self.sent(connection, number, answer).await
    }
}
