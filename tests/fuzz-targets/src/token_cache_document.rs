//! Token cache files in MSAL's format.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use graphtoken::TokenSelection;
use graphtoken::base::clock::from_unix_seconds;
use graphtoken::store::accounts::{AccountStore as _, Match};
use graphtoken::store::file::{CacheName, FileStoreSettings, ProtectionChoice};
use graphtoken::store::{TokenStore, Wanted};
use graphtoken::token::{Holder, UserTokens};
use graphtoken::{
    Account, Authority, ClientCredentials, Credential, FileStore, Grant, RefreshToken, Scopes, Secret, Token,
};
use serde_json::{Map, Value};
use test_support::folder::Folder;

use crate::marked_secret::{CLIENT_SECRET, MarkedSecret, REFRESH_TOKEN, filled};
use crate::promise::check_error;

/// The secrets of the calls, in the order of their placeholders.
const SECRETS: [MarkedSecret; 2] = [CLIENT_SECRET, REFRESH_TOKEN];

/// The content of a file.
pub fn token_cache_document(input: &[u8]) {
    let content = filled(input, &SECRETS);
    let credential = Credential::from_secret(CLIENT_SECRET.secret()).expect("the secret is not empty");
    let refresh_token = RefreshToken::new(REFRESH_TOKEN.secret()).expect("the refresh token is not empty");
    let authority = Authority::new("contoso.onmicrosoft.com", None, None).expect("this is a tenant");
    for grant in [&ClientCredentials as &dyn Grant, &refresh_token] {
        let wanted = Wanted {
            authority: &authority,
            client_id: "11111111-2222-3333-4444-555555555555",
            credential: Some(&credential),
            grant,
            scopes: &Scopes::default(),
            capabilities: "",
            refuses_older: false,
            clock_skew: 0,
        };
        File::with(&content).check(&wanted, input);
    }
}

/// A cache with a file.
struct File {
    folder: Folder,
    store: FileStore,
}

impl File {
    fn with(content: &[u8]) -> Self {
        let folder = Folder::in_memory();
        let settings = FileStoreSettings {
            name: CacheName::parse("cache"),
            folder: Some(folder.path("")),
            protection: ProtectionChoice::None,
        };
        let store = FileStore::open(&settings, None, Duration::from_secs(10)).expect("the folder can be written");
        let store = store.expect("the cache has a name");
        fs::write(store.path(), content).expect("the folder can be written");
        Self { folder, store }
    }

    /// Checks that the file can be read or is set aside, and that it then keeps a token beside all that it had.
    fn check(&self, wanted: &Wanted<'_>, input: &[u8]) {
        let before = self.members();
        match self.store.find(wanted) {
            Ok(found) => check_token(found.token.as_ref()),
            Err(error) => check_error(&error, &SECRETS, input),
        }
        if let Err(error) = self.store.tokens(&TokenSelection::default()) {
            check_error(&error, &SECRETS, input);
        }
        self.check_accounts(wanted, input);
        if let Err(error) = self
            .store
            .keep(wanted, &token(wanted), from_unix_seconds(1_800_000_000))
        {
            return check_error(&error, &SECRETS, input);
        }
        let found = self.store.find(wanted).expect("a file that was written can be read");
        assert!(found.token.is_some(), "the token that was kept is not found");
        check_token(found.token.as_ref());
        let after = self.members();
        for (name, value) in before.iter().filter(|(name, _)| !OURS.contains(&name.as_str())) {
            assert_eq!(
                after.get(name),
                Some(value),
                "the member {name:?} of another program changed"
            );
        }
    }

    /// Checks what is found for an account, which is not signed out: the file stays as it is.
    fn check_accounts(&self, wanted: &Wanted<'_>, input: &[u8]) {
        match self.store.accounts(wanted.authority) {
            Ok(accounts) => accounts.iter().for_each(|account| {
                assert!(!account.username.is_empty() && !account.home_account_id.is_empty());
            }),
            Err(error) => check_error(&error, &SECRETS, input),
        }
        for name in ["", "alice@contoso.com"] {
            let grant = Account::new(name).expect("the name is one");
            let wanted = Wanted {
                grant: &grant,
                ..*wanted
            };
            match self.store.find_account(&wanted) {
                Ok(Match::One(signed_in)) => {
                    check_token(signed_in.token.as_ref());
                    let tokens = signed_in.refresh_tokens.iter().map(|token| token.token.expose());
                    assert!(
                        tokens.flatten().all(u8::is_ascii_graphic),
                        "a refresh token is no text for a form"
                    );
                }
                Ok(Match::None | Match::Several(_)) => {}
                Err(error) => check_error(&error, &SECRETS, input),
            }
        }
    }

    /// The members of the document; none if the file holds no JSON object, and is set aside.
    fn members(&self) -> Map<String, Value> {
        let file = fs::read(self.folder.path("cache.json")).unwrap_or_default();
        let json = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file);
        serde_json::from_slice(json).unwrap_or_default()
    }
}

/// The members of a document that the engine writes.
const OURS: [&str; 6] = [
    "AccessToken",
    "RefreshToken",
    "IdToken",
    "Account",
    "AppMetadata",
    "GraphToken",
];

/// Checks that a token is text for a header.
fn check_token(token: Option<&Token>) {
    if let Some(token) = token {
        let text = token.access_token.expose();
        let is_printable = text.iter().all(u8::is_ascii_graphic) && !text.is_empty();
        assert!(is_printable, "the access token is no text for a header");
    }
}

fn token(wanted: &Wanted<'_>) -> Token {
    let user = UserTokens {
        refresh_token: Some(REFRESH_TOKEN.secret()),
        username: "alice@contoso.com".to_owned(),
        ..UserTokens::default()
    };
    Token {
        access_token: Secret::copy_of(b"a.b.c"),
        scopes: wanted.authority.default_scope().into(),
        holder: Arc::new(Holder {
            tenant_id: wanted.authority.tenant().to_owned(),
            client_id: wanted.client_id.to_owned(),
        }),
        user: wanted.grant.refresh_token().map(|_| Box::new(user)),
        expires_on: from_unix_seconds(1_800_003_600),
        refresh_on: None,
        correlation_id: None,
    }
}
