//! Why Windows refused something.

use std::fmt;
use std::io;

use windows_sys::Win32::Foundation as foundation;

/// Why Windows refused something: an error code, shown with its text.
#[derive(Clone, Copy)]
pub struct Reason(i32);

impl Reason {
    /// The error code that a call returned.
    pub fn of(code: i32) -> Self {
        Self(code)
    }

    /// Of the call that just failed on this thread.
    pub fn last() -> Self {
        Self(io::Error::last_os_error().raw_os_error().unwrap_or_default())
    }

    /// Whether the provider cannot do what was asked. Providers say so in several ways.
    pub fn means_unsupported(self) -> bool {
        [
            foundation::NTE_NOT_SUPPORTED,
            foundation::NTE_INVALID_PARAMETER,
            foundation::NTE_BAD_FLAGS,
            foundation::NTE_BAD_ALGID,
            foundation::NTE_BAD_TYPE,
        ]
        .contains(&self.0)
    }

    /// Whether the key is not given to this account, or not without asking a person.
    pub fn means_refused(self) -> bool {
        [
            foundation::NTE_PERM,
            foundation::NTE_BAD_KEYSET,
            foundation::NTE_NO_KEY,
            foundation::NTE_SILENT_CONTEXT,
            foundation::E_ACCESSDENIED,
        ]
        .contains(&self.0)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = io::Error::from_raw_os_error(self.0).to_string();
        // The number at the end of the standard library's text is decimal; this one can be looked up.
        let text = text
            .split(" (os error")
            .next()
            .unwrap_or_default()
            .trim_end_matches('.');
        write!(formatter, "{text} (0x{:08X})", self.0)
    }
}
