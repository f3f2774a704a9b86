//! Proofs: keyed hashes of callers' credentials. An entry is returned only to callers with the same proof.
//!
//! A proof does not reveal what it was made from.

use aws_lc_rs::hmac;
use aws_lc_rs::rand;
use base64::Engine as _;
use serde_json::{Map, Value};

use crate::base::error::{Error, Result};
use crate::base::secret::Secret;
use crate::store::file::document::{Document, NODE, PROOF, set, text};
use crate::store::file::target::{Target, canonical_environment};
use crate::token::jwt::BASE64URL;

/// A random key in the file itself. Proofs in one file reveal nothing about those in another one.
pub(super) struct ProofKey(hmac::Key);

const KEY: &str = "proof_key";

impl ProofKey {
    /// The file's key; `None` if it has none, and therefore no proofs.
    pub(super) fn of(document: &Document) -> Option<Self> {
        let encoded = document.member(NODE, KEY)?.as_str()?;
        let bytes = zeroize::Zeroizing::new(BASE64URL.decode(encoded).ok()?);
        (bytes.len() == 32).then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The file's key. A new one is added if there is none.
    pub(super) fn of_mut(document: &mut Document) -> Result<Self> {
        if let Some(key) = Self::of(document) {
            return Ok(key);
        }
        let mut bytes = zeroize::Zeroizing::new([0; 32]);
        rand::fill(&mut *bytes).map_err(|_| Error::no_random_numbers())?;
        set(document.node_mut(NODE), KEY, BASE64URL.encode(*bytes));
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &*bytes)))
    }

    /// The proof of an application, or of a user with a password.
    pub(super) fn of_request(&self, target: &Target<'_>) -> String {
        let grant = target.wanted.grant;
        let secret = grant.secret().map(Secret::expose).unwrap_or_default();
        self.of_client(
            target,
            "request",
            &[grant.username().unwrap_or_default().to_lowercase().as_bytes(), secret],
        )
    }

    /// The proof of a user with one of the refresh tokens of a family.
    pub(super) fn of_family(&self, target: &Target<'_>, family: &str) -> String {
        // Part of the proofs in existing files.
        self.of_client(target, "line", &[family.as_bytes()])
    }

    /// The proof of an application that names the account of a user.
    pub(super) fn of_account(&self, target: &Target<'_>, home_account_id: &str) -> String {
        self.of_client(target, "account", &[home_account_id.to_lowercase().as_bytes()])
    }

    /// Identifies a refresh token of the application, independent of the application's credential.
    pub(super) fn of_refresh_token(&self, target: &Target<'_>, token: &Secret) -> String {
        let client = [target.environment(), target.wanted.client_id].map(str::to_ascii_lowercase);
        self.sign(&[
            b"refresh token",
            client[0].as_bytes(),
            client[1].as_bytes(),
            token.expose(),
        ])
    }

    /// The same of a refresh token in an entry of the cache.
    pub(super) fn of_entry(&self, entry: &Map<String, Value>) -> String {
        let environment = canonical_environment(text(entry, "environment"));
        let client_id = text(entry, "client_id").to_ascii_lowercase();
        self.sign(&[
            b"refresh token",
            environment.as_bytes(),
            client_id.as_bytes(),
            text(entry, "secret").as_bytes(),
        ])
    }

    fn of_client(&self, target: &Target<'_>, kind: &str, parts: &[&[u8]]) -> String {
        let (credential, secret) = target
            .wanted
            .credential
            .map_or(("public", &[][..]), crate::credential::Credential::proof);
        let mut all: Vec<&[u8]> = vec![kind.as_bytes(), credential.as_bytes(), secret];
        all.extend(parts);
        self.sign(&all)
    }

    fn sign(&self, parts: &[&[u8]]) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        BASE64URL.encode(context.sign())
    }
}

/// Whether an entry was kept with this proof.
pub(super) fn has_proof(entry: &Map<String, Value>, proof: &str) -> bool {
    text(entry, PROOF) == proof
}
