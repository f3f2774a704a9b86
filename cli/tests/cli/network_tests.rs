//! TLS, trust, proxies and time limits of connections; what the command line says of them, and what the environment.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use test_support::emulator::{Emulator, PASSWORD};
use test_support::folder::Folder;

use crate::call::Call;
use test_support::key_pair::STRANGER;

/// An address at which nobody listens. A port that was free a moment ago could have been given to another test since.
const CLOSED_ADDRESS: &str = "http://127.0.0.1:1";

#[test]
fn tokens_come_over_tls_from_an_authority_that_is_trusted() {
    let folder = Folder::new();
    let (ca, password) = (folder.argument("ca.pem"), folder.write("password", PASSWORD));
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    // `set SSL_CERT_FILE="..."` of Windows keeps the quotation marks.
    let quoted = format!("\"{ca}\"");
    for (call, file) in [
        (Call::with_certificate(&emulator), &ca),
        (Call::with_certificate(&emulator), &quoted),
        (Call::with_password(&emulator, &password), &ca),
    ] {
        let token = call.variable("SSL_CERT_FILE", file).succeed();
        assert_eq!(token.split('.').count(), 3);
    }
}

#[test]
fn an_authority_that_is_not_trusted_is_exit_code_5() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let error = Call::with_certificate(&emulator).fail(5);
    assert!(
        error.contains("kind: TlsFailed") && error.contains("SSL_CERT_FILE"),
        "{error}"
    );
}

#[test]
fn a_proxy_that_is_not_there_is_exit_code_6_unless_the_host_is_exempt() {
    let folder = Folder::new();
    let ca = folder.argument("ca.pem");
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let call = || Call::with_certificate(&emulator).variable("SSL_CERT_FILE", &ca);
    let error = call().variable("HTTPS_PROXY", CLOSED_ADDRESS).fail(6);
    assert!(error.contains("kind: ProxyFailed"), "{error}");
    call()
        .variable("HTTPS_PROXY", CLOSED_ADDRESS)
        .variable("NO_PROXY", "127.0.0.1")
        .succeed();
    call().and(&["--proxy", CLOSED_ADDRESS]).fail(6);
}

/// An HTTP proxy that connects its first client to where that wants to go. It gives the line that it was asked with
/// when the client has left.
struct Proxy {
    address: String,
    served: JoinHandle<String>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let served = thread::spawn(move || Self::serve(&listener.accept().unwrap().0));
        Self { address, served }
    }

    fn serve(client: &TcpStream) -> String {
        let mut lines = BufReader::new(client).lines().map(Result::unwrap);
        let asked = lines.next().expect("the client asks for a connection");
        assert!(lines.any(|line| line.is_empty()), "the request ends");
        let target = asked.split(' ').nth(1).expect("the client names the target");
        let service = TcpStream::connect(target).unwrap();
        (&*client).write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut answers, mut to_client) = (service.try_clone().unwrap(), client.try_clone().unwrap());
        thread::spawn(move || io::copy(&mut answers, &mut to_client));
        // A client that leaves in a hurry resets the connection.
        let _ = io::copy(&mut &*client, &mut &service);
        asked
    }
}

#[test]
fn the_proxy_of_the_command_line_is_taken_and_not_that_of_the_environment() {
    let (folder, proxy) = (Folder::new(), Proxy::start());
    let ca = folder.argument("ca.pem");
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    Call::with_certificate(&emulator)
        .variable("SSL_CERT_FILE", &ca)
        .variable("HTTPS_PROXY", CLOSED_ADDRESS)
        .and(&["--proxy", &proxy.address])
        .succeed();
    let asked = proxy.served.join().unwrap();
    assert!(asked.starts_with("CONNECT 127.0.0.1:"), "{asked}");
}

#[test]
fn an_empty_proxy_is_none_whatever_the_environment_says() {
    let folder = Folder::new();
    let ca = folder.argument("ca.pem");
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    for arguments in [&["--proxy", ""][..], &["--proxy="]] {
        Call::with_certificate(&emulator)
            .variable("SSL_CERT_FILE", &ca)
            .variable("HTTPS_PROXY", CLOSED_ADDRESS)
            .and(arguments)
            .succeed();
    }
}

#[test]
fn hosts_that_the_command_line_exempts_from_the_proxy_are_asked_directly() {
    let folder = Folder::new();
    let ca = folder.argument("ca.pem");
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let call = |no_proxy: &str| {
        let call = Call::with_certificate(&emulator).variable("SSL_CERT_FILE", &ca);
        call.and(&["--no-proxy", no_proxy])
    };
    for hosts in ["127.0.0.1", "login.example, 127.0.0.1", "*"] {
        call(hosts).variable("HTTPS_PROXY", CLOSED_ADDRESS).succeed();
        call(hosts).and(&["--proxy", CLOSED_ADDRESS]).succeed();
    }
    for hosts in ["login.example", ""] {
        let error = call(hosts)
            .variable("HTTPS_PROXY", CLOSED_ADDRESS)
            .variable("NO_PROXY", "127.0.0.1")
            .fail(6);
        assert!(error.contains("kind: ProxyFailed"), "{error}");
    }
}

#[test]
fn the_authorities_of_the_command_line_are_trusted_and_not_those_of_the_environment() {
    let folder = Folder::new();
    let (ca, stranger) = (folder.argument("ca.pem"), STRANGER.certificate());
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let call = |trusted: &str| Call::with_certificate(&emulator).and(&["--ca-file", trusted]);
    call(&ca).succeed();
    call(&ca).variable("SSL_CERT_FILE", &stranger).succeed();
    for (trusted, says) in [
        (stranger.as_str(), "does not trust"),
        (&folder.argument("absent.pem"), "absent.pem"),
    ] {
        let error = call(trusted).variable("SSL_CERT_FILE", &ca).fail(5);
        assert!(error.contains(says) && error.contains("kind: TlsFailed"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn authorities_in_something_else_than_a_file_are_refused_without_waiting() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    let pipe = folder.argument("pipe");
    let status = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(status.success());
    let link = folder.argument("link");
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    let to_file = folder.argument("link-to-file");
    std::os::unix::fs::symlink(folder.path("ca.pem"), &to_file).unwrap();
    for file in [&pipe, &link, "/dev/zero"] {
        let named = Call::with_certificate(&emulator).and(&["--ca-file", file]);
        let of_environment = Call::with_certificate(&emulator).variable("SSL_CERT_FILE", file);
        let of_system = Call::with_certificate(&emulator)
            .and(&["--ca-file", ""])
            .variable("SSL_CERT_FILE", file);
        for call in [named, of_environment, of_system] {
            let error = call.fail(5);
            assert!(
                error.contains(file) && error.contains("it is not a regular file"),
                "{error}"
            );
        }
    }
    Call::with_certificate(&emulator)
        .and(&["--ca-file", &to_file])
        .succeed();
}

#[test]
fn an_attempt_to_connect_has_a_time_limit_of_its_own() {
    // Takes connections, and never says a word of TLS.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let (folder, address) = (Folder::new(), silent.local_addr().unwrap());
    let authority = format!("https://{address}/contoso.onmicrosoft.com");
    let call = |limits: &[&str]| {
        let call = Call::new(&["get", "--authority", &authority, "--client-id", "app"]).and(limits);
        call.and_secret("--client-secret-file", &folder, "secret").fail(7)
    };
    // Without --connect-timeout, whose default is 10, the limit of the whole call would pass first.
    let error = call(&["--timeout", "8", "--retries", "0", "--connect-timeout", "1"]);
    assert!(error.contains("Timed out connecting to"), "{error}");
    let error = call(&["--timeout", "1"]);
    assert!(error.contains("Timed out waiting for an answer"), "{error}");
}

#[test]
fn a_proxy_s_password_is_not_repeated() {
    let emulator = Emulator::start();
    for proxy in ["socks5://user:hunter22@127.0.0.1:1", "http://user:hunter22@127.0.0.1:1"] {
        let error = Call::with_certificate(&emulator)
            .and(&["--proxy", proxy, "--verbose"])
            .fail(6);
        assert!(!error.contains("hunter22"), "{error}");
    }
}

/// From the command line and from either variable. Neither host nor password is looked up or shown.
#[test]
fn a_proxy_address_that_could_be_read_in_two_ways_is_refused_and_not_shown() {
    let folder = Folder::new();
    let authority = "https://login.invalid/contoso.onmicrosoft.com";
    let call = || {
        let call = Call::new(&["get", "--authority", authority, "--client-id", "app", "--verbose"]);
        call.and_secret("--client-secret-file", &folder, "secret")
    };
    for proxy in [
        "http://alice:hunter#22@corp.invalid:8080",
        "http://alice:hunter/22@corp.invalid:8080",
        "http://alice:hunter?22@corp.invalid:8080",
        "http://alice:hunter@22@corp.invalid:8080",
        "http://alice:hunter%22%@corp.invalid:8080",
        "http://alice:hunter\\22@corp.invalid:8080",
        "http://alice:hunter 22@corp.invalid:8080",
        "alice:hunter#22@corp.invalid:8080",
        "http://alice:hunter22@corp.invalid:hunter",
        "http://alice:hunter22@corp.invalid:65536",
        "http://alice:hunter22@corp.invalid:",
    ] {
        for (from, error) in [
            ("--proxy", call().and(&["--proxy", proxy]).fail(3)),
            ("HTTPS_PROXY", call().variable("HTTPS_PROXY", proxy).fail(3)),
            ("https_proxy", call().variable("https_proxy", proxy).fail(3)),
        ] {
            assert!(error.contains("kind: InvalidArgument"), "{error}");
            assert!(error.contains(&shown(from)) && error.contains("%23"), "{error}");
            for part in ["alice", "hunter", "corp", "65536"] {
                assert!(!error.contains(part), "{error}");
            }
        }
        let call = Call::new(&["doctor", "--authority", authority, "--client-id", "app"]);
        let call = call.and_secret("--client-secret-file", &folder, "secret");
        let told = call.variable("HTTPS_PROXY", proxy).run();
        for part in ["alice", "hunter", "corp", "65536"] {
            assert!(!told.stdout.contains(part) && !told.stderr.contains(part), "{told:?}");
        }
    }
}

/// Answers one connection with this text after its first line, and gives what it was sent.
fn answering(answer: impl AsRef<[u8]> + Send + 'static) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let served = thread::spawn(move || {
        let client = listener.accept().unwrap().0;
        let mut sent = [0; 4096];
        let length = (&client).read(&mut sent).unwrap();
        (&client).write_all(answer.as_ref()).unwrap();
        let _ = client.shutdown(Shutdown::Write);
        let _ = io::copy(&mut &client, &mut io::sink());
        String::from_utf8_lossy(&sent[..length]).into_owned()
    });
    (address, served)
}

#[test]
fn a_proxy_on_the_way_that_is_not_in_use_tells_how_to_authenticate() {
    let folder = Folder::new();
    for (schemes, says) in [
        (
            "Negotiate\r\nProxy-Authenticate: NTLM",
            "Only Basic authentication is supported",
        ),
        ("Basic realm=\"corp\"", "Add the user name and password"),
    ] {
        let answer = format!("HTTP/1.1 407 No\r\nProxy-Authenticate: {schemes}\r\nContent-Length: 0\r\n\r\n");
        let (address, _) = answering(answer);
        let authority = format!("http://{address}/contoso.onmicrosoft.com");
        let call = Call::new(&["get", "--authority", &authority, "--client-id", "app", "--retries", "0"]);
        let error = call.and_secret("--client-secret-file", &folder, "secret").fail(6);
        let first = schemes.split([' ', '\r']).next().unwrap();
        for part in ["A proxy on the way", &format!("It offers {first}"), says] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}

#[test]
fn a_proxy_that_refuses_tells_how_to_authenticate() {
    let folder = Folder::new();
    let authority = "https://login.invalid/contoso.onmicrosoft.com";
    let call = || {
        let call = Call::new(&["get", "--authority", authority, "--client-id", "app", "--retries", "0"]);
        call.and_secret("--client-secret-file", &folder, "secret")
    };
    let answer = b"HTTP/1.1 407 Authentication Required\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: \
        Basic realm=\"corp\"\r\nContent-Length: 0\r\n\r\n";
    let (address, served) = answering(answer);
    let error = call().variable("HTTPS_PROXY", &format!("http://{address}")).fail(6);
    for part in [
        "kind: ProxyFailed",
        &address,
        "environment variable HTTPS_PROXY",
        "HTTP 407",
        "offers Negotiate, Basic",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert!(!served.join().unwrap().contains("Proxy-Authorization"));

    let (address, served) = answering(answer);
    let proxy = format!("http://alice:hunter%2322@{address}");
    let error = call().and(&["--proxy", &proxy]).fail(6);
    assert!(error.contains("refused the user name and password"), "{error}");
    assert!(!error.contains("hunter") && !error.contains("alice"), "{error}");
    // alice:hunter#22
    let sent = served.join().unwrap();
    assert!(
        sent.starts_with("CONNECT login.invalid:443 HTTP/1.1\r\nHost: login.invalid:443\r\n"),
        "{sent}"
    );
    assert!(
        sent.contains("\r\nProxy-Authorization: Basic YWxpY2U6aHVudGVyIzIy\r\n"),
        "{sent}"
    );

    let (address, _) = answering(b"HTTP/1.1 403 Forbidden\r\n\r\n");
    let error = call().variable("https_proxy", &address).fail(6);
    assert!(
        error.contains("HTTP 403") && error.contains(&format!("environment variable {}", shown("https_proxy"))),
        "{error}"
    );
}

#[test]
fn a_proxy_that_speaks_no_tls_is_named_with_the_advice_to_try_http() {
    let (folder, silent) = (Folder::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let authority = "https://login.invalid/contoso.onmicrosoft.com";
    let call = |address: &str| {
        let call = Call::new(&["get", "--authority", authority, "--client-id", "app", "--retries", "0"]);
        let call = call.and_secret("--client-secret-file", &folder, "secret");
        call.variable("HTTPS_PROXY", &format!("https://{address}"))
    };
    let (plain, _) = answering(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    let (closing, _) = answering(b"");
    let silent = silent.local_addr().unwrap().to_string();
    for address in [plain, closing, silent] {
        let error = call(&address).and(&["--connect-timeout", "1"]).fail(6);
        for part in ["kind: ProxyFailed", &address, "HTTPS_PROXY", "Try http://"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}

#[test]
fn a_proxy_in_a_variable_that_is_not_read_is_named_when_the_connection_fails() {
    let folder = Folder::new();
    let authority = format!("{CLOSED_ADDRESS}/contoso.onmicrosoft.com");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let call = Call::new(&["get", "--authority", &authority, "--client-id", "app", "--retries", "0"]);
        let call = call.and_secret("--client-secret-file", &folder, "secret");
        let error = call.variable(name, "http://alice:hunter22@corp.invalid:3128").fail(4);
        assert!(
            error.contains(&format!("environment variable {}", shown(name))),
            "{error}"
        );
        assert!(
            error.contains("http://corp.invalid:3128") && error.contains("HTTPS_PROXY"),
            "{error}"
        );
        assert!(!error.contains("hunter22"), "{error}");
    }
}

#[test]
fn a_name_that_does_not_resolve_is_exit_code_4() {
    let authority = "https://login.invalid/contoso.onmicrosoft.com";
    let folder = Folder::new();
    let call = Call::new(&["get", "--authority", authority, "--client-id", "app"]);
    let error = call.and_secret("--client-secret-file", &folder, "secret").fail(4);
    assert!(
        error.starts_with("error: Cannot resolve the host name login.invalid"),
        "{error}"
    );
    assert!(error.contains("kind: ConnectionFailed"), "{error}");
}

#[test]
fn nobody_listening_is_exit_code_4() {
    let authority = format!("{CLOSED_ADDRESS}/contoso.onmicrosoft.com");
    let folder = Folder::new();
    let call = Call::new(&["get", "--authority", &authority, "--client-id", "app"]);
    let error = call.and_secret("--client-secret-file", &folder, "secret").fail(4);
    assert!(error.contains("kind: ConnectionFailed"), "{error}");
}

/// How a message names a variable or option. The names of variables have no case on Windows, so the first name that is
/// read stands for both.
fn shown(name: &str) -> String {
    if name.starts_with("--") || std::env::var_os("GRAPHTOKEN_TEST_RUNNER").is_none() {
        name.to_owned()
    } else {
        name.to_uppercase()
    }
}
