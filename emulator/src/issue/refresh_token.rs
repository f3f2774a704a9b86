//! Refresh tokens.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::subject::Subject;

/// The refresh tokens that were issued, each bound to its application and user; known by their SHA-256 alone.
///
/// Using one issues another; the old one goes on working, as Entra has it (Microsoft: "Refresh tokens in the Microsoft
/// identity platform").
pub(crate) struct RefreshTokens(Mutex<HashMap<[u8; 32], Issued>>);

struct Issued {
    client_id: String,
    subject: Subject,
}

impl RefreshTokens {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    pub(crate) fn issue(&self, client_id: &str, subject: &Subject) -> String {
        let random = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
        let token = format!("0.{}", URL_SAFE_NO_PAD.encode(random));
        let issued = Issued {
            client_id: client_id.to_owned(),
            subject: subject.clone(),
        };
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(digest(&token), issued);
        token
    }

    /// What `token` was issued for, when it was issued to this application.
    pub(crate) fn find(&self, token: &str, client_id: &str) -> Option<Subject> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let issued = tokens
            .get(&digest(token))
            .filter(|issued| issued.client_id == client_id)?;
        Some(issued.subject.clone())
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
