//! Browsers whose user has signed in.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::directory::User;

/// The newest [`MOST`] sessions; known by the SHA-256 of their cookies alone.
pub(crate) struct BrowserSessions(Mutex<VecDeque<([u8; 32], User)>>);

/// Some hundred bytes of memory each.
const MOST: usize = 10_000;

/// The name of the cookie, which is Entra's.
const COOKIE: &str = "ESTSAUTH";

impl BrowserSessions {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// The cookie by which the browser of `user` is known from now on, as the header `Set-Cookie` has it.
    pub(crate) fn begin(&self, user: &User) -> String {
        let id = Uuid::new_v4().simple().to_string();
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.truncate(MOST - 1);
        sessions.push_front((digest(&id), user.clone()));
        format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax")
    }

    /// The user who has signed in in the browser that sends these cookies.
    pub(crate) fn user(&self, cookies: &str) -> Option<User> {
        let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        let id = pairs
            .filter(|(name, _)| *name == COOKIE)
            .map(|(_, id)| digest(id))
            .next()?;
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.iter().find(|(known, _)| *known == id);
        session.map(|(_, user)| user.clone())
    }
}

fn digest(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}
