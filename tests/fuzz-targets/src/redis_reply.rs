//! Replies of a Redis server.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use graphtoken::base::clock::{Clock, SystemClock};
use graphtoken::store::key::StoreKey;
use graphtoken::store::redis::settings::{RedisAddress, RedisSettings};
use graphtoken::store::{TokenStore, Wanted, redis};
use graphtoken::{Authority, ClientCredentials, Error, Scopes};

use crate::marked_secret::{PASSWORD, filled};
use crate::prepared_server::PreparedServer;
use crate::promise::{check_error, check_hidden};

/// Everything that a server sends: its reply to the login, and then to one command.
pub fn redis_reply(input: &[u8]) {
    static SERVER: OnceLock<PreparedServer> = OnceLock::new();
    let server = SERVER.get_or_init(PreparedServer::start);
    server.prepare(filled(input, &[PASSWORD]));
    let authority = Authority::new("contoso.onmicrosoft.com", None, None).expect("this is a tenant");
    let wanted = Wanted {
        authority: &authority,
        client_id: "11111111-2222-3333-4444-555555555555",
        credential: None,
        grant: &ClientCredentials,
        scopes: &Scopes::default(),
        capabilities: "",
        refuses_older: false,
        clock_skew: 0,
    };
    let refused = |error: &Error| check_error(error, &[PASSWORD], input);
    match store(server).find(&wanted) {
        Ok(found) => check_hidden(&format!("{found:?}"), &[PASSWORD], input),
        Err(error) => refused(&error),
    }
    if let Err(error) = store(server).take_turn(&wanted, Duration::ZERO) {
        refused(&error);
    }
}

/// A client of the server. There must be no other one: they would share connections and a circuit breaker.
fn store(server: &PreparedServer) -> Arc<dyn TokenStore> {
    let settings = RedisSettings {
        address: Some(RedisAddress::parse(&format!("redis://{}", server.address())).expect("this is an address")),
        password: Some(PASSWORD.secret()),
        password_file: None,
    };
    let key = StoreKey::from_bytes(&[7; 32]).expect("a key has 32 bytes");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = redis::store(&settings, Some(&key), None, &clock).expect("these are the settings of a server");
    store.expect("there is an address")
}
