//! The proof that came with a token request.

/// What an application proved itself with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    None,
    Secret,
    Certificate,
}

impl Proof {
    /// The value of the claim `appidacr` (Microsoft: "Access token claims reference").
    pub(crate) fn claim(self) -> &'static str {
        match self {
            Self::None => "0",
            Self::Secret => "1",
            Self::Certificate => "2",
        }
    }
}
