//! A chain that many callers use at once.

use std::sync::{Arc, Barrier};
use std::thread;

use graphtoken::client::Client;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::token::TokenSource;
use test_support::machine;

use crate::service::{client_settings, request};

const CALLERS: usize = 8;

#[test]
fn callers_at_once_make_one_choice_and_one_request_for_each_token() {
    let machine = machine::start(&[]);
    let block = format!("AZURE_POD_IDENTITY_AUTHORITY_HOST={}\0", machine.address());
    let client = Client::for_chain(&client_settings(&[("identity.variables", &block)])).unwrap();
    let together = Arc::new(Barrier::new(CALLERS));
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            let (client, together) = (client.clone(), Arc::clone(&together));
            // Two callers for each token.
            let scope = format!("https://{}.example/.default", number / 2);
            thread::spawn(move || {
                together.wait();
                let token = client.acquire(&request(ClientCredentials, &scope, &[]), None);
                token.unwrap().source
            })
        })
        .collect();
    let sources: Vec<TokenSource> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    let from_network = sources.iter().filter(|source| **source == TokenSource::Network);
    assert_eq!(from_network.count(), CALLERS / 2);
    assert_eq!(client.chosen(), Some("managed identity"));
    let journal = machine.journal();
    let probes = journal
        .iter()
        .filter(|asked| asked["headers"].get("metadata").is_none())
        .count();
    assert_eq!((probes, journal.len()), (1, 1 + CALLERS / 2));
}
