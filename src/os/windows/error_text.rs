//! Error codes of Windows, and their texts.

use std::fmt;
use std::io;

use windows_sys::Win32::Foundation as foundation;

/// The error code of a failed call, displayed with its text.
#[derive(Clone, Copy)]
pub struct Reason(i32);

impl Reason {
    /// The error code that a call returned.
    pub fn of(code: i32) -> Self {
        Self(code)
    }

    /// The error code of the last call on this thread, which must have failed.
    pub fn last() -> Self {
        Self(io::Error::last_os_error().raw_os_error().unwrap_or_default())
    }

    /// Whether the provider does not support the request, for which providers have several codes.
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

    /// Whether this account may not use the key, or only with a dialog.
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
        // The standard library appends a decimal number; hexadecimal numbers are the ones that users can look up.
        let text = text
            .split(" (os error")
            .next()
            .unwrap_or_default()
            .trim_end_matches('.');
        write!(formatter, "{text} (0x{:08X})", self.0)
    }
}
