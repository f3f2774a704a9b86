//! Handles: Rust values that C holds by pointer.

use crate::base::error::Result;
use crate::ffi::argument::{Argument, Call, null};
use crate::ffi::place::IntoC;

/// A type whose values C holds by pointer. Every handle is a `Box` of its own: [`IntoC`] gives it to C, and the `_free`
/// function of the type takes it back.
pub trait Object {}

impl<'call, T: Object> Argument<'call, *const T> for Option<&'call T> {
    unsafe fn from_c(handle: *const T, _: &str, _: &'call Call) -> Result<Self> {
        // SAFETY: NULL, or a live handle that stays live during the call; the reference ends with the call.
        Ok(unsafe { handle.as_ref() })
    }
}

impl<'call, T: Object> Argument<'call, *const T> for &'call T {
    unsafe fn from_c(handle: *const T, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        let handle: Option<Self> = unsafe { Argument::from_c(handle, name, call) }?;
        handle.ok_or_else(|| null(name))
    }
}

/// A handle that the C signature declares as changed. What can change in an object is behind a lock.
impl<'call, T: Object> Argument<'call, *mut T> for &'call T {
    unsafe fn from_c(handle: *mut T, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        unsafe { Argument::from_c(handle.cast_const(), name, call) }
    }
}

impl<'call, T: Object> Argument<'call, *mut T> for Option<Box<T>> {
    unsafe fn from_c(handle: *mut T, _: &str, _: &'call Call) -> Result<Self> {
        // SAFETY: not NULL, and so a live handle, which is a box that is no longer in use.
        Ok((!handle.is_null()).then(|| unsafe { Box::from_raw(handle) }))
    }
}

impl<T: Object> IntoC<*mut T> for T {
    fn into_c(self) -> *mut T {
        Box::into_raw(Box::new(self))
    }
}

/// None is NULL.
impl<T: Object> IntoC<*mut T> for Option<T> {
    fn into_c(self) -> *mut T {
        self.map_or(std::ptr::null_mut(), IntoC::into_c)
    }
}
