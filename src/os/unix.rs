//! The Unix API, as far as the standard library lacks it.

/// The user whose rights this process has (geteuid(2)).
pub fn effective_user() -> u32 {
    // SAFETY: it takes nothing, and always succeeds.
    unsafe { libc::geteuid() }
}
