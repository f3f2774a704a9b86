//! Correlation ids: the GUIDs that identify requests in the service's logs.

use std::fmt;

use aws_lc_rs::rand;
use uuid::{Builder, Uuid, fmt::Hyphenated};

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::CORRELATION_ID;

/// A correlation id as it is sent: lower case with hyphens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CorrelationId([u8; Hyphenated::LENGTH]);

impl CorrelationId {
    /// A random id.
    pub fn random() -> Result<Self> {
        random_bytes().map(Self::of)
    }

    /// The id that a caller chose.
    pub fn parse(text: &str) -> Result<Self> {
        Uuid::try_parse(text).map(Self::of).map_err(|_| {
            Error::new(
                Status::InvalidArgument,
                format!("Invalid value for {CORRELATION_ID}."),
                "Use a GUID such as 6f1a4b0e-0000-4000-8000-000000000000, or omit it to send a random one.",
            )
        })
    }

    /// The id as it is sent.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn of(id: Uuid) -> Self {
        let mut text = [0; Hyphenated::LENGTH];
        id.hyphenated().encode_lower(&mut text);
        Self(text)
    }
}

impl fmt::Debug for CorrelationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A random UUID (RFC 9562 section 5.4), in lower case with hyphens.
pub fn random_uuid() -> Result<String> {
    let id = random_bytes()?;
    Ok(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned())
}

fn random_bytes() -> Result<Uuid> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| Error::no_random_numbers())?;
    Ok(Builder::from_random_bytes(bytes).into_uuid())
}
