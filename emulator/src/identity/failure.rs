//! Why a platform issues no token, in the platform's own form.

use hyper::StatusCode;
use hyper::header::WWW_AUTHENTICATE;
use serde_json::json;

use super::random_id;
use crate::answer::Answer;

/// The form of a platform's error.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// `{"error":"...","error_description":"..."}`
    OAuth,
    /// `{"error":{"code":"...","message":"...","correlationId":"..."}}`
    Object,
    /// `{"statusCode":400,"message":"...","correlationId":"..."}`
    StatusCode,
}

/// An error, before it takes its form.
pub(super) struct Failure {
    status: u16,
    code: &'static str,
    text: String,
    challenge: Option<String>,
}

impl Failure {
    pub(super) fn new(status: u16, code: &'static str, text: &str) -> Self {
        Self {
            status,
            code,
            text: text.to_owned(),
            challenge: None,
        }
    }

    pub(super) fn bad(code: &'static str, text: &str) -> Self {
        Self::new(400, code, text)
    }

    /// The machine has no such identity.
    pub(super) fn not_assigned() -> Self {
        Self::bad("invalid_request", "Identity not found")
    }

    pub(super) fn internal() -> Self {
        Self::new(500, "server_error", "The agent has no folder for its keys.")
    }

    /// The key's file cannot be written.
    pub(super) fn internal_of(error: &std::io::Error) -> Self {
        Self::new(500, "server_error", &format!("The key cannot be written: {error}."))
    }

    /// The caller must show that it may read the file at `path`.
    pub(super) fn challenge(path: &str) -> Self {
        Self {
            challenge: Some(format!("Basic realm={path}")),
            ..Self::new(401, "unauthorized", "The request must carry the key of the agent.")
        }
    }

    pub(super) fn answer(&self, shape: Shape) -> Answer {
        let Self { status, code, text, .. } = self;
        let body = match shape {
            Shape::OAuth => json!({"error": code, "error_description": text}),
            Shape::Object => json!({"error": {"code": code, "message": text, "correlationId": random_id()}}),
            Shape::StatusCode => json!({"statusCode": status, "message": text, "correlationId": random_id()}),
        };
        let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut answer = Answer::json(status, &body);
        if let Some(challenge) = &self.challenge {
            answer.set_header(WWW_AUTHENTICATE, challenge);
        }
        answer
    }
}
