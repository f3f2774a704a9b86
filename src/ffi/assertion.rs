//! `gt_assertion`: a signed client assertion.

use crate::base::secret::Secret;
use crate::ffi::guard::guard_plain;
use crate::ffi::handle::{Out, free, reference};
use crate::ffi::text::GtStr;

/// A signed client assertion. Immutable; any thread may read it. Freed with `gt_assertion_free`, which overwrites it.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtAssertion {
    pub(super) assertion: Secret,
}

/// Frees an assertion. NULL is ignored.
///
/// # Safety
/// `assertion` is NULL, or a live handle that nobody uses any more.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_assertion_free(assertion: *mut GtAssertion) {
    // SAFETY: the caller's promise.
    unsafe { free(assertion) };
}

/// The signed JWT. Secret for its lifetime: it proves who the application is.
///
/// # Safety
/// `assertion` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_assertion_text(assertion: *const GtAssertion, text_out: *mut GtStr) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        read(assertion, text_out, |assertion| {
            GtStr::lend(assertion.assertion.expose())
        })
    }
}

/// # Safety
/// `assertion` is a live handle or NULL, `place` points to memory for the value or is NULL.
unsafe fn read<T>(assertion: *const GtAssertion, place: *mut T, value: impl FnOnce(&GtAssertion) -> T) -> i32 {
    guard_plain(|| {
        // SAFETY: the caller's promise.
        let assertion = unsafe { reference(assertion, "assertion") }?;
        // SAFETY: the caller's promise.
        unsafe { Out::new(place, "the result's place") }?.set(value(assertion));
        Ok(())
    })
}
