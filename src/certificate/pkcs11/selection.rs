//! The certificate and key that are meant, among all that the tokens of a module hold.

use std::cmp::Reverse;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use cryptoki::error::Error as Cryptoki;
use cryptoki::session::Session;

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::certificate::Certificate;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::key::Signer;
use crate::certificate::pkcs11::failure::failed;
use crate::certificate::pkcs11::key::TokenKey;
use crate::certificate::pkcs11::module::Module;
use crate::certificate::pkcs11::object::{self, CertificateObject, PrivateKeyObject};
use crate::certificate::pkcs11::token::Token;
use crate::certificate::pkcs11::uri::Pkcs11Uri;

/// The certificate, with those that issued it, and its key on a token of the module at `module_path`.
///
/// `uri` says which (RFC 7512), and may be empty. `certificate` is a chain from elsewhere, for a token that holds the
/// key alone. Among several certificates that have their key, the one that became valid last wins, and a valid one
/// before others. The PIN is tried at one token only, and once.
///
/// # Errors
/// As [`crate::certificate::signing::SigningCertificate::from_pkcs11`] has them.
pub(crate) fn select(
    module_path: &Path,
    uri: &str,
    certificate: Option<Vec<Certificate>>,
    pin: Option<&Secret>,
) -> Result<(Vec<Certificate>, Arc<dyn Signer>)> {
    let uri = Pkcs11Uri::parse(uri)?;
    let module = Module::load(module_path)?;
    let token = only_token(&module, &uri, certificate.is_some())?;
    let session = token.open_session(&module)?;
    let on_token = |error: Cryptoki| reading_failed(&token, &error);
    // What can be seen without the PIN may already say that there is nothing to ask it for.
    if certificate.is_none() && pin.is_none() && token.needs_pin() && certificates(&token, &session)?.is_empty() {
        return Err(no_certificate(&token));
    }
    token.log_in(&module, &session, pin)?;
    let keys = object::private_keys(&session).map_err(on_token)?;
    let (chain, key) = match certificate {
        Some(chain) => with_key(&token, &uri, chain, keys)?,
        None => newest_pair(&token, &uri, certificates(&token, &session)?, keys)?,
    };
    chain[0].signing_key()?;
    if !key.may_sign {
        return Err(may_not_sign(&token, &key));
    }
    let signer = TokenKey::new(module, token, session, key, pin.cloned());
    Ok((chain, Arc::new(signer)))
}

/// The one token that the URI means. Where it leaves that open, the one with a certificate that may be meant.
fn only_token(module: &Module, uri: &Pkcs11Uri, has_certificate: bool) -> Result<Token> {
    let there = Token::all_of(module)?;
    let listed = list(&there);
    let mut meant: Vec<Token> = there.into_iter().filter(|token| token.is_meant_by(uri)).collect();
    if meant.len() > 1 && !has_certificate {
        meant.retain(|token| shows_certificate(module, token, uri));
    }
    match (meant.len(), meant.pop()) {
        (1, Some(token)) => Ok(token),
        (0, _) => Err(no_token(module, &listed)),
        _ => Err(several_tokens(module, &listed)),
    }
}

fn shows_certificate(module: &Module, token: &Token, uri: &Pkcs11Uri) -> bool {
    let session = token.open_session(module);
    let certificates = session.and_then(|session| certificates(token, &session));
    let certificates = certificates
        .inspect_err(|error| log::warn!("{error}"))
        .unwrap_or_default();
    // With `type=private` label and identifier are those of a key, which cannot be seen yet.
    certificates.iter().any(|CertificateObject { name, .. }| {
        uri.allows_certificate(&name.label, &name.id) || uri.allows_private_key(b"", b"")
    })
}

fn certificates(token: &Token, session: &Session) -> Result<Vec<CertificateObject>> {
    object::certificates(session).map_err(|error| reading_failed(token, &error))
}

type Pair = (Vec<Certificate>, PrivateKeyObject);

/// The key of a certificate that came from elsewhere.
fn with_key(token: &Token, uri: &Pkcs11Uri, chain: Vec<Certificate>, keys: Vec<PrivateKeyObject>) -> Result<Pair> {
    let public = chain[0].signing_key()?;
    let listed = list(keys.iter().map(|key| &key.identity.name));
    let key = keys.into_iter().find(|key| {
        let name = &key.identity.name;
        uri.allows_object(&name.label, &name.id) && key.identity.belongs_to(public) == Some(true)
    });
    match key {
        Some(key) => Ok((chain, key)),
        None => Err(no_key(token, chain[0].subject(), &listed)),
    }
}

/// The newest certificate on the token that has its key there.
fn newest_pair(
    token: &Token,
    uri: &Pkcs11Uri,
    certificates: Vec<CertificateObject>,
    keys: Vec<PrivateKeyObject>,
) -> Result<Pair> {
    let now = SystemTime::now();
    let newest = (0..certificates.len())
        .filter_map(|place| Some((place, key_of(&certificates[place], uri, &keys)?)))
        .max_by_key(|(place, _)| {
            let certificate = &certificates[*place].certificate;
            let valid = certificate.validity_warning(now).is_none();
            (valid, certificate.not_before(), Reverse(*place))
        });
    let Some((leaf, key)) = newest else {
        return Err(no_pair(token, uri, &certificates, &keys));
    };
    let mut keys = keys;
    Ok((chain(certificates, leaf)?, keys.swap_remove(key)))
}

/// The place of the certificate's key, when the URI allows one of the two: by the modulus, which tells for sure, or, on
/// tokens that do not show it, by the identifier.
fn key_of(object: &CertificateObject, uri: &Pkcs11Uri, keys: &[PrivateKeyObject]) -> Option<usize> {
    let public = object.certificate.public_key()?;
    let allowed = uri.allows_certificate(&object.name.label, &object.name.id);
    keys.iter().position(|key| {
        let name = &key.identity.name;
        let belongs = key.identity.belongs_to(public);
        belongs.unwrap_or(key.is_rsa && name.id == object.name.id)
            && (allowed || uri.allows_private_key(&name.label, &name.id))
    })
}

fn chain(mut objects: Vec<CertificateObject>, leaf: usize) -> Result<Vec<Certificate>> {
    let mut bundle = Bundle::default();
    bundle.add_certificate(Ok(objects.swap_remove(leaf).certificate), None);
    for issuer in objects {
        bundle.add_certificate(Ok(issuer.certificate), None);
    }
    bundle.into_chain()
}

/// Why no certificate of the token can be taken.
fn no_pair(token: &Token, uri: &Pkcs11Uri, certificates: &[CertificateObject], keys: &[PrivateKeyObject]) -> Error {
    let meant = |object: &&CertificateObject| uri.allows_object(&object.name.label, &object.name.id);
    let listed = list(keys.iter().map(|key| &key.identity.name));
    match certificates.iter().find(meant) {
        Some(object) => {
            let same_id = |key: &&PrivateKeyObject| key.identity.name.id == object.name.id;
            match object.certificate.signing_key() {
                Err(unsupported) => unsupported,
                Ok(_) if keys.iter().any(|key| same_id(&key)) => mismatch(token, object),
                Ok(_) => no_key(token, object.certificate.subject(), &listed),
            }
        }
        None if certificates.is_empty() => no_certificate(token),
        None => not_on_token(token, &list(certificates.iter().map(|object| &object.name))),
    }
}

fn list<Named: ToString>(names: impl IntoIterator<Item = Named>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

fn no_token(module: &Module, there: &str) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!(
            "no token of the PKCS#11 module {} is the one that is meant; there are: {there}",
            module.path()
        ),
        "Check that the card or HSM is connected, and name the token by one of those (--pkcs11-uri \
         'pkcs11:token=LABEL').",
    )
}

fn several_tokens(module: &Module, there: &str) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!(
            "several tokens of the PKCS#11 module {} may be meant, and a PIN is tried at one only; there are: {there}",
            module.path()
        ),
        "Say which one (--pkcs11-uri 'pkcs11:token=LABEL;serial=NUMBER').",
    )
}

fn no_certificate(token: &Token) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!("there is no certificate on the token {token}"),
        "Write the certificate to the token, or name its file beside the token (--certificate). If only those who gave \
         the PIN see it, give the PIN (--pkcs11-pin-file).",
    )
}

fn not_on_token(token: &Token, there: &str) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!("the certificate that is meant is not on the token {token}; there are: {there}"),
        "Name one of those in the URI (--pkcs11-uri), or none to take the newest.",
    )
}

fn no_key(token: &Token, subject: &str, there: &str) -> Error {
    Error::new(
        Status::PrivateKeyMissing,
        format!("the private key of the certificate {subject} is not on the token {token}; its keys are: {there}"),
        "Name the token that holds the key, or write the key to this one.",
    )
}

fn mismatch(token: &Token, object: &CertificateObject) -> Error {
    let subject = object.certificate.subject();
    Error::new(
        Status::PrivateKeyMismatch,
        format!(
            "on the token {token} the private key with the identifier of the certificate {subject} ({}) belongs to \
             another certificate",
            object.name
        ),
        "Write the certificate that was issued for this key to the token, with the key's identifier (CKA_ID).",
    )
}

fn may_not_sign(token: &Token, key: &PrivateKeyObject) -> Error {
    Error::new(
        Status::PrivateKeyInaccessible,
        format!(
            "the token {token} does not let its key {} sign (CKA_SIGN)",
            key.identity.name
        ),
        "Use a key that was made for signatures; one for decryption alone cannot be used.",
    )
}

fn reading_failed(token: &Token, error: &Cryptoki) -> Error {
    let doing = format!("reading the token {token}");
    failed(Status::PrivateKeyInaccessible, &doing, error)
}
