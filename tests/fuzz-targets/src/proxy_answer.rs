//! Answers of a proxy: to CONNECT, and in place of the service that an unencrypted request is for.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use graphtoken::{Client, ClientCredentials, Credential, Options, Request, Scopes};

use crate::marked_secret::{CLIENT_SECRET, PASSWORD, filled};
use crate::promise::check_error;

/// Everything that the proxy sends.
pub fn proxy_answer(input: &[u8]) {
    static PROXY: OnceLock<Proxy> = OnceLock::new();
    let proxy = PROXY.get_or_init(Proxy::start);
    proxy.answer_with(filled(input, &[CLIENT_SECRET, PASSWORD]));
    let address = &proxy.address;
    let tunneled = format!("http://user:{}@{address}", percent_encoded(PASSWORD.text()));
    if let Err(error) = acquire("https://login.invalid/contoso.onmicrosoft.com", &tunneled) {
        check_error(&error, &[CLIENT_SECRET, PASSWORD], input);
    }
    // This call has no password.
    if let Err(error) = acquire(&format!("http://{address}/contoso.onmicrosoft.com"), "") {
        check_error(&error, &[CLIENT_SECRET], input);
    }
}

/// An empty `proxy` is none.
fn acquire(authority: &str, proxy: &str) -> graphtoken::Result<()> {
    let mut options = Options::default();
    options.set("http.retries", "0")?;
    options.set("http.proxy", proxy)?;
    let credential = Credential::from_secret(CLIENT_SECRET.secret())?;
    let client = Client::new(
        authority,
        "11111111-2222-3333-4444-555555555555",
        Some(credential),
        options.client,
    )?;
    let request = Request::new(Arc::new(ClientCredentials), Scopes::default(), options.request);
    client.acquire(&request, None).map(drop)
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |encoded, byte| format!("{encoded}%{byte:02X}"))
}

/// Sends its answer to everybody after the head of their request.
struct Proxy {
    answer: Arc<Mutex<Vec<u8>>>,
    address: String,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address").to_string();
        let answer = Arc::new(Mutex::new(Vec::new()));
        let of_thread = Arc::clone(&answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = of_thread.lock().unwrap_or_else(PoisonError::into_inner).clone();
                thread::spawn(move || serve(stream, &answer));
            }
        });
        Self { answer, address }
    }

    fn answer_with(&self, answer: Vec<u8>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }
}

fn serve(mut stream: TcpStream, answer: &[u8]) {
    let mut ignored = [0; 4096];
    let _ = stream.read(&mut ignored);
    // A client that does not like what it reads leaves in the middle.
    let _ = stream.write_all(answer);
    let _ = stream.shutdown(Shutdown::Write);
    while stream.read(&mut ignored).is_ok_and(|length| length > 0) {}
}
