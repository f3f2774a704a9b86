//! Redis servers that repeat what they were sent: no message shows the password or the user.

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use test_support::emulator::Emulator;
use test_support::folder::Folder;

use crate::call::Call;

const USER: &str = "application-7";
const PASSWORD: &str = "correct horse battery staple";

/// A server that gives each command this answer. Ends with the test program.
fn server(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that breaks off is none of its concern.
            let _ = stream.and_then(|stream| serve(stream, &answer));
        }
    });
    format!("redis://{USER}@{address}")
}

fn serve(stream: TcpStream, answer: &[u8]) -> io::Result<()> {
    let mut output = stream.try_clone()?;
    let mut input = BufReader::new(stream);
    while let Some(parts) = number(&mut input)? {
        for _ in 0..parts {
            let length = number(&mut input)?.unwrap_or_default();
            input.read_exact(&mut vec![0; length + 2])?;
        }
        output.write_all(answer)?;
    }
    Ok(())
}

/// The number behind the first character of a line; `None` at the end.
fn number(input: &mut impl BufRead) -> io::Result<Option<usize>> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line.get(1..).and_then(|number| number.trim_end().parse().ok()))
}

/// What the command says of Redis when the server gives this answer.
fn said_of(answer: &[u8]) -> String {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let key = folder.write("cache.key", STANDARD.encode([1; 32]));
    let outcome = Call::with_certificate(&emulator)
        .and(&[
            "--verbose",
            "--redis",
            &server(answer.to_vec()),
            "--cache-key-file",
            &key,
        ])
        .and_secret("--redis-password-file", &folder, PASSWORD)
        .run();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.contains("Redis at"), "{outcome:?}");
    outcome.stderr
}

#[test]
fn a_reply_never_shows_what_was_sent_to_log_in() {
    let sent = format!("'{USER}' '{PASSWORD}'");
    let listed = |text: &str| format!("${}\r\n{text}\r\n", text.len());
    for answer in [
        format!("-ERR unknown command 'AUTH', with args beginning with: {sent} \r\n"),
        format!("-ERR unknown command `AUTH`, with args beginning with: `{USER}`, `correct horse`, \r\n"),
        format!("-ERR invalid password {PASSWORD}\r\n"),
        format!("-ERR invalid password {}\r\n", &PASSWORD[..20]),
        format!("-{PASSWORD}\r\n"),
        listed(PASSWORD),
        listed(&sent),
        "$-1\r\n".to_owned(),
        ":7\r\n".to_owned(),
        format!("*1\r\n{}", listed(PASSWORD)),
        format!("{PASSWORD}\r\n"),
    ] {
        let said = said_of(answer.as_bytes());
        let bytes: Vec<String> = PASSWORD.bytes().take(6).map(|byte| byte.to_string()).collect();
        for secret in [USER, PASSWORD, "correct horse", "battery", &bytes.join(", ")] {
            assert!(!said.contains(secret), "{answer:?}: {said}");
        }
    }
}

#[test]
fn a_text_in_place_of_a_record_is_not_repeated() {
    let said = said_of(format!("+{PASSWORD}\r\n").as_bytes());
    assert!(said.contains("unexpected reply: a text"), "{said}");
    assert!(!said.contains("horse"), "{said}");
}

#[test]
fn a_refusal_is_told_with_its_reason() {
    let said = said_of(b"-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    assert!(
        said.contains("refused a command: WRONGPASS invalid username-password pair or user is disabled"),
        "{said}"
    );
}
