//! `gt_cancel`: ends waiting calls from another thread.

use crate::base::cancel::Cancel;
use crate::ffi::error::{GtError, report};
use crate::ffi::guard::guard_plain;
use crate::ffi::handle::{Out, free, reference};

/// A signal to end calls. It may be given to any number of calls; once signalled it stays so. Freed with
/// `gt_cancel_free`, after the calls that it was given to have returned.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtCancel {
    pub(super) cancel: Cancel,
}

/// Makes a signal that has not been given.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `cancel_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cancel_new(cancel_out: *mut *mut GtCancel, error_out: *mut *mut GtError) -> i32 {
    let body = || {
        // SAFETY: the caller's promise.
        let place = unsafe { Out::handle(cancel_out, "cancel_out") }?;
        place.give(GtCancel {
            cancel: Cancel::default(),
        });
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { report(error_out, body) }
}

/// Gives the signal: every call that waits with this handle returns at once with status 3, `Cancelled`, and so does every
/// later one. A request that is under way ends on its own and may still fill the cache.
///
/// # Safety
/// `cancel` is a live handle or NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cancel_signal(cancel: *const GtCancel) -> i32 {
    guard_plain(|| {
        // SAFETY: the caller's promise.
        unsafe { reference(cancel, "cancel") }?.cancel.signal();
        Ok(())
    })
}

/// Frees a signal. NULL is ignored.
///
/// # Safety
/// `cancel` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cancel_free(cancel: *mut GtCancel) {
    // SAFETY: the caller's promise.
    unsafe { free(cancel) };
}
