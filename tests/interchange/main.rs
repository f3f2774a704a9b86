//! MSAL's libraries read our token caches, we read theirs, and the emulator is for them, too.
//!
//! The ordinary tests read the caches beside this file, which MSAL Python 1.39 and MSAL.NET 4.92 wrote. In the lane
//! `interchange` the libraries themselves write caches and read ours: `GRAPHTOKEN_TEST_MSAL_PYTHON` names a Python with
//! `msal` and `azure-identity`, `GRAPHTOKEN_TEST_MSAL_DOTNET` a build of the program in `dotnet`.
//! `oidc_provider.rs` has the server of others that our clients get tokens from.

mod oidc_provider;

mod chain;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use graphtoken::authority::Authority;
use graphtoken::base::clock::from_unix_seconds;
use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::client::options::Options;
use graphtoken::credential::Credential;
use graphtoken::request::Request;
use graphtoken::request::grant::{Account, ClientCredentials, Grant, OnBehalfOf, Password, RefreshToken};
use graphtoken::request::scope::Scopes;
use graphtoken::store::accounts::{AccountStore as _, Match, SignedIn};
use graphtoken::store::file::FileStore;
use graphtoken::store::{Found, TokenStore, Wanted};
use graphtoken::token::{Holder, Token, UserTokens};
use serde_json::{Map, Value, json};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, USER};
use test_support::federation;
use test_support::key_pair::REGISTERED;
use test_support::machine;
use test_support::program::under_test;

const CLIENT: &str = "11111111-2222-3333-4444-555555555555";
const OTHER_CLIENT: &str = "66666666-7777-8888-9999-000000000000";
const TENANT: &str = "contoso.onmicrosoft.com";
/// When the tokens in the caches of MSAL expire: in the year 2100.
const FOREVER: i64 = 4_102_444_800;

#[test]
fn what_msal_python_wrote_is_read() {
    let combined = beside_this("msal-python.json");
    reads([&combined, &combined]);
}

#[test]
fn what_msal_dotnet_wrote_is_read() {
    let [application, user] = ["application", "user"].map(|kind| beside_this(&format!("msal-dotnet-{kind}.json")));
    reads([&application, &user]);
}

#[test]
#[ignore = "needs MSAL Python; the lane interchange runs it"]
fn msal_python_of_this_machine() {
    let python = env::var_os("GRAPHTOKEN_TEST_MSAL_PYTHON").expect("the variable names a Python");
    let script = beside_this("msal_python.py");
    exchange(["combined.json", "combined.json"], &|| {
        let mut command = Command::new(&python);
        command.arg(&script);
        command
    });
}

#[test]
#[ignore = "needs MSAL Python; the lane interchange runs it"]
fn msal_python_of_this_machine_shares_the_refresh_tokens_of_a_family() {
    let python = env::var_os("GRAPHTOKEN_TEST_MSAL_PYTHON").expect("the variable names a Python");
    let script = beside_this("msal_python.py");
    let msal = |command: &str, file: &Path| {
        Command::new(&python)
            .arg(&script)
            .arg(command)
            .arg(file)
            .output()
            .unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let [theirs, ours] = ["theirs.json", "ours.json"].map(|name| folder.path().join(name));

    let written = msal("write-family", &theirs);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let alice = Account::new("alice@contoso.com").unwrap();
    let found = as_public(OTHER_CLIENT, &alice, |wanted| {
        open(&theirs).find_account(wanted).unwrap()
    });
    let Match::One(found) = found else {
        panic!("the user has signed in")
    };
    let [shared] = found.refresh_tokens.as_slice() else {
        panic!("there is one refresh token")
    };
    assert_eq!(shared.token.expose(), b"refresh-token-of-MSAL");
    assert!(shared.is_of_family && found.token.is_none());

    let user = UserTokens {
        refresh_token: Some(Secret::copy_of(b"refresh-token-of-ours")),
        family: Some("1".to_owned()),
        ..users_tokens()
    };
    let token = token("user-token-of-ours", "openid profile User.Read", Some(user));
    as_public(CLIENT, &refresh_token("given"), |wanted| {
        open(&ours).keep(wanted, &token, SystemTime::now()).unwrap();
    });
    let read = msal("read-family", &ours);
    let error = String::from_utf8_lossy(&read.stderr);
    let read: Value = serde_json::from_slice(&read.stdout).unwrap_or_else(|_| panic!("{error}"));
    assert_eq!(read["access_token"], "user-token-of-MSAL");
    assert_eq!(read["sent"], json!(["refresh-token-of-ours"]));
}

#[test]
#[ignore = "needs MSAL.NET; the lane interchange runs it"]
fn msal_dotnet_of_this_machine() {
    let program = env::var_os("GRAPHTOKEN_TEST_MSAL_DOTNET").expect("the variable names a program");
    exchange(["application.json", "user.json"], &|| Command::new(&program));
}

#[test]
#[ignore = "needs MSAL.NET; the lane interchange runs it"]
fn msal_dotnet_of_this_machine_acts_on_behalf_of_the_same_users() {
    let program = env::var_os("GRAPHTOKEN_TEST_MSAL_DOTNET").expect("the variable names a program");
    let folder = tempfile::tempdir().unwrap();
    let [theirs, ours] = ["theirs.json", "ours.json"].map(|name| folder.path().join(name));
    let msal = |file: &Path, assertion: &str| {
        let output = Command::new(&program)
            .args(["on-behalf-of".as_ref(), file.as_os_str(), assertion.as_ref()])
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
        (found["access_token"].clone(), found["token_requests"].clone())
    };
    let found = |file: &Path, assertion: &str| {
        let token = find(&open(file), &on_behalf_of(assertion), "user.read").token?;
        Some(token.access_token.expose().to_vec())
    };

    assert_eq!(msal(&theirs, "one"), (json!("user-token-of-MSAL"), json!(1)));
    assert_eq!(found(&theirs, "one").as_deref(), Some(&b"user-token-of-MSAL"[..]));
    assert_eq!(found(&theirs, "two"), None);

    // One alone: MSAL.NET reads the last of those with the same user and scopes.
    let user = UserTokens {
        client_info: Some("eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ".to_owned()),
        username: "alice@contoso.com".to_owned(),
        ..UserTokens::default()
    };
    let token = token("user-token-of-ours", "openid profile User.Read", Some(user));
    with_wanted(&on_behalf_of("one"), "User.Read", |wanted| {
        open(&ours).keep(wanted, &token, SystemTime::now()).unwrap();
    });
    assert_eq!(msal(&ours, "one"), (json!("user-token-of-ours"), json!(0)));
    assert_eq!(found(&ours, "one").as_deref(), Some(&b"user-token-of-ours"[..]));
    assert_eq!(msal(&ours, "two").1, 1);
}

#[test]
#[ignore = "needs MSAL Python and azure-identity; the lane interchange runs it"]
fn libraries_for_python_get_tokens_from_the_emulator() {
    let python = env::var_os("GRAPHTOKEN_TEST_MSAL_PYTHON").expect("the variable names a Python");
    let mut command = Command::new(python);
    command.arg(beside_this("peers.py"));
    assert_peers_succeed(command, &[&REGISTERED.both()], 20);
}

#[test]
#[ignore = "needs MSAL.NET; the lane interchange runs it"]
fn msal_dotnet_gets_tokens_from_the_emulator() {
    let program = env::var_os("GRAPHTOKEN_TEST_MSAL_DOTNET").expect("the variable names a program");
    let mut command = Command::new(program);
    command.arg("peers");
    assert_peers_succeed(command, &[], 10);
}

/// Runs a program that gets tokens from an emulator as Entra is, in so many cases, all of which must succeed.
/// Strict: these libraries send what the platforms' pages ask for.
#[test]
#[ignore = "needs azure-identity; the lane interchange runs it"]
fn azure_identity_gets_tokens_of_machines_from_the_emulator() {
    let python = env::var_os("GRAPHTOKEN_TEST_MSAL_PYTHON").expect("the variable names a Python");
    let emulator = machine::start(&[]);
    let output = under_test(python)
        .arg(beside_this("identity_peers.py"))
        .args([emulator.address(), machine::SECRET])
        .args([machine::CLIENT_ID, machine::OBJECT_ID, machine::RESOURCE_ID])
        .output()
        .unwrap();
    assert_all_succeeded(&output, 8);
}

fn assert_peers_succeed(mut command: Command, both: &[&str], cases: usize) {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem").display().to_string();
    let workload = federation::arguments();
    let mut own: Vec<&str> = workload.iter().map(String::as_str).collect();
    own.extend(["--tls", "--ca-out", &ca_file, "--device-code-interval", "1"]);
    own.extend([
        "--tls-name",
        "contoso.ciamlogin.com",
        "--tls-name",
        "login.microsoftonline.com",
    ]);
    let emulator = Emulator::lenient(&own);
    let grant = Password::new(USER, Secret::copy_of(PASSWORD.as_bytes())).unwrap();
    let scope = Scopes::parse(&format!("api://{CONFIDENTIAL}/access_as_user")).unwrap();
    let mut options = Options::default();
    options.set("http.ca_file", &ca_file).unwrap();
    let client = Client::new(&emulator.authority(), PUBLIC, None, options.client).unwrap();
    let assertion = client.acquire(&Request::new(Arc::new(grant), scope, options.request), None);
    let assertion = assertion.unwrap();
    command
        .args([
            &emulator.authority(),
            CONFIDENTIAL,
            &REGISTERED.certificate(),
            &REGISTERED.key(),
        ])
        .args(both)
        .args([SECRET, &ca_file, assertion.access_token.expose_text().unwrap()])
        .args([PUBLIC, USER, PASSWORD]);
    // They replace the authorities that a program names itself.
    for variable in ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"] {
        command.env_remove(variable);
    }
    assert_all_succeeded(&command.output().unwrap(), cases);
}

/// Checks the outcomes that a program has printed: `null` for each case.
fn assert_all_succeeded(output: &Output, cases: usize) {
    let error = String::from_utf8_lossy(&output.stderr);
    let outcomes: Map<String, Value> = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
    assert_eq!(outcomes.len(), cases, "{outcomes:?}");
    assert!(outcomes.values().all(Value::is_null), "{outcomes:#?}");
}

/// Reads caches that a library of MSAL writes, for the application and for users, and lets it read caches that are
/// written here. The files have these names.
fn exchange(names: [&str; 2], msal: &dyn Fn() -> Command) {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [theirs, ours] = folders
        .each_ref()
        .map(|folder| names.map(|name| folder.path().join(name)));
    assert!(msal().arg("write").args(&theirs).status().unwrap().success());
    reads(theirs.each_ref().map(PathBuf::as_path));

    write(ours.each_ref().map(PathBuf::as_path));
    let output = msal().arg("read").args(&ours).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
    assert_eq!(
        found["application"]["access_token"], "application-token-of-ours",
        "{found}"
    );
    assert_eq!(found["user"]["access_token"], "user-token-of-ours", "{found}");
    assert_eq!(found["username"], "alice@contoso.com");
    assert_eq!(found["token_requests"], 0);
    if let Some(tokens) = found.get("refresh_tokens") {
        assert_eq!(*tokens, json!(["newest-of-ours"]));
        assert_eq!(found["kept"], true, "our own node survives");
    }

    // Who signs out there is gone here, and the other way round.
    let [_, theirs] = &theirs;
    assert!(signed_in(&open(theirs)).is_some());
    assert!(msal().arg("sign-out").arg(theirs).status().unwrap().success());
    assert!(signed_in(&open(theirs)).is_none());
    let store = open(&ours[1]);
    store.sign_out(&signed_in(&store).unwrap().account).unwrap();
    let output = msal().arg("read").args(&ours).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
    assert_eq!(
        (&found["user"], &found["username"]),
        (&Value::Null, &Value::Null),
        "{found}"
    );
    assert_eq!(
        found["application"]["access_token"], "application-token-of-ours",
        "{found}"
    );
}

/// The one user of a cache, as the account's name finds it.
fn signed_in(store: &FileStore) -> Option<SignedIn> {
    let account = Account::new("Alice@contoso.com").unwrap();
    match with_wanted(&account, "User.Read", |wanted| store.find_account(wanted).unwrap()) {
        Match::None => None,
        Match::One(signed_in) => Some(*signed_in),
        Match::Several(accounts) => panic!("{accounts:?}"),
    }
}

/// Reads caches of MSAL with an application's token and a user's tokens.
fn reads([application, user]: [&Path; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let copy_of = |path: &Path| {
        let copy = folder.path().join(path.file_name().unwrap());
        fs::copy(path, &copy).unwrap();
        open(&copy)
    };
    let application = find(&copy_of(application), &ClientCredentials, "");
    let token = application.token.expect("the application's token is found");
    assert_eq!(token.access_token.expose(), b"application-token-of-MSAL");
    assert!(token.user.is_none());

    let store = copy_of(user);
    let user = find(&store, &refresh_token("refresh-token-of-MSAL"), "user.read");
    let token = user.token.expect("the user's token is found");
    assert_eq!(token.access_token.expose(), b"user-token-of-MSAL");
    assert_eq!(token.username(), "alice@contoso.com");
    assert!(token.id_token().is_some());
    assert!(token.expires_on > from_unix_seconds(FOREVER - 100));
    assert!(
        find(&store, &refresh_token("of a stranger"), "user.read")
            .token
            .is_none()
    );

    let alice = signed_in(&store).expect("the user is signed in");
    assert_eq!(alice.account.home_account_id, "u.t");
    assert_eq!(alice.account.local_account_id, "o");
    let token = alice.token.expect("the account's token is found");
    assert_eq!(token.access_token.expose(), b"user-token-of-MSAL");
    let refresh_tokens: Vec<_> = alice.refresh_tokens.iter().map(|own| own.token.expose()).collect();
    assert_eq!(refresh_tokens, [b"refresh-token-of-MSAL"]);
}

/// Writes caches with an application's token and a user's tokens.
fn write([for_application, for_user]: [&Path; 2]) {
    let now = SystemTime::now();
    let application = token(
        "application-token-of-ours",
        "https://graph.microsoft.com/.default",
        None,
    );
    let keep = |path: &Path, grant: &dyn Grant, scopes: &str, token: &Token| {
        with_wanted(grant, scopes, |wanted| open(path).keep(wanted, token, now).unwrap());
    };
    keep(for_application, &ClientCredentials, "", &application);
    let user = UserTokens {
        refresh_token: Some(Secret::copy_of(b"newest-of-ours")),
        ..users_tokens()
    };
    let user = token("user-token-of-ours", "openid profile User.Read", Some(user));
    keep(for_user, &refresh_token("given"), "User.Read", &user);
}

/// What identifies the user, and no refresh token.
fn users_tokens() -> UserTokens {
    let client_info = "eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ";
    // {"alg":"none"}.{"oid":"o","sub":"s","tid":"contoso.onmicrosoft.com","preferred_username":"alice@contoso.com"}
    let id_token = "eyJhbGciOiJub25lIn0.eyJvaWQiOiJvIiwic3ViIjoicyIsInRpZCI6ImNvbnRvc28ub25taWNyb3NvZnQuY29tIiwicHJlZmVycmVk\
                    X3VzZXJuYW1lIjoiYWxpY2VAY29udG9zby5jb20ifQ.";
    UserTokens {
        refresh_token: None,
        id_token: Some(Secret::copy_of(id_token.as_bytes())),
        username: "alice@contoso.com".to_owned(),
        client_info: Some(client_info.to_owned()),
        family: None,
    }
}

fn token(access_token: &str, scopes: &str, user: Option<UserTokens>) -> Token {
    Token {
        access_token: Secret::copy_of(access_token.as_bytes()),
        scopes: scopes.into(),
        holder: Arc::new(Holder {
            tenant_id: TENANT.to_owned(),
            client_id: CLIENT.to_owned(),
        }),
        user: user.map(Box::new),
        // MSAL.NET ignores tokens that live for more than some years.
        expires_on: SystemTime::now() + Duration::from_secs(3600),
        refresh_on: None,
        correlation_id: None,
    }
}

fn open(path: &Path) -> FileStore {
    let mut options = Options::default();
    let name = path.file_name().unwrap().to_str().unwrap();
    options.set("cache.name", name).unwrap();
    options
        .set("cache.folder", path.parent().unwrap().to_str().unwrap())
        .unwrap();
    options.set("cache.protection", "none").unwrap();
    FileStore::open(&options.client.file_store, None, options.client.transport.timeout)
        .unwrap()
        .unwrap()
}

fn find(store: &FileStore, grant: &dyn Grant, scopes: &str) -> Found {
    with_wanted(grant, scopes, |wanted| store.find(wanted).unwrap())
}

fn with_wanted<T>(grant: &dyn Grant, scopes: &str, action: impl FnOnce(&Wanted<'_>) -> T) -> T {
    let authority = Authority::new(TENANT, None, None).unwrap();
    let credential = Credential::from_secret(Secret::copy_of(b"s3cret value")).unwrap();
    action(&Wanted {
        authority: &authority,
        client_id: CLIENT,
        credential: Some(&credential),
        grant,
        scopes: &Scopes::parse(scopes).unwrap(),
        capabilities: "",
        refuses_older: false,
        clock_skew: 0,
    })
}

/// The same for a public client.
fn as_public<T>(client_id: &str, grant: &dyn Grant, action: impl FnOnce(&Wanted<'_>) -> T) -> T {
    with_wanted(grant, "User.Read", |wanted| {
        action(&Wanted {
            client_id,
            credential: None,
            ..*wanted
        })
    })
}

fn refresh_token(text: &str) -> RefreshToken {
    RefreshToken::new(Secret::copy_of(text.as_bytes())).unwrap()
}

fn on_behalf_of(assertion: &str) -> OnBehalfOf {
    OnBehalfOf::new(&Secret::copy_of(assertion.as_bytes())).unwrap()
}

fn beside_this(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/interchange")
        .join(name)
}
