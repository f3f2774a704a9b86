//! The token that a thread used last.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use crate::token::{Replica, SharedToken, Token};

/// The last token of a thread. It does not keep the token alive.
#[derive(Default)]
struct LastToken {
    /// The address of the token. It is compared, never dereferenced.
    address: usize,
    replica: Weak<Replica>,
}

thread_local! {
    static LAST_TOKEN: RefCell<LastToken> = RefCell::default();
}

/// Shares `token` with this thread. The second value tells whether the thread should have a replica of the token: it
/// used the same token the last time, and will most likely use it again.
pub fn share(token: &Arc<Token>) -> (SharedToken, bool) {
    let address = Arc::as_ptr(token).addr();
    LAST_TOKEN
        .try_with(|last| {
            let mut last = last.borrow_mut();
            if last.address != address {
                *last = LastToken {
                    address,
                    replica: Weak::new(),
                };
                return (SharedToken::Counted(Arc::clone(token)), false);
            }
            // A replica keeps the token alive: no other token can have the same address.
            match last.replica.upgrade() {
                Some(replica) => (SharedToken::Replica(replica), false),
                None => (SharedToken::Counted(Arc::clone(token)), true),
            }
        })
        // The thread is ending, and its local storage is gone.
        .unwrap_or_else(|_| (SharedToken::Counted(Arc::clone(token)), false))
}

/// Remembers this thread's replica of the token that it used last.
pub fn remember(replica: &Arc<Replica>) {
    // If the thread is ending, its local storage is gone, and it needs no replica.
    let _ = LAST_TOKEN.try_with(|last| {
        *last.borrow_mut() = LastToken {
            address: Arc::as_ptr(&replica.0).addr(),
            replica: Arc::downgrade(replica),
        };
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::Secret;
    use crate::token::Holder;
    use std::thread;
    use std::time::UNIX_EPOCH;

    fn token() -> Arc<Token> {
        Arc::new(Token {
            access_token: Secret::copy_of(b"t"),
            scopes: "".into(),
            holder: Arc::new(Holder {
                tenant_id: String::new(),
                client_id: String::new(),
            }),
            user: None,
            expires_on: UNIX_EPOCH,
            refresh_on: None,
            correlation_id: None,
        })
    }

    #[test]
    fn a_thread_that_reuses_a_token_has_a_replica_until_the_cache_drops_it() {
        let [one, other] = [token(), token()];
        assert!(!share(&one).1);
        assert!(share(&one).1);
        let replica = Arc::new(Replica(Arc::clone(&one)));
        remember(&replica);
        assert!(matches!(share(&one), (SharedToken::Replica(_), false)));
        thread::scope(|scope| {
            scope.spawn(|| assert!(matches!(share(&one), (SharedToken::Counted(_), false))));
        });
        assert!(!share(&other).1);
        assert!(matches!(share(&one), (SharedToken::Counted(_), false)));

        remember(&replica);
        drop(replica);
        assert!(matches!(share(&one), (SharedToken::Counted(_), true)));
        assert_eq!(Arc::strong_count(&one), 1);
    }
}
