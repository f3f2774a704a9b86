//! The tokens that the emulator issues.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::proof::Proof;
use super::refresh_token::RefreshTokens;
use super::subject::Subject;
use super::workload_token::WorkloadToken;
use crate::clock::Moment;
use crate::directory::application::Application;
use crate::directory::{Tenant, User};
use crate::request::assertion::Assertion;
use crate::request::authority::{Authority, Kind};
use crate::request::call::{Call, EndpointVersion};
use crate::request::claims::ClaimsRequest;
use crate::request::form::Form;
use crate::start_error::StartError;

/// Makes tokens with a key that lives as long as the process. Its public part is published, so that the API that a token
/// is for can verify the token.
pub(crate) struct TokenIssuer {
    key: EcdsaKeyPair,
    key_id: String,
    /// In seconds.
    lifetime: u32,
    /// How many tokens it has issued.
    issued: AtomicU64,
    /// How many of them are revoked, from the first on.
    revoked: AtomicU64,
    /// The sign-ins whose tokens are revoked.
    revoked_sign_ins: Mutex<HashSet<Uuid>>,
}

/// A request that passed every check.
pub(crate) struct AcceptedRequest<'call> {
    pub(crate) call: &'call Call,
    pub(crate) form: &'call Form,
    pub(crate) tenant: &'call Tenant,
    pub(crate) application: &'call Application,
    pub(crate) proof: Proof,
    pub(crate) subject: Subject,
    pub(crate) claims: ClaimsRequest,
}

impl TokenIssuer {
    pub(crate) fn new(lifetime: u32) -> Result<Self, StartError> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .map_err(|_| StartError::System("cannot make a key to sign tokens with".to_owned()))?;
        Ok(Self {
            key,
            key_id: Uuid::new_v4().simple().to_string(),
            lifetime,
            issued: AtomicU64::new(0),
            revoked: AtomicU64::new(0),
            revoked_sign_ins: Mutex::default(),
        })
    }

    /// The key of its signatures, as RFC 7517 section 4 and RFC 7518 section 6.2.1 describe it.
    pub(crate) fn public_key(&self) -> Value {
        // An uncompressed point: its form, then two numbers of 32 bytes (SEC 1, section 2.3.3).
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|number| URL_SAFE_NO_PAD.encode(number));
        json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.key_id, "x": x, "y": y})
    }

    /// Whether `token` is one of its own, unchanged.
    pub(crate) fn has_signed(&self, token: &Assertion) -> bool {
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_key());
        key.verify(token.signed.as_bytes(), &token.signature).is_ok()
    }

    /// Revokes every token that it has issued until now.
    pub(crate) fn revoke_all(&self) {
        self.revoked.store(self.issued.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    /// Whether a token of its own is revoked. Its number tells, because its time is too coarse.
    pub(crate) fn has_revoked(&self, token: &Assertion) -> bool {
        let session = token.claims.get("sid").and_then(Value::as_str);
        let session = session.and_then(|id| Uuid::try_parse(id).ok());
        if session.is_some_and(|session| self.sign_ins().contains(&session)) {
            return true;
        }
        let id = token.claims.get("uti").and_then(Value::as_str);
        let number = id.and_then(|id| u64::from_str_radix(id.get(..16)?, 16).ok());
        number.is_none_or(|number| number <= self.revoked.load(Ordering::SeqCst))
    }

    /// Revokes the tokens of a sign-in, also those that are still to come.
    pub(crate) fn revoke_sign_in(&self, session: Uuid) {
        self.sign_ins().insert(session);
    }

    /// Whether the tokens of this subject's sign-in are revoked.
    pub(crate) fn has_revoked_sign_in(&self, subject: &Subject) -> bool {
        let sign_in = subject.sign_in.as_ref();
        sign_in.is_some_and(|sign_in| self.sign_ins().contains(&sign_in.session))
    }

    fn sign_ins(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.revoked_sign_ins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The body of a successful answer (RFC 6749 section 5.1; Microsoft: "Microsoft identity platform and the OAuth
    /// 2.0 client credentials flow", "... resource owner password credentials").
    pub(crate) fn answer(&self, request: &AcceptedRequest, refresh_tokens: &RefreshTokens) -> Value {
        let AcceptedRequest {
            call,
            form,
            tenant,
            application,
            subject,
            ..
        } = request;
        let mut body = json!({
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "ext_expires_in": self.lifetime,
            "access_token": self.sign(&self.access_claims(request)),
        });
        if let Some(user) = &subject.user {
            let scope = &subject.scope;
            if !scope.permissions.is_empty() {
                body["scope"] = scope.permissions.join(" ").into();
            }
            if scope.has_offline_access {
                body["refresh_token"] = refresh_tokens
                    .issue(application, call.authority.realm(), subject)
                    .into();
                if application.is_of_family {
                    // The only family there is (MSAL.NET: ClientApplicationBase, "family of client ids").
                    body["foci"] = "1".into();
                }
            }
            if scope.has_openid {
                body["id_token"] = self.sign(&self.id_claims(request, user)).into();
            }
            if form.get("client_info") == Some("1")
                && let Some(client_info) = client_info(&call.authority, user, tenant)
            {
                body["client_info"] = client_info.into();
            }
        }
        if call.version == EndpointVersion::V1 {
            self.make_v1(&mut body, call, &subject.scope.resource);
        }
        body
    }

    /// A token for an identity of the machine.
    pub(crate) fn identity_token(
        &self,
        origin: &str,
        tenant: &Tenant,
        client_id: Uuid,
        object_id: Uuid,
        resource: &str,
        now: Moment,
    ) -> String {
        let issuer = format!("{origin}/{}/v2.0", tenant.id);
        let mut claims = self.claims(&issuer, tenant, now, "1.0", resource);
        claims["appid"] = client_id.to_string().into();
        claims["appidacr"] = "2".into();
        claims["oid"] = object_id.to_string().into();
        claims["idtyp"] = "app".into();
        self.sign(&claims)
    }

    /// The v1 endpoint writes its numbers as text and adds the times and the resource.
    fn make_v1(&self, body: &mut Value, call: &Call, resource: &str) {
        for name in ["expires_in", "ext_expires_in"] {
            body[name] = self.lifetime.to_string().into();
        }
        body["expires_on"] = call.now.plus(self.lifetime.into()).unix().to_string().into();
        body["not_before"] = call.now.unix().to_string().into();
        body["resource"] = resource.into();
    }

    fn access_claims(&self, request: &AcceptedRequest) -> Value {
        let mut claims = self.shared_claims(request, &request.subject.scope.resource);
        claims["appid"] = request.application.client_id.as_str().into();
        claims["appidacr"] = request.proof.claim().into();
        if let Some(user) = &request.subject.user {
            claims["scp"] = request.subject.scope.permission_names().into();
            claims["upn"] = user.name.as_str().into();
            claims["oid"] = user.object_id.to_string().into();
            claims["idtyp"] = "user".into();
            if let Some(sign_in) = &request.subject.sign_in {
                claims["sid"] = sign_in.session.to_string().into();
            }
        } else {
            claims["roles"] = json!(["Emulated.Role"]);
            claims["idtyp"] = "app".into();
        }
        if request.claims.handles_challenges() {
            claims["xms_cc"] = json!(["cp1"]);
        }
        claims
    }

    fn id_claims(&self, request: &AcceptedRequest, user: &User) -> Value {
        let mut claims = self.shared_claims(request, &request.application.client_id);
        let (name, id) = (user.name.as_str(), user.object_id.to_string());
        claims["sub"] = id.as_str().into();
        match request.call.authority.kind {
            Kind::Entra | Kind::ExternalId => {
                claims["preferred_username"] = name.into();
                claims["oid"] = id.into();
            }
            Kind::B2c => {
                claims["tfp"] = request.call.authority.policy.as_str().into();
                claims["emails"] = json!([name]);
                claims["oid"] = id.into();
            }
            Kind::Adfs => claims["upn"] = name.into(),
            Kind::OpenIdConnect => claims["preferred_username"] = name.into(),
        }
        let sign_in = request.subject.sign_in.as_ref();
        if let Some(nonce) = sign_in.and_then(|sign_in| sign_in.nonce.as_ref()) {
            claims["nonce"] = nonce.as_str().into();
        }
        claims
    }

    fn shared_claims(&self, request: &AcceptedRequest, audience: &str) -> Value {
        let version = match request.call.version {
            EndpointVersion::V1 => "1.0",
            EndpointVersion::V2 => "2.0",
        };
        let call = request.call;
        let issuer = call.authority.issuer(&call.origin, &request.tenant.id.to_string());
        self.claims(&issuer, request.tenant, call.now, version, audience)
    }

    fn claims(&self, issuer: &str, tenant: &Tenant, now: Moment, version: &str, audience: &str) -> Value {
        let number = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
        json!({
            "aud": audience,
            "iss": issuer,
            "iat": now.unix(),
            "nbf": now.unix(),
            "exp": now.plus(self.lifetime.into()).unix(),
            "tid": tenant.id.to_string(),
            "uti": format!("{number:016x}{}", &Uuid::new_v4().simple().to_string()[..16]),
            "ver": version,
        })
    }

    /// Its key stands for those of all other issuers too.
    pub(crate) fn sign_for_workload(&self, token: &WorkloadToken, now: Moment) -> String {
        self.sign(&token.claims(now))
    }

    fn sign(&self, claims: &Value) -> String {
        let header = json!({"typ": "JWT", "alg": "ES256", "kid": self.key_id});
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.expect("a P-256 key signs any message");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The user's account, as Microsoft's libraries name it; `None` for a service that does not know it. That of B2C names
/// the user flow too.
pub(crate) fn client_info(authority: &Authority, user: &User, tenant: &Tenant) -> Option<String> {
    let uid = match authority.kind {
        Kind::Entra | Kind::ExternalId => user.object_id.to_string(),
        Kind::B2c => format!("{}-{}", user.object_id, authority.policy),
        Kind::Adfs | Kind::OpenIdConnect => return None,
    };
    Some(encode(&json!({"uid": uid, "utid": tenant.id.to_string()})))
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}
