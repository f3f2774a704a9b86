//! `--token-cache`, and `graph-token cache`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;

use graphtoken::store::{Found, TokenStore, Wanted};
use graphtoken::{Authority, FileStore, Options, RefreshToken, Scopes, Secret};
use serde_json::{Value, json};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};
use test_support::folder::Folder;

use crate::call::Call;

/// The Base64 of 32 bytes.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn with_cache(call: Call, folder: &Folder, protection: &str) -> Call {
    let place = folder.argument("");
    call.and(&["--token-cache", "work", "--token-cache-folder", &place])
        .and(&["--token-cache-protection", protection])
}

fn cache(command: &str, folder: &Folder) -> Call {
    with_cache(Call::new(&["cache", command]), folder, "none")
}

#[test]
fn the_next_call_has_the_token_and_the_list_shows_everything_else() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let first = with_cache(Call::with_certificate(&emulator), &folder, "none").succeed_json();
    assert_eq!(first["source"], "network");
    let second = with_cache(Call::with_certificate(&emulator), &folder, "none").succeed_json();
    assert_eq!(
        (&second["source"], &second["access_token"]),
        (&json!("cache"), &first["access_token"])
    );

    let listed = cache("list", &folder).succeed_json();
    let row = &listed.as_array().unwrap()[0];
    assert_eq!(row["kind"], "application");
    assert_eq!(
        (&row["tenant"], &row["client_id"]),
        (&json!(TENANT), &json!(CONFIDENTIAL))
    );
    assert_eq!(
        (&row["expires_on"], &row["expired"]),
        (&first["expires_on"], &json!(false))
    );
    let line = cache("list", &folder).succeed();
    assert!(
        line.contains("valid until") && line.contains("https://graph.microsoft.com/.default"),
        "{line}"
    );
    let token = first["access_token"].as_str().unwrap();
    assert!(!line.contains(token) && !listed.to_string().contains(token));

    for note in ["removed", "no such cache"] {
        let outcome = cache("clear", &folder).run();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), ""), "{outcome:?}");
        assert!(outcome.stderr.contains(note), "{outcome:?}");
    }
    assert_eq!(cache("list", &folder).succeed_json(), json!([]));
    let left: Vec<_> = fs::read_dir(folder.path(""))
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert!(
        !left.iter().any(|name| name.to_string_lossy().starts_with("work")),
        "{left:?}"
    );
    let third = with_cache(Call::with_certificate(&emulator), &folder, "none").succeed_json();
    assert_eq!(third["source"], "network");
}

/// The files of the cache in the folder.
fn files(folder: &Folder) -> Vec<String> {
    let names = fs::read_dir(folder.path("")).unwrap();
    let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("work")).collect()
}

#[test]
fn the_list_is_narrowed_and_so_is_what_is_cleared() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let password = folder.write("password", PASSWORD);
    with_cache(Call::with_certificate(&emulator), &folder, "none").succeed();
    let user = Call::with_password(&emulator, &password).and(&["--scope", "User.Read offline_access openid profile"]);
    with_cache(user, &folder, "none").succeed();
    let listed = |arguments: &[&str]| {
        cache("list", &folder)
            .and(arguments)
            .succeed_json()
            .as_array()
            .unwrap()
            .len()
    };
    let upper = USER.to_uppercase();
    for (arguments, count) in [
        (&[][..], 2),
        (&["--client-id", PUBLIC], 1),
        (&["--client-id", CONFIDENTIAL, "--account", USER], 0),
        (&["--account", &upper], 1),
        (&["--account", "bob"], 0),
        (&["--tenant", "CONTOSO.onmicrosoft.com"], 2),
        (&["--tenant", "fabrikam.com"], 0),
    ] {
        assert_eq!(listed(arguments), count, "{arguments:?}");
    }
    let outcome = cache("list", &folder).and(&["--tenant", "fabrikam.com"]).run();
    assert!(outcome.stderr.contains("no such tokens"), "{outcome:?}");

    let cleared = |arguments: &[&str]| cache("clear", &folder).and(arguments).run().stderr;
    assert!(cleared(&["--account", "bob"]).contains("0 access tokens were removed"));
    assert_eq!(listed(&[]), 2);
    assert!(cleared(&["--account", USER]).contains("1 access token was removed"));
    assert_eq!(listed(&[]), 1);
    let content = fs::read_to_string(folder.path("work.json")).unwrap();
    let content: Value = serde_json::from_str(&content).unwrap();
    for node in ["RefreshToken", "IdToken", "Account"] {
        assert_eq!(content[node], json!({}), "{node}");
    }
    assert!(!content.to_string().contains(USER), "{content}");
    assert!(cleared(&["--client-id", CONFIDENTIAL]).contains("1 access token was removed"));
    assert_eq!(files(&folder), Vec::<String>::new());
}

#[test]
fn nothing_is_removed_with_another_key_or_of_an_ambiguous_account() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    with_cache(Call::with_certificate(&emulator), &folder, "none").succeed();
    let account = |home: &str| json!({"home_account_id": home, "username": USER, "environment": "x", "realm": "y"});
    let mut content: Value = serde_json::from_str(&fs::read_to_string(folder.path("work.json")).unwrap()).unwrap();
    content["Account"] = json!({"a": account("u1.t"), "b": account("u2.t")});
    fs::write(folder.path("work.json"), content.to_string()).unwrap();
    let error = cache("clear", &folder).and(&["--account", USER]).fail(3);
    assert!(error.contains("u1.t, u2.t") && error.contains("--account"), "{error}");
    let key = folder.write("key", KEY);
    let place = folder.argument("");
    let other = Call::new(&[
        "cache",
        "clear",
        "--token-cache",
        "work",
        "--token-cache-folder",
        &place,
    ]);
    other
        .and(&["--cache-key-file", &key, "--client-id", CONFIDENTIAL])
        .fail(12);
    assert_eq!(cache("list", &folder).succeed_json().as_array().unwrap().len(), 1);
}

#[test]
fn a_forced_refresh_passes_by_the_cache_and_keeps_what_it_brings() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let call = || with_cache(Call::with_certificate(&emulator), &folder, "none");
    let kept = call().succeed_json();
    let forced = call().and(&["--force-refresh"]).succeed_json();
    assert_eq!(forced["source"], "network");
    assert_ne!(forced["access_token"], kept["access_token"]);
    let next = call().succeed_json();
    assert_eq!(
        (&next["source"], &next["access_token"]),
        (&json!("cache"), &forced["access_token"])
    );
    assert_eq!(emulator.journal().len(), 2);
}

#[test]
fn a_cached_token_lives_as_long_as_wanted_or_is_replaced() {
    // In seconds; five minutes are wanted unless the command line says otherwise.
    let (emulator, folder) = (Emulator::start_with(&["--token-lifetime", "200"]), Folder::new());
    let source = |arguments: &[&str]| {
        let call = with_cache(Call::with_certificate(&emulator), &folder, "none");
        call.and(arguments).succeed_json()["source"].clone()
    };
    for (requests, arguments, expected) in [
        (1, &["--minimum-lifetime", "0"][..], "network"),
        (1, &["--minimum-lifetime", "0"], "cache"),
        (1, &["--minimum-lifetime", "60"], "cache"),
        (2, &["--minimum-lifetime", "86400"], "network"),
        (3, &[], "network"),
        (4, &["--minimum-lifetime", "0", "--force-refresh"], "network"),
    ] {
        assert_eq!(source(arguments), expected, "{arguments:?}");
        assert_eq!(emulator.journal().len(), requests, "{arguments:?}");
    }
}

#[test]
fn the_file_is_in_the_users_data_folder_and_a_key_comes_from_a_file() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let call = || {
        let call = Call::with_certificate(&emulator).and(&["--token-cache", "work"]);
        let data = folder.argument("data");
        let call = call.variable("XDG_DATA_HOME", &data).variable("LOCALAPPDATA", &data);
        call.variable("HOME", &data)
            .and_secret("--cache-key-file", &folder, &format!("{KEY}\n"))
    };
    assert_eq!(call().succeed_json()["source"], "network");
    assert_eq!(call().succeed_json()["source"], "cache");
    let places = ["graphtoken", "GraphToken", "Library/Application Support/GraphToken"];
    let found: Vec<PathBuf> = places
        .iter()
        .map(|place| folder.path("data").join(place).join("work.json"))
        .collect();
    assert!(found.iter().any(|path| path.is_file()), "{found:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = found.iter().find(|path| path.is_file()).unwrap().parent().unwrap();
        assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

/// In a container or on a system that has no keyring the error says what to do.
#[test]
fn a_cached_token_ends_when_the_service_s_does_whatever_the_clocks_say() {
    for seconds in [-7200, 7200] {
        let (emulator, folder) = (Emulator::start(), Folder::new());
        emulator.add_fault(&format!("date-skew={seconds},times=all"));
        for source in ["network", "cache", "cache"] {
            let call = Call::get(&emulator, CONFIDENTIAL).and_secret("--client-secret-file", &folder, SECRET);
            let token = with_cache(call, &folder, "none").succeed_json();
            let left = token["expires_in"].as_i64().unwrap();
            assert_eq!(token["source"], source, "{seconds} s");
            assert!(
                (3_300..=3_599).contains(&left),
                "{seconds} s, from the {source}: {left} s"
            );
        }
    }
}

#[test]
fn a_token_without_an_end_is_not_kept() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    emulator.add_fault("body=no-expiry,times=all");
    for _ in 0..2 {
        let token = with_cache(Call::with_certificate(&emulator), &folder, "none").succeed_json();
        assert_eq!(token["source"], "network");
        let content = fs::read_to_string(folder.path("work.json")).unwrap();
        assert!(!content.contains(token["access_token"].as_str().unwrap()), "{content}");
    }
}

#[test]
fn the_users_own_protection_works_or_says_what_to_do() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let call = || with_cache(Call::with_certificate(&emulator), &folder, "user").and(&["--json"]);
    let first = call().run();
    if first.code == Some(0) {
        let second: Value = serde_json::from_str(&call().succeed()).unwrap();
        assert_eq!(second["source"], "cache");
        let content = fs::read(folder.path("work.json")).unwrap();
        assert!(!content.windows(11).any(|part| part == b"AccessToken"));
        // The key in the user's keyring goes too.
        with_cache(Call::new(&["cache", "clear"]), &folder, "user").run();
    } else {
        assert_eq!(first.code, Some(12), "{first:?}");
        let error: Value = serde_json::from_str(&first.stderr).unwrap();
        assert_eq!(error["error"]["kind"], "CacheProtectionUnavailable");
        assert!(
            error["error"]["hint"]
                .as_str()
                .unwrap()
                .contains("openssl rand -base64 32")
        );
    }
}

#[test]
fn a_damaged_cache_costs_no_token_but_a_warning_that_names_the_file() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    folder.write("work.json", "{ damaged");
    let outcome = with_cache(Call::with_certificate(&emulator), &folder, "none").run();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.starts_with("warning: "), "{outcome:?}");
    assert!(outcome.stderr.contains("work.json.damaged-"), "{outcome:?}");
}

#[test]
fn a_cache_that_cannot_be_opened_is_not_changed_by_listing_it() {
    const OTHER_KEY: &str = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let place = ["--token-cache", "work", "--token-cache-folder", &folder.argument("")].map(str::to_owned);
    let place = place.each_ref().map(String::as_str);
    let list = |key: &str| {
        let call = Call::new(&["cache", "list"]).and(&place);
        call.and_secret("--cache-key-file", &folder, key)
    };
    Call::with_certificate(&emulator)
        .and(&place)
        .and_secret("--cache-key-file", &folder, KEY)
        .succeed();
    let before = fs::read(folder.path("work.json")).unwrap();
    let error = list(OTHER_KEY).fail(12);
    assert!(
        error.contains("another key") && error.contains("--cache-key-file"),
        "{error}"
    );
    assert_eq!(fs::read(folder.path("work.json")).unwrap(), before);
    assert!(list(KEY).succeed().contains("valid until"));

    fs::write(folder.path("work.json"), "{ damaged").unwrap();
    cache("list", &folder).fail(12);
    assert_eq!(fs::read_to_string(folder.path("work.json")).unwrap(), "{ damaged");
}

/// Another program may have written it.
#[test]
fn the_list_has_no_invisible_characters() {
    const INVISIBLE: &str = "\u{1b}[31m\u{202e}\u{200b}\u{9b}\u{2028}\u{feff}";
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let password = folder.write("password", PASSWORD);
    with_cache(Call::with_password(&emulator, &password), &folder, "none").succeed();
    let content = fs::read(folder.path("work.json")).unwrap();
    let mut content: Value = serde_json::from_slice(&content).unwrap();
    for (entries, names) in [
        ("AccessToken", &["realm", "client_id", "environment", "target"][..]),
        ("Account", &["username"]),
    ] {
        for entry in content[entries].as_object_mut().unwrap().values_mut() {
            for name in names {
                entry[name] = format!("{INVISIBLE}{}", entry[name].as_str().unwrap()).into();
            }
        }
    }
    folder.write("work.json", content.to_string());
    for listed in [
        cache("list", &folder).succeed(),
        cache("list", &folder).and(&["--json"]).succeed(),
    ] {
        assert!(listed.contains(USER) && listed.contains(PUBLIC), "{listed:?}");
        let seen = INVISIBLE.chars().filter(|c| !"[31m".contains(*c));
        let found: Vec<char> = seen.filter(|&c| listed.contains(c)).collect();
        assert!(found.is_empty(), "{found:?} in {listed:?}");
        let escaped = ["\\u001b", "\\u009b", "\\u202e"];
        assert!(!escaped.iter().any(|code| listed.contains(code)), "{listed:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_can_write_is_warned_about() {
    use std::os::unix::fs::PermissionsExt as _;

    let (emulator, folder) = (Emulator::start(), Folder::new());
    let place = folder.path("shared");
    fs::create_dir(&place).unwrap();
    fs::set_permissions(&place, fs::Permissions::from_mode(0o777)).unwrap();
    let call = Call::with_certificate(&emulator).and(&[
        "--token-cache",
        "work",
        "--token-cache-folder",
        &folder.argument("shared"),
    ]);
    let outcome = call.and_secret("--cache-key-file", &folder, KEY).run();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let warning = "warning: other users can delete the token cache";
    assert!(outcome.stderr.starts_with(warning), "{outcome:?}");
}

#[test]
fn what_a_cache_cannot_be_is_a_usage_error() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let get = || Call::with_certificate(&emulator);
    get().and(&["--token-cache", "../work"]).fail(2);
    get().and(&["--token-cache-protection", "none"]).fail(2);
    Call::new(&["cache", "list"]).fail(2);
    Call::new(&["cache", "clear", "--token-cache-folder", "x"]).fail(2);
    let error = get()
        .and(&["--token-cache", "work"])
        .and_secret("--cache-key-file", &folder, "c2hvcnQ=")
        .fail_json(3);
    assert_eq!(error["error"]["kind"], "InvalidArgument");
    assert!(error["error"]["hint"].as_str().unwrap().contains("32 random bytes"));
}

/// Runs that are killed, each a little later in its life than the one before.
const KILLED: usize = 24;
/// Runs that come to their end beside them.
const FINISHED: usize = 12;

#[test]
fn processes_that_are_killed_lose_no_refresh_token_and_tear_no_file() {
    // Tokens live for a minute, so that every run has to use the refresh token.
    let (emulator, folder) = (Emulator::start_with(&["--token-lifetime", "60"]), Folder::new());
    let by_password = Call::get(&emulator, PUBLIC).and(&["--username", USER]);
    let answer = by_password
        .and_secret("--password-file", &folder, PASSWORD)
        .succeed_json();
    let given = answer["refresh_token"].as_str().unwrap().to_owned();
    let file = folder.write("refresh-token", &given);
    let refresh = || {
        let call = Call::get(&emulator, PUBLIC).and(&["--refresh-token-file", &file, "--json"]);
        with_cache(call, &folder, "none")
    };
    let mut known = BTreeSet::from([given]);
    thread::scope(|scope| {
        let killer = scope.spawn(|| {
            let life = watch(refresh(), usize::MAX);
            for run in 0..KILLED {
                watch(refresh(), life * run / KILLED);
            }
        });
        for _ in 0..FINISHED {
            let answer: Value = serde_json::from_str(&refresh().succeed()).unwrap();
            known.insert(answer["refresh_token"].as_str().unwrap().to_owned());
        }
        killer.join().unwrap();
    });
    let last: Value = serde_json::from_str(&refresh().succeed()).unwrap();
    let last = last["refresh_token"].as_str().unwrap();
    assert!(known.len() > FINISHED, "every run brought another refresh token");

    let store = store(&folder);
    for token in &known {
        let found = find(&store, &emulator, token);
        assert_eq!(
            found.refresh_token,
            Some(Secret::copy_of(last.as_bytes())),
            "an old one leads to the newest"
        );
    }
    let files = fs::read_dir(folder.path(""))
        .unwrap()
        .map(|file| file.unwrap().file_name());
    let torn: Vec<_> = files
        .filter(|name| name.to_string_lossy().contains("damaged"))
        .collect();
    assert!(torn.is_empty(), "{torn:?}");
}

/// How often a run can be asked whether it has ended until it has, or until it was asked `most` times and is killed.
fn watch(mut call: Call, most: usize) -> usize {
    let command = call
        .command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let mut asked = 0;
    while asked < most && process.try_wait().unwrap().is_none() {
        asked += 1;
        thread::yield_now();
    }
    // It may have ended by itself.
    let _ = process.kill();
    process.wait().unwrap();
    asked
}

fn store(folder: &Folder) -> FileStore {
    let mut options = Options::default();
    options.set("cache.name", "work").unwrap();
    options.set("cache.folder", &folder.argument("")).unwrap();
    options.set("cache.protection", "none").unwrap();
    FileStore::open(&options.client.file_store, None, options.client.transport.timeout)
        .unwrap()
        .unwrap()
}

fn find(store: &FileStore, emulator: &Emulator, refresh_token: &str) -> Found {
    let token = RefreshToken::new(Secret::copy_of(refresh_token.as_bytes())).unwrap();
    let authority = Authority::new(&emulator.authority(), None, None).unwrap();
    let wanted = Wanted {
        authority: &authority,
        client_id: PUBLIC,
        credential: None,
        grant: &token,
        scopes: &Scopes::default(),
        capabilities: "",
        refuses_older: false,
        clock_skew: 0,
    };
    store.find(&wanted).unwrap()
}
