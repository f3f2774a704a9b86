//! Replies of a Redis server.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use graphtoken::base::clock::{Clock, SystemClock};
use graphtoken::store::key::StoreKey;
use graphtoken::store::redis::settings::{RedisAddress, RedisSettings};
use graphtoken::store::{TokenStore, Wanted, redis};
use graphtoken::{Authority, ClientCredentials, Error, Scopes};
use test_support::folder::Folder;

use crate::marked_secret::{PASSWORD, filled};
use crate::promise::{check_error, check_hidden};

/// Everything that a server sends: its reply to the login, and then to one command.
pub fn redis_reply(input: &[u8]) {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(Server::start);
    server.reply_with(filled(input, &[PASSWORD]));
    let authority = Authority::new("contoso.onmicrosoft.com", None, None).expect("this is a tenant");
    let wanted = Wanted {
        authority: &authority,
        client_id: "11111111-2222-3333-4444-555555555555",
        credential: None,
        grant: &ClientCredentials,
        scopes: &Scopes::default(),
        claims: None,
        clock_skew: 0,
    };
    let refused = |error: &Error| check_error(error, &[PASSWORD], input);
    match server.store().find(&wanted) {
        Ok(found) => check_hidden(&format!("{found:?}"), &[PASSWORD], input),
        Err(error) => refused(&error),
    }
    if let Err(error) = server.store().take_turn(&wanted, Duration::ZERO) {
        refused(&error);
    }
}

/// A server that sends its replies as soon as somebody connects.
struct Server {
    replies: Arc<Mutex<Vec<u8>>>,
    address: String,
    /// Holds the socket.
    _folder: Folder,
}

impl Server {
    fn start() -> Self {
        let folder = Folder::new();
        let socket = folder.path("redis");
        let listener = UnixListener::bind(&socket).expect("the folder can hold a socket");
        let replies = Arc::new(Mutex::new(Vec::new()));
        let of_thread = Arc::clone(&replies);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let replies = of_thread.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // A client may keep its connection and open another one.
                thread::spawn(move || serve(stream, &replies));
            }
        });
        Self {
            replies,
            address: format!("unix://{}", socket.display()),
            _folder: folder,
        }
    }

    fn reply_with(&self, replies: Vec<u8>) {
        *self.replies.lock().unwrap_or_else(PoisonError::into_inner) = replies;
    }

    /// A client of the server. There must be no other one: they would share connections and a circuit breaker.
    fn store(&self) -> Arc<dyn TokenStore> {
        let settings = RedisSettings {
            address: Some(RedisAddress::parse(&self.address).expect("this is the address of a socket")),
            password: Some(PASSWORD.secret()),
            password_file: None,
        };
        let key = StoreKey::from_bytes(&[7; 32]).expect("a key has 32 bytes");
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = redis::store(&settings, Some(&key), None, &clock).expect("these are the settings of a server");
        store.expect("there is an address")
    }
}

/// Sends the replies, and then reads whatever the client sends until it has gone.
fn serve(mut stream: UnixStream, replies: &[u8]) {
    // A client that does not like what it reads leaves in the middle.
    let _ = stream.write_all(replies);
    let _ = stream.shutdown(Shutdown::Write);
    let mut ignored = [0; 4096];
    while stream.read(&mut ignored).is_ok_and(|length| length > 0) {}
}
