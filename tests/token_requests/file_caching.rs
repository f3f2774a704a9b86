//! Tokens in a file, for other processes and for MSAL's libraries.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use graphtoken::base::error::{Result, Status};
use graphtoken::client::Client;
use graphtoken::client::options::Options;
use graphtoken::credential::Credential;
use graphtoken::request::Request;
use graphtoken::request::grant::{ClientCredentials, OnBehalfOf, Password, RefreshToken};
use graphtoken::token::{AcquiredToken, TokenSource};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::{CLIENT, NOW, Service, TENANT, client_secret, client_settings, plain, request, secret};

const APPLICATION: ClientCredentials = ClientCredentials;
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A folder with one cache, and the option that protects it.
struct Cache {
    folder: TempDir,
    protection: (&'static str, &'static str),
}

impl Cache {
    fn plain() -> Self {
        Self::new(("cache.protection", "none"))
    }

    fn with_key() -> Self {
        Self::new(("cache.key", KEY))
    }

    fn new(protection: (&'static str, &'static str)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, protection }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("work.json")
    }

    /// A client as in another process: it shares only the file.
    fn client(&self, service: &Arc<Service>, credential: Credential) -> Client {
        let folder = self.folder.path().display().to_string();
        let options = [("cache.name", "work"), ("cache.folder", &folder), self.protection];
        service.client_with(credential, client_settings(&options))
    }

    fn acquire(&self, service: &Arc<Service>, request: &Request) -> Result<AcquiredToken> {
        self.client(service, client_secret()).acquire(request, None)
    }

    fn content(&self) -> Value {
        serde_json::from_slice(&fs::read(self.file()).unwrap()).unwrap()
    }

    fn write(&self, content: &Value) {
        fs::write(self.file(), content.to_string()).unwrap();
    }

    fn set_aside(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|file| file.unwrap().path());
        files
            .filter(|path| path.to_string_lossy().contains("damaged-"))
            .collect()
    }
}

fn refresh_token(text: &str) -> RefreshToken {
    RefreshToken::new(secret(text)).unwrap()
}

fn password(text: &str) -> Password {
    Password::new("Alice@contoso.com", secret(text)).unwrap()
}

/// An answer for a user, `uid` "u" of the home tenant "t".
fn user_answer(access_token: &str, refresh_token: &str) -> String {
    json!({
        "token_type": "Bearer", "expires_in": 3600, "access_token": access_token, "refresh_token": refresh_token,
        "client_info": "eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ", "scope": "User.Read profile openid",
        // {"alg":"none"}.{"oid":"o","sub":"s","preferred_username":"alice@contoso.com"}
        "id_token": "eyJhbGciOiJub25lIn0.eyJvaWQiOiJvIiwic3ViIjoicyIsInByZWZlcnJlZF91c2VybmFtZSI6ImFsaWNlQGNvbnRvc28uY29tIn0."
    })
    .to_string()
}

#[test]
fn the_next_process_finds_the_token_only_with_the_same_credential() {
    for cache in [Cache::plain(), Cache::with_key()] {
        let service = Service::issuing();
        assert_eq!(
            cache.acquire(&service, &plain(APPLICATION)).unwrap().source,
            TokenSource::Network
        );
        let token = cache.acquire(&service, &plain(APPLICATION)).unwrap();
        assert_eq!(token.source, TokenSource::Cache);
        assert_eq!(token.access_token.expose(), b"issued-token");
        assert_eq!(&*token.scopes, "https://graph.microsoft.com/.default");
        assert_eq!(token.holder.client_id, CLIENT);
        assert_eq!(service.sent().len(), 1);

        let stranger = Credential::from_secret(secret("another secret")).unwrap();
        let token = cache
            .client(&service, stranger)
            .acquire(&plain(APPLICATION), None)
            .unwrap();
        assert_eq!(token.source, TokenSource::Network);
        let with_claims = request(APPLICATION, "", &[("claims", r#"{"access_token":{}}"#)]);
        assert_eq!(
            cache.acquire(&service, &with_claims).unwrap().source,
            TokenSource::Network
        );
        assert_eq!(
            cache.acquire(&service, &with_claims).unwrap().source,
            TokenSource::Network
        );
    }
}

#[test]
fn an_encrypted_file_shows_nothing_and_only_the_user_can_read_it() {
    let (cache, service) = (Cache::with_key(), Service::issuing());
    cache.acquire(&service, &plain(APPLICATION)).unwrap();
    let content = fs::read(cache.file()).unwrap();
    for text in ["issued-token", CLIENT, "AccessToken"] {
        assert!(
            !content.windows(text.len()).any(|part| part == text.as_bytes()),
            "{text}"
        );
    }
    #[cfg(unix)]
    for file in fs::read_dir(cache.folder.path()).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let file = file.unwrap();
        assert_eq!(
            file.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{:?}",
            file.path()
        );
    }
}

#[test]
fn an_applications_token_is_where_msal_looks_for_it() {
    let (cache, service) = (Cache::plain(), Service::issuing());
    cache.acquire(&service, &plain(APPLICATION)).unwrap();
    let content = cache.content();
    let key = format!("-login.microsoftonline.com-accesstoken-{CLIENT}-{TENANT}-https://graph.microsoft.com/.default");
    let mut entry = content["AccessToken"][&key].clone();
    for ours in ["graphtoken_proof", "graphtoken_asked"] {
        assert!(entry.as_object_mut().unwrap().remove(ours).is_some(), "{ours}");
    }
    assert_eq!(
        entry,
        json!({
            "credential_type": "AccessToken", "secret": "issued-token", "home_account_id": null,
            "environment": "login.microsoftonline.com", "client_id": CLIENT, "realm": TENANT, "target": "https://graph.microsoft.com/.default",
            "cached_at": NOW.to_string(), "expires_on": (NOW + 3599).to_string(),
            "extended_expires_on": (NOW + 3599).to_string(),
        })
    );
    let metadata = &content["AppMetadata"][&format!("appmetadata-login.windows.net-{CLIENT}")];
    assert_eq!(
        *metadata,
        json!({"client_id": CLIENT, "environment": "login.windows.net"})
    );
}

#[test]
fn what_msal_wrote_for_the_application_is_served_and_what_is_unknown_is_kept() {
    let (cache, service) = (Cache::plain(), Service::issuing());
    let entry = |ends: i64| {
        json!({
            "credential_type": "AccessToken", "secret": "of-MSAL", "home_account_id": null, "client_id": CLIENT,
            "environment": "login.microsoftonline.com", "realm": TENANT, "target": "api://X/.default",
            "cached_at": NOW.to_string(), "expires_on": ends.to_string(), "unknown": [1],
        })
    };
    let mut expired = entry(NOW - 1);
    expired["extended_expires_on"] = (NOW - 1).to_string().into();
    cache.write(&json!({
        "AccessToken": {"alive": entry(NOW + 1000), "expired": expired},
        "Account": {"x": {"home_account_id": "h", "name": "kept"}}, "Unknown": {"a": null},
    }));
    let api = request(APPLICATION, "API://x/.default", &[]);
    let token = cache.acquire(&service, &api).unwrap();
    assert_eq!(
        (token.access_token.expose(), token.source),
        (&b"of-MSAL"[..], TokenSource::Cache)
    );
    assert!(service.sent().is_empty());

    cache.acquire(&service, &plain(APPLICATION)).unwrap();
    let content = cache.content();
    assert_eq!(content["AccessToken"]["alive"], entry(NOW + 1000));
    assert_eq!(
        content["AccessToken"]["expired"],
        Value::Null,
        "the expired token is dropped"
    );
    assert_eq!(content["Account"]["x"]["name"], "kept");
    assert_eq!(content["Unknown"], json!({"a": null}));
}

#[test]
fn a_planted_token_with_a_line_break_is_not_served() {
    let (cache, service) = (Cache::plain(), Service::issuing());
    cache.acquire(&service, &plain(APPLICATION)).unwrap();
    let mut content = cache.content();
    let entries = content["AccessToken"].as_object_mut().unwrap();
    entries.values_mut().next().unwrap()["secret"] = "token\r\nX-Injected: 1".into();
    cache.write(&content);
    let token = cache.acquire(&service, &plain(APPLICATION)).unwrap();
    assert_eq!(token.source, TokenSource::Network);
}

#[test]
fn another_tenant_service_scope_or_kind_of_token_is_not_served() {
    let entry = json!({
        "credential_type": "AccessToken", "secret": "wrong", "client_id": CLIENT, "environment": "login.windows.net",
        "realm": TENANT, "target": "https://graph.microsoft.com/.default", "expires_on": (NOW + 3600).to_string(),
    });
    for (member, value) in [
        ("realm", "fabrikam.com"),
        ("environment", "login.microsoftonline.us"),
        ("target", "https://graph.microsoft.com/User.Read"),
        ("client_id", "22222222-2222-3333-4444-555555555555"),
        ("token_type", "pop"),
        ("user_assertion_hash", "x"),
        ("home_account_id", "u.t"),
        ("credential_type", "atext"),
        ("graphtoken_proof", "of another caller"),
    ] {
        let (cache, service) = (Cache::plain(), Service::issuing());
        let mut entry = entry.clone();
        entry[member] = value.into();
        cache.write(&json!({"AccessToken": {"x": entry}}));
        assert_eq!(
            cache.acquire(&service, &plain(APPLICATION)).unwrap().source,
            TokenSource::Network,
            "{member}"
        );
    }
}

#[test]
fn a_token_on_behalf_of_a_user_is_found_with_the_same_assertion_alone() {
    let cache = Cache::plain();
    let on_behalf_of = |assertion| {
        let grant = OnBehalfOf::new(&secret(assertion)).unwrap();
        request(grant, "user.read", &[])
    };
    let service = Service::answering(200, &user_answer("for-one", "refreshing"));
    cache.acquire(&service, &on_behalf_of("one")).unwrap();
    service.answer(200, &user_answer("for-two", "refreshing"));
    cache.acquire(&service, &on_behalf_of("two")).unwrap();
    for (assertion, access_token) in [("one", "for-one"), ("two", "for-two")] {
        let token = cache.acquire(&service, &on_behalf_of(assertion)).unwrap();
        assert_eq!(token.source, TokenSource::Cache);
        assert_eq!(token.access_token.expose(), access_token.as_bytes());
        assert_eq!(token.username(), "alice@contoso.com");
        assert!(token.refresh_token().is_none());
    }
    let stranger = Credential::from_secret(secret("another secret")).unwrap();
    let token = cache
        .client(&service, stranger)
        .acquire(&on_behalf_of("one"), None)
        .unwrap();
    assert_eq!(token.source, TokenSource::Network);
    let content = cache.content();
    assert!(
        content["RefreshToken"]
            .as_object()
            .is_none_or(serde_json::Map::is_empty),
        "{content}"
    );
    let hashes = content["AccessToken"]
        .as_object()
        .unwrap()
        .values()
        .map(|entry| &entry["user_assertion_hash"]);
    let hashes: BTreeSet<&str> = hashes.filter_map(Value::as_str).collect();
    // printf one | openssl dgst -sha256 -binary | basenc --base64url
    assert!(
        hashes.contains("dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z_0Me0") && hashes.len() == 2,
        "{hashes:?}"
    );
}

#[test]
fn a_user_finds_tokens_by_password_only_in_an_encrypted_file() {
    let cache = Cache::with_key();
    let service = Service::answering(200, &user_answer("of-alice", "r1"));
    let right = request(password("correct horse"), "user.read", &[]);
    cache.acquire(&service, &right).unwrap();
    let token = cache.acquire(&service, &right).unwrap();
    assert_eq!(
        (token.source, token.username()),
        (TokenSource::Cache, "alice@contoso.com")
    );
    assert_eq!(token.refresh_token(), Some(&secret("r1")));
    assert!(token.id_token().is_some());
    let wrong = request(password("battery staple"), "user.read", &[]);
    assert_eq!(cache.acquire(&service, &wrong).unwrap().source, TokenSource::Network);

    // A plain text file must have nothing from which the password could be guessed, and so no proof made from it.
    let cache = Cache::plain();
    cache.acquire(&service, &right).unwrap();
    let content = cache.content();
    let entry = content["AccessToken"].as_object().unwrap().values().next().unwrap();
    assert_eq!(entry.get("graphtoken_proof"), None);
    assert_eq!(cache.acquire(&service, &right).unwrap().source, TokenSource::Network);
}

#[test]
fn a_users_tokens_are_where_msal_looks_for_them() {
    let cache = Cache::plain();
    let service = Service::answering(200, &user_answer("access", "r1"));
    cache
        .acquire(&service, &request(refresh_token("r0"), "User.Read", &[]))
        .unwrap();
    let content = cache.content();
    let lower = CLIENT.to_lowercase();
    let token = &content["AccessToken"]
        [&format!("u.t-login.windows.net-accesstoken-{lower}-{TENANT}-openid profile user.read")];
    assert_eq!(
        (&token["secret"], &token["home_account_id"]),
        (&json!("access"), &json!("u.t"))
    );
    let entry = &content["RefreshToken"][&format!("u.t-login.windows.net-refreshtoken-{lower}--")];
    assert_eq!((&entry["secret"], &entry["client_id"]), (&json!("r1"), &json!(CLIENT)));
    let id_token = &content["IdToken"][&format!("u.t-login.windows.net-idtoken-{lower}-{TENANT}-")];
    assert_eq!(id_token["realm"], TENANT);
    assert_eq!(
        content["Account"][&format!("u.t-login.windows.net-{TENANT}")],
        json!({
            "home_account_id": "u.t", "environment": "login.windows.net", "realm": TENANT, "local_account_id": "o",
            "username": "alice@contoso.com", "authority_type": "MSSTS", "client_info": "eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ",
        })
    );
}

#[test]
fn a_caller_with_an_old_refresh_token_continues_with_the_newest() {
    for cache in [Cache::plain(), Cache::with_key()] {
        let service = Service::answering(200, &user_answer("first", "r1"));
        let with = |token| request(refresh_token(token), "User.Read", &[]);
        cache.acquire(&service, &with("r0")).unwrap();
        for token in ["r0", "r1"] {
            let token = cache.acquire(&service, &with(token)).unwrap();
            assert_eq!(
                (token.source, token.refresh_token()),
                (TokenSource::Cache, Some(&secret("r1")))
            );
        }
        service.answer(200, &user_answer("second", "r2"));
        let other = request(refresh_token("r0"), "Mail.Read", &[]);
        cache.acquire(&service, &other).unwrap();
        assert!(service.sent()[1].body.contains("refresh_token=r1"));
        let token = cache.acquire(&service, &with("r1")).unwrap();
        assert_eq!(token.refresh_token(), Some(&secret("r2")));

        let strangers = cache.acquire(&service, &with("unknown")).unwrap();
        assert_eq!(strangers.source, TokenSource::Network);
        assert!(service.sent()[2].body.contains("refresh_token=unknown"));
    }
}

#[test]
fn the_family_outlives_a_new_client_secret_but_its_access_tokens_do_not() {
    let (cache, service) = (Cache::plain(), Service::answering(200, &user_answer("first", "r1")));
    let user = request(refresh_token("r0"), "User.Read", &[]);
    cache.acquire(&service, &user).unwrap();
    let renewed = Credential::from_secret(secret("renewed secret")).unwrap();
    let token = cache.client(&service, renewed).acquire(&user, None).unwrap();
    assert_eq!(token.source, TokenSource::Network);
    assert!(service.sent()[1].body.contains("refresh_token=r1"));
}

#[test]
fn a_rejected_refresh_token_is_forgotten_everywhere() {
    let (cache, service) = (Cache::plain(), Service::answering(200, &user_answer("first", "r1")));
    cache
        .acquire(&service, &request(refresh_token("r0"), "User.Read", &[]))
        .unwrap();
    service.answer(400, r#"{"error":"invalid_grant"}"#);
    let other = request(refresh_token("r0"), "Mail.Read", &[]);
    assert_eq!(
        cache.acquire(&service, &other).unwrap_err().status(),
        Status::InteractionRequired
    );
    let content = cache.content();
    assert_eq!(content["RefreshToken"], json!({}));
    assert_eq!(content["GraphToken"]["refresh_tokens"], json!({}));
    assert!(!content.to_string().contains("r1"));
}

#[test]
fn tokens_of_msal_are_served_to_callers_with_the_refresh_token_and_the_newest_is_written_back() {
    let (cache, service) = (Cache::plain(), Service::answering(200, &user_answer("new", "r1")));
    let client = json!({"client_id": CLIENT, "environment": "login.windows.net", "home_account_id": "u.t"});
    let with = |members: Value| {
        let mut entry = client.clone();
        entry
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        entry
    };
    cache.write(&json!({
        "AccessToken": {"a": with(json!({
            "credential_type": "AccessToken", "secret": "of-MSAL", "realm": TENANT, "target": "User.Read openid",
            "expires_on": (NOW + 3600).to_string(),
        }))},
        "RefreshToken": {"r": with(json!({"secret": "r0", "family_id": "1"}))},
    }));
    let token = cache
        .acquire(&service, &request(refresh_token("r0"), "user.read", &[]))
        .unwrap();
    assert_eq!(
        (token.access_token.expose(), token.source),
        (&b"of-MSAL"[..], TokenSource::Cache)
    );
    let stranger = cache
        .acquire(&service, &request(password("any"), "user.read", &[]))
        .unwrap();
    assert_eq!(stranger.source, TokenSource::Network);

    cache
        .acquire(&service, &request(refresh_token("r0"), "Mail.Read", &[]))
        .unwrap();
    let entry = &cache.content()["RefreshToken"]["r"];
    assert_eq!((&entry["secret"], &entry["family_id"]), (&json!("r1"), &json!("1")));
}

#[test]
fn what_other_programs_wrote_stays_as_it_was_written() {
    let (cache, service) = (Cache::plain(), Service::issuing());
    let values = [
        "1e400",
        "-1E+400",
        "123456789012345678901234567890",
        "0.12345678901234567890123456789",
        "1.50",
        "-0",
        "7",
        "NaN",
        "-Infinity",
        r#""cut \ud83d""#,
    ];
    let member = |value: &str| format!(r#""x{}":{value}"#, value.trim_matches('"').replace('\\', "/"));
    let members = values.map(member).join(",");
    let content = format!(r#"{{"AppMetadata":{{"other":{{{members},"marked":"\u0001n1e400"}}}},"Unknown":[1e400]}}"#);
    fs::write(cache.file(), content).unwrap();
    cache.acquire(&service, &plain(APPLICATION)).unwrap();
    assert_eq!(
        cache.acquire(&service, &plain(APPLICATION)).unwrap().source,
        TokenSource::Cache
    );
    assert!(cache.set_aside().is_empty());
    let written = fs::read_to_string(cache.file()).unwrap();
    for value in values {
        assert!(written.contains(&member(value)), "{value}: {written}");
    }
    assert!(written.contains(r#""marked":"\u0001n1e400""#), "{written}");
    assert!(written.contains(r#""Unknown":[1e400]"#), "{written}");
}

#[test]
fn a_damaged_file_is_set_aside_and_does_not_fail_the_call() {
    for content in ["", "{\"AccessToken\": {", "GTC1", "[]", "\u{0}\u{0}"] {
        for cache in [Cache::plain(), Cache::with_key()] {
            let service = Service::issuing();
            // Plain text where encryption is expected is not damage, nor the reverse.
            let is_unexpected = (cache.protection.0 == "cache.key") == content.starts_with('{') && content.len() > 3;
            fs::write(cache.file(), content).unwrap();
            cache.acquire(&service, &plain(APPLICATION)).unwrap();
            if is_unexpected && (content.starts_with('{') || content == "GTC1") {
                assert_eq!(fs::read_to_string(cache.file()).unwrap(), content);
                assert!(cache.set_aside().is_empty());
                continue;
            }
            let aside = cache.set_aside();
            assert_eq!(aside.len(), 1, "{content:?} with {}", cache.protection.0);
            assert_eq!(fs::read_to_string(&aside[0]).unwrap(), content);
            assert_eq!(
                cache.acquire(&service, &plain(APPLICATION)).unwrap().source,
                TokenSource::Cache
            );
        }
    }
}

#[test]
fn a_file_with_another_key_is_set_aside() {
    let (mut cache, service) = (Cache::with_key(), Service::issuing());
    cache.acquire(&service, &plain(APPLICATION)).unwrap();
    let first = fs::read(cache.file()).unwrap();
    cache.protection.1 = "//////////////////////////////////////////8=";
    assert_eq!(
        cache.acquire(&service, &plain(APPLICATION)).unwrap().source,
        TokenSource::Network
    );
    assert_eq!(fs::read(&cache.set_aside()[0]).unwrap(), first);
}

#[test]
fn processes_that_want_the_same_token_at_once_make_one_request() {
    let (cache, service) = (Cache::with_key(), Service::issuing());
    service.hold();
    thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| cache.acquire(&service, &plain(APPLICATION)).unwrap()))
            .collect();
        service.await_requests(1);
        service.release();
        let tokens: Vec<_> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
        let asked = tokens
            .iter()
            .filter(|token| token.source == TokenSource::Network)
            .count();
        assert_eq!(asked, 1);
    });
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn an_unusable_folder_does_not_fail_the_call_but_contradictory_options_do() {
    let (cache, service) = (Cache::plain(), Service::issuing());
    let file = cache.folder.path().join("file");
    fs::write(&file, "").unwrap();
    let inside = file.join("folder").display().to_string();
    let settings = client_settings(&[("cache.name", "work"), ("cache.folder", &inside), cache.protection]);
    let client = service.client_with(client_secret(), settings);
    client.acquire(&plain(APPLICATION), None).unwrap();

    let mut options = Options::default();
    options.set("cache.key", KEY).unwrap();
    let error = Client::new(TENANT, CLIENT, Some(client_secret()), options.client)
        .err()
        .unwrap();
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(error.hint().contains("cache.name"));
}
