//! The end of an answer.

/// How an answer ends on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Whole,
    /// The whole length is declared, half is sent, then the connection is closed.
    Truncated,
    /// No answer: the connection is reset (TCP RST).
    Reset,
}
