//! An HTTP proxy that lets nobody through, and repeats what it was sent.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Starts one that ends with the test program, and returns its host and port.
pub fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("the listener has an address");
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // A client that leaves in the middle is none of its concern.
            let _ = refuse(&client);
        }
    });
    address.to_string()
}

fn refuse(mut client: &TcpStream) -> io::Result<()> {
    let lines = BufReader::new(client).lines().map_while(Result::ok);
    let request: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let login = request.iter().find_map(|line| line.split_once("uthorization: "));
    let login = login.map_or("", |(_, value)| value);
    let body = format!(
        "<html><title>{login}</title><body>{}</body></html>",
        request.join("<br>")
    );
    let head = format!("HTTP/1.1 407 You sent {login}\r\nProxy-Authenticate: Basic realm=\"{login}\"\r\n");
    write!(client, "{head}Content-Length: {}\r\n\r\n{body}", body.len())
}
