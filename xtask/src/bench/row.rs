//! What is compared with what.

use self::Goal::{AtLeast, AtMost, FasterThanPeer, Like, OverLimit};
use super::quantity::Quantity;

/// A line of the table. Measurements are named as the programs report them.
pub struct Row {
    pub quantity: Quantity,
    pub operation: &'static str,
    pub ours: &'static str,
    /// MSAL.NET, for the same.
    pub peer: Option<&'static str>,
    /// The least that it can cost, and what that is.
    pub limit: Option<(&'static str, &'static str)>,
    pub goal: Option<Goal>,
    /// Whether there are caches that it cannot be measured of.
    pub is_optional: bool,
}

/// What was wished for.
#[derive(Clone, Copy)]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// So much more than the bare limit.
    OverLimit(f64),
    /// So many times faster than the peer.
    FasterThanPeer(f64),
    /// No more than twice another measurement: its name, and what it is of.
    Like(&'static str, &'static str),
}

impl Row {
    /// Every measurement that belongs to it.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let limit = self.limit.map(|(name, _)| name);
        [Some(self.ours), self.peer, limit].into_iter().flatten()
    }

    const fn of(quantity: Quantity, operation: &'static str, ours: &'static str) -> Self {
        Self {
            quantity,
            operation,
            ours,
            peer: None,
            limit: None,
            goal: None,
            is_optional: false,
        }
    }

    const fn beside(mut self, peer: &'static str) -> Self {
        self.peer = Some(peer);
        self
    }

    const fn over(mut self, limit: &'static str, what: &'static str) -> Self {
        self.limit = Some((limit, what));
        self
    }

    const fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }
}

/// The rows by their headings.
pub const SECTIONS: [(&str, &[Row]); 4] = [
    ("Engine and C interface", ENGINE),
    (".NET class", DOTNET),
    ("PowerShell", POWERSHELL),
    ("Command and library", COMMAND),
];

pub fn all() -> impl Iterator<Item = &'static Row> {
    SECTIONS.into_iter().flat_map(|(_, rows)| rows)
}

const ENGINE: &[Row] = &[
    Row::of(Quantity::Time, "a cached token, C interface, 1 token", "abi-hit-1")
        .beside("msal-hit-1")
        .over("limit-clocks", "reading both clocks")
        .goal(AtMost(100e-9)),
    Row::of(
        Quantity::Time,
        "the same among 1,000,000 (peer: 100,000)",
        "abi-hit-all",
    )
    .beside("msal-hit-many")
    .over("limit-memory-read", "one read of memory")
    .goal(AtMost(300e-9)),
    Row::of(Quantity::Time, "the same, 1 tenant with 1,000 scopes", "abi-hit-1000")
        .beside("msal-scopes-1000")
        .goal(Like("abi-hit-1", "with 1")),
    Row::of(Quantity::Time, "a cached token, Rust, 1 token", "engine-hit-1")
        .beside("msal-hit-1")
        .over("limit-clocks", "reading both clocks"),
    Row::of(Quantity::Time, "the same among 1,000", "engine-hit-1000").beside("msal-hit-1000"),
    Row::of(
        Quantity::Time,
        "the same among 1,000,000 (peer: 100,000)",
        "engine-hit-all",
    )
    .beside("msal-hit-many")
    .over("limit-memory-read", "one read of memory"),
    Row::of(
        Quantity::PerSecond,
        "hits of 2 threads, different keys",
        "abi-threads-2-different",
    )
    .beside("msal-threads-2"),
    Row::of(
        Quantity::Factor,
        "the same, times those of 1 thread",
        "abi-threads-gain-different",
    )
    .goal(AtLeast(1.8)),
    Row::of(Quantity::PerSecond, "hits of 2 threads, one key", "abi-threads-2-same"),
    Row::of(
        Quantity::Factor,
        "the same, times those of 1 thread",
        "abi-threads-gain-same",
    )
    .goal(AtLeast(1.8)),
    Row::of(
        Quantity::Time,
        "putting a token into an empty cache, with its request",
        "engine-fill-first",
    )
    .beside("msal-fill"),
    Row::of(Quantity::Time, "the same as the last of 1,000,000", "engine-fill-last")
        .goal(Like("engine-fill-first", "the first")),
    Row::of(
        Quantity::Time,
        "the same into a full one, which lets another go",
        "engine-evict",
    )
    .goal(Like("engine-fill-first", "the first"))
    .optional(),
    Row::of(
        Quantity::Bytes,
        "memory of a cached token beyond its 1,500 bytes",
        "engine-memory",
    )
    .beside("msal-memory")
    .goal(AtMost(300.0)),
    Row::of(Quantity::Time, "a signed assertion, RSA 2048", "abi-assertion")
        .beside("msal-assertion")
        .over("openssl-rsa", "the signature")
        .goal(OverLimit(3e-6)),
    Row::of(Quantity::Time, "a forced request, secret", "abi-request-secret")
        .beside("msal-request-secret")
        .over("limit-round-trip", "the round trip")
        .goal(AtMost(50e-6)),
    Row::of(
        Quantity::Time,
        "a forced request, certificate",
        "abi-request-certificate",
    )
    .beside("msal-request-certificate")
    .over("openssl-rsa", "the signature")
    .goal(OverLimit(50e-6)),
    Row::of(
        Quantity::Count,
        "10,000 callers on a cold cache: requests",
        "abi-crowd-requests",
    )
    .beside("msal-crowd-requests")
    .goal(AtMost(1.0)),
    Row::of(
        Quantity::Time,
        "the same: until the last has its token",
        "abi-crowd-time",
    )
    .beside("msal-crowd-time")
    .over("limit-delay", "the service's delay")
    .goal(OverLimit(50e-3)),
    Row::of(
        Quantity::Count,
        "200 hits when renewal is due: requests",
        "engine-renewals",
    )
    .beside("msal-renewals")
    .goal(AtMost(1.0)),
];

const DOTNET: &[Row] = &[
    Row::of(Quantity::Time, "a cached token, `Acquire`, 1 token", "dotnet-hit-1")
        .beside("msal-hit-1")
        .over("abi-hit-1", "the C interface")
        .goal(AtMost(250e-9)),
    Row::of(Quantity::Time, "the same, `AcquireAsync`", "dotnet-async-1")
        .beside("msal-hit-1")
        .over("abi-hit-1", "the C interface")
        .goal(FasterThanPeer(15.0)),
    Row::of(Quantity::Time, "the same, 1,000 tenants", "dotnet-async-1000")
        .beside("msal-hit-1000")
        .goal(FasterThanPeer(15.0)),
    Row::of(Quantity::Time, "the same, 100,000 tenants", "dotnet-async-many")
        .beside("msal-hit-many")
        .goal(FasterThanPeer(50.0)),
    Row::of(Quantity::Time, "`Acquire`, 100,000 tenants", "dotnet-hit-many")
        .beside("msal-hit-many")
        .goal(FasterThanPeer(50.0)),
    Row::of(
        Quantity::Time,
        "`Acquire`, 1 tenant with 1,000 scopes",
        "dotnet-scopes-1000",
    )
    .beside("msal-scopes-1000")
    .goal(Like("dotnet-hit-1", "with 1")),
    Row::of(Quantity::Bytes, "garbage of a hit, `Acquire`", "dotnet-garbage")
        .beside("msal-garbage")
        .goal(AtMost(0.0)),
    Row::of(
        Quantity::Bytes,
        "garbage of a hit, `AcquireAsync`",
        "dotnet-garbage-async",
    )
    .beside("msal-garbage")
    .goal(AtMost(0.0)),
    Row::of(Quantity::PerSecond, "hits of 2 threads", "dotnet-threads-2").beside("msal-threads-2"),
    Row::of(
        Quantity::Factor,
        "the same, times those of 1 thread",
        "dotnet-threads-gain",
    )
    .beside("msal-threads-gain")
    .goal(AtLeast(1.8)),
    Row::of(Quantity::Time, "a forced request, secret", "dotnet-request-secret")
        .beside("msal-request-secret")
        .over("limit-round-trip", "the round trip"),
    Row::of(
        Quantity::Time,
        "a forced request, certificate",
        "dotnet-request-certificate",
    )
    .beside("msal-request-certificate")
    .over("openssl-rsa", "the signature"),
    Row::of(
        Quantity::Count,
        "10,000 callers on a cold cache: requests",
        "dotnet-crowd-requests",
    )
    .beside("msal-crowd-requests")
    .goal(AtMost(1.0)),
    Row::of(
        Quantity::Time,
        "the same: until the last has its token",
        "dotnet-crowd-time",
    )
    .beside("msal-crowd-time")
    .over("limit-delay", "the service's delay")
    .goal(OverLimit(50e-3)),
    Row::of(
        Quantity::Count,
        "200 hits when renewal is due: requests",
        "dotnet-renewals",
    )
    .beside("msal-renewals")
    .goal(AtMost(1.0)),
];

const POWERSHELL: &[Row] = &[
    Row::of(
        Quantity::Time,
        "`Import-Module` and the first `Get-GraphToken`",
        "powershell-import",
    )
    .over("powershell-import-empty", "an empty module and cmdlet")
    .goal(OverLimit(25e-3)),
    Row::of(
        Quantity::Time,
        "`Get-GraphToken`, cached, client secret",
        "powershell-call-secret",
    )
    .over("powershell-call-empty", "an empty cmdlet")
    .goal(AtMost(80e-6)),
    Row::of(
        Quantity::Time,
        "`Get-GraphToken`, cached, certificate object",
        "powershell-call-certificate",
    )
    .over("powershell-call-empty", "an empty cmdlet")
    .goal(AtMost(80e-6)),
];

const COMMAND: &[Row] = &[
    Row::of(
        Quantity::Time,
        "from the start of `graph-token get` to its end, certificate",
        "command-get",
    )
    .beside("msal-start")
    .over("openssl-rsa", "the signature")
    .goal(OverLimit(4e-3)),
    Row::of(Quantity::Time, "`graph-token --version`", "command-version").over("command-nothing", "the process `true`"),
    Row::of(Quantity::Bytes, "peak memory of `graph-token get`", "command-memory")
        .beside("msal-start-memory")
        .goal(AtMost(8.0 * 1024.0 * 1024.0)),
    Row::of(Quantity::Bytes, "size of the library's file", "library-size")
        .beside("msal-size")
        .goal(AtMost(3e6)),
];
