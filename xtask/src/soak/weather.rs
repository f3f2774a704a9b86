//! What goes wrong, and for how long.

use std::time::Duration;

use fastrand::Rng;

/// The faults of a few seconds. They pass, so that a call with enough time and repetitions comes through.
pub struct Weather {
    pub name: &'static str,
    /// For the emulator, one per line.
    pub faults: String,
    pub lasts: Duration,
    /// Whether the service's clock is wrong.
    pub changes_clock: bool,
}

/// How long the service may ask a caller to wait at most.
pub const LONGEST_WAIT: Duration = Duration::from_secs(2);

impl Weather {
    /// Half of the time at least some requests go well; of the other kinds each is as likely as the others.
    pub fn next(random: &mut Rng) -> Self {
        let kinds = if random.bool() { FAIR } else { FOUL };
        let (name, faults) = kinds[random.usize(..kinds.len())];
        Self {
            name,
            faults: faults(random),
            lasts: Duration::from_millis(random.u64(300..2000)),
            changes_clock: name == WRONG_CLOCK,
        }
    }
}

const WRONG_CLOCK: &str = "wrong clock";

/// A name, and what gives the faults.
type Kind = (&'static str, fn(&mut Rng) -> String);

const FAIR: &[Kind] = &[("calm", |_| String::new()), ("mixed", mixed)];

const FOUL: &[Kind] = &[
    ("throttling", |random| {
        let seconds = random.u64(1..=LONGEST_WAIT.as_secs());
        let form = one_of(random, &["", "date:"]);
        format!("status=429,retry-after={form}{seconds},times=all")
    }),
    ("outage", |random| {
        let status = random.u16(500..=504);
        format!(
            "status={status},body={},times=all",
            one_of(random, &["html", "empty", "bom"])
        )
    }),
    ("resets", |_| "reset,times=all".to_owned()),
    ("cut bodies", |_| "truncate,times=all".to_owned()),
    ("strangers", |random| {
        format!("body={},times=all", one_of(random, &["html", "text", "array", "empty"]))
    }),
    (WRONG_CLOCK, |random| {
        let hours = one_of(random, &[-12, -2, -1, 1, 2, 12]);
        format!("date-skew={},times=all", hours * 3600)
    }),
    ("slowness", |random| {
        format!("delay-ms={},times=all", random.u16(100..1500))
    }),
];

/// Half of the requests go well.
fn mixed(random: &mut Rng) -> String {
    let faults = [
        "status=503",
        "status=500,body=html",
        "status=408",
        "status=429,retry-after=1",
        "reset",
        "truncate",
        "delay-ms=300",
    ];
    let next = |_| {
        if random.bool() {
            NOTHING
        } else {
            one_of(random, &faults)
        }
    };
    (0..100).map(next).collect::<Vec<_>>().join("\n")
}

/// A fault that harms nobody.
pub const NOTHING: &str = "delay-ms=0";

fn one_of<T: Copy>(random: &mut Rng, list: &[T]) -> T {
    list[random.usize(..list.len())]
}
