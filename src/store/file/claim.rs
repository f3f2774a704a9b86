//! What entitles a caller to access tokens in a cache.

use serde_json::{Map, Value};

use crate::store::file::document::{ACCOUNT_PROOF, USER_ASSERTION_HASH, text};
use crate::store::file::proof::has_proof;

/// What a caller has shown.
pub(super) enum Claim<'a> {
    /// Entries with this proof. An application may also have entries of MSAL, which have no proof.
    Proof { proof: Option<String>, or_without: bool },
    /// Entries of MSAL for the account whose refresh token the caller gave.
    Account(&'a str),
    /// Entries for the account that the caller names: those of MSAL, and those that an application with the same
    /// credential has kept.
    SignedIn { home: &'a str, proof: Option<String> },
    /// Entries for the user assertion with this hash. Those of MSAL have no proof.
    UserAssertion { hash: &'a str, proof: Option<String> },
}

impl Claim<'_> {
    /// Whether it entitles the caller to the token of an entry.
    pub(super) fn covers(&self, entry: &Map<String, Value>) -> bool {
        let is_of_msal = has_proof(entry, "");
        let is_proved = |proof: &Option<String>| proof.as_ref().is_some_and(|proof| has_proof(entry, proof));
        let hash_of_entry = text(entry, USER_ASSERTION_HASH);
        match self {
            Self::Proof { proof, or_without } => {
                is_proved(proof) || (*or_without && is_of_msal && hash_of_entry.is_empty())
            }
            Self::Account(account) => {
                is_of_msal && hash_of_entry.is_empty() && text(entry, "home_account_id").eq_ignore_ascii_case(account)
            }
            Self::SignedIn { home, proof } => {
                let is_proved = match text(entry, ACCOUNT_PROOF) {
                    "" => is_of_msal,
                    kept => proof.as_ref().is_some_and(|proof| proof == kept),
                };
                is_proved && hash_of_entry.is_empty() && text(entry, "home_account_id").eq_ignore_ascii_case(home)
            }
            Self::UserAssertion { hash, proof } => hash_of_entry == *hash && (is_proved(proof) || is_of_msal),
        }
    }
}
