//! Handles: Rust values that C holds by pointer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::base::error::{Error, Result, Status};

/// The value behind a handle that must not be NULL.
///
/// # Safety
/// `handle` is NULL or came from [`Out::give`] and was not freed; it stays so while the reference lives.
pub unsafe fn reference<'a, T>(handle: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: the caller's promise; NULL gives `None`.
    unsafe { handle.as_ref() }.ok_or_else(|| null(name))
}

/// The value behind a handle that may be NULL.
///
/// # Safety
/// As for [`reference`].
pub unsafe fn optional<'a, T>(handle: *const T) -> Option<&'a T> {
    // SAFETY: the caller's promise; NULL gives `None`.
    unsafe { handle.as_ref() }
}

/// Where a function puts its result.
pub struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Takes the place for a plain value, which must not be NULL.
    ///
    /// # Safety
    /// `place` is NULL or points to memory for a `T`.
    pub unsafe fn new(place: *mut T, name: &str) -> Result<Self> {
        if place.is_null() {
            Err(null(name))
        } else {
            Ok(Self(place))
        }
    }

    /// Puts a value there.
    pub fn set(self, value: T) {
        // SAFETY: `new` was promised memory for a `T`.
        unsafe { self.0.write(value) };
    }
}

impl<T> Out<*mut T> {
    /// Takes the place for a handle and sets it to NULL, so that a failure leaves no stray pointer behind.
    ///
    /// # Safety
    /// `place` is NULL or points to memory for a pointer.
    pub unsafe fn handle(place: *mut *mut T, name: &str) -> Result<Self> {
        // SAFETY: the caller's promise is the same.
        let out = unsafe { Self::new(place, name) }?;
        // SAFETY: `new` has just found it not NULL.
        unsafe { out.0.write(std::ptr::null_mut()) };
        Ok(out)
    }

    /// Gives `value` away to C, which frees it with the object's `_free`.
    pub fn give(self, value: T) {
        self.set(Box::into_raw(Box::new(value)));
    }
}

/// Frees what [`Out::give`] gave away; NULL is nothing to free.
///
/// # Safety
/// `handle` is NULL or came from [`Out::give`], was not freed before, and is not in use.
pub unsafe fn free<T>(handle: *mut T) {
    if handle.is_null() {
        return;
    }
    // SAFETY: the caller's promise.
    let value = unsafe { Box::from_raw(handle) };
    // A panic while dropping must not unwind into C, and there is nobody to report it to.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
}

pub fn null(name: &str) -> Error {
    Error::new(
        Status::NullPointer,
        format!("The pointer {name} is NULL."),
        "This is a mistake in the calling program: pass a valid pointer.",
    )
}
