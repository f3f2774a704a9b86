//! What may be said against the engine after a soak.

use super::journal::{Journal, Request, calls};
use super::memory::Memory;
use super::outcome::{Failed, Outcome};
use super::weather::LONGEST_WAIT;

/// What the callers are allowed (`xtask/examples/soak_caller/caller.rs`).
pub const RETRIES: usize = 10;

/// In milliseconds: the shortest time limit of a call. Nobody gives up before.
const SHORTEST_LIMIT: u64 = 1000;

/// In milliseconds: by how much the clock of the wall and that of time limits may differ over a call.
const ROUNDING: u64 = 50;

/// In milliseconds: how much later than the emulator a caller may look at the clock, on a machine with much to do.
const DELAY: u64 = 1000;

/// How many idle connections to one host are kept.
const KEPT_CONNECTIONS: u64 = 3;

/// The circumstances by which calls and requests are judged.
pub struct Circumstances {
    pub seconds: u64,
    pub token_lifetime: u64,
    /// How often the service's clock became wrong.
    pub clock_changes: u64,
}

/// Why `call` may have failed; `None` when its time limit and the repetitions would have let it come through.
///
/// A request that is answered with a token ends every call that waits for it. So a call may only fail with the last
/// answer of the request that it shared, or when its own time is over.
pub fn excuse(call: &Failed, requests: &[Request]) -> Option<&'static str> {
    let took = call.ended.saturating_sub(call.began);
    let wait = if call.kind == THROTTLED {
        milliseconds(LONGEST_WAIT)
    } else {
        0
    };
    if took + wait + ROUNDING >= call.limit {
        return Some("its time was over, or would have been before the end of a wait");
    }
    let shared = calls(requests).into_iter().filter(|shared| {
        let first = shared[0].received;
        let last = shared.last().and_then(|request| request.answered).unwrap_or(u64::MAX);
        first <= call.ended && last.saturating_add(DELAY) >= call.began
    });
    let mut excuses = shared.filter_map(|shared| {
        let has_wrong_clock = |is: bool| shared.iter().any(|request| request.has_wrong_clock() == is);
        if call.kind == CLOCK_REFUSED && has_wrong_clock(true) && has_wrong_clock(false) {
            Some("the service's clock changed twice during the call")
        } else if shared.iter().any(|request| request.is_served) {
            None
        } else if shared.last().is_some_and(|request| request.has_strange_answer()) {
            Some("something else answered")
        } else if shared.iter().any(|request| request.fault.is_none()) {
            None
        } else {
            (shared.len() > RETRIES).then_some("all repetitions were spent")
        }
    });
    excuses.next()
}

/// The kind of error of a call that would have to wait longer than it may take.
const THROTTLED: &str = "Throttled";

/// The kind of error of an assertion that is not valid at the service's time.
const CLOCK_REFUSED: &str = "ClientCredentialRejected";

/// The pairs of requests of different calls that were under way at the same time for one token and process.
pub fn unshared(journal: &Journal) -> Vec<String> {
    let mut found = Vec::new();
    for (want, requests) in journal.all() {
        for pair in requests.windows(2) {
            let is_during = pair[0].answered.is_some_and(|answered| pair[1].received < answered);
            let is_early = pair[1].received < pair[0].received + SHORTEST_LIMIT;
            if is_during && is_early && !pair[1].is_of_the_call_of(&pair[0]) {
                let (first, second) = (pair[0].received, pair[1].received);
                found.push(format!("{want:?} asked twice at a time, at {first} and {second}"));
            }
        }
    }
    found
}

/// The most tokens that were sent to one process for the same want, and how many there may be: one at each renewal,
/// which is due after half of the lifetime, and a few at each change of the service's clock.
pub fn most_issued(journal: &Journal, circumstances: &Circumstances) -> (u64, u64) {
    let issued = |requests: &[Request]| requests.iter().filter(|request| request.is_served).count() as u64;
    let most = journal.all().map(|(_, requests)| issued(requests)).max();
    let renewals = (2 * circumstances.seconds).div_ceil(circumstances.token_lifetime);
    (most.unwrap_or_default(), 2 + renewals + 3 * circumstances.clock_changes)
}

/// What a process still holds that it should not.
pub fn leaks(outcome: &Outcome) -> Vec<String> {
    let mut found = Vec::new();
    let process = &outcome.process;
    let memory = Memory::of(&outcome.memory);
    if !memory.is_flat() {
        let (start, end) = (memory.start, memory.end);
        found.push(format!("{process} has grown from {start:.0} to {end:.0} KiB"));
    }
    let [before, after] = outcome.handles;
    if after > before + KEPT_CONNECTIONS {
        found.push(format!("{process} began with {before} handles and ended with {after}"));
    }
    let [before, after] = outcome.threads;
    if after > before {
        found.push(format!("{process} began with {before} threads and ended with {after}"));
    }
    found
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soak::journal::Want;
    use serde_json::{Value, json};

    fn want() -> Want {
        Want {
            process: "SoakA".to_owned(),
            client_id: "app".to_owned(),
            scope: "x/.default".to_owned(),
        }
    }

    /// Of requests with a call's name, the times of arrival and answer, and a fault each.
    fn journal(requests: &[(&str, u64, u64, Option<&str>)]) -> Journal {
        journal_of(200, requests)
    }

    /// The same with the status of all answers to which no fault gives another one.
    fn journal_of(status: u16, requests: &[(&str, u64, u64, Option<&str>)]) -> Journal {
        let entry = |(call, received, answered, fault): &(&str, u64, u64, Option<&str>)| {
            let is_refused = fault.is_some_and(|fault| fault.contains("status=503"));
            let status = if is_refused { 503 } else { status };
            json!({
                "number": received,
                "headers": { "x-client-sku": "SoakA", "client-request-id": call },
                "form": { "client_id": "app", "scope": "x/.default" },
                "received": received,
                "answered": answered,
                "fault": fault,
                "answer": { "status": status, "ending": "whole" },
            })
        };
        let mut journal = Journal::default();
        journal.add(&requests.iter().map(entry).collect::<Vec<Value>>(), 0, 0);
        journal
    }

    fn failed(kind: &str, began: u64, ended: u64) -> Failed {
        Failed {
            want: want(),
            kind: kind.to_owned(),
            message: String::new(),
            began,
            ended,
            limit: 30_000,
        }
    }

    #[test]
    fn a_call_is_excused_by_its_last_answer_its_repetitions_or_its_time() {
        let excused = |call: Failed, requests: &[_]| excuse(&call, journal(requests).of(&want())).is_some();
        let refused = |number: u64| ("a", 5000 + number, 5001 + number, Some("status=503,times=all"));
        let strange = [refused(0), ("a", 5010, 5011, Some("body=html,times=all"))];
        let clocks = [
            ("a", 5000, 5001, None),
            ("a", 5002, 5003, Some("date-skew=3600,times=all")),
        ];
        assert!(excused(failed("MalformedResponse", 5000, 5012), &strange));
        let corrected = [("a", 5000, 5001, None), strange[1]];
        let after_a_refusal = journal_of(401, &corrected);
        let call = failed("MalformedResponse", 5000, 5012);
        assert!(excuse(&call, after_a_refusal.of(&want())).is_some());
        assert!(!excused(call, &corrected), "it had its token");
        assert!(excused(
            failed("ServiceUnavailable", 5000, 5100),
            &(0..11).map(refused).collect::<Vec<_>>()
        ));
        assert!(!excused(
            failed("ServiceUnavailable", 5000, 5100),
            &(0..10).map(refused).collect::<Vec<_>>()
        ));
        assert!(excused(failed(CLOCK_REFUSED, 5000, 5100), &clocks));
        assert!(!excused(failed("ServiceUnavailable", 5000, 5100), &clocks));
        assert!(
            !excused(failed("MalformedResponse", 7000, 7100), &strange),
            "of another call"
        );
        assert!(!excused(failed("ConnectionFailed", 5000, 5100), &[]));
        assert!(excused(failed("RequestTimeout", 5000, 35_000), &[]));
        assert!(!excused(failed("RequestTimeout", 5000, 33_500), &[]));
        assert!(excused(failed("Throttled", 5000, 33_500), &[]));
    }

    #[test]
    fn two_calls_may_not_ask_at_a_time() {
        let one_after_the_other = [("a", 10, 20, None), ("a", 15, 25, None), ("b", 26, 30, None)];
        assert!(unshared(&journal(&one_after_the_other)).is_empty());
        assert_eq!(unshared(&journal(&[("a", 10, 20, None), ("b", 19, 30, None)])).len(), 1);
        assert!(unshared(&journal(&[("a", 10, 2000, None), ("b", 1500, 1600, None)])).is_empty());
    }

    #[test]
    fn tokens_are_counted_and_held_against_the_renewals() {
        let circumstances = Circumstances {
            seconds: 60,
            token_lifetime: 20,
            clock_changes: 2,
        };
        let requests = [("a", 1, 2, None), ("b", 3, 4, Some("body=html")), ("c", 5, 6, None)];
        assert_eq!(most_issued(&journal(&requests), &circumstances), (2, 2 + 6 + 6));
    }
}
