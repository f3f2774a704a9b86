//! Which library this is.

use crate::ffi::call::plain_call;
use crate::ffi::place::Place;
use crate::ffi::text::GtStr;

/// The version of the C ABI. It changes only when a program made for the version before would no longer work.
pub const ABI_VERSION: u32 = 1;

/// Tells the ABI version and the library's own version, such as `0.1.0`.
///
/// A wrapper calls this first and refuses an ABI version that it was not made for. The text is valid for ever.
///
/// # Safety
/// Both pointers are NULL or point to memory for their values. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_version(abi_version_out: *mut u32, library_version_out: *mut GtStr) -> i32 {
    plain_call!(
        |abi_version_out: Place<'_, u32>, library_version_out: Place<'_, GtStr>| {
            abi_version_out.set(ABI_VERSION);
            library_version_out.fill(|| Ok(env!("CARGO_PKG_VERSION")))
        }
    )
}
