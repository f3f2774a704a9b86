use super::*;
use crate::authority::Authority;
use crate::base::clock::SystemClock;
use crate::base::secret::Secret;

const GOOD: &str = "code=the-code&state=right";
const LONG: Duration = Duration::from_secs(60);

/// A sign-in that waits on a thread of its own.
struct Waiting {
    port: u16,
    receiver: Arc<Receiver>,
    callers: Arc<Callers>,
    thread: thread::JoinHandle<Result<Answer>>,
}

fn expected() -> Expected {
    Expected {
        state: Secret::copy_of(b"right"),
        authority: Authority::new("contoso.com", None, None).unwrap(),
        requires_issuer: false,
    }
}

fn waiting_with(mode: ResponseMode, time_limit: Duration) -> Waiting {
    let listener = Listener::bind(None).unwrap();
    let port = listener.port();
    let receiver = Arc::new(Receiver {
        time_limit,
        ..Receiver::new(port, mode, expected())
    });
    let callers = Arc::new(Callers::default());
    let (own, theirs) = (Arc::clone(&receiver), Arc::clone(&callers));
    let (started, has_started) = std::sync::mpsc::channel();
    let thread = thread::spawn(move || {
        let _caller = theirs.caller();
        started.send(()).unwrap();
        // The caller above counts for the thread, as that of a call does.
        listener.wait(&own, &SystemClock, Instant::now() + LONG, &theirs)
    });
    has_started.recv().unwrap();
    Waiting {
        port,
        receiver,
        callers,
        thread,
    }
}

fn waiting() -> Waiting {
    waiting_with(ResponseMode::FormPost, CONNECTION_TIMEOUT)
}

impl Waiting {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    fn send(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn request(&self, line: &str, headers: &str, body: &str) -> String {
        let port = self.port;
        self.send(&format!(
            "{line} HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}\r\n{body}"
        ))
    }

    fn post(&self, body: &str) -> String {
        self.request("POST /", &form(body), body)
    }

    /// Whether the good answer is still taken, after all that came before.
    fn ends_well(self) {
        let page = self.post(GOOD);
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
        assert!(page.ends_with("</html>\n") && !page.contains("the-code"), "{page}");
        let answer = self.thread.join().unwrap().unwrap();
        assert_eq!(answer, Answer::Code(Secret::copy_of(b"the-code")));
        assert!(
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err(),
            "it is closed"
        );
    }
}

fn form(body: &str) -> String {
    format!(
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
        body.len()
    )
}

#[track_caller]
fn assert_status(page: &str, status: u16) {
    assert!(page.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {page}");
}

#[test]
fn the_answer_comes_at_each_address() {
    for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
        let waiting = waiting();
        let Ok(mut stream) = TcpStream::connect((address, waiting.port)) else {
            // This machine has no IPv6.
            assert!(address.is_ipv6());
            continue;
        };
        let host = if address.is_ipv6() { "[::1]" } else { "127.0.0.1" };
        let (port, head) = (waiting.port, form(GOOD));
        let request = format!("POST / HTTP/1.1\r\nHost: {host}:{port}\r\n{head}\r\n{GOOD}");
        stream.write_all(request.as_bytes()).unwrap();
        let answer = waiting.thread.join().unwrap().unwrap();
        assert_eq!(answer, Answer::Code(Secret::copy_of(b"the-code")));
    }
}

#[test]
fn nothing_but_the_answer_ends_the_wait() {
    let waiting = waiting();
    for (line, status) in [
        ("GET /favicon.ico", 404),
        ("GET /robots.txt", 404),
        ("GET /.well-known/appspecific/com.chrome.devtools.json", 404),
        ("GET /", 405),
        ("GET /?code=the-code&state=right", 405),
        ("HEAD /", 405),
        ("OPTIONS /", 405),
    ] {
        let page = waiting.request(line, "", "");
        assert_status(&page, status);
        assert_eq!(page.contains("\r\nAllow: POST\r\n"), status == 405, "{page}");
    }
    for (line, headers, body, status) in [
        ("POST /other", form(GOOD), GOOD, 404),
        ("POST //", form(GOOD), GOOD, 404),
        ("POST /?code=the-code&state=right", form(GOOD), GOOD, 404),
        ("POST /", form(GOOD).replace("x-www-form-urlencoded", "json"), GOOD, 415),
        (
            "POST /",
            "Content-Type: application/x-www-form-urlencoded\r\n".to_owned(),
            "",
            411,
        ),
        (
            "POST /",
            "Content-Length: 70000\r\nContent-Type: application/x-www-form-urlencoded\r\n".to_owned(),
            "",
            413,
        ),
        ("POST /", format!("X: {}\r\n", "x".repeat(20_000)), "", 431),
    ] {
        assert_status(&waiting.request(line, &headers, body), status);
    }
    for wrong in [
        "code=the-code&state=wrong",
        "code=the-code",
        "error=access_denied&state=wrong",
        "code=the-code&code=the-code&state=right",
        "code=the-code&error=access_denied&state=right",
        "state=right",
        "",
    ] {
        assert_status(&waiting.post(wrong), 400);
    }
    assert_eq!(waiting.receiver.refused.load(Ordering::Relaxed), 7);
    waiting.ends_well();
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let waiting = waiting();
    let port = waiting.port;
    for host in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: localhost:{}\r\n", port.wrapping_add(1)),
        "Host: localhost\r\n".to_owned(),
        format!("Host: localhost:0{port}\r\n"),
        format!("Host: localhost:{port}\r\nHost: localhost:{port}\r\n"),
        String::new(),
    ] {
        let page = waiting.send(&format!("POST / HTTP/1.1\r\n{host}{}\r\n{GOOD}", form(GOOD)));
        assert_status(&page, 421);
    }
    waiting.ends_well();
}

#[test]
fn silent_connections_and_tls_block_nothing() {
    let waiting = waiting();
    let silent: Vec<TcpStream> = (0..MOST_CONNECTIONS - 1).map(|_| waiting.connect()).collect();
    let mut begun = &silent[0];
    begun.write_all(b"POST / HTTP/1.1\r\nHost: loc").unwrap();
    assert_status(&waiting.send("\u{16}\u{3}\u{1}\0\u{5}hello"), 400);
    waiting.ends_well();
}

#[test]
fn more_connections_wait_until_others_end() {
    let waiting = waiting_with(ResponseMode::FormPost, Duration::from_millis(50));
    let silent: Vec<TcpStream> = (0..2 * MOST_CONNECTIONS).map(|_| waiting.connect()).collect();
    waiting.ends_well();
    drop(silent);
}

#[test]
fn a_chunked_answer_is_taken() {
    let waiting = waiting();
    let headers = "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nTransfer-Encoding: chunked\r\n";
    let body = "9\r\ncode=abc&\r\nb\r\nstate=right\r\n0\r\n\r\n";
    assert_status(&waiting.request("POST /", headers, body), 200);
    assert_eq!(
        waiting.thread.join().unwrap().unwrap(),
        Answer::Code(Secret::copy_of(b"abc"))
    );
}

#[test]
fn a_query_is_taken_where_it_was_asked_for() {
    let waiting = waiting_with(ResponseMode::Query, CONNECTION_TIMEOUT);
    let page = waiting.post(GOOD);
    assert_status(&page, 405);
    assert!(page.contains("\r\nAllow: GET\r\n"), "{page}");
    assert_status(&waiting.request("GET /", "", ""), 400);
    assert_status(&waiting.request("GET /?code=abc&state=wrong", "", ""), 400);
    assert_status(&waiting.request("GET /?code=abc&state=right", "", ""), 200);
    assert_eq!(
        waiting.thread.join().unwrap().unwrap(),
        Answer::Code(Secret::copy_of(b"abc"))
    );
}

#[test]
fn only_the_first_answer_counts() {
    let receiver = Receiver::new(1, ResponseMode::FormPost, expected());
    let first = receiver.judged(Ok(Answer::Code(Secret::copy_of(b"first"))));
    let second = receiver.judged(Ok(Answer::Code(Secret::copy_of(b"second"))));
    assert!(first.1.is_some() && second.1.is_none());
    assert_status(&second.0.response(""), 400);
}

#[test]
fn another_issuer_ends_it_and_a_refusal_is_shown() {
    let waiting = self::waiting();
    let page = waiting.post("code=c&state=right&iss=https%3A%2F%2Fevil.example");
    assert_status(&page, 400);
    assert_eq!(waiting.thread.join().unwrap().unwrap(), Answer::OtherIssuer);
    let waiting = self::waiting();
    let page = waiting.post("error=access_denied&error_description=%3Cb%3Eno%3C%2Fb%3E&state=right");
    assert_status(&page, 200);
    assert!(
        page.contains("&lt;b&gt;no&lt;/b&gt;") && !page.contains("right"),
        "{page}"
    );
    assert!(matches!(
        waiting.thread.join().unwrap().unwrap(),
        Answer::Refusal { .. }
    ));
}

#[test]
fn the_language_of_the_browser_turns_the_page() {
    let waiting = waiting();
    let headers = format!("{}Accept-Language: he-IL,he;q=0.9,en;q=0.8\r\n", form(GOOD));
    let page = waiting.request("POST /", &headers, GOOD);
    assert!(page.contains("<html lang=\"he-IL\" dir=\"rtl\">"), "{page}");
}

#[test]
fn the_wait_ends_when_nobody_waits_any_longer() {
    let waiting = waiting();
    // Takes away what the waiting thread counts for itself.
    let guard = waiting.callers.caller();
    drop(guard);
    let callers = Callers::default();
    let listener = Listener::bind(None).unwrap();
    let port = listener.port();
    let receiver = Arc::new(Receiver::new(port, ResponseMode::FormPost, expected()));
    let error = listener
        .wait(&receiver, &SystemClock, Instant::now() + LONG, &callers)
        .unwrap_err();
    assert_eq!(error.status(), Status::Cancelled);
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err(), "it is closed");
    waiting.ends_well();
}

#[test]
fn the_deadline_ends_it_and_tells_what_was_refused() {
    let callers = Callers::default();
    let _caller = callers.caller();
    for (refused, part) in [(0, "within the time limit."), (1, "wrong state")] {
        let listener = Listener::bind(None).unwrap();
        let receiver = Arc::new(Receiver::new(listener.port(), ResponseMode::FormPost, expected()));
        receiver.refused.store(refused, Ordering::Relaxed);
        let error = listener
            .wait(&receiver, &SystemClock, Instant::now(), &callers)
            .unwrap_err();
        assert_eq!(error.status(), Status::RequestTimeout);
        assert!(
            error.message().ends_with(part) || error.message().contains(part),
            "{error}"
        );
    }
}

#[test]
fn a_port_in_use_is_told_with_its_number() {
    let first = Listener::bind(None).unwrap();
    let error = Listener::bind(Some(first.port())).unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(error.message().contains(&first.port().to_string()), "{error}");
    let port = first.port();
    drop(first);
    assert_eq!(Listener::bind(Some(port)).unwrap().port(), port);
}

#[test]
fn only_addresses_of_this_machine_are_listened_on() {
    let listener = Listener::bind(None).unwrap();
    for socket in &listener.sockets {
        assert!(socket.local_addr().unwrap().ip().is_loopback());
    }
}
