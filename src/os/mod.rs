//! Calls of an operating system's own interface. Knows no type of the engine.

#[cfg(windows)]
pub mod windows;
