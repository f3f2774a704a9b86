//! The identifiers by which a request can be found again.

use hyper::HeaderMap;
use uuid::Uuid;

use crate::clock::Moment;
use crate::request::authority::Kind;

/// The identifiers and the time of one answer.
pub(crate) struct Trace {
    /// Made anew for every answer; also its `x-ms-request-id`.
    pub(crate) id: String,
    /// The request's `client-request-id`; made anew when that is missing or no GUID.
    pub(crate) correlation_id: String,
    /// Whether the client asked for the correlation id in the header `client-request-id` of the answer.
    pub(crate) is_correlation_returned: bool,
    pub(crate) now: Moment,
    /// The kind of service that answers, which has its own form of an error.
    pub(crate) kind: Kind,
}

impl Trace {
    /// The same for a browser, which sends the id in the query.
    pub(crate) fn with_correlation_id(mut self, id: Option<&str>) -> Self {
        if let Some(id) = id.filter(|id| Uuid::try_parse(id).is_ok()) {
            id.clone_into(&mut self.correlation_id);
        }
        self
    }

    pub(crate) fn new(request: &HeaderMap, kind: Kind, now: Moment) -> Self {
        let text = |name: &str| request.get(name).and_then(|value| value.to_str().ok());
        let correlation_id = text("client-request-id").filter(|id| Uuid::try_parse(id).is_ok());
        Self {
            id: Uuid::new_v4().to_string(),
            correlation_id: correlation_id.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned),
            is_correlation_returned: text("return-client-request-id").is_some_and(|v| v.eq_ignore_ascii_case("true")),
            now,
            kind,
        }
    }
}
