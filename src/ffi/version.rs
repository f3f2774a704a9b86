//! Which library this is.

use crate::ffi::guard::guard_plain;
use crate::ffi::handle::Out;
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
    guard_plain(|| {
        // SAFETY: the caller's promise.
        let abi = unsafe { Out::new(abi_version_out, "abi_version_out") }?;
        // SAFETY: the caller's promise.
        let library = unsafe { Out::new(library_version_out, "library_version_out") }?;
        abi.set(ABI_VERSION);
        library.set(GtStr::lend(env!("CARGO_PKG_VERSION").as_bytes()));
        Ok(())
    })
}
