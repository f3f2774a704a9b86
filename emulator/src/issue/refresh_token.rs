//! Refresh tokens.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::subject::Subject;
use crate::answer::refusal::Refusal;
use crate::directory::application::Application;

/// The refresh tokens that were issued, each bound to its user and application, or to the family of applications that
/// the application belongs to; known by their SHA-256 alone.
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
    realm: String,
    is_of_family: bool,
    subject: Subject,
}

impl RefreshTokens {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    pub(crate) fn issue(&self, application: &Application, realm: &str, subject: &Subject) -> String {
        let random = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
        let token = format!("0.{}", URL_SAFE_NO_PAD.encode(random));
        let issued = Issued {
            client_id: application.client_id.clone(),
            realm: realm.to_owned(),
            is_of_family: application.is_of_family,
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

    /// What `token` was issued for, when an authority of this realm issued it to this application or to its family.
    pub(crate) fn find(&self, token: &str, application: &Application, realm: &str) -> Result<Subject, Refusal> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let issued = known.issued.get(&digest(token));
        let issued = issued.filter(|issued| issued.realm == realm);
        let issued = issued.ok_or_else(|| Refusal::new(70000, &[]))?;
        let is_of_application = issued.client_id == application.client_id;
        if is_of_application || issued.is_of_family && application.is_of_family {
            return Ok(issued.subject.clone());
        }
        let refusal = Refusal::new(70000, &[]);
        Err(if issued.is_of_family {
            // MSAL.NET's OAuth2SubError.ClientMismatch: the application does not belong to the family.
            refusal.with_suberror("client_mismatch")
        } else {
            refusal
        })
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
