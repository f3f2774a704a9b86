//! How much of the program's memory is in use, for the benchmarks.

use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};

static IS_COUNTED: AtomicBool = AtomicBool::new(false);
static LIVE: AtomicIsize = AtomicIsize::new(0);

/// Counts from now on.
pub fn count() {
    IS_COUNTED.store(true, Ordering::Relaxed);
}

/// The bytes in use that were allocated since [`count`], less those that were freed since then. Without the
/// allocator's own overhead.
pub fn live() -> isize {
    LIVE.load(Ordering::Relaxed)
}

#[inline]
pub(super) fn add(size: usize) {
    if IS_COUNTED.load(Ordering::Relaxed) {
        LIVE.fetch_add(size.cast_signed(), Ordering::Relaxed);
    }
}

#[inline]
pub(super) fn subtract(size: usize) {
    if IS_COUNTED.load(Ordering::Relaxed) {
        LIVE.fetch_sub(size.cast_signed(), Ordering::Relaxed);
    }
}
