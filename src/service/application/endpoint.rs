//! The endpoint that a request is sent to, and what the authority's metadata decide about it.

#[cfg(feature = "flows")]
use std::sync::Arc;
use std::time::Instant;

use super::Application;
#[cfg(feature = "flows")]
use crate::authority::ResponseMode;
use crate::base::correlation_id::CorrelationId;
use crate::base::error::{Error, Result, Status};
use crate::http::{HttpAnswer, HttpRequest};
use crate::request::scope::ScopeTerms;
#[cfg(feature = "flows")]
use crate::service::discovery::{self, Metadata};

/// What is known about the authority in one call.
pub(super) struct Description {
    /// `None` if its endpoints are known without them.
    #[cfg(feature = "flows")]
    metadata: Option<Arc<Metadata>>,
}

/// Where users sign in, and how the answer comes back.
#[cfg(feature = "flows")]
#[derive(Clone, Debug)]
pub struct AuthorizationEndpoint {
    /// Its address (RFC 6749 section 3.1). It may have a query of its own.
    pub url: String,
    /// How it brings the answer: in a form, unless the authority does not say that it can.
    pub response_mode: ResponseMode,
    /// Whether every answer names its issuer (RFC 9207 section 3). Entra names none.
    pub always_names_issuer: bool,
    /// Whether users can be asked which account they want. Issuers may refuse the request if they cannot.
    pub selects_account: bool,
}

/// How a client secret is sent (RFC 6749 section 2.3.1).
pub(super) enum SecretPlace {
    Body,
    /// In the header `Authorization`.
    Header,
}

impl Description {
    /// Where tokens are requested.
    pub(super) fn token_endpoint<'a>(&'a self, application: &'a Application) -> &'a str {
        #[cfg(feature = "flows")]
        if let Some(endpoint) = self.endpoint("token_endpoint") {
            return endpoint;
        }
        application.authority.token_endpoint()
    }

    /// How the client secret is sent. An issuer that names no methods takes the header (OpenID Connect Discovery 1.0
    /// section 3).
    ///
    /// # Errors
    /// `InvalidArgument` if the issuer takes no secrets.
    pub(super) fn secret_place(&self) -> Result<SecretPlace> {
        if self.accepts("client_secret_post", true) {
            Ok(SecretPlace::Body)
        } else if self.accepts("client_secret_basic", true) || self.accepts("client_secret_basic", false) {
            Ok(SecretPlace::Header)
        } else {
            Err(unsupported("a client secret", "a certificate"))
        }
    }

    /// # Errors
    /// `InvalidArgument` if the issuer says that it takes no assertions.
    pub(super) fn check_assertions(&self) -> Result<()> {
        if self.accepts("private_key_jwt", true) || self.accepts("private_key_jwt", false) {
            return Ok(());
        }
        Err(unsupported("a certificate or a client assertion", "a client secret"))
    }

    /// Whether the issuer names a way to prove an application, or, if it names none, whether it is not `named`. An
    /// authority without metadata takes every way.
    fn accepts(&self, method: &str, named: bool) -> bool {
        #[cfg(feature = "flows")]
        if let Some(metadata) = &self.metadata {
            let supported = metadata.supports("token_endpoint_auth_methods_supported", method);
            return supported.unwrap_or(!named);
        }
        let _ = (method, named);
        true
    }

    #[cfg(feature = "flows")]
    fn endpoint(&self, name: &str) -> Option<&str> {
        self.metadata.as_ref()?.endpoint(name)
    }
}

#[cfg(feature = "flows")]
impl Description {
    /// Where users sign in.
    ///
    /// # Errors
    /// `InvalidArgument` if the authority has no such page, or does not take what protects the code.
    pub(super) fn authorization_endpoint(&self, application: &Application) -> Result<AuthorizationEndpoint> {
        let authority = &application.authority;
        let named = self.endpoint("authorization_endpoint").map(str::to_owned);
        let supports = |list, value| {
            self.metadata
                .as_ref()
                .and_then(|metadata| metadata.supports(list, value))
        };
        let refused = |problem: &str| {
            let message = format!("Users cannot sign in in a browser: {} {problem}.", authority.product());
            Error::new(
                Status::InvalidArgument,
                message,
                "Have the user sign in in another way.",
            )
        };
        let url = named
            .or_else(|| authority.authorization_endpoint())
            .ok_or_else(|| refused("has no page for it"))?;
        if supports("code_challenge_methods_supported", "S256") == Some(false) {
            // RFC 9700 section 2.1.1: no other method, and never none.
            return Err(refused("does not support PKCE with S256"));
        }
        let takes_form = match &self.metadata {
            None => true,
            Some(_) => supports("response_modes_supported", "form_post") == Some(true),
        };
        let selects_account = match &self.metadata {
            None => true,
            Some(_) => supports("prompt_values_supported", "select_account") == Some(true),
        };
        let is_named = |metadata: &Arc<Metadata>| metadata.says("authorization_response_iss_parameter_supported");
        Ok(AuthorizationEndpoint {
            url,
            response_mode: if takes_form {
                ResponseMode::FormPost
            } else {
                ResponseMode::Query
            },
            selects_account,
            always_names_issuer: self.metadata.as_ref().is_some_and(is_named),
        })
    }

    /// Where device codes are requested.
    ///
    /// # Errors
    /// `InvalidArgument` if the authority has none.
    pub(super) fn device_authorization_endpoint(&self, application: &Application) -> Result<String> {
        let authority = &application.authority;
        let named = self.endpoint("device_authorization_endpoint").map(str::to_owned);
        named
            .or_else(|| authority.device_authorization_endpoint())
            .ok_or_else(|| {
                Error::new(
                    Status::InvalidArgument,
                    format!(
                        "Users cannot sign in with a device code: {} has none.",
                        authority.product()
                    ),
                    "Have the user sign in in another way.",
                )
            })
    }
}

impl Application {
    /// What the caller should know about the region; empty if there is nothing.
    #[cfg(feature = "flows")]
    pub fn warning(&self) -> &'static str {
        self.settings.region.as_ref().map_or("", |source| source.warning())
    }

    /// What is known about the authority: its metadata are requested if only they tell its endpoints.
    pub(super) fn description(&self, correlation_id: &CorrelationId, deadline: Instant) -> Result<Description> {
        #[cfg(feature = "flows")]
        return Ok(Description {
            metadata: match &self.discovery {
                None => None,
                Some(discovery) => Some(discovery.metadata(&discovery::Request {
                    transport: &*self.transport,
                    clock: &*self.clock,
                    correlation_id: correlation_id.as_str(),
                    deadline,
                    retries: self.settings.retries,
                })?),
            },
        });
        #[cfg(not(feature = "flows"))]
        {
            let _ = (correlation_id, deadline);
            Ok(Description {})
        }
    }

    /// How the authority is told what a token is for.
    pub(super) fn scope_terms(&self) -> ScopeTerms<'_> {
        ScopeTerms {
            default_scope: &self.default_scope,
            separates_resource: self.authority.separates_resource(),
            has_client_info: self.authority.has_client_info(),
        }
    }
}

/// How requests for tokens are sent.
impl Application {
    /// Sends a request to the authority.
    #[cfg(not(feature = "flows"))]
    pub(super) fn post(&self, request: &HttpRequest) -> Result<HttpAnswer> {
        self.transport.post(request)
    }

    /// Sends a request to the region of the application if it has one, and if nothing answers there, once to the
    /// authority itself.
    #[cfg(feature = "flows")]
    pub(super) fn post(&self, request: &HttpRequest) -> Result<HttpAnswer> {
        let source = self.settings.region.as_ref();
        let region = source.map(|source| source.region()).transpose()?.flatten();
        let Some(url) = region.and_then(|region| region.token_endpoint(&self.authority)) else {
            return self.transport.post(request);
        };
        let began = self.clock.monotonic();
        let outcome = self.transport.post(&HttpRequest { url: &url, ..*request });
        let spent = self.clock.monotonic().saturating_duration_since(began);
        let whole = request.timeout.unwrap_or(self.settings.timeout);
        let left = whole.saturating_sub(spent);
        match outcome {
            Err(error) if is_unanswered(&error) && self.may_repeat() && !left.is_zero() => {
                log::warn!("nothing answers at {url}; asking the authority itself: {error}");
                let timeout = Some(left);
                self.transport.post(&HttpRequest { timeout, ..*request })
            }
            outcome => outcome,
        }
    }
}

/// Whether nothing has answered. A request of an application may be repeated then.
#[cfg(feature = "flows")]
fn is_unanswered(error: &Error) -> bool {
    matches!(error.status(), Status::ConnectionFailed | Status::RequestTimeout)
}

fn unsupported(what: &str, other: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The issuer does not accept {what} (token_endpoint_auth_methods_supported)."),
        format!("Use {other}."),
    )
}
