//! The Unix API, as far as the standard library lacks it.

/// The user whose rights this process has (geteuid(2)).
pub fn effective_user() -> u32 {
    // SAFETY: it takes nothing, and always succeeds.
    unsafe { libc::geteuid() }
}

/// Ends a group of processes at once (kill(2)). A group that has ended already is no failure.
#[cfg(feature = "flows")]
pub fn end_group(leader: u32) {
    // The groups 0 and 1 would be this process's own, and that of every process.
    if let Ok(leader @ 2..) = libc::pid_t::try_from(leader) {
        // SAFETY: it takes numbers, and touches no memory of this process.
        unsafe { libc::kill(-leader, libc::SIGKILL) };
    }
}
