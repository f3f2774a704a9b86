//! A server that says the same to everybody, whatever they ask.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Runs until the program ends.
pub struct PreparedServer {
    said: Arc<Mutex<Vec<u8>>>,
    address: SocketAddr,
}

impl PreparedServer {
    /// It says nothing yet.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let said = Arc::new(Mutex::new(Vec::new()));
        let of_thread = Arc::clone(&said);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let said = of_thread.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // A client may keep its connection and open another one.
                thread::spawn(move || serve(stream, &said));
            }
        });
        Self { said, address }
    }

    /// What it says from now on.
    pub fn prepare(&self, said: Vec<u8>) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = said;
    }

    /// Host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Says it, and then reads whatever the client sends until it has gone.
fn serve(mut stream: TcpStream, said: &[u8]) {
    // A client that does not like what it reads leaves in the middle.
    let _ = stream.write_all(said);
    let _ = stream.shutdown(Shutdown::Write);
    let mut ignored = [0; 4096];
    while stream.read(&mut ignored).is_ok_and(|length| length > 0) {}
}
