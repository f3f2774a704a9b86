//! Refresh tokens.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::subject::Subject;

/// The refresh tokens that were issued, each bound to its application and user; known by their SHA-256 alone.
///
/// Using one issues another; the old one goes on working, as Entra has it (Microsoft: "Refresh tokens in the Microsoft
/// identity platform"). The newest [`MOST`] work.
pub(crate) struct RefreshTokens(Mutex<Known>);

#[derive(Default)]
struct Known {
    issued: HashMap<[u8; 32], Issued>,
    /// In the order in which they were issued.
    order: VecDeque<[u8; 32]>,
}

/// Some hundred bytes of memory each.
const MOST: usize = 100_000;

struct Issued {
    client_id: String,
    subject: Subject,
}

impl RefreshTokens {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    pub(crate) fn issue(&self, client_id: &str, subject: &Subject) -> String {
        let random = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
        let token = format!("0.{}", URL_SAFE_NO_PAD.encode(random));
        let issued = Issued {
            client_id: client_id.to_owned(),
            subject: subject.refreshed(),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.order.push_back(digest(&token));
        known.issued.insert(digest(&token), issued);
        if known.order.len() > MOST
            && let Some(oldest) = known.order.pop_front()
        {
            known.issued.remove(&oldest);
        }
        token
    }

    /// What `token` was issued for, when it was issued to this application.
    pub(crate) fn find(&self, token: &str, client_id: &str) -> Option<Subject> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let issued = known
            .issued
            .get(&digest(token))
            .filter(|issued| issued.client_id == client_id)?;
        Some(issued.subject.clone())
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
