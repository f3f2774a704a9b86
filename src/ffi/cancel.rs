//! `gt_cancel`: ends waiting calls from another thread.

use crate::base::cancel::Cancel;
use crate::ffi::call::{call, free, plain_call};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;

/// A signal to end calls. It may be given to any number of calls; once signalled it stays so. Freed with
/// `gt_cancel_free`, after the calls that it was given to have returned.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtCancel {
    cancel: Cancel,
}

impl Object for GtCancel {
    const NAME: &'static str = "gt_cancel";
}

impl GtCancel {
    pub(super) fn of(cancel: Option<&Self>) -> Option<&Cancel> {
        cancel.map(|cancel| &cancel.cancel)
    }
}

/// Makes a signal that has not been given.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `cancel_out` points to memory for a pointer or is
/// NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cancel_new(cancel_out: *mut *mut GtCancel, error_out: *mut *mut GtError) -> i32 {
    call!(cancel_out, error_out, || Ok(GtCancel {
        cancel: Cancel::default()
    }))
}

/// Gives the signal: every call that waits with this handle returns at once with status 3, `Cancelled`, and so does
/// every later one. A request that is under way ends on its own and may still fill the cache.
///
/// # Safety
/// `cancel` is a live handle or NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cancel_signal(cancel: *const GtCancel) -> i32 {
    plain_call!(|cancel: &GtCancel| {
        cancel.cancel.signal();
        Ok(())
    })
}

/// Frees a signal. NULL is ignored.
///
/// # Safety
/// `cancel` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_cancel_free(cancel: *mut GtCancel) {
    free!(cancel);
}
