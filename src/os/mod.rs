//! What the operating system gives: memory, and calls of its API. Uses no type of the engine.

#[cfg(feature = "wiping-allocator")]
pub mod allocator;
#[cfg(all(feature = "wiping-allocator", feature = "internals"))]
pub mod live_memory;
#[cfg(unix)]
pub mod unix;
#[cfg(windows)]
pub mod windows;
