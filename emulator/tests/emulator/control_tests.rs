//! Who may use the journal, the faults and the revocation, and how much of both there may be.

use test_support::client::{Client, tcp};
use test_support::emulator::Emulator;

use crate::token_request::{TokenEndpoint as _, with_secret};

/// The status of the answer to a request for the journal or the faults.
fn status(emulator: &Emulator, host: &str, request: (&str, &str), headers: &[(&str, &str)]) -> u16 {
    let stream = tcp(emulator.host()).unwrap();
    let mut client = Client::over(host, Box::new(stream));
    client
        .send(request.0, request.1, headers, b"status=503")
        .unwrap()
        .status
}

const REQUESTS: [(&str, &str); 5] = [
    ("GET", "/_journal"),
    ("DELETE", "/_journal"),
    ("POST", "/_faults"),
    ("DELETE", "/_faults"),
    ("POST", "/_revocation"),
];

#[test]
fn a_page_of_another_site_is_refused() {
    let emulator = Emulator::start();
    let own = emulator.address().to_owned();
    for request in REQUESTS {
        for origin in ["http://attacker.example", "null", "http://127.0.0.1:1", ""] {
            let headers = [("Origin", origin)];
            assert_eq!(
                status(&emulator, emulator.host(), request, &headers),
                403,
                "{request:?} {origin}"
            );
        }
    }
    assert_eq!(emulator.post(&with_secret()).status, 200, "no fault was added");
    assert_eq!(emulator.journal().len(), 1);
    let headers = [("Origin", own.as_str())];
    assert_eq!(status(&emulator, emulator.host(), ("POST", "/_faults"), &headers), 204);
    assert_eq!(emulator.post(&with_secret()).status, 503);
}

#[test]
fn a_name_that_was_made_to_point_here_is_refused() {
    let emulator = Emulator::start();
    let port = emulator.host().rsplit(':').next().unwrap();
    for request in REQUESTS {
        for host in [
            "attacker.example".to_owned(),
            format!("127.0.0.1.attacker.example:{port}"),
        ] {
            let origin = format!("http://{host}");
            assert_eq!(status(&emulator, &host, request, &[]), 403, "{request:?} {host}");
            assert_eq!(
                status(&emulator, &host, request, &[("Origin", &origin)]),
                403,
                "{request:?} {host}"
            );
        }
    }
    let absolute = format!("http://attacker.example:{port}/_faults");
    assert_eq!(status(&emulator, emulator.host(), ("POST", &absolute), &[]), 403);
    assert_eq!(emulator.post(&with_secret()).status, 200, "no fault was added");
    let host = format!("localhost:{port}");
    assert_eq!(status(&emulator, &host, ("GET", "/_journal"), &[]), 200);
}

#[test]
fn faults_that_find_no_room_are_refused() {
    let emulator = Emulator::start();
    let add = |faults: &str| {
        emulator
            .client()
            .send("POST", "/_faults", &[], faults.as_bytes())
            .unwrap()
    };
    assert_eq!(add(&"status=503\n".repeat(10_000)).status, 204);
    let answer = add("status=503");
    assert_eq!(answer.status, 413);
    let said = String::from_utf8(answer.body).unwrap();
    assert!(said.contains("10000") && said.contains("DELETE /_faults"), "{said}");
    assert_eq!(
        emulator.client().send("DELETE", "/_faults", &[], b"").unwrap().status,
        204
    );
    assert_eq!(add("status=503").status, 204);
    let long = format!("suberror={}", "x".repeat(5000));
    assert_eq!(add(&long).status, 400);
}
