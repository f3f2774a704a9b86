//! Why the emulator did not start.

use std::fmt;

/// Why the emulator did not start. The text names the argument at fault and never holds a secret given with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartError {
    /// An argument cannot be used: wrong form, or a file named in it is missing or holds no usable certificate.
    Usage(String),
    /// The operating system refused something: the address is taken, the CA file cannot be written.
    System(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::System(text) => formatter.write_str(text),
        }
    }
}

impl std::error::Error for StartError {}
