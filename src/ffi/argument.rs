//! Typed arguments: what C passes, as Rust values.

use crate::base::error::{Error, Result, Status};

/// A Rust type that an argument from C can have.
///
/// | in C | here |
/// |---|---|
/// | text, NULL being empty | `&str`, [`Secret`](crate::base::secret::Secret) |
/// | text, NULL being none | `Option<&str>` |
/// | bytes, NULL being empty | `&[u8]` |
/// | bytes, NULL being none | `Option<&[u8]>`, `Option<Secret>` |
/// | a handle | `&GtClient` |
/// | a handle, NULL being none | `Option<&GtClient>` |
/// | a handle to free, NULL being none | `Option<Owned<GtClient>>` |
/// | a place for a result | [`Place`](super::place::Place) |
pub trait Argument<'call, Raw>: Sized {
    /// Converts `raw`, the argument called `name`; errors mention that name.
    ///
    /// # Safety
    /// Every pointer in `raw` is NULL, or is what the "Safety" section of the exported function asks for until the call
    /// ends.
    unsafe fn from_c(raw: Raw, name: &str, call: &'call Call) -> Result<Self>;
}

/// The duration of one call. What C lends to a function lives as long; a body that keeps it longer does not compile.
#[derive(Default)]
pub struct Call(());

/// The error for a pointer that must not be NULL.
pub fn null(name: &str) -> Error {
    Error::new(
        Status::NullPointer,
        format!("The pointer {name} is NULL."),
        "This is a mistake in the calling program: pass a valid pointer.",
    )
}
