//! Whether a platform is there, found out with a request that it refuses.

use std::time::Duration;

use crate::base::error::{Error, Result, Status};
use crate::http::metadata::MetadataRequest;
use crate::managed_identity::ManagedIdentity;
use crate::managed_identity::resource::resource;
use crate::managed_identity::source::Source;
use crate::request::Request;

/// How long the Instance Metadata Service may take to answer: it is one hop away, and machines outside Azure wait in
/// vain.
const LIMIT: Duration = Duration::from_secs(1);

impl ManagedIdentity {
    /// Asks the Instance Metadata Service without the header `Metadata`, which it refuses with HTTP 400 (azure-identity
    /// `imds.py`). Every other platform has set its variables, and is not asked. The outcome is not remembered.
    ///
    /// # Errors
    /// [`Status::ConnectionFailed`] if nothing answers within a second, or something other than the service does: an
    /// answer of HTTP 403 or 404, or a page; [`Status::InvalidArgument`] for scopes that no platform knows.
    pub fn probe(&self, request: &Request) -> Result<()> {
        if self.platform.source() != Source::Imds {
            return Ok(());
        }
        let form = self.platform.form(resource(request.scopes(), &self.default_scope)?);
        let answer = self.transport.send(&MetadataRequest {
            url: &self.platform.endpoint.url(&form),
            headers: &[],
            form: None,
            timeout: LIMIT,
        });
        let answer = answer.map_err(|error| self.absent(error.cause()))?;
        log::debug!("{} answered a probe with HTTP {}", self.endpoint, answer.status);
        let is_page = answer.body.expose().trim_ascii_start().starts_with(b"<");
        match answer.status {
            403 | 404 => Err(self.absent(&format!("Something else answers there with HTTP {}.", answer.status))),
            _ if is_page => Err(self.absent("Something else answers there with a page.")),
            _ => Ok(()),
        }
    }

    fn absent(&self, why: &str) -> Error {
        Error::new(
            Status::ConnectionFailed,
            format!(
                "There is no managed identity here: {} is not at {}. {why}",
                Source::Imds.product(),
                self.endpoint
            ),
            "Run this on an Azure resource with a managed identity.",
        )
    }
}
