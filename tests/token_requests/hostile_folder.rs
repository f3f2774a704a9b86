//! A token cache whose folder holds something else than its files, or belongs to somebody else.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use graphtoken::base::error::{Error, Result, Status};
use graphtoken::client::Client;
use graphtoken::client::options::Options;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::token::TokenSource;
use tempfile::TempDir;

use crate::service::{Service, client_secret, client_settings, plain};

const KEY: (&str, &str) = ("cache.key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
const PLAIN: (&str, &str) = ("cache.protection", "none");

/// What may stand at a path in place of a file.
const OBSTACLES: [&str; 5] = ["pipe", "socket", "link to a device", "link to nothing", "directory"];

/// What a message says of each.
fn description(obstacle: &str) -> &str {
    match obstacle {
        "pipe" | "socket" => "it is not a regular file",
        "directory" => "it is a directory",
        _ => "it is a symbolic link",
    }
}

fn put(obstacle: &str, path: &Path) {
    match obstacle {
        "pipe" => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        "socket" => drop(UnixListener::bind(path).unwrap()),
        "link to a device" => symlink("/dev/zero", path).unwrap(),
        "link to nothing" => symlink(target(path), path).unwrap(),
        _ => fs::create_dir(path).unwrap(),
    }
}

/// Where a link to nothing points.
fn target(path: &Path) -> PathBuf {
    path.with_extension("target")
}

/// Gets a token through a new client with this cache: where it came from, and what failed about the cache.
fn acquire(folder: &Path, protection: (&str, &str)) -> (TokenSource, Option<Error>) {
    let service = Service::issuing();
    let client = client(&service, folder, protection).unwrap();
    let token = client.acquire(&plain(ClientCredentials), None).unwrap();
    (token.source, client.take_store_failure())
}

fn client(service: &Arc<Service>, folder: &Path, protection: (&str, &str)) -> Result<Client> {
    let folder = folder.display().to_string();
    let options = [("cache.name", "work"), ("cache.folder", &folder), protection];
    service.try_client_with(client_secret(), client_settings(&options))
}

#[test]
fn what_is_no_file_is_neither_waited_for_nor_followed() {
    for obstacle in OBSTACLES {
        for protection in [KEY, PLAIN] {
            for name in ["work.json", "work.json.lockfile"] {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join(name);
                put(obstacle, &path);
                let (source, failure) = acquire(folder.path(), protection);
                assert_eq!(source, TokenSource::Network, "{obstacle} at {name}");
                let message = failure.unwrap().message().to_owned();
                assert!(
                    message.contains(description(obstacle)),
                    "{obstacle} at {name}: {message}"
                );
                assert!(message.contains(name), "{message}");
                assert!(
                    path.symlink_metadata().is_ok() && !target(&path).exists(),
                    "{obstacle} at {name}"
                );
            }
        }
    }
}

#[test]
fn a_turn_that_is_no_file_is_neither_waited_for_nor_followed() {
    for obstacle in OBSTACLES {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..64 {
            put(obstacle, &folder.path().join(format!("work.json.turn-{number}")));
        }
        let (source, failure) = acquire(folder.path(), KEY);
        assert_eq!(source, TokenSource::Network);
        let message = failure.unwrap().message().to_owned();
        assert!(message.contains(description(obstacle)), "{obstacle}: {message}");
        // It is kept all the same.
        assert_eq!(acquire(folder.path(), KEY).0, TokenSource::Cache, "{obstacle}");
    }
}

#[test]
fn a_draft_that_is_no_file_is_replaced() {
    for obstacle in ["pipe", "socket", "link to a device", "link to nothing"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("work.json.new");
        put(obstacle, &path);
        assert!(acquire(folder.path(), KEY).1.is_none(), "{obstacle}");
        assert_eq!(acquire(folder.path(), KEY).0, TokenSource::Cache, "{obstacle}");
        assert!(!target(&path).exists(), "{obstacle}");
    }
}

#[test]
fn plain_text_is_refused_in_a_folder_that_others_can_write() {
    for mode in [0o777, 0o1777, 0o772] {
        let folder = folder_with_mode(mode);
        let error = client(&Service::issuing(), folder.path(), PLAIN).err().unwrap();
        assert_eq!(error.status(), Status::CacheProtectionUnavailable, "{mode:o}");
        assert!(error.message().contains("can be written by every user"), "{error}");
        // What is encrypted cannot be planted.
        assert!(acquire(folder.path(), KEY).1.is_none());
        assert_eq!(acquire(folder.path(), KEY).0, TokenSource::Cache, "{mode:o}");
    }
    for mode in [0o700, 0o755] {
        let folder = folder_with_mode(mode);
        assert!(acquire(folder.path(), PLAIN).1.is_none());
        assert_eq!(acquire(folder.path(), PLAIN).0, TokenSource::Cache, "{mode:o}");
    }
}

#[test]
fn a_token_that_others_can_have_planted_is_not_returned() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work.json");
    acquire(folder.path(), PLAIN);
    assert_eq!(acquire(folder.path(), PLAIN).0, TokenSource::Cache);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    expect_distrust(&folder, "can be written by every user");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(acquire(folder.path(), PLAIN).0, TokenSource::Cache);
    // Only root can give files away.
    if std::os::unix::fs::chown(&file, Some(12345), None).is_ok() {
        expect_distrust(&folder, "belongs to another user");
    }
}

#[test]
fn names_of_files_beside_a_cache_are_refused() {
    for name in [
        "c.json.new",
        "c.json.LOCKFILE",
        "c.json.turn-0",
        "c.json.damaged-20260101T000000Z",
        "NUL",
        "con.json",
    ] {
        let error = Options::default().set("cache.name", name).unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument, "{name}");
    }
}

#[test]
fn a_lock_that_another_process_keeps_is_waited_for_within_the_time_limit() {
    let folder = tempfile::tempdir().unwrap();
    let lock = fs::File::create(folder.path().join("work.json.lockfile")).unwrap();
    lock.lock().unwrap();
    for (limit, waited) in [("1", "250 ms"), ("4", "1000 ms")] {
        let path = folder.path().display().to_string();
        let options = [
            ("cache.name", "work"),
            ("cache.folder", &path),
            ("http.timeout_seconds", limit),
            KEY,
        ];
        let client = Service::issuing().client_with(client_secret(), client_settings(&options));
        client.acquire(&plain(ClientCredentials), None).unwrap();
        let failure = client.take_store_failure().unwrap();
        assert_eq!(failure.status(), Status::CacheLocked);
        assert!(failure.message().contains(waited), "{failure}");
    }
}

#[test]
fn a_redis_password_file_that_is_no_file_is_refused() {
    for obstacle in ["pipe", "socket", "link to a device", "directory"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        put(obstacle, &path);
        let options = [
            ("cache.redis", "redis://127.0.0.1:1"),
            ("cache.redis_password_file", path.to_str().unwrap()),
            KEY,
        ];
        let client = Service::issuing().try_client_with(client_secret(), client_settings(&options));
        let error = client.err().unwrap();
        assert_eq!(error.status(), Status::InvalidArgument, "{obstacle}");
        let says = if obstacle == "directory" {
            "it is a directory"
        } else {
            "it is not a regular file"
        };
        assert!(error.message().contains(says), "{obstacle}: {error}");
    }
}

fn folder_with_mode(mode: u32) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    folder
}

fn expect_distrust(folder: &TempDir, reason: &str) {
    let (source, failure) = acquire(folder.path(), PLAIN);
    assert_eq!(source, TokenSource::Network);
    let message = failure.unwrap().message().to_owned();
    assert!(message.contains(reason), "{message}");
}
