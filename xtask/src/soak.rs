//! Many callers in two processes while everything goes wrong, for as long as one likes: does every call that could get
//! a token get one, and does nothing pile up?

mod journal;
mod memory;
mod outcome;
mod setup;
mod verdict;
mod weather;

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::artifacts::{TEST_FEATURES, cargo, test_command};
use crate::process::{Failure, stream};
use crate::stage::Stage;
use crate::time_limit;
use crate::tool::OPENSSL;
use journal::Journal;
use memory::Memory;
use outcome::Outcome;
use verdict::{Circumstances, excuse, leaks, most_issued, unshared};
use weather::Weather;

/// How long `cargo xtask soak` with these words is to take; `None` when they make no sense.
pub fn time(words: &[&str]) -> Option<Duration> {
    const MINUTES: u64 = 10;
    let (time, rest) = time_limit::of(words, Duration::from_secs(60 * MINUTES))?;
    rest.is_empty().then_some(time)
}

/// Builds what it needs, soaks it, and says whether all went well.
pub fn run(time: Duration) -> bool {
    let programs = ["--example", "soak_caller", "--bin", "entra-emulator"];
    let mut build = cargo(&["build", "--workspace", "--features", TEST_FEATURES]);
    let outcome = stream(build.args(programs)).and_then(|_| soak(time));
    outcome.unwrap_or_else(|failure| {
        eprintln!("{failure}");
        false
    })
}

/// The soak with what the tests' build has left; for the ordinary test run.
pub fn check(time: Duration) -> Result<(), Failure> {
    if soak(time)? {
        return Ok(());
    }
    Err("the soak found what is listed above".to_owned().into())
}

const PROCESSES: [&str; 2] = ["SoakA", "SoakB"];

/// In milliseconds: who has waited so long for an answer has gone. The longest that a request is delayed, and more.
const PATIENCE: u64 = 10_000;

fn soak(time: Duration) -> Result<bool, Failure> {
    if !cfg!(target_os = "linux") {
        return Err("the soak counts memory, handles and threads as Linux shows them"
            .to_owned()
            .into());
    }
    if !OPENSSL.is_there() {
        return Err(OPENSSL.absence().into());
    }
    let seed = fastrand::u64(..);
    // Short enough for many renewals, and no shorter: each caller wants two seconds to be left.
    let token_lifetime = (time.as_secs() / 2).clamp(6, 20);
    println!(
        "{} processes, 200 tokens that live for {token_lifetime} s, {} s, weather {seed}",
        PROCESSES.len(),
        time.as_secs()
    );
    let stage = setup::stage(token_lifetime)?;
    let callers = Callers::start(&stage, time)?;
    let mut journal = Journal::default();
    let clock_changes = make_weather(seed, time, &stage, &mut journal)?;
    let outcomes = callers.finish()?;
    journal.read_on(&stage.control(), now(), 0)?;
    let circumstances = Circumstances {
        seconds: time.as_secs(),
        token_lifetime,
        clock_changes,
    };
    Ok(judge(&outcomes, &journal, &circumstances))
}

/// Changes the faults until the time is over, and takes them away then. Returns how often the clock was wrong.
fn make_weather(seed: u64, time: Duration, stage: &Stage, journal: &mut Journal) -> Result<u64, Failure> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut lasted: BTreeMap<&str, f64> = BTreeMap::new();
    let mut clock_changes = 0;
    let end = Instant::now() + time;
    while Instant::now() < end {
        let weather = Weather::next(&mut random);
        let lasts = weather.lasts.min(end.saturating_duration_since(Instant::now()));
        stage.control().replace_faults(&weather.faults)?;
        *lasted.entry(weather.name).or_default() += lasts.as_secs_f64();
        clock_changes += u64::from(weather.changes_clock);
        thread::sleep(lasts);
        journal.read_on(&stage.control(), now(), PATIENCE)?;
    }
    stage.control().replace_faults("")?;
    let lasted: Vec<String> = lasted
        .iter()
        .map(|(name, time)| format!("{name} {time:.0} s"))
        .collect();
    println!("weather: {}", lasted.join(", "));
    Ok(clock_changes)
}

/// Prints what came of the soak, and says whether nothing can be said against the engine.
fn judge(outcomes: &[Outcome], journal: &Journal, circumstances: &Circumstances) -> bool {
    let mut objections = unshared(journal);
    for outcome in outcomes {
        show(outcome);
        let mut excused: BTreeMap<String, u64> = BTreeMap::new();
        for call in &outcome.failed {
            if let Some(excuse) = excuse(call, journal.of(&call.want)) {
                *excused.entry(format!("{}, {excuse}", call.kind)).or_default() += 1;
            } else {
                let (want, took) = (&call.want, call.ended - call.began);
                let error = format!("{}: {}", call.kind, call.message);
                objections.push(format!(
                    "{want:?} failed after {took} of {} ms at {}: {error}",
                    call.limit, call.ended
                ));
            }
        }
        for (excuse, count) in excused {
            println!("  {count} excused: {excuse}");
        }
        objections.extend(outcome.faults.iter().cloned());
        objections.extend(leaks(outcome));
    }
    let requests: usize = journal.all().map(|(_, requests)| requests.len()).sum();
    let (most, allowed) = most_issued(journal, circumstances);
    println!("{requests} requests; at most {most} tokens for one key and process, of {allowed} that renewals allow");
    if most > allowed {
        objections.push(format!("{most} tokens were asked for where {allowed} are enough"));
    }
    for objection in objections.iter().take(SHOWN) {
        println!("OBJECTION: {objection}");
    }
    println!("{} objections", objections.len());
    objections.is_empty()
}

/// Most objections that are shown one by one.
const SHOWN: usize = 20;

fn show(outcome: &Outcome) {
    let memory = Memory::of(&outcome.memory);
    println!(
        "{}: {} calls, {} from the network, {} from the cache, {} cancelled, {} failed",
        outcome.process,
        outcome.calls(),
        outcome.from_network,
        outcome.from_cache,
        outcome.cancelled,
        outcome.failed.len()
    );
    println!(
        "  memory {:.0} to {:.0} KiB after warming up ({:+.0} KiB a minute), handles {} to {}, threads {} to {}",
        memory.start,
        memory.end,
        memory.slope,
        outcome.handles[0],
        outcome.handles[1],
        outcome.threads[0],
        outcome.threads[1]
    );
}

/// The processes that ask; dropped, they are ended.
struct Callers(Vec<Child>);

impl Callers {
    fn start(stage: &Stage, time: Duration) -> Result<Self, Failure> {
        let program = test_command("examples/soak_caller");
        let mut callers = Self(Vec::new());
        for name in PROCESSES {
            let caller = Command::new(&program)
                .arg(stage.path(setup::FILE))
                .args([name, &time.as_secs().to_string()])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .spawn()
                .map_err(|error| format!("{} does not start: {error}", program.display()))?;
            callers.0.push(caller);
        }
        Ok(callers)
    }

    /// Waits for all of them, and reads their reports.
    fn finish(mut self) -> Result<Vec<Outcome>, Failure> {
        let mut outcomes = Vec::new();
        for (caller, name) in std::mem::take(&mut self.0).into_iter().zip(PROCESSES) {
            let output = caller.wait_with_output().map_err(|error| error.to_string())?;
            if !output.status.success() {
                return Err(format!("{name} ended with {}", output.status).into());
            }
            outcomes.push(Outcome::read(name, &String::from_utf8_lossy(&output.stdout))?);
        }
        Ok(outcomes)
    }
}

impl Drop for Callers {
    fn drop(&mut self) {
        for caller in &mut self.0 {
            let _ = caller.kill();
            let _ = caller.wait();
        }
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
fn now() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}
