//! Correlation ids: the GUIDs by which a request is found again in the service's logs.

use aws_lc_rs::rand;
use uuid::{Builder, Uuid};

use crate::error::{Error, Result, Status};

/// A random UUID (RFC 9562 section 5.4), in lower case with hyphens.
pub fn random_uuid() -> Result<String> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| {
        Error::new(
            Status::InternalError,
            "The operating system gives no random numbers.",
            "Restart the machine.",
        )
    })?;
    let id = Builder::from_random_bytes(bytes).into_uuid();
    Ok(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned())
}

/// The correlation id that a caller chose, checked and in the form in which it is sent.
pub fn parse_correlation_id(text: &str) -> Result<String> {
    Uuid::try_parse(text).map(|id| id.to_string()).map_err(|_| {
        Error::new(
            Status::InvalidArgument,
            "The correlation id is not a GUID.",
            "Give a GUID such as 6f1a4b0e-0000-4000-8000-000000000000, or leave it out to have one made.",
        )
    })
}
