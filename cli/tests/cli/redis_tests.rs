//! Tokens that processes share through Redis. The tests need `redis-server` and are run by a lane of their own.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphtoken::{Client, ClientCredentials, Credential, Options, Request, Scopes, Secret, TokenSource};
use test_support::emulator::{CONFIDENTIAL, Emulator, SECRET};
use test_support::folder::Folder;
use test_support::key_pair::KeyPair;
use test_support::redis_server::RedisServer;

use crate::call::Call;

/// A fleet of processes: what they have in common.
struct Fleet {
    emulator: Emulator,
    redis: RedisServer,
    folder: Folder,
}

impl Fleet {
    fn new(emulator: Emulator, redis: RedisServer) -> Self {
        let folder = Folder::new();
        folder.write("cache.key", key(1));
        folder.write("secret", SECRET);
        Self {
            emulator,
            redis,
            folder,
        }
    }

    fn start() -> Self {
        Self::new(Emulator::start(), RedisServer::start())
    }

    fn call(&self) -> Call {
        self.call_at(&self.redis.address(), "cache.key")
    }

    fn call_at(&self, address: &str, key: &str) -> Call {
        Call::get(&self.emulator, CONFIDENTIAL).and(&[
            "--client-secret-file",
            &self.folder.argument("secret"),
            "--redis",
            address,
            "--cache-key-file",
            &self.folder.argument(key),
        ])
    }

    /// A process that runs by itself.
    fn spawn(&self) -> Child {
        let mut call = self.call();
        call.command.stdin(Stdio::null());
        call.command.spawn().expect("graph-token starts")
    }

    /// A client in this process, which has a memory.
    fn client(&self) -> Client {
        let mut options = Options::default();
        options.set("cache.redis", &self.redis.address()).unwrap();
        options.set("cache.key", &key(1)).unwrap();
        let credential = Credential::from_secret(Secret::copy_of(SECRET.as_bytes())).unwrap();
        Client::new(
            &self.emulator.authority(),
            CONFIDENTIAL,
            Some(credential),
            options.client,
        )
        .unwrap()
    }

    fn requests(&self) -> usize {
        self.emulator.journal().len()
    }

    /// Waits until a process has its turn.
    fn await_turn(&self) -> String {
        loop {
            let turn = self.redis.names().into_iter().find(|name| name.ends_with(":turn"));
            if let Some(turn) = turn {
                return turn;
            }
            std::thread::yield_now();
        }
    }
}

fn key(byte: u8) -> String {
    STANDARD.encode([byte; 32])
}

fn request(force: bool) -> Request {
    let mut options = Options::default();
    options
        .set("force_refresh", if force { "true" } else { "false" })
        .unwrap();
    let grant = std::sync::Arc::new(ClientCredentials);
    Request::new(grant, Scopes::default(), options.request)
}

#[test]
#[ignore = "needs redis-server"]
fn redis_serves_the_second_process() {
    let fleet = Fleet::start();
    let first = fleet.call().succeed_json();
    let second = fleet.call().succeed_json();
    assert_eq!(
        (&first["source"], &second["source"]),
        (&"network".into(), &"cache".into())
    );
    for field in ["access_token", "expires_on", "scope", "tenant", "client_id"] {
        assert_eq!(first[field], second[field], "{field}");
    }
    assert_eq!(fleet.requests(), 1);
}

#[test]
#[ignore = "needs redis-server"]
fn redis_is_passed_by_when_its_token_will_not_do() {
    let fleet = Fleet::start();
    let kept = fleet.call().succeed_json();
    let forced = fleet.call().and(&["--force-refresh"]).succeed_json();
    assert_eq!(forced["source"], "network");
    assert_ne!(forced["access_token"], kept["access_token"]);
    let next = fleet.call().and(&["--minimum-lifetime", "600"]).succeed_json();
    assert_eq!(
        (&next["source"], &next["access_token"]),
        (&"cache".into(), &forced["access_token"])
    );
    let longer = fleet.call().and(&["--minimum-lifetime", "86400"]).succeed_json();
    assert_eq!(longer["source"], "network");
    assert_eq!(fleet.requests(), 3);
}

#[test]
#[ignore = "needs redis-server"]
fn redis_keeps_a_token_for_its_lifetime_and_shows_nothing_of_it() {
    let fleet = Fleet::start();
    let token = fleet.call().succeed();
    let name = fleet.redis.name();
    assert!(name.starts_with("graphtoken:1:"), "{name}");
    let left: u64 = fleet.redis.ask(&["TTL", &name]).parse().unwrap();
    assert!((3000..=3599).contains(&left), "{left}");

    let dump = fleet.redis.dump();
    let shows = |text: &str| dump.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(shows(&name), "the name is in the dump, which so can be searched");
    let parts = token.split('.').map(|part| &part[..16]);
    for text in parts.chain([CONFIDENTIAL, "contoso", SECRET, "graph.microsoft.com"]) {
        assert!(!shows(text), "{text}");
    }
}

#[test]
#[ignore = "needs redis-server"]
fn redis_gives_a_token_to_nobody_with_another_proof_or_key() {
    let fleet = Fleet::start();
    fleet.call().succeed();
    fleet.folder.write("other.key", key(2));
    let other = fleet.call_at(&fleet.redis.address(), "other.key").succeed_json();
    assert_eq!(other["source"], "network");
    fleet.folder.write("secret", "a wrong secret");
    fleet.call().fail(8);
    assert_eq!(fleet.requests(), 3);
}

#[test]
#[ignore = "needs redis-server"]
fn redis_may_have_damaged_records() {
    let fleet = Fleet::start();
    fleet.call().succeed();
    let name = fleet.redis.name();
    for command in [&["SET", &name, "damaged"][..], &["SETRANGE", &name, "20", "x"]] {
        fleet.redis.ask(command);
        assert_eq!(fleet.call().succeed_json()["source"], "network");
        assert_eq!(fleet.call().succeed_json()["source"], "cache");
    }
    assert_eq!(fleet.requests(), 3);
}

#[test]
#[ignore = "needs redis-server"]
fn redis_lets_one_of_many_processes_ask() {
    let fleet = Fleet::new(Emulator::with_faults(&["delay-ms=300,times=all"]), RedisServer::start());
    for lifetime in 1..=3 {
        let processes: Vec<Child> = (0..4).map(|_| fleet.spawn()).collect();
        for process in processes {
            assert!(process.wait_with_output().unwrap().status.success());
        }
        assert_eq!(fleet.requests(), lifetime);
        assert!(fleet.redis.name().len() < 80, "the turn was given back");
        fleet.redis.ask(&["FLUSHALL"]);
    }
}

#[test]
#[ignore = "needs redis-server"]
fn redis_frees_the_turn_of_a_process_that_was_killed() {
    let fleet = Fleet::new(Emulator::with_faults(&["delay-ms=60000"]), RedisServer::start());
    let mut holder = fleet.spawn();
    let turn = fleet.await_turn();
    while fleet.requests() == 0 {
        std::thread::yield_now();
    }
    holder.kill().unwrap();
    holder.wait().unwrap();
    let left: i64 = fleet.redis.ask(&["PTTL", &turn]).parse().unwrap();
    assert!((1..=10_000).contains(&left), "{left}");

    let others: Vec<Child> = (0..3).map(|_| fleet.spawn()).collect();
    for other in others {
        let output = other.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let survivors = fleet.requests() - 1;
    assert_eq!(
        survivors, 1,
        "one of those that waited asked, after the one that was killed"
    );
}

#[test]
#[ignore = "needs redis-server"]
fn redis_may_die_while_clients_live() {
    let mut fleet = Fleet::start();
    let client = fleet.client();
    client.acquire(&request(false), None).unwrap();
    fleet.redis.kill();
    let kept = client.acquire(&request(false), None).unwrap();
    assert_eq!(kept.source, TokenSource::Cache, "memory still works");
    for _ in 0..3 {
        let fresh = client.acquire(&request(true), None).unwrap();
        assert_eq!(fresh.source, TokenSource::Network);
    }
    assert_eq!(
        fleet.call().succeed_json()["source"],
        "network",
        "so does a new process"
    );

    fleet.redis.restart();
    while fleet.redis.names().is_empty() {
        client.acquire(&request(true), None).unwrap();
    }
    assert_eq!(fleet.call().succeed_json()["source"], "cache");
}

#[test]
#[ignore = "needs redis-server"]
fn redis_may_end_connections_that_nobody_uses() {
    let fleet = Fleet::start();
    let client = fleet.client();
    client.acquire(&request(false), None).unwrap();
    fleet.redis.ask(&["FLUSHALL"]);
    assert_eq!(
        fleet.redis.ask(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]),
        "1"
    );
    client.acquire(&request(true), None).unwrap();
    assert_eq!(fleet.call().succeed_json()["source"], "cache");
}

#[test]
#[ignore = "needs redis-server"]
fn redis_may_answer_nothing() {
    let fleet = Fleet::start();
    fleet.redis.freeze();
    let client = fleet.client();
    for _ in 0..20 {
        client.acquire(&request(true), None).unwrap();
    }
    fleet.redis.thaw();
    let reads = fleet.redis.reads();
    assert!((1..=5).contains(&reads), "it was not left alone: {reads}");
}

#[test]
#[ignore = "needs redis-server"]
fn redis_may_want_a_password() {
    let redis = RedisServer::start_with(&["--requirepass", "open sesame"]);
    let fleet = Fleet::new(Emulator::start(), redis);
    fleet.folder.write("right", "open sesame\n");
    fleet.folder.write("wrong", "open says me");
    let with = |file: &str| {
        fleet
            .call()
            .and(&["--verbose", "--redis-password-file", &fleet.folder.argument(file)])
    };

    let refused = with("wrong").run();
    assert_eq!(refused.code, Some(0), "{refused:?}");
    assert!(refused.stderr.contains("WRONGPASS"), "{refused:?}");
    assert!(!refused.stderr.contains("open says me"), "{refused:?}");
    let without = fleet.call().and(&["--verbose"]).run();
    assert!(without.stderr.contains("NOAUTH"), "{without:?}");

    with("right").succeed();
    assert_eq!(with("right").succeed_json()["source"], "cache");
    fleet.folder.write("marked", "\u{feff}open sesame\r\n");
    assert_eq!(with("marked").succeed_json()["source"], "cache");
    let by_input = fleet.call().and(&["--redis-password-file", "-"]).input("open sesame\n");
    assert_eq!(by_input.succeed_json()["source"], "cache");
}

#[test]
#[ignore = "needs redis-server"]
fn redis_gets_the_password_that_is_in_the_file_when_it_is_connected_to() {
    let redis = RedisServer::start_with(&["--requirepass", "the new password"]);
    let fleet = Fleet::new(Emulator::start(), redis);
    let password = fleet.folder.write("password", "the old password");
    let call = || fleet.call().and(&["--redis-password-file", &password]);
    let secret = fleet.folder.path("secret");
    std::fs::remove_file(&secret).unwrap();
    assert!(Command::new("mkfifo").arg(&secret).status().unwrap().success());

    let mut first = call();
    first.command.stdin(Stdio::null());
    let first = first.command.spawn().expect("graph-token starts");
    // Opens when the other side reads the client secret, which it does when it has looked at everything else.
    let mut pipe = OpenOptions::new().write(true).open(&secret).unwrap();
    fleet.folder.write("password", "the new password");
    pipe.write_all(SECRET.as_bytes()).unwrap();
    drop(pipe);
    let first = first.wait_with_output().unwrap();
    assert!(first.status.success() && first.stderr.is_empty(), "{first:?}");

    std::fs::remove_file(&secret).unwrap();
    fleet.folder.write("secret", SECRET);
    assert_eq!(call().succeed_json()["source"], "cache");
}

#[test]
#[ignore = "needs redis-server"]
fn redis_takes_a_password_from_a_pipe_that_can_be_read_only_once() {
    let redis = RedisServer::start_with(&["--requirepass", "open sesame"]);
    let fleet = Fleet::new(Emulator::start(), redis);
    let pipe = fleet.folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for source in ["network", "cache"] {
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::write(pipe, "open sesame\n").unwrap()
        });
        let call = fleet
            .call()
            .and(&["--redis-password-file", &fleet.folder.argument("pipe")]);
        assert_eq!(call.succeed_json()["source"], source);
        writer.join().unwrap();
    }
}

#[test]
fn a_file_that_cannot_hold_the_password_of_redis_is_an_error_of_its_option() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let key = folder.write("cache.key", key(1));
    let utf16: Vec<u8> = "\u{feff}secret".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (file, says) in [
        (
            folder.argument("absent"),
            "absent for --redis-password-file was not found",
        ),
        (folder.write("empty", "\n"), "empty for --redis-password-file is empty"),
        (
            folder.write("utf16", utf16),
            "utf16 for --redis-password-file is not UTF-8 text",
        ),
        (folder.argument("."), "for --redis-password-file is a directory"),
        (
            "hunter22".to_owned(),
            "The file for --redis-password-file was not found",
        ),
    ] {
        let redis = ["--redis", "redis://127.0.0.1:1", "--cache-key-file", &key];
        let error = Call::with_certificate(&emulator)
            .and(&redis)
            .and(&["--redis-password-file", &file])
            .fail(3);
        assert!(
            error.contains(says) && error.contains("kind: InvalidArgument"),
            "{error}"
        );
        assert!(!error.contains("hunter22"), "{error}");
    }
    assert!(emulator.journal().is_empty());
}

#[test]
#[ignore = "needs redis-server"]
fn redis_may_speak_tls() {
    // Its own authority, which a certificate that is one may not be.
    let extensions = ["subjectAltName=IP:127.0.0.1", "basicConstraints=critical,CA:FALSE"];
    let pair = KeyPair::generate(&["rsa:2048", "-addext", extensions[0], "-addext", extensions[1]]);
    let (certificate, key, port) = (pair.certificate(), pair.key(), free_port().to_string());
    let tls = [
        "--tls-port",
        &port,
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
        "--tls-auth-clients",
        "no",
    ];
    // What this user may do is all that is needed.
    let user = [
        "--user",
        "app",
        "on",
        ">sesame",
        "~graphtoken:*",
        "+get",
        "+set",
        "+del",
        "+eval",
        "+select",
    ];
    let redis = RedisServer::start_with(&[&tls[..], &user].concat());
    let fleet = Fleet::new(Emulator::start(), redis);
    fleet.folder.write("password", "sesame");
    let call = || {
        let call = fleet.call_at(&format!("rediss://app@127.0.0.1:{port}/3"), "cache.key");
        call.and(&["--verbose", "--redis-password-file", &fleet.folder.argument("password")])
    };
    let untrusted = call().run();
    assert_eq!(untrusted.code, Some(0), "{untrusted:?}");
    assert!(untrusted.stderr.contains("TLS connection to Redis"), "{untrusted:?}");

    let trusted = || call().variable("SSL_CERT_FILE", &certificate);
    let first = trusted().run();
    assert!(!first.stderr.contains("Redis"), "{first:?}");
    assert_eq!(trusted().succeed_json()["source"], "cache");
    assert_eq!(
        call().and(&["--ca-file", &certificate]).succeed_json()["source"],
        "cache"
    );
    assert_eq!(fleet.requests(), 2);
}

#[test]
fn what_cannot_be_used_as_redis_is_refused() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    folder.write("cache.key", key(1));
    folder.write("short.key", "AAAA");
    let call = |address: &str, key: &str| {
        let key = folder.argument(key);
        Call::with_certificate(&emulator).and(&["--redis", address, "--cache-key-file", &key])
    };
    let password = call("redis://:hunter22@cache.contoso.com", "cache.key").fail(3);
    assert!(
        password.contains("contains a password") && password.contains("--redis-password-file"),
        "{password}"
    );
    assert!(!password.contains("hunter22"));
    assert!(
        call("cache.contoso.com", "cache.key")
            .fail(3)
            .contains("Invalid value for --redis: it has no scheme")
    );
    assert!(
        call("redis://app@cache.contoso.com", "cache.key")
            .fail(3)
            .contains("no password")
    );
    assert!(
        call("redis://cache.contoso.com", "short.key")
            .fail(3)
            .contains("32 bytes")
    );
    Call::with_certificate(&emulator)
        .and(&["--redis", "redis://cache.contoso.com"])
        .fail(2);
}

#[test]
fn a_redis_that_is_not_there_does_not_fail_the_call() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let key = folder.write("cache.key", key(1));
    let address = format!("unix://{}", folder.argument("redis.sock"));
    let outcome = Call::with_certificate(&emulator)
        .and(&["--verbose", "--redis", &address, "--cache-key-file", &key])
        .run();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.contains("Cannot use Redis"), "{outcome:?}");
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
