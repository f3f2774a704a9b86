//! What the endpoint answers.

use std::time::Duration;

use bytes::Bytes;
use graphtoken::{Error, Status, Surface};
use http_body_util::Full;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

/// An answer in JSON.
pub type Answer = Response<Full<Bytes>>;

/// A token, as App Service gives it.
#[derive(Serialize)]
pub struct IssuedToken<'a> {
    pub access_token: &'a str,
    /// Seconds since 1970-01-01T00:00:00Z by this machine's clock, as text.
    pub expires_on: String,
    pub resource: &'a str,
    pub token_type: &'a str,
    pub client_id: &'a str,
}

impl IssuedToken<'_> {
    pub fn answer(&self) -> Answer {
        // Room for it at once: a buffer that grows leaves copies of the token behind.
        let mut json = Zeroizing::new(Vec::with_capacity(2 * self.access_token.len() + 1024));
        if serde_json::to_writer(&mut *json, self).is_err() {
            return Refusal::defect().answer();
        }
        with_body(StatusCode::OK, Bytes::from_owner(json))
    }
}

/// Why there is no token.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    message: String,
    correlation_id: Option<String>,
    retry_after: Option<Duration>,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            correlation_id: None,
            retry_after: None,
        }
    }

    pub fn bad_request(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn unauthorized() -> Self {
        let message =
            "The header X-IDENTITY-HEADER does not have the value of the environment variable IDENTITY_HEADER.";
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "The address is not that of IDENTITY_ENDPOINT.")
    }

    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Tokens are requested with GET.")
    }

    pub fn defect() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "This is a bug of graph-token.")
    }

    /// The engine's failure. SDKs ask again when there is hope that the next answer is another one.
    pub fn of(error: &Error) -> Self {
        let status = match error.status() {
            Status::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Status::ServiceUnavailable | Status::ConnectionFailed | Status::RequestTimeout => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Status::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let (message, hint) = (error.message_on(Surface::Command), error.hint_on(Surface::Command));
        let service = error.service();
        Self {
            correlation_id: service.map(|service| service.correlation_id.clone()),
            retry_after: service.and_then(|service| service.retry_after),
            ..Self::new(status, format!("{message} {hint}").trim_end())
        }
    }

    pub fn answer(self) -> Answer {
        let body = json!({
            "statusCode": self.status.as_u16(),
            "message": self.message,
            "correlationId": self.correlation_id.filter(|id| !id.is_empty()),
        });
        let mut answer = with_body(self.status, Bytes::from(body.to_string()));
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            answer
                .headers_mut()
                .insert(ALLOW, "GET".parse().expect("a method is a header value"));
        }
        if let Some(wait) = self.retry_after {
            answer.headers_mut().insert(RETRY_AFTER, wait.as_secs().into());
        }
        answer
    }
}

fn with_body(status: StatusCode, body: Bytes) -> Answer {
    let answer = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header(CACHE_CONTROL, "no-store")
        .body(Full::new(body));
    answer.expect("status and headers are valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_whether_to_ask_again() {
        for (status, code) in [
            (Status::Throttled, 429),
            (Status::ServiceUnavailable, 503),
            (Status::ConnectionFailed, 503),
            (Status::RequestTimeout, 503),
            (Status::InternalError, 500),
            (Status::ClientCredentialRejected, 400),
            (Status::InvalidArgument, 400),
        ] {
            let refusal = Refusal::of(&Error::new(status, "It failed.", "Mend it."));
            assert_eq!(
                (refusal.status.as_u16(), &*refusal.message),
                (code, "It failed. Mend it.")
            );
        }
    }
}
