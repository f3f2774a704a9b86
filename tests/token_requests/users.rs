//! A token service with users and applications, some of which are of a family, and a clock that a test sets.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use graphtoken::authority::Authority;
use graphtoken::base::clock::{Clock, from_unix_seconds};
use graphtoken::base::error::{Error, Result, Status};
use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::client::settings::ClientSettings;
use graphtoken::credential::Credential;
use graphtoken::http::transport::Transport;
use graphtoken::http::{HttpAnswer, HttpRequest};
use graphtoken::request::grant::{Account, Password};
use graphtoken::token::AcquiredToken;
use serde_json::{Value, json};

use crate::claims::form_urlencoded;
use crate::service::{NOW, TENANT, client_settings, request, secret};

/// Two applications of the family.
pub const FIRST: &str = "11111111-1111-1111-1111-111111111111";
pub const SECOND: &str = "22222222-2222-2222-2222-222222222222";
/// An application outside of it.
pub const ALONE: &str = "33333333-3333-3333-3333-333333333333";

/// The life of an access token, in seconds.
pub const LIFE: i64 = 3_600;

pub struct Users {
    /// Its host is its own, because clients of one process share accounts.
    authority: String,
    issued: Mutex<HashMap<String, Issued>>,
    refusals: Mutex<VecDeque<Value>>,
    interruption: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    /// Who a refresh token gets a token for, in place of its own user.
    pub impostor: Mutex<Option<&'static str>>,
    pub grants: Mutex<Vec<String>>,
    now: Mutex<i64>,
    started: Instant,
}

/// A refresh token.
#[derive(Clone)]
struct Issued {
    user: String,
    application: String,
}

impl Users {
    pub fn new() -> Arc<Self> {
        static HOSTS: AtomicUsize = AtomicUsize::new(0);
        let number = HOSTS.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self {
            authority: format!("https://users-{number}.example"),
            issued: Mutex::default(),
            refusals: Mutex::default(),
            interruption: Mutex::default(),
            impostor: Mutex::default(),
            grants: Mutex::default(),
            now: Mutex::new(NOW),
            started: Instant::now(),
        })
    }

    /// Refuses the next refresh token with this suberror.
    pub fn refuse(&self, suberror: &str) {
        let refusal = json!({"error": "invalid_grant", "suberror": suberror, "error_description": "refused"});
        self.refusals.lock().unwrap().push_back(refusal);
    }

    /// Refuses it with this number.
    pub fn refuse_as(&self, code: u32) {
        let description = format!("AADSTS{code}: refused");
        let refusal = json!({"error": "invalid_grant", "error_codes": [code], "error_description": description});
        self.refusals.lock().unwrap().push_back(refusal);
    }

    /// Does this before the next request is answered.
    pub fn interrupt(&self, action: impl FnOnce() + Send + 'static) {
        *self.interruption.lock().unwrap() = Some(Box::new(action));
    }

    pub fn pass(&self, seconds: i64) {
        *self.now.lock().unwrap() += seconds;
    }

    /// The kinds of grants that were requested since the last call.
    pub fn take_grants(&self) -> Vec<String> {
        std::mem::take(&mut *self.grants.lock().unwrap())
    }

    pub fn client(self: &Arc<Self>, application: &str, options: &[(&str, &str)]) -> Client {
        self.client_with(application, None, options)
    }

    pub fn client_with(
        self: &Arc<Self>,
        application: &str,
        credential: Option<Credential>,
        options: &[(&str, &str)],
    ) -> Client {
        self.client_with_settings(application, credential, client_settings(options))
    }

    pub fn client_with_settings(
        self: &Arc<Self>,
        application: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
    ) -> Client {
        self.client_at(TENANT, application, credential, settings)
    }

    pub fn client_at(
        self: &Arc<Self>,
        tenant: &str,
        application: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
    ) -> Client {
        let authority = Authority::new(tenant, Some(&self.authority), None).unwrap();
        Client::with_parts(authority, application, credential, settings, self.clone(), self.clone()).unwrap()
    }

    /// A client that shares a file in `folder` with others.
    pub fn client_with_file(self: &Arc<Self>, application: &str, folder: &Path) -> Client {
        let folder = folder.display().to_string();
        let options = [
            ("cache.name", "users"),
            ("cache.folder", &folder),
            ("cache.protection", "none"),
        ];
        self.client(application, &options)
    }

    fn answer(&self, fields: &HashMap<String, String>) -> (u16, Value) {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let application = field("client_id");
        let refused = |suberror: &str| {
            let refusal = json!({"error": "invalid_grant", "suberror": suberror, "error_description": "refused"});
            (400, refusal)
        };
        let user = match field("grant_type").as_str() {
            "password" => field("username").split('@').next().unwrap_or_default().to_owned(),
            "refresh_token" => {
                if let Some(refusal) = self.refusals.lock().unwrap().pop_front() {
                    return (400, refusal);
                }
                let issued = self.issued.lock().unwrap().get(&field("refresh_token")).cloned();
                match issued {
                    Some(issued) if issued.application == application => issued.user,
                    Some(issued) if is_of_family(&issued.application) && is_of_family(&application) => issued.user,
                    Some(issued) if is_of_family(&issued.application) => return refused("client_mismatch"),
                    Some(_) | None => return refused(""),
                }
            }
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => "carol".to_owned(),
            other => panic!("no service for {other}"),
        };
        let user = self.impostor.lock().unwrap().map_or(user, str::to_owned);
        (200, self.issue(&user, &application, &field("scope")))
    }

    fn issue(&self, user: &str, application: &str, scope: &str) -> Value {
        let mut issued = self.issued.lock().unwrap();
        let number = issued.len();
        let refresh_token = format!("refresh-token-{number}");
        let member = Issued {
            user: user.to_owned(),
            application: application.to_owned(),
        };
        issued.insert(refresh_token.clone(), member);
        let reserved = ["openid", "profile", "offline_access"];
        let granted: Vec<_> = scope
            .split([' ', '+'])
            .filter(|scope| !reserved.contains(scope))
            .collect();
        let id_token = json!({"oid": format!("{user}-object"), "sub": "subject", "tid": TENANT,
            "preferred_username": format!("{user}@contoso.com"), "name": format!("The user {user}")});
        let mut answer = json!({"token_type": "Bearer", "expires_in": LIFE, "scope": granted.join(" "),
            "access_token": format!("{user}-{number}"), "refresh_token": refresh_token,
            "id_token": format!("h.{}.s", encode(&id_token)),
            "client_info": encode(&json!({"uid": user, "utid": "home"}))});
        if is_of_family(application) {
            answer["foci"] = "1".into();
        }
        answer
    }
}

pub fn is_of_family(application: &str) -> bool {
    [FIRST, SECOND].contains(&application)
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

impl Transport for Users {
    fn post(&self, request: &HttpRequest) -> Result<HttpAnswer> {
        let body = String::from_utf8(request.form.as_bytes().to_vec()).unwrap();
        let fields: HashMap<String, String> = form_urlencoded(&body).collect();
        self.grants.lock().unwrap().push(fields["grant_type"].clone());
        let interruption = self.interruption.lock().unwrap().take();
        if let Some(interruption) = interruption {
            interruption();
        }
        let (status, answer) = self.answer(&fields);
        Ok(HttpAnswer {
            status,
            body: Secret::new(answer.to_string().into_bytes()),
            ..HttpAnswer::default()
        })
    }
}

impl Clock for Users {
    fn now(&self) -> SystemTime {
        from_unix_seconds(*self.now.lock().unwrap())
    }

    fn monotonic(&self) -> Instant {
        let passed = *self.now.lock().unwrap() - NOW;
        self.started + Duration::from_secs(u64::try_from(passed).unwrap())
    }

    fn sleep(&self, _: Duration) {}
}

/// The user signs in with a password.
pub fn sign_in(client: &Client, user: &str) -> AcquiredToken {
    let password = Password::new(&format!("{user}@contoso.com"), secret("password")).unwrap();
    let options = [("force_refresh", "true")];
    client.acquire(&request(password, "User.Read", &options), None).unwrap()
}

/// A token for the account, without the user.
pub fn silently(client: &Client, account: &str, options: &[(&str, &str)]) -> Result<AcquiredToken> {
    client.acquire(&request(Account::new(account).unwrap(), "User.Read", options), None)
}

#[track_caller]
pub fn assert_needs_user(result: Result<AcquiredToken>) -> Error {
    let error = result.map(|_| ()).unwrap_err();
    assert_eq!(error.status(), Status::InteractionRequired, "{error}");
    error
}
