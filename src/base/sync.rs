//! Locks and threads: the standard library's, or those of a model checker that runs threads in every order
//! (feature `model-checking`). For what callers wait for each other with.

#[cfg(feature = "model-checking")]
pub use shuttle::{
    sync::{Condvar, Mutex, MutexGuard},
    thread,
};
#[cfg(not(feature = "model-checking"))]
pub use std::{
    sync::{Condvar, Mutex, MutexGuard},
    thread,
};
