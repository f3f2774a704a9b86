//! The token of a response, with what is known from its request.

use std::sync::Arc;
use std::time::SystemTime;

use super::Application;
use crate::base::correlation_id::CorrelationId;
use crate::base::invisible::without_invisible;
use crate::base::redaction::redact;
use crate::request::grant::Grant;
use crate::request::scope::Scopes;
use crate::service::response::TokenResponse;
use crate::service::username::username_in;
use crate::token::{Token, UNKNOWN_END, UserTokens};

impl Application {
    /// The token of `response` to a request for `asked`.
    pub(super) fn token(
        &self,
        response: TokenResponse,
        asked: &Scopes,
        grant: &dyn Grant,
        correlation_id: CorrelationId,
        now: SystemTime,
    ) -> Token {
        let expires_on = response.expires_in.map_or(UNKNOWN_END, |lifetime| now + lifetime);
        let refresh_on = response.refresh_in.map(|after| now + after);
        let asked = asked.text().unwrap_or(&self.default_scope);
        let granted = response
            .scope
            .as_deref()
            .map(words)
            .filter(|granted| **granted != **asked);
        let is_for_user =
            !grant.is_for_application() || response.refresh_token.is_some() || response.id_token.is_some();
        Token {
            scopes: granted.map_or_else(|| Arc::clone(asked), Arc::from),
            expires_on,
            refresh_on,
            holder: Arc::clone(&self.holder),
            correlation_id: Some(correlation_id),
            access_token: response.access_token,
            user: is_for_user.then(|| {
                let signed_in = response.id_token.as_ref().and_then(username_in);
                let signed_in = signed_in.map(|name| redact(&name, &self.secrets(grant, None)));
                Box::new(UserTokens {
                    username: signed_in.unwrap_or_else(|| grant.username().unwrap_or_default().to_owned()),
                    refresh_token: response
                        .refresh_token
                        .filter(|_| grant.user_assertion().is_none())
                        .or_else(|| grant.refresh_token().cloned()),
                    id_token: response.id_token,
                    client_info: response.client_info,
                    family: response.family,
                })
            }),
        }
    }
}

/// `text` with its words separated by single spaces.
fn words(text: &str) -> String {
    let words = text.split_ascii_whitespace().map(without_invisible);
    words.collect::<Vec<_>>().join(" ")
}
