//! An HTTP answer, and how it goes onto the wire.

mod b2c;
pub(crate) mod ending;
pub(crate) mod refusal;
mod service_code;
pub(crate) mod trace;

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{HeaderMap, Response, StatusCode};
use serde_json::Value;

use ending::Ending;

/// An answer before it is sent.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) ending: Ending,
}

impl Answer {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Vec::new(),
            ending: Ending::Whole,
        }
    }

    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::with_body(status, "application/json; charset=utf-8", &body.to_string())
    }

    /// A page such as the service shows to a browser.
    pub(crate) fn page(status: StatusCode) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html><head><title>{status}</title></head><body><h2>{status}</h2>\
             <p>entra-emulator serves POST /TENANT/oauth2/v2.0/token, POST /TENANT/oauth2/token, \
             POST /TENANT/oauth2/v2.0/devicecode, /devicelogin, /TENANT/oauth2/v2.0/authorize and GET /TENANT/v2.0/.well-known/openid-configuration; the \
             same of AD FS below /adfs, of the user flows of B2C below /TENANT/B2C_1_NAME, and of an OpenID Connect \
             issuer below /oidc.</p></body></html>\n"
        );
        Self::html(status, &page)
    }

    pub(crate) fn html(status: StatusCode, page: &str) -> Self {
        Self::with_body(status, "text/html; charset=utf-8", page)
    }

    pub(crate) fn text(status: StatusCode, text: &str) -> Self {
        Self::with_body(status, "text/plain; charset=utf-8", text)
    }

    pub(crate) fn set_body(&mut self, content_type: &'static str, body: &str) {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = body.as_bytes().to_vec();
    }

    /// Adds a header; a value that no header can hold is left out.
    pub(crate) fn set_header(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// Nothing may be kept by a cache (RFC 6749 section 5.1), unless it says so itself.
    pub(crate) fn into_response(mut self) -> Response<AnswerBody> {
        self.headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store, no-cache"));
        let mut response = Response::new(AnswerBody::new(self.body, self.ending));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    fn with_body(status: StatusCode, content_type: &'static str, body: &str) -> Self {
        let mut answer = Self::empty(status);
        answer.set_body(content_type, body);
        answer
    }
}

/// The body on its way out: its whole length is declared, but half of it may be all there is.
pub(crate) struct AnswerBody {
    declared: u64,
    unsent: Option<Bytes>,
    is_truncated: bool,
    is_flushed: bool,
}

impl AnswerBody {
    fn new(body: Vec<u8>, ending: Ending) -> Self {
        let is_truncated = ending == Ending::Truncated;
        let (whole, mut body) = (body.len(), Bytes::from(body));
        if is_truncated {
            body.truncate(whole / 2);
        }
        Self {
            declared: whole as u64,
            unsent: Some(body),
            is_truncated,
            is_flushed: false,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(body) = self.unsent.take() {
            return Poll::Ready(Some(Ok(Frame::data(body))));
        }
        if !self.is_truncated {
            return Poll::Ready(None);
        }
        if !self.is_flushed {
            // An error ends the connection at once, so the server first gets a turn to send what it has.
            self.is_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.declared)
    }
}

/// What the server's request handler returns: every problem is already an answer.
pub(crate) type Answered = Result<Response<AnswerBody>, Infallible>;
