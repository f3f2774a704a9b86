//! The token endpoint's error answer.

use serde_json::{Value, json};

use super::b2c;
use super::service_code::{SLOW_DOWN, ServiceCode};
use super::trace::Trace;
use crate::request::authority::Kind;

/// Why a token request is refused, as Entra would say it.
pub(crate) struct Refusal {
    code: ServiceCode,
    text: String,
    suberror: Option<String>,
    claims: Option<&'static str>,
}

impl Refusal {
    /// The answer of an AADSTS code; `details` take the places `{0}` and `{1}` of its text.
    pub(crate) fn new(code: u32, details: &[&str]) -> Self {
        let code = ServiceCode::find(code);
        let mut text = code.text.to_owned();
        for place in 0..=1 {
            text = text.replace(&format!("{{{place}}}"), details.get(place).unwrap_or(&""));
        }
        Self {
            text: text.trim_end().to_owned(),
            suberror: code.suberror.map(str::to_owned),
            claims: None,
            code,
        }
    }

    /// A parameter that the request lacks.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(900_144, &[parameter])
    }

    /// A device that polls too often (RFC 8628 section 3.5). The error of that specification has no AADSTS code.
    pub(crate) fn slow_down() -> Self {
        Self::new(SLOW_DOWN, &[])
    }

    pub(crate) fn with_suberror(mut self, suberror: &str) -> Self {
        self.suberror = Some(suberror.to_owned());
        self
    }

    /// Adds a claims challenge (Microsoft: "Claims challenges, claims requests and client capabilities").
    pub(crate) fn with_claims(mut self) -> Self {
        self.claims = Some(CLAIMS_CHALLENGE);
        self
    }

    /// Gives it the name that it has at another endpoint.
    pub(crate) fn with_error(mut self, error: &'static str) -> Self {
        self.code.error = error;
        self
    }

    pub(crate) fn http_status(&self) -> u16 {
        self.code.http_status()
    }

    /// What it says, with its AADSTS code and what it can be found by.
    pub(crate) fn description(&self, trace: &Trace) -> String {
        let (code, text, timestamp) = (self.code.code, &self.text, trace.now.timestamp());
        let (trace_id, correlation_id) = (&trace.id, &trace.correlation_id);
        format!("AADSTS{code}: {text} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}")
    }

    /// The answer's body.
    pub(crate) fn json(&self, trace: &Trace) -> Value {
        let (code, timestamp) = (self.code.code, trace.now.timestamp());
        let (trace_id, correlation_id) = (&trace.id, &trace.correlation_id);
        let text = &self.text;
        match trace.kind {
            Kind::B2c if code != SLOW_DOWN => return b2c::json(code, text, trace),
            Kind::Entra | Kind::ExternalId if code != SLOW_DOWN => {}
            // The form of RFC 6749 section 5.2 and no more.
            _ => return json!({"error": self.code.error, "error_description": text}),
        }
        let mut body = json!({
            "error": self.code.error,
            "error_description": self.description(trace),
            "error_codes": [code],
            "timestamp": timestamp,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
        });
        if let Some(suberror) = &self.suberror {
            body["suberror"] = suberror.as_str().into();
        }
        if let Some(claims) = self.claims {
            body["claims"] = claims.into();
        }
        body
    }
}

const CLAIMS_CHALLENGE: &str = r#"{"access_token":{"capolids":{"essential":true,"values":["emulated-policy"]}}}"#;
