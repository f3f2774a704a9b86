//! Families of refresh tokens: the service may replace a refresh token whenever it is used (RFC 6749 section 6; refresh
//! token rotation, RFC 9700 section 4.14.2).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::base::digest::Digest;
use crate::base::secret::Secret;

/// The newest refresh token for each older one. A caller with an old token is served with the newest, whichever caller
/// in the process obtained it.
#[derive(Default)]
pub struct RefreshTokens {
    families: Mutex<Families>,
}

#[derive(Default)]
struct Families {
    by_member: HashMap<Digest, Family>,
    /// The members in the order of their arrival. The oldest are dropped first.
    members: VecDeque<Digest>,
}

/// The newest token of a family, which all its members share.
type Family = Arc<Mutex<Secret>>;

/// The most tokens whose families are known.
const CAPACITY: usize = 10_000;

impl RefreshTokens {
    /// The refresh tokens of the clients that share the process's cache.
    pub fn of_process() -> Arc<Self> {
        static REFRESH_TOKENS: OnceLock<Arc<RefreshTokens>> = OnceLock::new();
        Arc::clone(REFRESH_TOKENS.get_or_init(Arc::default))
    }

    /// The token that replaced `given`, a token of `client`; `None` if none did.
    pub fn newest(&self, client: Digest, given: &Secret) -> Option<Secret> {
        let family = lock(&self.families).by_member.get(&member(client, given)).cloned()?;
        let newest = lock(&family).clone();
        (newest != *given).then_some(newest)
    }

    /// Replaces the tokens `used` by `next`, for all members of their family.
    pub fn replace(&self, client: Digest, used: &[&Secret], next: &Secret) {
        if used.iter().all(|used| *used == next) {
            return;
        }
        let members = used.iter().chain([&next]).map(|token| member(client, token));
        let mut families = lock(&self.families);
        let known = members
            .clone()
            .find_map(|member| families.by_member.get(&member).cloned());
        let family = known.unwrap_or_default();
        for member in members {
            families.add(member, &family);
        }
        *lock(&family) = next.clone();
    }

    /// Forgets all families.
    pub fn clear(&self) {
        *lock(&self.families) = Families::default();
    }

    /// Forgets the families with one of these tokens as the newest.
    pub fn forget_newest(&self, tokens: &[&Secret]) {
        let mut families = lock(&self.families);
        let Families { by_member, members } = &mut *families;
        by_member.retain(|_, family| !tokens.contains(&&*lock(family)));
        members.retain(|member| by_member.contains_key(member));
    }

    /// Forgets the family of `given`, because the service rejected its newest token. Callers may still try their own.
    pub fn forget(&self, client: Digest, given: &Secret) {
        let mut families = lock(&self.families);
        if let Some(family) = families.by_member.remove(&member(client, given)) {
            families.by_member.retain(|_, other| !Arc::ptr_eq(other, &family));
            let Families { by_member, members } = &mut *families;
            members.retain(|member| by_member.contains_key(member));
        }
    }
}

impl Families {
    fn add(&mut self, member: Digest, family: &Family) {
        if self.by_member.insert(member, Arc::clone(family)).is_none() {
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
    fn a_caller_with_an_old_token_gets_the_newest() {
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
    fn a_token_that_another_process_replaced_joins_the_family() {
        let tokens = RefreshTokens::default();
        tokens.replace(client(), &[&token(0), &token(5)], &token(6));
        tokens.replace(client(), &[&token(6)], &token(7));
        for given in [0, 5, 6] {
            assert_eq!(tokens.newest(client(), &token(given)), Some(token(7)));
        }
    }

    #[test]
    fn a_rejected_family_is_forgotten_and_no_other() {
        let tokens = RefreshTokens::default();
        tokens.replace(client(), &[&token(0)], &token(1));
        tokens.replace(client(), &[&token(1)], &token(2));
        tokens.replace(client(), &[&token(7)], &token(8));
        tokens.forget(client(), &token(0));
        assert_eq!(tokens.newest(client(), &token(1)), None);
        assert_eq!(tokens.newest(client(), &token(7)), Some(token(8)));
        assert_eq!(lock(&tokens.families).members.len(), 2);
    }

    #[test]
    fn the_oldest_are_dropped_first() {
        let tokens = RefreshTokens::default();
        for number in 0..CAPACITY {
            tokens.replace(client(), &[&token(2 * number)], &token(2 * number + 1));
        }
        assert_eq!(lock(&tokens.families).by_member.len(), CAPACITY);
        assert_eq!(tokens.newest(client(), &token(0)), None);
        let last = 2 * (CAPACITY - 1);
        assert_eq!(tokens.newest(client(), &token(last)), Some(token(last + 1)));
    }
}
