//! Places: the caller's memory for results.

use std::marker::PhantomData;
use std::time::Duration;

use crate::base::clock::whole_seconds;
use crate::base::error::Result;
use crate::ffi::argument::{Argument, Call, null};

/// Memory of the caller for a result.
pub struct Place<'call, T> {
    memory: *mut T,
    call: PhantomData<&'call Call>,
}

impl<T> Place<'_, T> {
    /// Puts a result there.
    pub fn set(self, result: T) {
        // SAFETY: `from_c` found it not NULL, and was promised memory for a `T` during the call.
        unsafe { self.memory.write(result) };
    }

    /// Puts the value of `body` there. A failure leaves the place as it is.
    pub fn fill<V: IntoC<T>>(self, body: impl FnOnce() -> Result<V>) -> Result<()> {
        self.set(body()?.into_c());
        Ok(())
    }
}

/// A place that may be NULL, for a result that the caller may not want.
impl<'call, T: Outgoing> Argument<'call, *mut T> for Option<Place<'call, T>> {
    unsafe fn from_c(memory: *mut T, _: &str, _: &'call Call) -> Result<Self> {
        if memory.is_null() {
            return Ok(None);
        }
        if let Some(value) = T::UNTIL_SET {
            // SAFETY: not NULL, and so memory for a `T`.
            unsafe { memory.write(value) };
        }
        let call = PhantomData;
        Ok(Some(Place { memory, call }))
    }
}

impl<'call, T: Outgoing> Argument<'call, *mut T> for Place<'call, T> {
    unsafe fn from_c(memory: *mut T, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        let place: Option<Self> = unsafe { Argument::from_c(memory, name, call) }?;
        place.ok_or_else(|| null(name))
    }
}

/// A type that C receives.
pub trait Outgoing: Sized {
    /// What the place holds until the result is set, and so after a failure. `None` leaves the caller's own value.
    const UNTIL_SET: Option<Self> = None;
}

impl Outgoing for i32 {}
impl Outgoing for u32 {}
impl Outgoing for i64 {}
impl Outgoing for u64 {}

/// A failure leaves no stray pointer behind.
impl<T> Outgoing for *mut T {
    const UNTIL_SET: Option<Self> = Some(std::ptr::null_mut());
}

/// A value that C receives as a `T`.
pub trait IntoC<T> {
    /// Converts the value.
    fn into_c(self) -> T;
}

/// Seconds, rounded up.
impl IntoC<i64> for Duration {
    fn into_c(self) -> i64 {
        i64::try_from(whole_seconds(self)).unwrap_or(i64::MAX)
    }
}

impl<T: Outgoing> IntoC<T> for T {
    fn into_c(self) -> T {
        self
    }
}
