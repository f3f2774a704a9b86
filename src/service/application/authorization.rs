//! A user who signs in in a browser: where the browser is sent, and the exchange of the code that it brings (RFC 6749
//! section 4.1; OpenID Connect Core 1.0 section 3.1).

use super::attempt::Attempt;
use super::endpoint::AuthorizationEndpoint;
use super::{Application, Call};
use crate::base::correlation_id::CorrelationId;
use crate::base::error::{Error, Result, Status};
use crate::http::form::Form;
use crate::request::grant::add_scope_and_claims;
use crate::request::grant::authorization_code::{Authorization, AuthorizationCode};
use crate::request::scope::{RESERVED, Scopes};
use crate::request::settings::RequestSettings;
use crate::request::sign_in::{Prompt, SignInSettings};
use crate::service::id_token;
use crate::service::issuer::Issuer;
use crate::service::requirement;
use crate::service::retry::is_transient;
use crate::token::Token;

/// What a browser is sent to the authority with, beside the application and its scopes.
#[derive(Debug)]
pub struct AuthorizationRequest<'a> {
    /// Where it brings the answer.
    pub redirect_uri: &'a str,
    /// What the answer must repeat.
    pub state: &'a str,
    /// What the id token must repeat.
    pub nonce: &'a str,
    /// The challenge of PKCE, of the method S256.
    pub challenge: &'a str,
    /// The id by which the sign-in can be found in the service's logs.
    pub correlation_id: CorrelationId,
}

impl Application {
    /// Where users sign in. Something is sent if only the authority's metadata tell: the settings limit its time.
    pub fn authorization_endpoint(&self, settings: &RequestSettings) -> Result<AuthorizationEndpoint> {
        if self.settings.region.is_some() {
            return Err(requirement::no_region_for_users());
        }
        let deadline = self.clock.monotonic() + settings.timeout.unwrap_or(self.settings.timeout);
        let description = self.description(&settings.correlation_id_or_random()?, deadline)?;
        description.authorization_endpoint(self)
    }

    /// The address that a user's browser has to open.
    pub fn authorization_url(
        &self,
        endpoint: &AuthorizationEndpoint,
        asked: &AuthorizationRequest,
        scopes: &Scopes,
        settings: &RequestSettings,
        sign_in: &SignInSettings,
    ) -> String {
        let mut query = Form::default();
        query.add("client_id", &self.holder.client_id);
        query.add("response_type", "code");
        query.add("redirect_uri", asked.redirect_uri);
        let claims = settings.claims_parameter(&self.settings.capabilities);
        add_scope_and_claims(&mut query, &RESERVED, scopes, &self.scope_terms(), claims.as_deref());
        query.add("state", asked.state);
        query.add("nonce", asked.nonce);
        query.add("code_challenge", asked.challenge);
        query.add("code_challenge_method", "S256");
        query.add("response_mode", endpoint.response_mode.name());
        if self.authority.has_client_info() {
            query.add("client_info", "1");
        }
        let hint = sign_in.login_hint.as_deref();
        let chooses = hint.is_none() && endpoint.selects_account;
        if let Some(prompt) = sign_in.prompt.or(chooses.then_some(Prompt::SelectAccount)) {
            query.add("prompt", prompt.name());
        }
        if let Some(hint) = hint {
            query.add("login_hint", hint);
        }
        query.add("client-request-id", asked.correlation_id.as_str());
        let query = String::from_utf8_lossy(query.as_bytes());
        // RFC 6749 section 3.1 has its own query kept.
        let separator = if endpoint.url.contains('?') { '&' } else { '?' };
        format!("{}{separator}{query}", endpoint.url)
    }

    /// Waits for the code, and exchanges it. It is sent once: a service that gets it again revokes what it has issued
    /// (RFC 6749 section 4.1.2).
    pub(super) fn exchange(&self, call: &Call, authorization: &dyn Authorization) -> Result<Token> {
        let code = authorization.wait(&*self.clock, call.deadline)?;
        let call = Call { grant: &code, ..*call };
        let limit = self.left(call.deadline).min(self.settings.timeout);
        let mut no_corrections = 0;
        match self.attempt(&call, Some(limit), &mut no_corrections)? {
            Attempt::Issued(token) => self.checked(token, &code, &call),
            Attempt::Refused(error) if is_transient(&error) => Err(error.with_hint(SPENT)),
            Attempt::Refused(error) => Err(error),
            Attempt::Corrected => unreachable!("no correction is allowed"),
        }
    }

    /// The token, if it is from this sign-in.
    fn checked(&self, token: Token, code: &AuthorizationCode, call: &Call) -> Result<Token> {
        let expected = id_token::Expected {
            authority: &self.authority,
            client_id: &self.holder.client_id,
            nonce: &code.nonce,
            now: self.now().wall,
        };
        let id_token = token.user.as_ref().and_then(|user| user.id_token.as_ref());
        let problem = match id_token {
            Some(id_token) => id_token::problem(id_token, &expected),
            None => Some("is missing"),
        };
        match problem {
            None => Ok(token),
            Some(problem) => Err(Error::new(
                Status::MalformedResponse,
                format!(
                    "The id token in the response from {} {problem}.",
                    call.description.token_endpoint(self)
                ),
                "Check the authority's address, and sign in again. The token is not used.",
            )),
        }
    }
}

/// What to do when the answer to a code is lost.
const SPENT: &str = "Start the sign-in again: the authorization code is sent once, and may be spent.";
