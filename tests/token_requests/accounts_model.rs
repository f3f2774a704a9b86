//! Compares the accounts of clients that share them with a simple model, in long sequences of random steps.

use std::collections::{BTreeMap, BTreeSet};

use graphtoken::base::error::Status;
use graphtoken::client::Client;
use graphtoken::token::TokenSource;
use proptest::prelude::*;

use crate::service::NOW;
use crate::users::{ALONE, FIRST, LIFE, SECOND, Users, is_of_family, sign_in, silently};

const APPLICATIONS: [&str; 3] = [FIRST, SECOND, ALONE];
const USERS: [&str; 2] = ["alice", "bob"];

/// How long a cached token must still be valid.
const MINIMUM: i64 = 300;

#[derive(Clone, Debug)]
enum Step {
    SignIn {
        application: usize,
        user: usize,
    },
    Silently {
        application: usize,
        user: usize,
        is_forced: bool,
    },
    SignOut {
        application: usize,
        user: usize,
    },
    /// The refresh token of the next request is refused for what it asks, or is dead.
    Refuse {
        is_dead: bool,
    },
    Wait {
        seconds: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (application, user) = (0..APPLICATIONS.len(), 0..USERS.len());
    prop_oneof![
        3 => (application.clone(), user.clone()).prop_map(|(application, user)| Step::SignIn { application, user }),
        8 => (application.clone(), user.clone(), prop::bool::weighted(0.2)).prop_map(
            |(application, user, is_forced)| Step::Silently { application, user, is_forced }
        ),
        2 => (application, user).prop_map(|(application, user)| Step::SignOut { application, user }),
        1 => any::<bool>().prop_map(|is_dead| Step::Refuse { is_dead }),
        3 => prop_oneof![Just(60), Just(LIFE)].prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// What is known of the users, whichever client it was told.
#[derive(Default)]
struct Model {
    now: i64,
    accounts: BTreeMap<&'static str, Account>,
    /// Whether an application is of the family, as far as the service has told.
    families: BTreeMap<&'static str, bool>,
    refusals: Vec<bool>,
    /// A file with nothing in it is deleted, with what is known of applications.
    is_file: bool,
}

#[derive(Default)]
struct Account {
    /// When the access token of an application ends.
    tokens: BTreeMap<&'static str, i64>,
    /// The applications with a refresh token of their own, each with the number of the token.
    own: BTreeMap<&'static str, u32>,
    of_family: Option<u32>,
    next: u32,
}

/// What comes of asking for a token without the user: the source of the token, if there is one, and the requests.
type Outcome = (Option<TokenSource>, usize);

impl Model {
    fn sign_in(&mut self, application: &'static str, user: &'static str) {
        self.accounts.entry(user).or_default();
        self.issue(application, user);
    }

    fn issue(&mut self, application: &'static str, user: &'static str) {
        let end = self.now + LIFE;
        let account = self.accounts.get_mut(user).unwrap();
        account.tokens.insert(application, end);
        account.next += 1;
        account.own.insert(application, account.next);
        if is_of_family(application) {
            account.of_family = Some(account.next);
        }
        self.families.insert(application, is_of_family(application));
    }

    fn silently(&mut self, application: &'static str, user: &'static str, is_forced: bool) -> Outcome {
        let Some(account) = self.accounts.get(user) else {
            return (None, 0);
        };
        let end = account.tokens.get(application).copied().unwrap_or_default();
        if !is_forced && end > self.now + MINIMUM {
            return (Some(TokenSource::Cache), 0);
        }
        let is_candidate = self.families.get(application) != Some(&false);
        let mut candidates: Vec<u32> = account.of_family.filter(|_| is_candidate).into_iter().collect();
        candidates.extend(account.own.get(application));
        candidates.dedup();
        let mut requests = 0;
        for candidate in candidates {
            requests += 1;
            if let Some(is_dead) = self.refusals.pop() {
                if is_dead {
                    let account = self.accounts.get_mut(user).unwrap();
                    account.own.retain(|_, own| *own != candidate);
                    account.of_family = account.of_family.filter(|known| *known != candidate);
                }
                continue;
            }
            let is_own = self.accounts[user].own.get(application) == Some(&candidate);
            if is_own || is_of_family(application) {
                self.issue(application, user);
                return (Some(TokenSource::Network), requests);
            }
            self.families.insert(application, false);
        }
        (None, requests)
    }

    fn sign_out(&mut self, user: &str) {
        if self.accounts.remove(user).is_some() && self.accounts.is_empty() && self.is_file {
            self.families.clear();
        }
    }
}

fn check(steps: &[Step], is_file: bool, users: &std::sync::Arc<Users>, client: &dyn Fn(&str) -> Client) {
    let mut model = Model {
        now: NOW,
        is_file,
        ..Model::default()
    };
    for step in steps {
        match *step {
            Step::SignIn { application, user } => {
                sign_in(&client(APPLICATIONS[application]), USERS[user]);
                model.sign_in(APPLICATIONS[application], USERS[user]);
            }
            Step::Silently {
                application,
                user,
                is_forced,
            } => {
                users.take_grants();
                let options = [("force_refresh", "true")];
                let options = &options[..usize::from(is_forced)];
                let name = format!("{}@contoso.com", USERS[user]);
                let result = silently(&client(APPLICATIONS[application]), &name, options);
                if let Ok(token) = &result {
                    assert_eq!(token.username(), name);
                }
                let source = match result {
                    Ok(token) => Some(token.source),
                    Err(error) if error.status() == Status::InteractionRequired => None,
                    Err(error) => panic!("{error}"),
                };
                let expected = model.silently(APPLICATIONS[application], USERS[user], is_forced);
                assert_eq!((source, users.take_grants().len()), expected, "{step:?}");
            }
            Step::SignOut { application, user } => {
                let client = client(APPLICATIONS[application]);
                client.sign_out(&format!("{}.home", USERS[user])).unwrap();
                model.sign_out(USERS[user]);
            }
            Step::Refuse { is_dead } if model.refusals.is_empty() => {
                users.refuse(if is_dead { "bad_token" } else { "basic_action" });
                model.refusals.push(is_dead);
            }
            Step::Refuse { .. } => {}
            Step::Wait { seconds } => {
                users.pass(seconds);
                model.now += seconds;
            }
        }
        let accounts = client(FIRST).accounts().unwrap();
        let names: BTreeSet<&str> = accounts
            .iter()
            .map(|account| account.home_account_id.as_str())
            .collect();
        let expected: BTreeSet<String> = model.accounts.keys().map(|user| format!("{user}.home")).collect();
        assert_eq!(names, expected.iter().map(String::as_str).collect(), "{step:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    /// Every client is a new one, as in another process: the clients share the file alone.
    #[test]
    fn processes_with_one_file_behave_like_the_model(steps in prop::collection::vec(step(), 1..40)) {
        let (users, folder) = (Users::new(), tempfile::tempdir().unwrap());
        check(&steps, true, &users, &|application| users.client_with_file(application, folder.path()));
    }

    #[test]
    fn clients_of_one_process_behave_like_the_model(steps in prop::collection::vec(step(), 1..60)) {
        let users = Users::new();
        check(&steps, false, &users, &|application| users.client(application, &[("cache", "process")]));
    }
}
