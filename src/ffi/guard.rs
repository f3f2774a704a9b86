//! The one guard through which every exported function runs.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::base::error::{Error, Result, Status};

/// Runs `body`; a panic in it becomes an error.
pub fn guard(body: impl FnOnce() -> Result<()>) -> Result<()> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(Error::from_panic(&*panic)))
}

/// The same for functions that have no error object to give: only the status is left.
pub fn guard_plain(body: impl FnOnce() -> Result<()>) -> i32 {
    guard(body).map_or_else(|error| error.status(), |()| Status::Ok).code()
}
