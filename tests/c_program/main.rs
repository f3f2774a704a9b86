//! Programs in C: the header compiles, the example does its job, every function survives bad arguments, and nothing
//! leaks or reads what it should not.
//!
//! What needs a tool that not every machine has is ignored here; `cargo xtask test` runs it where the tool is.
#![cfg(unix)]

mod program;
mod sanitizers;
mod secrecy;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};

use test_support::authorities::{self, CA_FILE, EXTERNAL, REGION, USER_FLOW};
use test_support::browser;
use test_support::checkout::read;
use test_support::developer_tools::DeveloperTools;
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};
use test_support::federation::{GITHUB_REQUEST_TOKEN, PIPELINES_ACCESS_TOKEN, SERVICE_CONNECTION, WORKLOAD};
use test_support::fenced_block::to_run;
use test_support::folder::Folder;
use test_support::key_pair::{REGISTERED, SUBJECT_NAME};
use test_support::machine::{self, CLIENT_ID, OBJECT_ID, RESOURCE_ID};
use test_support::openssl::openssl;
use test_support::program::Outcome;
use test_support::soft_token::{self, PIN, SoftTokens};

use program::{HEADER, Program};

#[test]
fn the_header_may_be_included_twice() {
    program::compile_header("cc", &["-x", "c", "-std=c99"]);
}

#[test]
#[ignore = "needs a C++ compiler"]
fn the_header_is_cpp_too() {
    program::compile_header("c++", &["-x", "c++", "-std=c++11"]);
}

#[test]
fn the_example_gets_a_token_for_the_application() {
    let emulator = Emulator::start();
    let program = Program::example("get_token");
    let output = program.run(&[&emulator.authority(), CONFIDENTIAL, &REGISTERED.both()]);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(output.stdout.trim_end().split('.').count(), 3, "{output:?}");
    assert!(output.stderr.contains("type: Bearer\n"), "{output:?}");
    let journal = emulator.journal();
    assert_eq!(journal[0]["form"]["grant_type"], "client_credentials");
    assert_eq!(journal[0]["assertion"]["header"]["alg"], "PS256");
}

#[test]
fn the_examples_of_the_documents_get_a_token() {
    let emulator = Emulator::start();
    for block in to_run("c") {
        let folder = Folder::new();
        folder.write("example.h", &block.text);
        let program = Program::test_with("document_example", &folder);
        let output = program.run(&[&emulator.authority(), CONFIDENTIAL, &REGISTERED.both()]);
        assert_eq!(output.code, Some(0), "{}: {output:?}", block.place());
    }
}

#[test]
fn the_example_gets_a_token_for_a_user() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let password = folder.write("password", format!("{PASSWORD}\n"));
    let output = Program::example("get_token").run(&[
        &emulator.authority(),
        CONFIDENTIAL,
        &REGISTERED.both(),
        "-u",
        USER,
        "-p",
        &password,
        "-s",
        "User.Read",
    ]);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stderr.contains(&format!("user: {USER}\n")), "{output:?}");
    assert!(output.stderr.contains("scopes: User.Read\n"), "{output:?}");
    assert!(!output.stderr.contains(PASSWORD), "{output:?}");
}

#[test]
fn the_example_shows_every_field_of_an_error() {
    let fault = "error=AADSTS50076,suberror=basic_action,claims=present,retry-after=7";
    let emulator = Emulator::with_faults(&[fault]);
    let output = Program::example("get_token").run(&[&emulator.authority(), CONFIDENTIAL, &REGISTERED.both()]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert_eq!(output.stdout, "");
    for line in [
        "status: 303\n",
        "error: AADSTS50076",
        "hint: ",
        "suberror: basic_action\n",
        "service code: AADSTS50076\n",
        "HTTP status: 400\n",
        "retry after: 7 seconds\n",
        "correlation id: ",
        "trace id: ",
        "claims challenge: {",
    ] {
        assert!(output.stderr.contains(line), "{line:?} is not in {}", output.stderr);
    }
}

#[test]
fn the_example_warns_of_an_expired_certificate_and_refuses_senseless_arguments() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let program = Program::example("get_token");
    let output = program.run(&[&emulator.authority(), CONFIDENTIAL, &REGISTERED.expired(&folder)]);
    assert!(output.stderr.contains("warning: "), "{output:?}");
    assert_eq!(
        output.code,
        Some(1),
        "the emulator does not know that certificate: {output:?}"
    );
    let output = program.run(&[&emulator.authority(), CONFIDENTIAL, &REGISTERED.both(), "-u", USER]);
    assert_eq!(output.code, Some(2), "{output:?}");
    let output = program.run(&[&emulator.authority(), CONFIDENTIAL, "/no/such/file.pem"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stderr.contains("status: 110\n"), "{output:?}");
}

#[test]
fn every_function_takes_bad_arguments() {
    let emulator = Emulator::start();
    let output = Program::test("abi").run(&[&emulator.authority(), CONFIDENTIAL, &REGISTERED.both()]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn every_function_refuses_a_handle_of_another_object() {
    let output = Program::test("handles").run::<&str>(&[]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

/// Runs `grants` against the emulator, trusting this authority for TLS.
fn grants(emulator: &Emulator, ca_file: Option<&str>) -> Outcome {
    let folder = Folder::new();
    let (secret, password) = (folder.write("secret", SECRET), folder.write("password", PASSWORD));
    let (tenant, certificate) = (emulator.authority(), REGISTERED.both());
    let mut arguments = vec![&*tenant, CONFIDENTIAL, PUBLIC, &certificate, &secret, USER, &password];
    arguments.extend(ca_file);
    Program::test("grants").run(&arguments)
}

/// Over TLS, where secrets and tokens pass through the buffers of several libraries.
#[test]
#[cfg(target_os = "linux")]
fn nothing_of_a_secret_or_token_is_in_memory_after_everything_was_freed() {
    let folder = Folder::new();
    let emulator = Emulator::with_workload(&["--tls", "--ca-out", &folder.argument("ca.pem")]);
    let tools = DeveloperTools::new().with_az();
    folder.write("tools.path", tools.path());
    folder.write("workload.id", WORKLOAD);
    folder.write("github.url", emulator.github_url());
    folder.write("github.token", GITHUB_REQUEST_TOKEN);
    let (secret, password) = (folder.write("secret", SECRET), folder.write("password", PASSWORD));
    let pfx_password = "correct horse battery";
    REGISTERED.pfx(&folder, pfx_password);
    folder.write("pfx.password", pfx_password);
    folder.write("cache.key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    folder.write("proxy.password", "Jd3kVt8LhN5fBs6Gy1");
    let output = Program::test("memory").run(&[
        &emulator.authority(),
        CONFIDENTIAL,
        PUBLIC,
        &REGISTERED.both(),
        &secret,
        USER,
        &password,
        &folder.argument("ca.pem"),
        &folder.argument(""),
    ]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn a_user_signs_in_on_another_device() {
    let emulator = Emulator::start_with(&["--device-code-interval", "1"]);
    let program = Program::test("device_code");
    let mut process = program.start(&[&*emulator.authority(), PUBLIC]);
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    let mut code = || lines.next().map(Result::unwrap).unwrap_or_default();
    let _of_nobody = code();
    for is_accepted in [true, false] {
        emulator.enter_device_code(code().trim_end(), is_accepted);
    }
    let output = Outcome::of_process(process, b"");
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn a_user_stays_signed_in_until_signing_out() {
    let (first, second) = (
        "33333333-3333-3333-3333-333333333333",
        "44444444-4444-4444-4444-444444444444",
    );
    let apps = [first, second].map(|id| format!("{id}:family"));
    let emulator = Emulator::start_with(&["--app", &apps[0], "--app", &apps[1]]);
    let folder = Folder::new();
    let output = Program::test("accounts").run(&[
        &*emulator.authority(),
        first,
        second,
        USER,
        PASSWORD,
        &folder.argument(""),
    ]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn a_user_signs_in_in_a_browser() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let opened = folder.path("opened");
    let browser = folder.program(
        "browser",
        &format!("printf '%s\\n' \"$#\" \"$1\" > {}", opened.display()),
    );
    let program = Program::test("sign_in");
    let variables = [("BROWSER", browser.display().to_string())];
    let mut process = program.start_with(&[&*emulator.authority(), PUBLIC], &variables);
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    let mut address = || lines.next().map(Result::unwrap).unwrap_or_default();
    let of_nobody = address();
    let accepted = browser::sign_in(&address());
    assert!(accepted.text().contains("You are signed in"), "{}", accepted.text());
    let declined = browser::decline(&address());
    assert!(declined.text().contains("AADSTS65004"), "{}", declined.text());
    let output = Outcome::of_process(process, b"");
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(fs::read_to_string(opened).unwrap(), format!("1\n{of_nobody}\n"));
}

#[test]
fn each_grant_works_with_each_credential() {
    let output = grants(&Emulator::start(), None);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn a_managed_identity_gets_tokens() {
    let emulator = machine::start(&[]);
    let host = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", emulator.address().to_owned());
    let (address, identity) = (emulator.address(), [CLIENT_ID, OBJECT_ID, RESOURCE_ID]);
    let arguments = [&[address][..], &identity, &[machine::SECRET]].concat();
    let output = Program::test("identity").run_with(&arguments, &[host]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn the_environment_a_chain_and_developer_tools_get_tokens() {
    let emulator = Emulator::start();
    let tools = DeveloperTools::new().with_az().with_azd();
    let host = emulator.address();
    let arguments = [host, TENANT, CONFIDENTIAL, SECRET, USER, PASSWORD, &tools.path()];
    let output = Program::test("chain").run(&arguments);
    assert_eq!(output.code, Some(0), "{output:?}");
    let resource = "account get-access-token --output json --resource https://graph.microsoft.com";
    let with_tenant = format!("{resource} --tenant contoso.example");
    assert_eq!(tools.runs("az"), [resource, &with_tenant, resource]);
    let scope = "auth token --output json --scope https://graph.microsoft.com/.default";
    let with_tenant = format!("{scope} --tenant-id contoso.example");
    assert_eq!(tools.runs("azd"), [scope, &with_tenant]);
}

#[test]
fn each_kind_of_authority_gives_tokens() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let by_name = authorities::start(&folder);
    let output = Program::test("authority").run(&[
        emulator.address(),
        TENANT,
        CONFIDENTIAL,
        SECRET,
        &authorities::proxy(&by_name),
        &folder.argument(CA_FILE),
        REGION,
        EXTERNAL,
        USER_FLOW,
    ]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn each_grant_works_over_tls_with_a_trusted_authority_alone() {
    let folder = Folder::new();
    let emulator = Emulator::with_tls(&folder.path("ca.pem"));
    assert!(emulator.authority().starts_with("https://"));
    let output = grants(&emulator, Some(&folder.argument("ca.pem")));
    assert_eq!(output.code, Some(0), "{output:?}");
    let output = grants(&emulator, Some(&REGISTERED.both()));
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stderr.contains("status 201, not 0"), "{output:?}");
}

#[test]
#[cfg(not(target_vendor = "apple"))]
fn a_certificate_of_the_store_gets_a_token() {
    let emulator = Emulator::start();
    let home = Folder::new();
    let store = home.path(".dotnet/corefx/cryptography/x509stores/my");
    std::fs::create_dir_all(&store).expect("the directory can be written");
    let pfx = store.join("app.pfx").display().to_string();
    let certificate = REGISTERED.both();
    openssl(&[
        "pkcs12",
        "-export",
        "-passout",
        "pass:",
        "-in",
        &certificate,
        "-out",
        &pfx,
    ]);
    let output = Program::test("store").run_with(
        &[&*emulator.authority(), CONFIDENTIAL, SUBJECT_NAME],
        &[("HOME", home.argument(""))],
    );
    assert_eq!(output.code, Some(0), "{output:?}");
}

/// `CurrentUser\My` belongs to whoever runs the tests: only certificates with the subject of test certificates are
/// added and removed.
#[test]
#[ignore = "needs Windows programs and what runs them"]
fn a_certificate_of_the_windows_store_gets_a_token() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let pfx = folder.argument("store.pfx");
    let export = ["pkcs12", "-export", "-in", &REGISTERED.both(), "-out", &pfx];
    let old = [
        "-legacy",
        "-keypbe",
        "PBE-SHA1-3DES",
        "-certpbe",
        "PBE-SHA1-3DES",
        "-macalg",
        "sha1",
    ];
    openssl(&[&export[..], &old, &["-passout", "pass:store"]].concat());
    let (store, authority) = (Program::test("windows_store"), emulator.authority());
    store.run(&["remove", SUBJECT_NAME]);
    assert_eq!(store.run(&["add", &pfx]).code, Some(0));
    let in_c = Program::test("store").run(&[&authority, CONFIDENTIAL, SUBJECT_NAME]);
    let client = ["get", "--authority", &authority, "--client-id", CONFIDENTIAL];
    let named = ["--certificate-subject-name", SUBJECT_NAME, "--algorithm"];
    let outputs =
        ["PS256", "RS256"].map(|algorithm| program::graph_token(&[&client[..], &named, &[algorithm]].concat()));
    assert_eq!(store.run(&["remove", SUBJECT_NAME]).code, Some(0));
    let without = program::graph_token(&[&client[..], &named[..2]].concat());
    for output in outputs.iter().chain([&in_c]) {
        assert_eq!(output.code, Some(0), "{output:?}");
    }
    assert_eq!(without.code, Some(3), "{without:?}");
    assert!(without.stderr.contains("kind: CertificateNotFound"), "{without:?}");
    let algorithms = ["PS256", "PS256", "RS256"];
    for (number, algorithm) in algorithms.into_iter().enumerate() {
        assert_eq!(emulator.journal()[number]["assertion"]["header"]["alg"], algorithm);
    }
}

#[test]
fn signers_refuse_pss_or_wait_until_they_are_cancelled() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let digest = folder.write("digest", "");
    let arguments = [&emulator.authority(), CONFIDENTIAL, &REGISTERED.both(), &digest];
    let output = Program::test("signers").run(&arguments);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(emulator.journal()[0]["assertion"]["header"]["alg"], "RS256");
}

#[test]
fn workloads_get_tokens_from_files_token_services_and_callbacks() {
    let (emulator, folder) = (Emulator::with_workload(&[]), Folder::new());
    let file = folder.write("token", emulator.workload_token(""));
    let output = Program::test("federation").run(&[
        &*emulator.authority(),
        TENANT,
        WORKLOAD,
        &file,
        &emulator.github_url(),
        GITHUB_REQUEST_TOKEN,
        &emulator.pipelines_url(),
        PIPELINES_ACCESS_TOKEN,
        SERVICE_CONNECTION,
    ]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn two_clients_share_tokens_through_a_store_of_the_program() {
    let emulator = Emulator::start();
    let output = Program::test("token_store").run(&[&emulator.authority(), CONFIDENTIAL, &REGISTERED.both()]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn eight_threads_share_handles() {
    let emulator = Emulator::start();
    let output = Program::test("threads").run(&[&emulator.authority(), CONFIDENTIAL, &REGISTERED.both()]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
#[ignore = "needs SoftHSM2"]
fn a_pkcs11_token_is_used_by_many_threads_and_outlives_its_sessions() {
    let (emulator, tokens) = (Emulator::start(), SoftTokens::new("app"));
    tokens.add_pair("app", &REGISTERED.both(), "app", "01");
    let arguments = [&emulator.authority(), CONFIDENTIAL, soft_token::module(), PIN];
    let variables = [("SOFTHSM2_CONF", tokens.configuration())];
    let output = Program::test("pkcs11").run_with(&arguments, &variables);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn no_function_of_the_header_is_left_out() {
    let tested = program::words(&read("tests/c/abi.c"));
    let missing: BTreeSet<String> = program::functions(&read(HEADER)).difference(&tested).cloned().collect();
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn no_function_with_a_handle_is_left_out() {
    // A handle that is passed in has one asterisk, a place for one has two.
    let takes_handle = |declaration: &str| {
        let mut handles = declaration.split("struct gt_").skip(1);
        handles.any(|handle| handle.split_once(" *").is_some_and(|(_, name)| !name.starts_with('*')))
    };
    let header = read(HEADER);
    let functions = program::functions(&header);
    let with_handle = |name: &&String| {
        let declaration = header
            .split(&format!(" {name}("))
            .nth(1)
            .and_then(|rest| rest.split(");").next());
        takes_handle(declaration.expect("the header declares it"))
    };
    let tested = program::words(&read("tests/c/handles.c"));
    let missing: BTreeSet<&String> = functions
        .iter()
        .filter(with_handle)
        .filter(|name| !tested.contains(*name))
        .collect();
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn the_library_exports_what_the_header_declares() {
    assert_eq!(program::exports(), program::functions(&read(HEADER)));
}

#[test]
#[ignore = "needs valgrind"]
fn valgrind_finds_nothing_in_the_example() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let password = folder.write("password", PASSWORD);
    let wrong_password = folder.write("wrong", "wrong");
    let program = Program::example("get_token");
    let (tenant, certificate) = (emulator.authority(), REGISTERED.both());
    let output = program.run_under_valgrind(&[&tenant, CONFIDENTIAL, &certificate, "-u", USER, "-p", &password]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let output = program.run_under_valgrind(&[&tenant, CONFIDENTIAL, &certificate, "-u", USER, "-p", &wrong_password]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
}

#[test]
#[ignore = "needs valgrind"]
fn valgrind_finds_nothing_in_bad_arguments_threads_and_stores() {
    let emulator = Emulator::start();
    for name in ["abi", "threads", "token_store"] {
        let arguments = [&emulator.authority(), CONFIDENTIAL, &REGISTERED.both()];
        let output = Program::test(name).run_under_valgrind(&arguments);
        assert_eq!(output.code, Some(0), "{}", output.stderr);
    }
    let output = Program::test("handles").run_under_valgrind::<&str>(&[]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}
