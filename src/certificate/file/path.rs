//! The path of a certificate file as users give it: with what was copied along, or the content of the file instead.

use std::path::Path;

use crate::base::error::{Error, Status};
use crate::base::parameter::CERTIFICATE_CONTENT;
use crate::base::shown_path::is_content;

/// The error for the content of a certificate file, or a part of it, in place of a path; `None` for any other text.
pub(crate) fn content_refusal(path: &Path) -> Option<Error> {
    is_content(path).then(|| {
        Error::new(
            Status::InvalidArgument,
            "The path of the certificate or key file is not a path; it looks like the content of the file.",
            format!("Pass the path of the file, or pass its content with {CERTIFICATE_CONTENT}."),
        )
    })
}
