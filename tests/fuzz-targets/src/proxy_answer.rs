//! Answers of a proxy: to CONNECT, and in place of the service that an unencrypted request is for.

use std::sync::{Arc, OnceLock};

use graphtoken::{Client, ClientCredentials, Credential, Options, Request, Scopes};

use crate::marked_secret::{CLIENT_SECRET, PASSWORD, filled};
use crate::prepared_server::PreparedServer;
use crate::promise::check_error;

/// Everything that the proxy sends.
pub fn proxy_answer(input: &[u8]) {
    static PROXY: OnceLock<PreparedServer> = OnceLock::new();
    let proxy = PROXY.get_or_init(PreparedServer::start);
    proxy.prepare(filled(input, &[CLIENT_SECRET, PASSWORD]));
    let address = proxy.address();
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
