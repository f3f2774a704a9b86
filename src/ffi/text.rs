//! Text and bytes across the boundary.

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::ffi::handle::null;

/// Bytes with their length; UTF-8 where they are text. Not NUL-terminated.
///
/// As an argument it is borrowed for the time of the call. As a result it belongs to the handle it was read from and is
/// valid until that is freed. `data` may be NULL when `len` is 0, which means "none" where that differs from "empty".
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "bindings", interoptopus::ffi_type)]
pub struct GtStr {
    /// The first byte.
    pub data: *const u8,
    /// How many bytes there are.
    pub len: u64,
}

impl GtStr {
    /// Lends `text` to C.
    pub(super) fn lend(text: &[u8]) -> Self {
        Self {
            data: text.as_ptr(),
            len: text.len() as u64,
        }
    }

    /// The bytes; NULL with length 0 is none.
    ///
    /// # Safety
    /// `data` is NULL or points to `len` bytes that stay as they are while the slice lives.
    pub(super) unsafe fn optional<'a>(self, name: &str) -> Result<Option<&'a [u8]>> {
        match (self.data.is_null(), usize::try_from(self.len)) {
            (true, Ok(0)) => Ok(None),
            (true, _) => Err(null(name)),
            // `isize::MAX` is the most that a slice may have.
            (false, Ok(len)) if isize::try_from(len).is_ok() => {
                // SAFETY: the caller's promise, and the length is one that a slice may have.
                Ok(Some(unsafe { std::slice::from_raw_parts(self.data, len) }))
            }
            (false, _) => Err(Error::new(
                Status::InvalidArgument,
                format!("The length of {name} is impossible."),
                "This is a mistake in the calling program: pass the number of bytes.",
            )),
        }
    }

    /// The bytes; none counts as empty.
    ///
    /// # Safety
    /// As for [`GtStr::optional`].
    pub(super) unsafe fn bytes<'a>(self, name: &str) -> Result<&'a [u8]> {
        // SAFETY: the same promise.
        Ok(unsafe { self.optional(name) }?.unwrap_or_default())
    }

    /// The text; none counts as empty.
    ///
    /// # Safety
    /// As for [`GtStr::optional`].
    pub(super) unsafe fn text<'a>(self, name: &str) -> Result<&'a str> {
        // SAFETY: the same promise.
        std::str::from_utf8(unsafe { self.bytes(name) }?).map_err(|_| {
            Error::new(
                Status::InvalidArgument,
                format!("The text {name} is not UTF-8."),
                "Convert the text to UTF-8 before passing it.",
            )
        })
    }

    /// A copy of a secret text, in memory that is overwritten when it is no longer needed.
    ///
    /// # Safety
    /// As for [`GtStr::optional`].
    pub(super) unsafe fn secret(self, name: &str) -> Result<Secret> {
        // SAFETY: the same promise.
        Ok(Secret::copy_of(unsafe { self.text(name) }?.as_bytes()))
    }
}
