//! Where the client assertions come from that this process does not sign.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::base::clock::Clock;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CLIENT_ASSERTION, Parameter};
use crate::base::pasted::unwrapped;
use crate::base::secret::Secret;
use crate::http::transport::TransportSettings;

/// A source of client assertions that were signed elsewhere. Many threads may use one at the same time.
pub trait AssertionSource: Send + Sync + fmt::Debug {
    /// An assertion for one token request. It is not kept beyond it.
    ///
    /// # Errors
    /// `CredentialMissing` if there is none, `InvalidArgument` if what is there cannot be one; otherwise why the source
    /// failed. No message quotes an assertion.
    fn assertion(&self, wanted: &Wanted<'_>) -> Result<Secret>;

    /// The kind of source and what tells it from others of its kind, in every process: never what changes with each
    /// assertion.
    fn proof(&self) -> (&'static str, &[u8]);

    /// Whether it may be asked again: for a retry, or for a renewal in the background.
    fn is_renewable(&self) -> bool {
        true
    }

    /// What no message may show of the source itself.
    fn secret(&self) -> Option<&Secret> {
        None
    }

    /// What the caller has named it by.
    fn parameter(&self) -> &'static Parameter;

    /// What else to do if the service refuses its assertions.
    fn advice(&self) -> Option<String> {
        None
    }

    /// The same source, which connects and retries with the settings of a client; `None` if it needs no connections.
    fn connected(&self, _settings: &TransportSettings, _retries: u32) -> Option<Result<Arc<dyn AssertionSource>>> {
        None
    }
}

/// The token request that an assertion is for.
pub struct Wanted<'a> {
    /// The tenant, as the caller named it.
    pub tenant: &'a str,
    /// The application.
    pub client_id: &'a str,
    /// Where the request will be sent.
    pub token_endpoint: &'a str,
    /// The audience of federated credentials in this cloud.
    pub audience: &'a str,
    /// The clock that pauses are made with.
    pub clock: &'a dyn Clock,
    /// When the caller's time is up.
    pub deadline: Instant,
}

impl Wanted<'_> {
    /// The time that the caller has left.
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(self.clock.monotonic())
    }
}

/// An assertion that the caller has given as text. It is sent once: services accept an assertion that an application
/// has signed for itself only once.
#[derive(Debug)]
pub struct GivenAssertion(Secret);

impl GivenAssertion {
    /// White space and quotation marks around the text are not part of it.
    ///
    /// # Errors
    /// `CredentialMissing` if it is empty, `InvalidArgument` if it cannot be a JWT.
    pub fn new(assertion: &Secret) -> Result<Self> {
        let trimmed = trimmed(assertion);
        if trimmed.is_empty() {
            return Err(missing("The client assertion is empty.", &CLIENT_ASSERTION));
        }
        if trimmed.iter().any(|byte| !byte.is_ascii_graphic()) {
            return Err(Error::new(
                Status::InvalidArgument,
                "The client assertion contains white space or non-ASCII characters.",
                format!(
                    "Set {CLIENT_ASSERTION} to the signed JWT on one line, without quotation marks or line breaks."
                ),
            ));
        }
        Ok(Self(Secret::copy_of(trimmed)))
    }
}

impl AssertionSource for GivenAssertion {
    fn assertion(&self, _: &Wanted<'_>) -> Result<Secret> {
        Ok(self.0.clone())
    }

    fn proof(&self) -> (&'static str, &[u8]) {
        ("assertion", self.0.expose())
    }

    fn is_renewable(&self) -> bool {
        false
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.0)
    }

    fn parameter(&self) -> &'static Parameter {
        &CLIENT_ASSERTION
    }
}

/// The error for a credential that is empty.
pub(super) fn missing(message: &str, parameter: &Parameter) -> Error {
    Error::new(
        Status::CredentialMissing,
        message,
        format!("Check {parameter}; an unset variable is a common cause."),
    )
}

/// What `assertion` holds without white space and quotation marks around it.
fn trimmed(assertion: &Secret) -> &[u8] {
    let text = assertion.expose_text().map(|text| unwrapped(text).as_bytes());
    text.unwrap_or(assertion.expose())
}

/// The most bytes that an assertion may have. One with many groups has some thousand.
#[cfg(feature = "flows")]
pub const LONGEST: usize = 64 * 1024;

/// The assertion in `content`, which came from `source`: `The federated token file /x`. `None` if there is nothing.
///
/// # Errors
/// `InvalidArgument` if it cannot be a token. Neither message nor hint quotes it.
#[cfg(feature = "flows")]
pub fn checked(content: &Secret, source: &str, parameter: &Parameter) -> Result<Option<Secret>> {
    let refused = |what: &str| {
        Error::new(
            Status::InvalidArgument,
            format!("{source} {what}."),
            format!("Check {parameter}: it provides one JWT, and nothing else."),
        )
    };
    if content.expose_text().is_none() {
        return Err(refused("contains text that is not UTF-8"));
    }
    match trimmed(content) {
        [] => Ok(None),
        text if text.len() > LONGEST => Err(refused("is larger than 64 KiB")),
        text if text.iter().any(|byte| !byte.is_ascii_graphic()) => Err(refused(
            "contains white space, control characters or non-ASCII characters",
        )),
        text => Ok(Some(Secret::copy_of(text))),
    }
}
