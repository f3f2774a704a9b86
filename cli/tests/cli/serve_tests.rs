//! `serve --managed-identity-endpoint`: tokens for programs that look for a managed identity.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout};

use serde_json::{Map, Value, json};
use test_support::answer::Answer;
use test_support::checkout::root;
use test_support::client::{Client, tcp};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::machine;
use test_support::secrecy::assert_hidden;

use crate::call::{Call, claims, program};

/// `serve` for the application with the registered certificate.
fn serve(emulator: &Emulator) -> Call {
    Call::new(&[
        "serve",
        "--managed-identity-endpoint",
        "--authority",
        &emulator.authority(),
    ])
    .and(&["--client-id", CONFIDENTIAL, "--certificate", &REGISTERED.both()])
}

/// An endpoint that is served until this is dropped.
struct Served {
    process: Child,
    output: BufReader<ChildStdout>,
    host: String,
    secret: String,
}

impl Served {
    fn start(mut call: Call) -> Self {
        let mut process = call.command.spawn().expect("graph-token starts");
        let output = process.stdout.take().expect("standard output is a pipe");
        let mut output = BufReader::new(output);
        let mut value = |name: &str| {
            let mut line = String::new();
            output.read_line(&mut line).expect("it prints the variables");
            let value = line.trim_end().strip_prefix(&format!("export {name}="));
            value.unwrap_or_else(|| panic!("{line}")).to_owned()
        };
        let (url, secret) = (value("IDENTITY_ENDPOINT"), value("IDENTITY_HEADER"));
        let host = url
            .strip_prefix("http://")
            .and_then(|url| url.strip_suffix("/msi/token"));
        let host = host.unwrap_or_else(|| panic!("{url}")).to_owned();
        Self {
            process,
            output,
            host,
            secret,
        }
    }

    fn get(&self, query: &str) -> Answer {
        self.send(
            "GET",
            &format!("/msi/token?{query}"),
            &[("X-IDENTITY-HEADER", &self.secret)],
        )
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut client = Client::connect(&self.host).expect("it listens");
        client.send(method, path, headers, b"").expect("it answers")
    }

    /// Ends it, and gives what it printed to standard error.
    fn said(mut self) -> String {
        self.process.kill().unwrap();
        let mut said = String::new();
        let mut error = self.process.stderr.take().expect("standard error is a pipe");
        error.read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const VAULT: &str = "api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net";

#[test]
fn a_program_gets_the_tokens_of_the_application() {
    let emulator = Emulator::start();
    // This command again.
    let program = program();
    for more in [&[][..], &["--identity-client-id", CONFIDENTIAL]] {
        let command = ["--", &program, "get", "--managed-identity", "--json"];
        let call = serve(&emulator).and(&command).and(more);
        // A real App Service would be in its place.
        let call = call.variable("IDENTITY_SERVER_THUMBPRINT", "0123456789012345678901234567890123456789");
        let answer: Value =
            serde_json::from_str(&call.succeed()).expect("the program's output is that of this process");
        assert_eq!(claims(answer["access_token"].as_str().unwrap())["appid"], CONFIDENTIAL);
        assert_eq!(answer["client_id"], CONFIDENTIAL);
    }
}

#[test]
#[ignore = "needs azure-identity; the lane interchange runs it"]
fn azure_identity_gets_the_tokens_of_the_application() {
    let python = env::var("GRAPHTOKEN_TEST_MSAL_PYTHON").expect("the variable names a Python");
    let emulator = Emulator::start();
    let script = root()
        .join("tests/interchange/served_identity.py")
        .display()
        .to_string();
    let call = serve(&emulator).and(&["--", &python, &script, CONFIDENTIAL]);
    // Neither does the library ask a proxy for the endpoint: nobody listens at this one.
    let call = call.variable("HTTP_PROXY", "http://127.0.0.1:9");
    let outcomes: Map<String, Value> = serde_json::from_str(&call.succeed()).expect("it prints JSON");
    assert_eq!(outcomes.len(), 3, "{outcomes:?}");
    assert!(outcomes.values().all(Value::is_null), "{outcomes:#?}");
    assert_eq!(emulator.journal().len(), 1, "all of them get the same token");
}

#[test]
fn an_answer_is_that_of_app_service() {
    let emulator = Emulator::start();
    let served = Served::start(serve(&emulator));
    let answer = served.get(VAULT);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    let token = claims(body["access_token"].as_str().unwrap());
    assert_eq!(token["aud"], "https://vault.azure.net");
    let end: i64 = body["expires_on"].as_str().expect("it is text").parse().unwrap();
    let exp = token["exp"].as_i64().unwrap();
    assert!((exp - 5..=exp + 5).contains(&end), "{end} {exp}");
    let rest = ["resource", "token_type", "client_id"].map(|name| &body[name]);
    assert_eq!(
        rest,
        [
            &json!("https://vault.azure.net"),
            &json!("Bearer"),
            &json!(CONFIDENTIAL)
        ]
    );

    assert_eq!(served.get(VAULT).json()["access_token"], body["access_token"]);
    assert_eq!(emulator.journal().len(), 1, "the second token comes from memory");
}

#[test]
fn a_resource_keeps_its_slash() {
    let emulator = Emulator::start();
    let served = Served::start(serve(&emulator));
    let answer = served.get("api-version=2019-08-01&resource=https://management.core.windows.net/");
    assert_eq!(answer.status, 200, "{answer:?}");
    let scope = &emulator.journal()[0]["form"]["scope"];
    assert_eq!(scope, "https://management.core.windows.net//.default");
}

#[test]
fn who_does_not_know_the_secret_gets_nothing() {
    let emulator = Emulator::start();
    let served = Served::start(serve(&emulator));
    let path = format!("/msi/token?{VAULT}");
    let wrong = "x".repeat(served.secret.len());
    for headers in [
        &[][..],
        &[("X-IDENTITY-HEADER", "")],
        &[("X-IDENTITY-HEADER", &*wrong)],
        &[("X-IDENTITY-HEADER", &served.secret[1..])],
        &[("secret", &*served.secret)],
        &[("Metadata", "true")],
    ] {
        for path in [&*path, "/elsewhere"] {
            let answer = served.send("GET", path, headers);
            assert_eq!(answer.status, 401, "{headers:?}");
            assert!(!answer.text().contains(&served.secret), "{answer:?}");
        }
    }
    let other = Served::start(serve(&emulator));
    assert_ne!(served.secret, other.secret);
    assert!(served.secret.len() >= 43, "it has 256 random bits");
    assert_eq!(emulator.journal().len(), 0);
}

#[test]
fn what_is_no_request_for_a_token_is_refused() {
    let emulator = Emulator::start();
    let served = Served::start(serve(&emulator));
    let secret = [("X-IDENTITY-HEADER", &*served.secret)];
    for (method, path, status) in [
        ("GET", "/msi/token".to_owned(), 400),
        ("GET", format!("/msi/token?{VAULT}&client_id={PUBLIC}"), 400),
        (
            "GET",
            "/msi/token?api-version=2019-08-01&resource=a%20b".to_owned(),
            400,
        ),
        ("GET", format!("/metadata/identity/oauth2/token?{VAULT}"), 404),
        ("POST", format!("/msi/token?{VAULT}"), 405),
    ] {
        let answer = served.send(method, &path, &secret);
        assert_eq!(answer.status, status, "{path} {answer:?}");
        assert_eq!(answer.json()["statusCode"], status);
    }
    // A page in a browser that has its own name for this address.
    let stream = tcp(&served.host).unwrap();
    let mut client = Client::over("attacker.example", Box::new(stream));
    let answer = client
        .send("GET", &format!("/msi/token?{VAULT}"), &secret, b"")
        .unwrap();
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(emulator.journal().len(), 0);
}

#[test]
fn a_connection_that_sends_nothing_blocks_no_other() {
    let emulator = Emulator::start();
    let served = Served::start(serve(&emulator));
    let mut silent: Vec<_> = (0..8).map(|_| tcp(&served.host).unwrap()).collect();
    silent[0].write_all(b"GET /msi/token HTTP/1.1\r\nHost:").unwrap();
    assert_eq!(served.get(VAULT).status, 200);
}

#[test]
fn a_failure_reaches_the_program_and_the_terminal() {
    let emulator = Emulator::with_faults(&["error=AADSTS7000222", "status=429,retry-after=7"]);
    let mut call = serve(&emulator);
    call = call.and(&["--retries", "0"]);
    let served = Served::start(call);
    let refused = served.get(VAULT);
    let body = refused.json();
    assert_eq!((refused.status, &body["statusCode"]), (400, &json!(400)), "{body}");
    assert!(body["message"].as_str().unwrap().contains("expired"), "{body}");
    assert!(body["correlationId"].is_string(), "{body}");
    let throttled = served.get(VAULT);
    assert_eq!(
        (throttled.status, throttled.header("retry-after")),
        (429, Some("7")),
        "{throttled:?}"
    );
    let said = served.said();
    assert!(
        said.contains("kind: ClientCredentialRejected") && said.contains("AADSTS7000222"),
        "{said}"
    );
}

#[test]
fn a_user_and_a_machine_have_tokens_too() {
    let folder = Folder::new();
    let emulator = machine::start(&[]);
    let user = Call::new(&[
        "serve",
        "--managed-identity-endpoint",
        "--authority",
        &emulator.authority(),
    ]);
    let user = user.and(&["--client-id", PUBLIC, "--username", USER]);
    let user = Served::start(user.and_secret("--password-file", &folder, PASSWORD));
    let token = user
        .get("api-version=2019-08-01&resource=https://graph.microsoft.com")
        .json();
    assert_eq!(claims(token["access_token"].as_str().unwrap())["upn"], USER);

    let machine = Call::new(&["serve", "--managed-identity-endpoint", "--managed-identity"]);
    let machine = Served::start(machine.variable("AZURE_POD_IDENTITY_AUTHORITY_HOST", emulator.address()));
    assert_eq!(machine.get(VAULT).status, 200);

    let described = Call::new(&["serve", "--managed-identity-endpoint", "--environment-variables"]);
    let described = described
        .variable("AZURE_AUTHORITY_HOST", emulator.address())
        .variable("AZURE_TENANT_ID", TENANT)
        .variable("AZURE_CLIENT_ID", CONFIDENTIAL)
        .variable("AZURE_CLIENT_SECRET", SECRET);
    let described = Served::start(described);
    let token = described.get(VAULT).json();
    assert_eq!(token["client_id"], CONFIDENTIAL, "{token}");
}

#[test]
fn the_exit_code_is_that_of_the_program() {
    let emulator = Emulator::start();
    let program = program();
    // A usage error of the program, which this command passes on.
    let outcome = serve(&emulator).and(&["--", &program, "get", "--nonsense"]).run();
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    let missing = serve(&emulator).and(&["--", "there-is-no-such-program"]).fail(3);
    assert!(
        missing.contains("there-is-no-such-program") && missing.contains("--"),
        "{missing}"
    );
    assert_eq!(emulator.journal().len(), 0);
}

#[test]
fn what_cannot_be_served_is_refused_before_anything_is_sent() {
    let emulator = Emulator::start();
    let authority = emulator.authority();
    let own = ["--authority", &authority, "--client-id", CONFIDENTIAL];
    let without = Call::new(&["serve"]).and(&own).fail(2);
    assert!(without.contains("--managed-identity-endpoint"), "{without}");
    let public = serve(&emulator).and(&["--listen", "0.0.0.0:0"]).fail(2);
    assert!(public.contains("127.0.0.1"), "{public}");
    let waiting = serve(&emulator).and(&["--device-code"]).fail(2);
    assert!(waiting.contains("--device-code"), "{waiting}");
    let credential = Call::new(&["serve", "--managed-identity-endpoint"]).and(&own);
    let unusable = credential.and(&["--certificate", "no-such-file"]).fail(3);
    assert!(unusable.contains("no-such-file"), "{unusable}");

    let first = Served::start(serve(&emulator));
    let taken = serve(&emulator).and(&["--listen", &first.host]).fail(3);
    assert!(taken.contains(&first.host) && taken.contains("--listen"), "{taken}");
}

#[test]
fn no_output_shows_a_secret() {
    let folder = Folder::new();
    let emulator = Emulator::with_faults(&["error=AADSTS7000215"]);
    let call = Call::new(&[
        "serve",
        "--managed-identity-endpoint",
        "--authority",
        &emulator.authority(),
        "--verbose",
    ]);
    let call = call
        .and(&["--client-id", CONFIDENTIAL])
        .and_secret("--client-secret-file", &folder, SECRET);
    let served = Served::start(call);
    let refused = served.get(VAULT);
    let issued = served.get(VAULT).json();
    let token = issued["access_token"].as_str().unwrap().to_owned();
    let secrets = [SECRET.to_owned(), served.secret.clone(), token];
    assert_hidden(&refused.text(), &secrets, "an answer");
    assert_hidden(&served.said(), &secrets, "standard error");
}

#[cfg(unix)]
mod signals {
    use std::process::Command;

    use rustix::process::{Pid, Signal, kill_process};

    use super::*;

    fn send(process: &Child, signal: Signal) {
        let id = Pid::from_child(process);
        kill_process(id, signal).expect("the process runs");
    }

    #[test]
    fn the_endpoint_ends_on_sigterm() {
        let emulator = Emulator::start();
        let mut served = Served::start(serve(&emulator));
        // Its reader need not wait for the end of the endpoint.
        let mut rest = String::new();
        served.output.read_to_string(&mut rest).unwrap();
        assert_eq!((rest.as_str(), served.get(VAULT).status), ("", 200));
        send(&served.process, Signal::TERM);
        assert_eq!(served.process.wait().unwrap().code(), Some(0));
    }

    #[test]
    fn signals_are_those_of_the_program() {
        let emulator = Emulator::start();
        let ends = |script: &str, signal: Signal| {
            let mut call = serve(&emulator).and(&["--", "sh", "-c", script]);
            let mut process = call.command.spawn().unwrap();
            let mut output = BufReader::new(process.stdout.take().unwrap());
            output.read_line(&mut String::new()).unwrap();
            send(&process, signal);
            let input = process.stdin.take();
            // The terminal would send it to the program too, so this process only waits.
            if signal == Signal::INT {
                drop(input);
            }
            process.wait().unwrap().code()
        };
        assert_eq!(
            ends("trap 'exit 7' TERM; echo ready; read -r line", Signal::TERM),
            Some(7)
        );
        assert_eq!(
            ends("trap 'exit 8' HUP; echo ready; read -r line", Signal::HUP),
            Some(8)
        );
        assert_eq!(ends("echo ready; read -r line; exit 9", Signal::INT), Some(9));
        assert_eq!(ends("echo ready; exec sleep 60", Signal::TERM), Some(128 + 15));
    }

    #[test]
    fn the_variables_are_lines_for_a_shell() {
        let emulator = Emulator::start();
        let mut call = Command::new("sh");
        let script = r#"eval "$("$@" 2>/dev/null & echo "$!" > /dev/fd/3)"; test "${#IDENTITY_HEADER}" -ge 43 && echo "$IDENTITY_ENDPOINT""#;
        let served = serve(&emulator).command;
        let folder = Folder::new();
        let id = folder.path("id");
        call.args(["-c", &format!("exec 3> {}; {script}", id.display()), "sh"]);
        call.arg(served.get_program()).args(served.get_args());
        call.env("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9");
        let output = call.output().unwrap();
        let id = std::fs::read_to_string(id).unwrap();
        let id = Pid::from_raw(id.trim().parse().unwrap()).unwrap();
        kill_process(id, Signal::TERM).unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.starts_with("http://127.0.0.1:"), "{printed}");
    }
}
