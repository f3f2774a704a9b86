//! The one guard through which every exported function runs.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::base::error::{Error, Result, Status};
use crate::ffi::place::{IntoC, Place};

/// Runs `body` and reports its outcome: the status, and after a failure an error object in `error_out`, if the caller
/// wants one.
pub fn report<E>(error_out: Option<Place<'_, E>>, body: impl FnOnce() -> Result<()>) -> i32
where
    Error: IntoC<E>,
{
    match guard(body) {
        Ok(()) => Status::Ok.code(),
        Err(error) => failed(error, error_out),
    }
}

/// Runs the body of a function that has no error object to give: only the status is left.
pub fn guard_plain(body: impl FnOnce() -> Result<()>) -> i32 {
    guard(body).map_or_else(|error| error.status(), |()| Status::Ok).code()
}

/// Drops an object that C gave back, if there is one.
pub fn discard<T>(object: Option<T>) {
    if let Some(object) = object {
        // A panic while dropping must not unwind into C, and there is no one to report it to.
        let _ = guard(|| {
            drop(object);
            Ok(())
        });
    }
}

/// Runs `body`; a panic in it becomes an error.
fn guard(body: impl FnOnce() -> Result<()>) -> Result<()> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(Error::from_panic(&*panic)))
}

#[cold]
fn failed<E>(error: Error, error_out: Option<Place<'_, E>>) -> i32
where
    Error: IntoC<E>,
{
    let status = error.status();
    if let Some(place) = error_out {
        place.set(error.into_c());
    }
    status.code()
}
