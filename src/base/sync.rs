//! Locks and threads of the standard library, or of a model checker that runs threads in every order (feature
//! `model-checking`). Used wherever callers wait for each other.

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
