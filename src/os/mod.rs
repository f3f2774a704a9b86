//! Calls to the API of the operating system, which use no type of the engine.

#[cfg(unix)]
pub mod unix;
#[cfg(windows)]
pub mod windows;
