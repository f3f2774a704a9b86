//! Why a platform's token service issued no token.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::base::error::{Error, ServiceReport, Status};
use crate::base::parameter::{IDENTITY_CLIENT_ID, IDENTITY_OBJECT_ID, IDENTITY_RESOURCE_ID};
use crate::base::quote::{first_line, quote};
use crate::base::secret::Secret;
use crate::http::{CutOff, HttpAnswer};
use crate::managed_identity::source::Source;

/// What is known of a request when its answer is read.
pub(super) struct Asked<'a> {
    pub(super) source: Source,
    /// Where it was sent, without the query.
    pub(super) endpoint: &'a str,
    pub(super) resource: &'a str,
    /// What no message may quote.
    pub(super) secrets: &'a [&'a Secret],
}

/// The error for an answer that ended too early.
pub(super) fn cut_off(answer: &HttpAnswer, asked: &Asked) -> Error {
    let why = answer.cut_off.as_ref().map(ToString::to_string).unwrap_or_default();
    malformed(&format!("was cut off ({why})"), answer, asked)
}

/// The error for an answer that no token service of Azure gives.
pub(super) fn malformed(what: &str, answer: &HttpAnswer, asked: &Asked) -> Error {
    Error::new(
        Status::MalformedResponse,
        format!("The answer of {} at {} {what}.", asked.source.product(), asked.endpoint),
        "Check which program listens there, and whether it is the platform's own.",
    )
    .with_service(report(answer))
}

/// The error for an answer that is not a JSON object.
pub(super) fn foreign(text: &str, answer: &HttpAnswer, asked: &Asked) -> Error {
    let (product, endpoint, status) = (asked.source.product(), asked.endpoint, answer.status);
    let said = match first_line(text, asked.secrets).as_str() {
        "" => "an empty body".to_owned(),
        line => format!("{line:?}"),
    };
    let message = format!("Unexpected answer of {product} at {endpoint}: HTTP {status} with {said}.");
    match status {
        300..=399 => malformed("is a redirect, which is not followed", answer, asked),
        429 => unavailable(Status::Throttled, message, answer),
        // Docker Desktop and the sign-in pages of networks answer at the address of IMDS.
        200..=409 | 411..=499 if asked.source == Source::Imds => Error::new(
            Status::ConnectionFailed,
            format!("There is no managed identity here: something other than IMDS answers. {message}"),
            "Run this on an Azure resource with a managed identity.",
        )
        .with_service(report(answer)),
        410 | 500..=599 => unavailable(Status::ServiceUnavailable, message, answer),
        401 | 403 => rejected(message, NOT_ALLOWED.to_owned(), answer),
        _ => Error::new(Status::MalformedResponse, message, "Check which program listens there.")
            .with_service(report(answer)),
    }
}

/// The error for a refusal in JSON, in whichever of the platforms' forms.
pub(super) fn refusal(members: &Map<String, Value>, answer: &HttpAnswer, asked: &Asked) -> Error {
    let said = Said::read(members);
    let quoted = |text: &str| quote(text, asked.secrets);
    let (product, code) = (asked.source.product(), quoted(&said.code));
    let name = if code.is_empty() {
        String::new()
    } else {
        format!("{code}, ")
    };
    let message = match quoted(&said.text).as_str() {
        "" => format!("{product} refused the request ({name}HTTP {}).", answer.status),
        text => format!("{product} refused the request: {text} ({name}HTTP {})", answer.status),
    };
    let error = match answer.status {
        300..=399 => malformed("is a redirect, which is not followed", answer, asked),
        429 => unavailable(Status::Throttled, message, answer),
        408 | 410 | 500..=599 => unavailable(Status::ServiceUnavailable, message, answer),
        404 if asked.source != Source::ServiceFabric => unavailable(Status::ServiceUnavailable, message, answer),
        _ if said.names_several() => rejected(
            message,
            format!("Name one of them with {IDENTITY_CLIENT_ID}, {IDENTITY_OBJECT_ID} or {IDENTITY_RESOURCE_ID}."),
            answer,
        ),
        _ if said.names_none() => rejected(
            message,
            format!(
                "Assign the identity to this resource, or turn on the resource's own. Check {IDENTITY_CLIENT_ID}, \
                 {IDENTITY_OBJECT_ID} or {IDENTITY_RESOURCE_ID} if you gave one."
            ),
            answer,
        ),
        401 | 403 => rejected(message, NOT_ALLOWED.to_owned(), answer),
        _ => Error::new(
            Status::ServiceRejected,
            message,
            "Check that the resource exists in the tenant of the identity, and is spelled as its API names itself.",
        )
        .with_service(report(answer)),
    };
    let report = ServiceReport {
        oauth_error: code,
        correlation_id: quoted(&said.correlation_id),
        ..report(answer)
    };
    error.with_service(report)
}

const NOT_ALLOWED: &str = "Check that this program may use the identity, and that the platform's variables are those of \
                           this process.";

fn rejected(message: String, hint: String, answer: &HttpAnswer) -> Error {
    Error::new(Status::ClientCredentialRejected, message, hint).with_service(report(answer))
}

fn unavailable(status: Status, message: String, answer: &HttpAnswer) -> Error {
    let hint = match status {
        Status::Throttled => "Send fewer requests: keep and reuse tokens.",
        _ => "Try again later. The platform may be updating its identity service.",
    };
    Error::new(status, message, hint).with_service(report(answer))
}

fn report(answer: &HttpAnswer) -> ServiceReport {
    let wait = answer.retry_after.as_deref().and_then(|text| text.trim().parse().ok());
    ServiceReport {
        http_status: answer.status,
        retry_after: wait.map(Duration::from_secs),
        is_broken_off: matches!(answer.cut_off, Some(CutOff::Broken(_))),
        ..ServiceReport::default()
    }
}

/// What a refusal says: `error` is a text or an object, or the members stand alone (App Service).
struct Said {
    code: String,
    text: String,
    correlation_id: String,
}

impl Said {
    fn read(members: &Map<String, Value>) -> Self {
        let inner = members.get("error").and_then(Value::as_object).unwrap_or(members);
        let text = |names: &[&str]| {
            let found = names.iter().find_map(|name| inner.get(*name)?.as_str());
            found.unwrap_or_default().to_owned()
        };
        Self {
            code: text(&["code", "error"]),
            text: text(&["message", "error_description", "Message"]),
            correlation_id: text(&["correlationId", "correlation_id"]),
        }
    }

    /// Whether the identity is not there, or not assigned.
    fn names_none(&self) -> bool {
        let text = self.text.to_ascii_lowercase();
        let is_about_identity = text.contains("identity") || text.contains("identities");
        self.code == "ManagedIdentityNotFound"
            || is_about_identity
                && ["not found", "no user assigned", "no managed identity", "not assigned"]
                    .iter()
                    .any(|words| text.contains(words))
    }

    /// Whether there are several, of which the request chooses none.
    fn names_several(&self) -> bool {
        self.text
            .to_ascii_lowercase()
            .contains("multiple user assigned identities")
    }
}
