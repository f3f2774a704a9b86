//! Text and bytes across the boundary.

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::ffi::argument::{Argument, Call, null};
use crate::ffi::place::{IntoC, Outgoing};

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

impl<'call> Argument<'call, GtStr> for Option<&'call [u8]> {
    unsafe fn from_c(bytes: GtStr, name: &str, _: &'call Call) -> Result<Self> {
        match (bytes.data.is_null(), usize::try_from(bytes.len)) {
            (true, Ok(0)) => Ok(None),
            (true, _) => Err(null(name)),
            // `isize::MAX` is the most that a slice may have.
            (false, Ok(len)) if isize::try_from(len).is_ok() => {
                // SAFETY: `data` points to `len` bytes that do not change during the call, and `len` is no more than a
                // slice may have.
                Ok(Some(unsafe { std::slice::from_raw_parts(bytes.data, len) }))
            }
            (false, _) => Err(Error::new(
                Status::InvalidArgument,
                format!("The length of {name} is impossible."),
                "This is a mistake in the calling program: pass the number of bytes.",
            )),
        }
    }
}

impl<'call> Argument<'call, GtStr> for &'call [u8] {
    unsafe fn from_c(bytes: GtStr, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        let bytes: Option<Self> = unsafe { Argument::from_c(bytes, name, call) }?;
        Ok(bytes.unwrap_or_default())
    }
}

impl<'call> Argument<'call, GtStr> for Option<&'call str> {
    unsafe fn from_c(text: GtStr, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        let bytes: Option<&[u8]> = unsafe { Argument::from_c(text, name, call) }?;
        bytes.map(std::str::from_utf8).transpose().map_err(|_| {
            Error::new(
                Status::InvalidArgument,
                format!("The text {name} is not UTF-8."),
                "Convert the text to UTF-8 before passing it.",
            )
        })
    }
}

impl<'call> Argument<'call, GtStr> for &'call str {
    unsafe fn from_c(text: GtStr, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        let text: Option<Self> = unsafe { Argument::from_c(text, name, call) }?;
        Ok(text.unwrap_or_default())
    }
}

/// A copy of secret text, in memory that is overwritten when it is dropped.
impl<'call> Argument<'call, GtStr> for Secret {
    unsafe fn from_c(text: GtStr, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        let text: &str = unsafe { Argument::from_c(text, name, call) }?;
        Ok(Self::copy_of(text.as_bytes()))
    }
}

/// A copy of a secret that need not be text.
impl<'call> Argument<'call, GtStr> for Option<Secret> {
    unsafe fn from_c(bytes: GtStr, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        let bytes: Option<&[u8]> = unsafe { Argument::from_c(bytes, name, call) }?;
        Ok(bytes.map(Secret::copy_of))
    }
}

impl Outgoing for GtStr {}

/// Lends bytes that belong to a handle.
impl IntoC<GtStr> for &[u8] {
    fn into_c(self) -> GtStr {
        GtStr {
            data: self.as_ptr(),
            len: self.len() as u64,
        }
    }
}

/// Lends text that belongs to a handle.
impl IntoC<GtStr> for &str {
    fn into_c(self) -> GtStr {
        self.as_bytes().into_c()
    }
}
