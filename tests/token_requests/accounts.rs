//! Users who signed in: their tokens without them, and their sign-out.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use graphtoken::base::error::{Result, Status};
use graphtoken::client::Client;
use graphtoken::request::grant::{OnBehalfOf, RefreshToken};
use graphtoken::store::{Found, TokenStore, Turn, Wanted};
use graphtoken::token::{AcquiredToken, Token, TokenSource};
use serde_json::Value;

use crate::service::{TENANT, client_secret, client_settings, request, secret};
use crate::users::{ALONE, FIRST, LIFE, SECOND, Users, assert_needs_user, sign_in, silently};

const ALICE: &str = "alice@contoso.com";
const HOME: &str = "alice.home";

/// The same in memory and in a file.
fn everywhere(test: impl Fn(&Arc<Users>, &dyn Fn(&str) -> Client)) {
    let users = Users::new();
    test(&users, &|application| {
        users.client(application, &[("cache", "process")])
    });
    let (users, folder) = (Users::new(), tempfile::tempdir().unwrap());
    test(&users, &|application| {
        users.client_with_file(application, folder.path())
    });
}

fn text(token: &AcquiredToken) -> &str {
    token.access_token.expose_text().unwrap()
}

#[test]
fn an_account_gets_the_cached_token_and_then_one_by_its_refresh_token() {
    everywhere(|users, client| {
        let signed_in = sign_in(&client(ALONE), "alice");
        for name in [
            ALICE,
            "ALICE@Contoso.com",
            HOME,
            "alice-object",
            " \"alice@contoso.com\" ",
            "",
        ] {
            let token = silently(&client(ALONE), name, &[]).unwrap();
            assert_eq!(
                (text(&token), token.source),
                (text(&signed_in), TokenSource::Cache),
                "{name}"
            );
            assert_eq!(token.username(), ALICE);
        }
        assert_eq!(users.take_grants(), ["password"]);

        let forced = silently(&client(ALONE), ALICE, &[("force_refresh", "true")]).unwrap();
        assert_eq!((text(&forced), forced.source), ("alice-1", TokenSource::Network));
        assert_eq!(text(&silently(&client(ALONE), HOME, &[]).unwrap()), "alice-1");
        users.pass(LIFE);
        assert_eq!(text(&silently(&client(ALONE), ALICE, &[]).unwrap()), "alice-2");
        let other = request(graphtoken::Account::new(ALICE).unwrap(), "Mail.Read", &[]);
        assert_eq!(text(&client(ALONE).acquire(&other, None).unwrap()), "alice-3");
        assert_eq!(users.take_grants(), ["refresh_token"; 3]);
    });
}

#[test]
fn claims_pass_by_the_cached_token_which_never_comes_back() {
    everywhere(|_, client| {
        sign_in(&client(ALONE), "alice");
        let claims = [("claims", r#"{"access_token":{"nbf":{"essential":true}}}"#)];
        assert_eq!(text(&silently(&client(ALONE), ALICE, &claims).unwrap()), "alice-1");
        assert_eq!(text(&silently(&client(ALONE), ALICE, &[]).unwrap()), "alice-1");
    });
}

#[test]
fn who_has_not_signed_in_needs_the_user() {
    everywhere(|users, client| {
        for name in ["", ALICE] {
            let error = assert_needs_user(silently(&client(ALONE), name, &[]));
            assert!(error.cause().contains("signed in"), "{error}");
        }
        sign_in(&client(ALONE), "alice");
        // No application of the family may use the token of one outside of it, and so the other way round.
        assert_needs_user(silently(&client(FIRST), ALICE, &[]));
        assert_needs_user(silently(&client(FIRST), "", &[]));
        assert_needs_user(silently(&client(ALONE), "bob@contoso.com", &[]));
        assert_eq!(users.take_grants(), ["password"]);
    });
    let users = Users::new();
    let client = users.client(ALONE, &[("cache", "none")]);
    sign_in(&client, "alice");
    assert_needs_user(silently(&client, ALICE, &[]));
    assert_eq!(client.accounts().unwrap(), []);
}

#[test]
fn several_accounts_are_listed_and_none_is_chosen() {
    everywhere(|_, client| {
        sign_in(&client(ALONE), "alice");
        sign_in(&client(ALONE), "bob");
        let error = assert_needs_user(silently(&client(ALONE), "", &[]));
        assert!(
            error.cause().contains("alice@contoso.com") && error.cause().contains("bob.home"),
            "{error}"
        );
        let accounts = client(ALONE).accounts().unwrap();
        let [alice, bob] = accounts.as_slice() else {
            panic!("{accounts:?}")
        };
        assert_eq!(
            (alice.username.as_str(), bob.username.as_str()),
            (ALICE, "bob@contoso.com")
        );
        assert_eq!(
            (alice.home_account_id.as_str(), alice.local_account_id.as_str()),
            (HOME, "alice-object")
        );
        assert_eq!(
            (alice.name.as_str(), alice.authority_type.as_str()),
            ("The user alice", "MSSTS")
        );
        assert!(alice.environment.ends_with(".example"));
    });

    let (users, folder) = (Users::new(), tempfile::tempdir().unwrap());
    let client = users.client_with_file(ALONE, folder.path());
    sign_in(&client, "alice");
    sign_in(&client, "bob");
    let file = folder.path().join("users.json");
    let content = fs::read_to_string(&file).unwrap().replace("bob@contoso.com", ALICE);
    fs::write(&file, content).unwrap();
    let error = silently(&client, ALICE, &[]).map(|_| ()).unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(
        error.cause().contains(HOME) && error.cause().contains("bob.home"),
        "{error}"
    );
    assert_eq!(client.sign_out(ALICE).unwrap_err().status(), Status::InvalidArgument);
    assert!(silently(&client, "bob.home", &[]).is_ok());
}

#[test]
fn the_only_user_is_one_of_the_tenant() {
    let users = Users::new();
    let at = |tenant| users.client_at(tenant, ALONE, None, client_settings(&[("cache", "process")]));
    sign_in(&at(TENANT), "alice");
    assert!(silently(&at(TENANT), "", &[]).is_ok());
    assert_needs_user(silently(&at("fabrikam.com"), "", &[]));
    // A refresh token is for every tenant, for a caller who names the user.
    assert!(silently(&at("fabrikam.com"), ALICE, &[]).is_ok());
    assert!(silently(&at("fabrikam.com"), "", &[]).is_ok());
    assert!(silently(&at("organizations"), "", &[]).is_ok());
    assert_eq!(at(TENANT).accounts().unwrap().len(), 1);
}

#[test]
fn a_user_has_one_account_whatever_the_tenants_call_it() {
    let (users, folder) = (Users::new(), tempfile::tempdir().unwrap());
    let client = users.client_with_file(ALONE, folder.path());
    sign_in(&client, "alice");
    sign_in(&client, "bob");
    let file = folder.path().join("users.json");
    let mut content: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let accounts = content["Account"].as_object_mut().unwrap();
    let mut guest = accounts
        .values()
        .find(|account| account["home_account_id"] == HOME)
        .unwrap()
        .clone();
    guest["realm"] = "fabrikam.com".into();
    guest["username"] = "guest@fabrikam.com".into();
    accounts.insert("guest".to_owned(), guest);
    fs::write(&file, content.to_string()).unwrap();

    let accounts = client.accounts().unwrap();
    let names: Vec<_> = accounts.iter().map(|account| account.username.as_str()).collect();
    assert_eq!(names, [ALICE, "bob@contoso.com"]);
    for name in [HOME, ALICE, "guest@fabrikam.com"] {
        assert_eq!(silently(&client, name, &[]).unwrap().username(), ALICE, "{name}");
    }
}

#[test]
fn applications_of_the_family_share_the_sign_in() {
    everywhere(|users, client| {
        sign_in(&client(FIRST), "alice");
        assert_eq!(text(&silently(&client(SECOND), ALICE, &[]).unwrap()), "alice-1");
        // One outside of the family finds out once.
        for _ in 0..2 {
            let error = assert_needs_user(silently(&client(ALONE), ALICE, &[]));
            assert!(error.cause().contains("no refresh token"), "{error}");
        }
        assert_eq!(users.take_grants(), ["password", "refresh_token", "refresh_token"]);
        sign_in(&client(ALONE), "alice");
        users.pass(LIFE);
        assert_eq!(text(&silently(&client(ALONE), ALICE, &[]).unwrap()), "alice-3");
        assert_eq!(users.take_grants(), ["password", "refresh_token"]);
    });
}

#[test]
fn an_application_with_a_credential_never_uses_the_tokens_of_a_family() {
    let (users, folder) = (Users::new(), tempfile::tempdir().unwrap());
    sign_in(&users.client_with_file(FIRST, folder.path()), "alice");
    users.take_grants();
    let path = folder.path().display().to_string();
    let options = [
        ("cache.name", "users"),
        ("cache.folder", &path),
        ("cache.protection", "none"),
    ];
    let confidential = users.client_with(SECOND, Some(client_secret()), &options);
    assert_needs_user(silently(&confidential, ALICE, &[]));
    assert!(users.take_grants().is_empty());

    // Nor does it get what was kept for another credential: only the service can tell whether its own is right.
    sign_in(&users.client_with_file(ALONE, folder.path()), "alice");
    let confidential = users.client_with(ALONE, Some(client_secret()), &options);
    assert_eq!(
        silently(&confidential, ALICE, &[]).unwrap().source,
        TokenSource::Network
    );
    assert_eq!(users.take_grants(), ["password", "refresh_token"]);
    assert_eq!(silently(&confidential, ALICE, &[]).unwrap().source, TokenSource::Cache);
}

#[test]
fn a_refused_refresh_token_stays_unless_it_is_dead() {
    everywhere(|users, client| {
        sign_in(&client(ALONE), "alice");
        users.pass(LIFE);
        users.refuse("basic_action");
        assert_needs_user(silently(&client(ALONE), ALICE, &[]));
        assert_eq!(text(&silently(&client(ALONE), ALICE, &[]).unwrap()), "alice-1");
        users.pass(LIFE);
        users.refuse("bad_token");
        assert_needs_user(silently(&client(ALONE), ALICE, &[]));
        users.take_grants();
        assert_needs_user(silently(&client(ALONE), ALICE, &[]));
        assert!(users.take_grants().is_empty(), "the token is gone");
    });
}

#[test]
fn whatever_is_said_of_a_refresh_token_the_user_is_needed() {
    everywhere(|users, client| {
        // Disabled, not assigned to the application, a number that is not known.
        for code in [50_057, 50_105, 999_999] {
            sign_in(&client(ALONE), "alice");
            users.pass(LIFE);
            users.refuse_as(code);
            let error = assert_needs_user(silently(&client(ALONE), ALICE, &[]));
            assert!(error.cause().contains(&code.to_string()), "{error}");
        }
    });
}

#[test]
fn the_only_users_of_two_files_do_not_share_a_request() {
    let (users, folders) = (
        Users::new(),
        [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()],
    );
    let [first, second] = folders.each_ref().map(|folder| {
        let folder = folder.path().display().to_string();
        let own = [
            ("cache.name", "users"),
            ("cache.folder", &*folder),
            ("cache.protection", "none"),
        ];
        users.client(ALONE, &[&own[..], &[("cache", "process")]].concat())
    });
    sign_in(&first, "alice");
    sign_in(&second, "bob");
    users.pass(LIFE);
    let (sender, receiver) = mpsc::channel();
    users.interrupt(move || {
        sender
            .send(silently(&second, "", &[]).map(|token| text(&token).to_owned()))
            .unwrap();
    });
    let token = silently(&first, "", &[]).unwrap();
    let other = receiver.recv().unwrap().unwrap();
    assert!(
        text(&token).starts_with("alice-") && other.starts_with("bob-"),
        "{other}"
    );
}

#[test]
fn the_newest_token_of_the_family_is_tried_first() {
    let (users, folder) = (Users::new(), tempfile::tempdir().unwrap());
    let client = |application| users.client_with_file(application, folder.path());
    sign_in(&client(FIRST), "alice");
    users.pass(10);
    let file = folder.path().join("users.json");
    let mut content: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    // As MSAL Python keeps it: in the entry of the application.
    let tokens = content["RefreshToken"].as_object_mut().unwrap();
    let mut newer = tokens.values().find(|token| token["family_id"] == "1").unwrap().clone();
    newer["secret"] = "a-dead-one".into();
    newer["last_modification_time"] = "1".into();
    tokens.insert("older".to_owned(), newer);
    fs::write(&file, content.to_string()).unwrap();
    assert_eq!(text(&silently(&client(SECOND), ALICE, &[]).unwrap()), "alice-1");
    assert_eq!(users.take_grants(), ["password", "refresh_token"]);
}

#[test]
fn the_token_of_another_user_is_refused_and_not_kept() {
    everywhere(|users, client| {
        sign_in(&client(ALONE), "alice");
        users.pass(LIFE);
        *users.impostor.lock().unwrap() = Some("mallory");
        let error = silently(&client(ALONE), ALICE, &[]).map(|_| ()).unwrap_err();
        assert_eq!(error.status(), Status::MalformedResponse);
        assert!(error.cause().contains("another user"), "{error}");
        *users.impostor.lock().unwrap() = None;
        assert_eq!(client(ALONE).accounts().unwrap().len(), 1);
        assert_eq!(text(&silently(&client(ALONE), ALICE, &[]).unwrap()), "alice-2");
    });
}

#[test]
fn signing_out_removes_everything_of_the_user_and_nothing_of_others() {
    everywhere(|users, client| {
        for application in [FIRST, ALONE] {
            sign_in(&client(application), "alice");
            sign_in(&client(application), "bob");
        }
        client(SECOND).sign_out("Alice@contoso.com").unwrap();
        client(SECOND).sign_out(ALICE).unwrap();
        assert_eq!(client(FIRST).accounts().unwrap().len(), 1);
        users.take_grants();
        for application in [FIRST, SECOND, ALONE] {
            assert_needs_user(silently(&client(application), ALICE, &[]));
        }
        assert!(users.take_grants().is_empty());
        for application in [FIRST, ALONE] {
            assert!(silently(&client(application), "bob.home", &[]).is_ok());
            assert!(silently(&client(application), "", &[]).is_ok());
        }
        let error = client(FIRST).sign_out("").unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument);
    });
}

#[test]
fn a_signed_out_user_leaves_nothing_in_the_file() {
    let (users, folder) = (Users::new(), tempfile::tempdir().unwrap());
    let client = users.client_with_file(FIRST, folder.path());
    sign_in(&client, "bob");
    sign_in(&client, "alice");
    // The family of refresh tokens of a caller who kept one.
    let kept = silently(&client, ALICE, &[]).unwrap().refresh_token().cloned().unwrap();
    client
        .acquire(&request(RefreshToken::new(kept).unwrap(), "Mail.Read", &[]), None)
        .unwrap();
    client.sign_out(HOME).unwrap();
    let content = fs::read_to_string(folder.path().join("users.json")).unwrap();
    for trace in ["alice", "refresh-token-1", "refresh-token-2"] {
        assert!(!content.contains(trace), "{trace} is in {content}");
    }
    assert!(content.contains("bob"));
    client.sign_out("bob.home").unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    // The same client can begin again.
    sign_in(&client, "alice");
    assert!(silently(&client, ALICE, &[]).is_ok());
}

#[test]
fn a_refresh_does_not_bring_back_who_signs_out_meanwhile() {
    everywhere(|users, client| {
        sign_in(&client(ALONE), "alice");
        sign_in(&client(ALONE), "bob");
        users.pass(LIFE);
        let other = client(ALONE);
        users.interrupt(move || other.sign_out(ALICE).unwrap());
        assert!(silently(&client(ALONE), ALICE, &[]).is_ok());
        assert_eq!(client(ALONE).accounts().unwrap().len(), 1);
        assert_needs_user(silently(&client(ALONE), ALICE, &[]));
    });
}

#[test]
fn a_refresh_token_that_somebody_has_kept_does_not_bring_back_who_signed_out() {
    everywhere(|_, client| {
        sign_in(&client(ALONE), "bob");
        let kept = sign_in(&client(ALONE), "alice").refresh_token().cloned().unwrap();
        let renewal = || {
            request(
                RefreshToken::new(kept.clone()).unwrap(),
                "Mail.Read",
                &[("force_refresh", "true")],
            )
        };
        let newer = client(ALONE).acquire(&renewal(), None).unwrap();
        assert!(silently(&client(ALONE), ALICE, &[]).is_ok());
        client(ALONE).sign_out(ALICE).unwrap();
        let newer = RefreshToken::new(newer.refresh_token().cloned().unwrap()).unwrap();
        for renewal in [renewal(), request(newer, "Mail.Read", &[("force_refresh", "true")])] {
            assert!(client(ALONE).acquire(&renewal, None).is_ok());
            assert_eq!(client(ALONE).accounts().unwrap().len(), 1);
            assert_needs_user(silently(&client(ALONE), ALICE, &[]));
        }
        sign_in(&client(ALONE), "alice");
        assert!(silently(&client(ALONE), ALICE, &[]).is_ok());
    });
}

#[test]
fn users_of_clients_with_a_store_of_their_own_are_in_memory() {
    let users = Users::new();
    let store = Arc::new(Places::default());
    let client = || {
        let mut settings = client_settings(&[]);
        settings.store = Some(Arc::clone(&store) as _);
        users.client_with_settings(ALONE, None, settings)
    };
    let first = client();
    sign_in(&first, "alice");
    assert!(store.0.load(Ordering::Relaxed) > 0, "the store keeps the token");
    assert!(silently(&first, ALICE, &[]).is_ok());
    assert_eq!(first.accounts().unwrap().len(), 1);
    // Whoever else can read the store knows a name alone.
    assert_needs_user(silently(&client(), ALICE, &[]));
    assert_eq!(client().accounts().unwrap(), []);
    let asked = store.0.load(Ordering::Relaxed);
    first.sign_out(ALICE).unwrap();
    assert_needs_user(silently(&first, ALICE, &[]));
    assert_eq!(
        store.0.load(Ordering::Relaxed),
        asked,
        "the store is not asked for accounts"
    );
}

/// A store that counts how often it is used, and has nothing.
#[derive(Debug, Default)]
struct Places(AtomicUsize);

impl TokenStore for Places {
    fn find(&self, _: &Wanted<'_>) -> Result<Found> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Found::default())
    }

    fn keep(&self, _: &Wanted<'_>, _: &Token, _: SystemTime) -> Result<()> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn forget_refresh_token(&self, _: &Wanted<'_>) -> Result<()> {
        Ok(())
    }

    fn take_turn(&self, _: &Wanted<'_>, _: Duration) -> Result<Turn> {
        Ok(Turn::default())
    }
}

#[test]
fn a_process_that_signs_out_while_others_refresh_wins() {
    let (users, folder) = (Users::new(), tempfile::tempdir().unwrap());
    let client = || users.client_with_file(ALONE, folder.path());
    sign_in(&client(), "bob");
    for _ in 0..5 {
        sign_in(&client(), "alice");
        thread::scope(|scope| {
            for name in [ALICE, HOME, "alice-object"] {
                let client = client();
                scope.spawn(move || {
                    // Signed out or not: each call ends with a token or wants the user.
                    if let Err(error) = silently(&client, name, &[("force_refresh", "true")]) {
                        assert_eq!(error.status(), Status::InteractionRequired, "{error}");
                    }
                });
            }
            let client = client();
            scope.spawn(move || client.sign_out(ALICE).unwrap());
        });
        assert_needs_user(silently(&client(), ALICE, &[]));
        assert_eq!(client().accounts().unwrap().len(), 1);
    }
}

#[test]
fn a_user_on_whose_behalf_an_application_acts_has_not_signed_in() {
    let users = Users::new();
    let client = users.client_with(ALONE, Some(client_secret()), &[]);
    let assertion = OnBehalfOf::new(&secret("e30.e30.x")).unwrap();
    client.acquire(&request(assertion, "User.Read", &[]), None).unwrap();
    assert_eq!(client.accounts().unwrap(), []);
}

#[test]
fn a_name_with_control_characters_is_refused() {
    let error = graphtoken::Account::new("alice\r\n@contoso.com").unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
}
