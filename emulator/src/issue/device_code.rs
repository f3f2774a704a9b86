//! Device codes (RFC 8628).

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::subject::Subject;
use crate::answer::refusal::Refusal;
use crate::directory::User;
use crate::request::scope::Scope;

/// The device codes that were issued; known by their SHA-256 alone. The newest [`MOST`] work.
pub(crate) struct DeviceCodes {
    lifetime: Duration,
    interval: Duration,
    /// Whether a client that polls too early is told to slow down, as RFC 8628 section 3.5 has it.
    is_strict: bool,
    issued: Mutex<VecDeque<Issued>>,
}

/// A pair of codes: one for the device, one for its user.
pub(crate) struct Codes {
    pub(crate) device_code: String,
    pub(crate) user_code: String,
    pub(crate) lifetime: Duration,
    pub(crate) interval: Duration,
}

/// What a user does with the code that a device shows.
pub(crate) enum Decision {
    Approve(User),
    Decline,
}

/// Some hundred bytes of memory each.
const MOST: usize = 10_000;

struct Issued {
    digest: [u8; 32],
    user_code: String,
    client_id: String,
    scope: Scope,
    end: Instant,
    interval: Duration,
    /// When the next poll is due.
    next_poll: Instant,
    state: State,
}

enum State {
    Pending,
    Approved(User),
    Declined,
    Redeemed,
}

impl DeviceCodes {
    pub(crate) fn new(lifetime: u32, interval: u32, is_strict: bool) -> Self {
        Self {
            lifetime: Duration::from_secs(lifetime.into()),
            interval: Duration::from_secs(interval.into()),
            is_strict,
            issued: Mutex::default(),
        }
    }

    /// New codes for a device of the application.
    pub(crate) fn issue(&self, client_id: &str, scope: Scope) -> Codes {
        let (device_code, user_code) = (URL_SAFE_NO_PAD.encode(random::<32>()), user_code());
        let now = Instant::now();
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.truncate(MOST - 1);
        issued.push_front(Issued {
            digest: digest(&device_code),
            user_code: user_code.clone(),
            client_id: client_id.to_owned(),
            scope,
            end: now + self.lifetime,
            interval: self.interval,
            next_poll: now + self.interval,
            state: State::Pending,
        });
        Codes {
            device_code,
            user_code,
            lifetime: self.lifetime,
            interval: self.interval,
        }
    }

    /// Records what the user who typed `user_code` decided. False if no device waits for this code.
    pub(crate) fn decide(&self, user_code: &str, decision: Decision) -> bool {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = issued
            .iter_mut()
            .find(|issued| issued.user_code.eq_ignore_ascii_case(user_code) && issued.is_waiting());
        let Some(waiting) = waiting else { return false };
        waiting.state = match decision {
            Decision::Approve(user) => State::Approved(user),
            Decision::Decline => State::Declined,
        };
        true
    }

    /// The subject of the token for `device_code`, once: or why there is none (RFC 8628 section 3.5).
    pub(crate) fn redeem(&self, device_code: &str, client_id: &str) -> Result<Subject, Refusal> {
        let (digest, now) = (digest(device_code), Instant::now());
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        let found = issued
            .iter_mut()
            .find(|issued| issued.digest == digest && issued.client_id.eq_ignore_ascii_case(client_id));
        let issued = found.ok_or_else(|| Refusal::new(70018, &[]))?;
        if now >= issued.end {
            return Err(Refusal::new(70020, &[]));
        }
        let is_early = now < issued.next_poll;
        if is_early && self.is_strict {
            issued.interval += SLOWER;
        }
        issued.next_poll = now + issued.interval;
        match &issued.state {
            _ if is_early && self.is_strict => Err(Refusal::slow_down()),
            State::Pending => Err(Refusal::new(70016, &[])),
            State::Declined => Err(Refusal::new(65004, &[])),
            State::Redeemed => Err(Refusal::new(54005, &[])),
            State::Approved(user) => {
                let subject = Subject::new(Some(user.clone()), issued.scope.clone());
                issued.state = State::Redeemed;
                Ok(subject)
            }
        }
    }
}

impl Issued {
    fn is_waiting(&self) -> bool {
        matches!(self.state, State::Pending) && Instant::now() < self.end
    }
}

/// What every early poll adds to the interval (RFC 8628 section 3.5, `slow_down`).
const SLOWER: Duration = Duration::from_secs(5);

/// Nine consonants that no one mistakes for another, as RFC 8628 section 6.1 advises.
fn user_code() -> String {
    const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
    random::<9>().iter().map(letter).collect()
}

fn random<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the operating system has random numbers");
    bytes
}

fn digest(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}
