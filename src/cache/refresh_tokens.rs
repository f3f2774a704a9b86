//! Which refresh token has taken the place of which: the service may replace one whenever it is used (RFC 6749
//! section 6).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::base::digest::Digest;
use crate::base::secret::Secret;

/// The newest refresh token for each that a caller may still have. A caller who comes with an old one is served with
/// the newest, whoever in the process obtained it.
#[derive(Default)]
pub struct RefreshTokens {
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    by_member: HashMap<Digest, Line>,
    /// The members in the order in which they came, so that the oldest make room.
    members: VecDeque<Digest>,
}

/// The tokens that have followed one another share the place of the newest.
type Line = Arc<Mutex<Secret>>;

/// Most tokens whose successors are known at a time.
const CAPACITY: usize = 10_000;

impl RefreshTokens {
    /// Those of the clients that share the process's cache.
    pub fn of_process() -> Arc<Self> {
        static REFRESH_TOKENS: OnceLock<Arc<RefreshTokens>> = OnceLock::new();
        Arc::clone(REFRESH_TOKENS.get_or_init(Arc::default))
    }

    /// What has taken the place of `given`, which `client` got or was given; `None` when nothing has.
    pub fn newest(&self, client: Digest, given: &Secret) -> Option<Secret> {
        let line = lock(&self.lines).by_member.get(&member(client, given)).cloned()?;
        let newest = lock(&line).clone();
        (newest != *given).then_some(newest)
    }

    /// Puts `next` in the place of `used`, for every caller who has one of these or one that they had followed.
    pub fn replace(&self, client: Digest, used: &[&Secret], next: &Secret) {
        if used.iter().all(|used| *used == next) {
            return;
        }
        let members = used.iter().chain([&next]).map(|token| member(client, token));
        let mut lines = lock(&self.lines);
        let known = members.clone().find_map(|member| lines.by_member.get(&member).cloned());
        let line = known.unwrap_or_default();
        for member in members {
            lines.add(member, &line);
        }
        *lock(&line) = next.clone();
    }

    /// Forgets what took the place of which, for everybody.
    pub fn clear(&self) {
        *lock(&self.lines) = Lines::default();
    }

    /// Forgets what took the place of `given`: the service refused it. What callers have is theirs to try again.
    pub fn forget(&self, client: Digest, given: &Secret) {
        let mut lines = lock(&self.lines);
        if let Some(line) = lines.by_member.remove(&member(client, given)) {
            lines.by_member.retain(|_, other| !Arc::ptr_eq(other, &line));
            let Lines { by_member, members } = &mut *lines;
            members.retain(|member| by_member.contains_key(member));
        }
    }
}

impl Lines {
    fn add(&mut self, member: Digest, line: &Line) {
        if self.by_member.insert(member, Arc::clone(line)).is_none() {
            self.members.push_back(member);
        }
        if self.members.len() > CAPACITY {
            let oldest = self.members.pop_front();
            oldest.and_then(|oldest| self.by_member.remove(&oldest));
        }
    }
}

fn member(client: Digest, token: &Secret) -> Digest {
    Digest::of(&[client.as_bytes(), Digest::of_secret(b"refresh token", token).as_bytes()])
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: usize) -> Secret {
        Secret::new(format!("token {number}").into_bytes())
    }

    fn client() -> Digest {
        Digest::of(&[b"client"])
    }

    #[test]
    fn whoever_has_an_old_one_gets_the_newest() {
        let tokens = RefreshTokens::default();
        assert_eq!(tokens.newest(client(), &token(0)), None);
        tokens.replace(client(), &[&token(0)], &token(1));
        tokens.replace(client(), &[&token(1)], &token(2));
        assert_eq!(tokens.newest(client(), &token(0)), Some(token(2)));
        assert_eq!(tokens.newest(client(), &token(1)), Some(token(2)));
        assert_eq!(tokens.newest(client(), &token(2)), None);
        assert_eq!(tokens.newest(Digest::of(&[b"other"]), &token(0)), None);
    }

    #[test]
    fn one_that_another_process_had_replaced_joins_the_line() {
        let tokens = RefreshTokens::default();
        tokens.replace(client(), &[&token(0), &token(5)], &token(6));
        tokens.replace(client(), &[&token(6)], &token(7));
        for given in [0, 5, 6] {
            assert_eq!(tokens.newest(client(), &token(given)), Some(token(7)));
        }
    }

    #[test]
    fn a_refused_line_is_forgotten_whole_and_no_other() {
        let tokens = RefreshTokens::default();
        tokens.replace(client(), &[&token(0)], &token(1));
        tokens.replace(client(), &[&token(1)], &token(2));
        tokens.replace(client(), &[&token(7)], &token(8));
        tokens.forget(client(), &token(0));
        assert_eq!(tokens.newest(client(), &token(1)), None);
        assert_eq!(tokens.newest(client(), &token(7)), Some(token(8)));
        assert_eq!(lock(&tokens.lines).members.len(), 2);
    }

    #[test]
    fn the_oldest_make_room() {
        let tokens = RefreshTokens::default();
        for number in 0..CAPACITY {
            tokens.replace(client(), &[&token(2 * number)], &token(2 * number + 1));
        }
        assert_eq!(lock(&tokens.lines).by_member.len(), CAPACITY);
        assert_eq!(tokens.newest(client(), &token(0)), None);
        let last = 2 * (CAPACITY - 1);
        assert_eq!(tokens.newest(client(), &token(last)), Some(token(last + 1)));
    }
}
