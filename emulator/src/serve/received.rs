//! A request as the service reads it.

use bytes::Bytes;
use hyper::header::HeaderName;
use hyper::{HeaderMap, Method};

use super::connection::Connection;
use super::journal::Asked;
use crate::request::form::Form;

/// A request, read to its end.
pub(super) struct Received {
    pub(super) method: Method,
    /// The host in the request's target, where it has one.
    pub(super) target: Option<String>,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Received {
    /// The value of a header, empty when it is missing or not ASCII.
    pub(super) fn header(&self, name: &HeaderName) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(super) fn asked<'it>(
        &'it self,
        connection: &Connection,
        form: Option<&'it Form>,
        fault: Option<&'it str>,
    ) -> Asked<'it> {
        let Self {
            method,
            path,
            query,
            headers,
            ..
        } = self;
        Asked {
            method,
            path,
            query,
            headers,
            connection: connection.number,
            form,
            fault,
        }
    }
}
