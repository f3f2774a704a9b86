//! Secret bytes: passwords, client secrets, keys, assertions and tokens.

use std::fmt;

use zeroize::Zeroizing;

/// A secret. Its memory is overwritten when it is dropped, and `Debug` does not show it.
///
/// There is no `Display` and no serialization: a secret leaves only through [`Secret::expose`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<Box<[u8]>>);

impl Secret {
    /// Takes over `bytes`; the caller keeps no copy.
    pub fn new(bytes: Vec<u8>) -> Self {
        if bytes.len() == bytes.capacity() {
            return Self(Zeroizing::new(bytes.into_boxed_slice()));
        }
        // Shrinking in place is not guaranteed: the allocator may move the bytes and leave a copy behind.
        let bytes = Zeroizing::new(bytes);
        Self::copy_of(&bytes)
    }

    /// Copies `bytes`; the caller remains responsible for the original.
    pub fn copy_of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The secret itself. The caller is responsible for where it goes.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The secret as text, or `None` when it is not UTF-8.
    pub fn expose_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_content_nor_length() {
        let short = Secret::copy_of(b"a");
        let long = Secret::copy_of(b"correct horse battery staple");
        assert_eq!(format!("{short:?}"), format!("{long:?}"));
        assert!(!format!("{long:?}").contains("horse"));
    }
}
