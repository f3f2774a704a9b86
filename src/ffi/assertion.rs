//! `gt_assertion`: a signed client assertion.

use crate::base::secret::Secret;
use crate::ffi::call::{free, plain_call};
use crate::ffi::handle::Object;
use crate::ffi::text::GtStr;

/// A signed client assertion. Immutable; any thread may read it. Freed with `gt_assertion_free`, which overwrites it.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtAssertion {
    pub(super) assertion: Secret,
}

impl Object for GtAssertion {
    const NAME: &'static str = "gt_assertion";
}

/// Frees an assertion. NULL is ignored.
///
/// # Safety
/// `assertion` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_assertion_free(assertion: *mut GtAssertion) {
    free!(assertion);
}

/// The signed JWT. Secret for its lifetime: it proves who the application is.
///
/// # Safety
/// `assertion` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_assertion_text(assertion: *const GtAssertion, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |assertion: &GtAssertion| assertion.assertion.expose())
}
