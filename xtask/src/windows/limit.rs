//! The tests that cannot hold under Wine.

use std::fmt;

/// A test that is left out, and why.
pub struct Limit {
    suite: &'static str,
    /// The test's own name in Rust, with its class and namespace in C#.
    pub test: &'static str,
    reason: &'static str,
}

impl Limit {
    pub const CLI: &str = "windows cli";
    pub const C: &str = "windows c";
    pub const CSHARP: &str = "windows c#";
    pub const POWERSHELL: &str = "windows powershell";
}

/// Those of one suite.
pub fn of(suite: &str) -> impl Iterator<Item = &'static Limit> {
    LIMITS.iter().filter(move |limit| limit.suite == suite)
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:20}{}: {}", self.suite, self.test, self.reason)
    }
}

/// All of them. They count as tests that did not run.
pub const LIMITS: &[Limit] = &[Limit {
    suite: Limit::C,
    test: "the_library_exports_what_the_header_declares",
    reason: "the lane reads the exports from the file itself (windows files)",
}];
