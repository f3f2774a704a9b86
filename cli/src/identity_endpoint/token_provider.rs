//! Where the endpoint gets its tokens.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use graphtoken::{AcquiredToken, Client, Error, Grant, Request, RequestSettings, Scopes, TOKEN_TYPE, unix_seconds};

use super::answer::{Answer, IssuedToken, Refusal};
use super::identity_request::IdentityRequest;
use crate::failure::Failure;
use crate::warnings::Warnings;

/// A client, and the grant and settings of its requests.
pub struct TokenProvider {
    client: Client,
    grant: Arc<dyn Grant>,
    settings: RequestSettings,
}

impl TokenProvider {
    pub fn new(client: Client, grant: Arc<dyn Grant>, settings: RequestSettings) -> Self {
        Self {
            client,
            grant,
            settings,
        }
    }

    /// The answer with a token for what a program asks for. A failure is printed too, because many programs show
    /// little of it.
    pub fn token(&self, asked: &IdentityRequest) -> Result<Answer, Refusal> {
        // A chain knows whose token it is only when it has one.
        let known = self.client.client_id();
        if !known.is_empty() {
            check_identity(asked, known)?;
        }
        let token = self.acquire(&asked.resource).map_err(|error| {
            let refusal = Refusal::of(&error);
            Failure::from(error).print(false, &Warnings::new(false));
            refusal
        })?;
        check_identity(asked, &token.holder.client_id)?;
        let issued = IssuedToken {
            access_token: token.access_token.expose_text().unwrap_or_default(),
            expires_on: unix_seconds(SystemTime::now() + lifetime(&token)).to_string(),
            resource: &asked.resource,
            token_type: TOKEN_TYPE,
            client_id: &token.holder.client_id,
        };
        Ok(issued.answer())
    }

    fn acquire(&self, resource: &str) -> Result<AcquiredToken, Error> {
        // The scope that stands for a resource keeps the resource's own slash (Microsoft page "Scopes and permissions in
        // the Microsoft identity platform", trailing slash and /.default).
        let scopes = Scopes::parse(&format!("{resource}/.default"))?;
        let request = Request::new(Arc::clone(&self.grant), scopes, self.settings.clone());
        self.client.acquire(&request, None)
    }
}

/// A program that asks for another identity must not get this one's token.
fn check_identity(asked: &IdentityRequest, known: &str) -> Result<(), Refusal> {
    match &asked.client_id {
        Some(id) if !id.eq_ignore_ascii_case(known) => Err(Refusal::bad_request(
            "The identity that client_id names is not the one that this endpoint serves. Omit the client ID in the \
             program, or start graph-token serve for that application.",
        )),
        _ => Ok(()),
    }
}

/// How long the program may keep the token. A service that does not say it has given one for this moment.
fn lifetime(token: &AcquiredToken) -> Duration {
    token.lifetime.unwrap_or_default()
}
