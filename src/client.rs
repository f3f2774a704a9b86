//! The client: an application at an authority, with its proof, that acquires tokens.

use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use serde_json::Value;

use crate::assertion::{ASSERTION_TYPE, client_assertion};
use crate::authority::Authority;
use crate::cache::{CacheKey, TokenCache};
use crate::cancel::Cancel;
use crate::clock::{Clock, SystemClock};
use crate::correlation::random_uuid;
use crate::credential::Credential;
use crate::digest::Digest;
use crate::error::{Error, Result, Status};
use crate::form::Form;
use crate::grant::Grant;
use crate::http::HttpRequest;
use crate::https::HttpsTransport;
use crate::jwt::BASE64URL;
use crate::options::{CachePlace, ClientSettings};
use crate::request::Request;
use crate::response::{self, Asked, TokenResponse};
use crate::secret::Secret;
use crate::token::{Token, TokenSource};
use crate::transport::Transport;

/// Acquires tokens. Copies share the connections and the cache; any thread may use any of them at any time.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    authority: Authority,
    client_id: String,
    credential: Option<Credential>,
    settings: ClientSettings,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    cache: Option<Arc<TokenCache>>,
    digest: Digest,
}

impl Client {
    /// An application at the tenant or authority that `tenant` and the settings name. Without a credential it is a
    /// public client, which can only ask for users.
    pub fn new(
        tenant: &str,
        client_id: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
    ) -> Result<Self> {
        let authority = Authority::new(tenant, settings.authority.as_deref(), settings.cloud)?;
        let transport = HttpsTransport::shared(&settings.transport, authority.token_endpoint())?;
        Self::with_parts(
            authority,
            client_id,
            credential,
            settings,
            transport,
            Arc::new(SystemClock),
        )
    }

    /// The same with the network and the time given, for tests.
    pub fn with_parts(
        authority: Authority,
        client_id: &str,
        credential: Option<Credential>,
        settings: ClientSettings,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let client_id = check_client_id(client_id)?;
        let cache = match settings.cache {
            CachePlace::Client => Some(Arc::default()),
            CachePlace::Process => Some(TokenCache::of_process()),
            CachePlace::None => None,
        };
        let proof = credential
            .as_ref()
            .map_or_else(|| Digest::of(&[b"public"]), Credential::digest);
        let identity = [authority.token_endpoint(), &authority.default_scope(), &client_id].map(str::to_lowercase);
        let digest = Digest::of(&[
            identity[0].as_bytes(),
            identity[1].as_bytes(),
            identity[2].as_bytes(),
            proof.as_bytes(),
        ]);
        let inner = Inner {
            authority,
            client_id,
            credential,
            settings,
            transport,
            clock,
            cache,
            digest,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A token for `request`, from the cache or from the service. `cancel` ends the wait from another thread.
    pub fn acquire(&self, request: &Request, cancel: Option<&Cancel>) -> Result<Arc<Token>> {
        let key = CacheKey {
            client: self.inner.digest,
            request: request.digest(),
        };
        if let Some(token) = self.inner.cached(&key, request) {
            return Ok(token);
        }
        match cancel {
            None => self.inner.fetch(key, request),
            Some(cancel) => {
                let (inner, request) = (Arc::clone(&self.inner), request.clone());
                cancel.run(move || inner.fetch(key, &request))
            }
        }
    }

    /// A fresh client assertion, as the next request would send it. Needs a certificate.
    pub fn assertion(&self, cancel: Option<&Cancel>) -> Result<Secret> {
        match cancel {
            None => self.inner.assertion(),
            Some(cancel) => {
                let inner = Arc::clone(&self.inner);
                cancel.run(move || inner.assertion())
            }
        }
    }

    /// Where and for which tenant tokens are asked.
    pub fn authority(&self) -> &Authority {
        &self.inner.authority
    }
}

impl Inner {
    fn cached(&self, key: &CacheKey, request: &Request) -> Option<Arc<Token>> {
        let settings = request.settings();
        if settings.force_refresh {
            return None;
        }
        self.cache
            .as_ref()?
            .get(key, self.clock.now(), settings.minimum_lifetime)
    }

    fn fetch(&self, key: CacheKey, request: &Request) -> Result<Arc<Token>> {
        let correlation_id = request.settings().correlation_id.clone().map_or_else(random_uuid, Ok)?;
        let mut form = Form::default();
        let assertion = self.authenticate(&mut form, request)?;
        let claims = request.settings().claims.as_deref();
        request
            .grant()
            .add_to(&mut form, request.scopes(), &self.authority.default_scope(), claims);

        let endpoint = self.authority.token_endpoint();
        log::debug!(
            "asking {endpoint} for a token of client {}, correlation id {correlation_id}",
            self.client_id
        );
        let started = Instant::now();
        let answer = self.transport.post(&HttpRequest {
            url: endpoint,
            form: &form,
            correlation_id: &correlation_id,
            username: request.grant().username(),
            timeout: request.settings().timeout,
        })?;
        log::debug!(
            "{endpoint} answered HTTP {} after {} ms",
            answer.status,
            started.elapsed().as_millis()
        );

        let now = self.clock.now();
        let secrets = self.secrets(request, assertion.as_ref());
        let asked = Asked {
            endpoint,
            correlation_id: &correlation_id,
            secrets: &secrets,
            now,
        };
        let token = self.token(response::read(&answer, &asked)?, request, correlation_id.clone(), now);
        if let Some(cache) = &self.cache {
            let kept = Token {
                source: TokenSource::Cache,
                ..token.clone()
            };
            cache.put(key, Arc::new(kept), now);
        }
        Ok(Arc::new(token))
    }

    /// Adds `client_id` and the proof, and returns the assertion that was made for it.
    fn authenticate(&self, form: &mut Form, request: &Request) -> Result<Option<Secret>> {
        form.add("client_id", &self.client_id);
        match &self.credential {
            Some(Credential::Certificate(_)) => {
                let assertion = self.assertion()?;
                form.add("client_assertion_type", ASSERTION_TYPE);
                form.add_secret("client_assertion", &assertion);
                return Ok(Some(assertion));
            }
            Some(Credential::Secret(secret)) => form.add_secret("client_secret", secret),
            Some(Credential::Assertion(assertion)) => {
                form.add("client_assertion_type", ASSERTION_TYPE);
                form.add_secret("client_assertion", assertion);
            }
            None if request.grant().is_for_application() => {
                return Err(Error::new(
                    Status::CredentialMissing,
                    "An application that asks for itself must prove who it is, and no credential is given.",
                    "Give a certificate, a client secret or a client assertion, or ask for a user.",
                ));
            }
            None => {}
        }
        Ok(None)
    }

    fn assertion(&self) -> Result<Secret> {
        let Some(Credential::Certificate(credential)) = &self.credential else {
            return Err(Error::new(
                Status::CredentialMissing,
                "A client assertion is signed with a certificate's key, and this client has no certificate.",
                "Give a certificate with its private key.",
            ));
        };
        client_assertion(
            credential,
            &self.client_id,
            self.authority.token_endpoint(),
            &self.settings.assertion,
            self.authority.is_adfs(),
            self.clock.now(),
        )
    }

    fn secrets<'a>(&'a self, request: &'a Request, assertion: Option<&'a Secret>) -> Vec<&'a Secret> {
        let of_client = match &self.credential {
            Some(Credential::Secret(secret) | Credential::Assertion(secret)) => Some(secret),
            Some(Credential::Certificate(_)) | None => None,
        };
        of_client
            .into_iter()
            .chain(assertion)
            .chain(request.grant().secret())
            .collect()
    }

    fn token(
        &self,
        response: TokenResponse,
        request: &Request,
        correlation_id: String,
        now: std::time::SystemTime,
    ) -> Token {
        let asked = if request.scopes().is_empty() {
            vec![self.authority.default_scope()]
        } else {
            request.scopes().as_slice().to_vec()
        };
        let username = response.id_token.as_ref().and_then(username_of).unwrap_or_default();
        Token {
            scopes: response.scope.map_or(asked, |scope| {
                scope.split_ascii_whitespace().map(str::to_owned).collect()
            }),
            refresh_token: response.refresh_token.or_else(|| match request.grant() {
                Grant::RefreshToken(grant) => Some(grant.token().clone()),
                Grant::ClientCredentials(_) | Grant::Password(_) => None,
            }),
            expires_on: now + response.expires_in,
            refresh_on: response.refresh_in.map(|after| now + after),
            username: if username.is_empty() {
                request.grant().username().to_owned()
            } else {
                username
            },
            access_token: response.access_token,
            id_token: response.id_token,
            token_type: response.token_type,
            tenant_id: self.authority.tenant().to_owned(),
            client_id: self.client_id.clone(),
            correlation_id,
            source: TokenSource::Network,
        }
    }
}

/// The sign-in name in an id token ("ID token claims reference: `preferred_username`"), for display only.
fn username_of(id_token: &Secret) -> Option<String> {
    let claims = id_token.expose_text()?.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&BASE64URL.decode(claims).ok()?).ok()?;
    ["preferred_username", "upn"]
        .iter()
        .find_map(|name| claims.get(name)?.as_str().map(str::to_owned))
}

fn check_client_id(client_id: &str) -> Result<String> {
    let hint = "Give the application's id (a GUID) as the portal shows it: Application (client) ID.";
    if client_id.is_empty() {
        return Err(Error::new(Status::InvalidArgument, "No client id is given.", hint));
    }
    match client_id.chars().find(|c| !c.is_ascii_graphic()) {
        None => Ok(client_id.to_owned()),
        Some(bad) => {
            let message = format!("The client id contains the character U+{:04X}.", u32::from(bad));
            Err(Error::new(Status::InvalidArgument, message, hint))
        }
    }
}
