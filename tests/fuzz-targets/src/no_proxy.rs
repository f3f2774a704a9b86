//! Lists of hosts that are reached without the proxy.

use graphtoken::Options;
use graphtoken::http::https::HttpsTransport;

use crate::promise::check_error;

/// A list in the form of `NO_PROXY`.
pub fn no_proxy(input: &[u8]) {
    let list = String::from_utf8_lossy(input);
    let mut options = Options::default();
    options
        .set("http.proxy", "http://127.0.0.1:1")
        .expect("this is the address of a proxy");
    options.set("http.no_proxy", &list).expect("any text is a list");
    // Plain http, so that no authorities are loaded. Nothing is sent.
    let transport = HttpsTransport::shared(&options.client.transport, "http://127.0.0.1:2/contoso.com");
    if let Err(error) = transport {
        check_error(&error, &[], input);
    }
}
