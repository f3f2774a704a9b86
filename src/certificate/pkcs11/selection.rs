//! The choice of a certificate and key among those on the tokens of a module.

use std::cmp::Reverse;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use cryptoki::error::Error as Cryptoki;
use cryptoki::session::Session;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{PKCS11_CERTIFICATE, PKCS11_PIN, PKCS11_URI};
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

/// The certificate, followed by its issuers, and its key on a token of the module at `module_path`.
///
/// `uri` selects them (RFC 7512), and may be empty. `certificate` is a chain from elsewhere, for a token that holds the
/// key alone. Of several certificates that have their key on the token, valid ones come first, then the one that became
/// valid last. The PIN is tried once, on one token only.
///
/// # Errors
/// As for [`crate::certificate::signing::SigningCertificate::from_pkcs11`].
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
    // Certificates are usually visible without the PIN. If there is none, the PIN does not help.
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

/// The only token that matches the URI. If several match, the only one of them with a matching certificate.
fn only_token(module: &Module, uri: &Pkcs11Uri, has_certificate: bool) -> Result<Token> {
    let tokens = Token::all_of(module)?;
    let listed = list(&tokens);
    let mut matching: Vec<Token> = tokens.into_iter().filter(|token| token.matches(uri)).collect();
    if matching.len() > 1 && !has_certificate {
        matching.retain(|token| shows_certificate(module, token, uri));
    }
    match (matching.len(), matching.pop()) {
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
    // With `type=private`, the label and identifier belong to a key, which is not visible before the login.
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
        None => Err(no_key(token, &chain[0], &listed)),
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

/// The position of the certificate's key, if the URI matches one of the two. The key is found by its modulus, or by its
/// identifier on tokens that do not show the modulus.
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

/// Why no certificate on the token can be used.
fn no_pair(token: &Token, uri: &Pkcs11Uri, certificates: &[CertificateObject], keys: &[PrivateKeyObject]) -> Error {
    let matches = |object: &&CertificateObject| uri.allows_object(&object.name.label, &object.name.id);
    let listed = list(keys.iter().map(|key| &key.identity.name));
    match certificates.iter().find(matches) {
        Some(object) => {
            let same_id = |key: &&PrivateKeyObject| key.identity.name.id == object.name.id;
            match object.certificate.signing_key() {
                Err(unsupported) => unsupported,
                Ok(_) if keys.iter().any(|key| same_id(&key)) => mismatch(token, object),
                Ok(_) => no_key(token, &object.certificate, &listed),
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

fn no_token(module: &Module, listed: &str) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!(
            "The PKCS#11 module {} has no matching token. Available tokens: {listed}.",
            module.path()
        ),
        format!(
            "Check that the smart card or HSM is connected, and use {PKCS11_URI} to name one of the available tokens \
             (pkcs11:token=LABEL)."
        ),
    )
}

fn several_tokens(module: &Module, listed: &str) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!(
            "Several tokens of the PKCS#11 module {} match, but a PIN is tried on one token only. Available tokens: \
             {listed}.",
            module.path()
        ),
        format!("Use {PKCS11_URI} to name one of them (pkcs11:token=LABEL;serial=NUMBER)."),
    )
}

fn no_certificate(token: &Token) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!("Found no certificate on the token {token}."),
        format!(
            "Write the certificate to the token, or use {PKCS11_CERTIFICATE} for a certificate from a file. If the \
             token shows the certificate only after a login, use {PKCS11_PIN}."
        ),
    )
}

fn not_on_token(token: &Token, listed: &str) -> Error {
    Error::new(
        Status::CertificateNotFound,
        format!("No certificate on the token {token} matches the PKCS#11 URI. Available certificates: {listed}."),
        format!("Use {PKCS11_URI} to name one of them, or a URI without an object to use the newest."),
    )
}

fn no_key(token: &Token, certificate: &Certificate, listed: &str) -> Error {
    let certificate = certificate.name();
    Error::new(
        Status::PrivateKeyMissing,
        format!(
            "The private key of the certificate {certificate} is not on the token {token}. Available keys: {listed}."
        ),
        format!("Use {PKCS11_URI} to name the token that holds the key, or write the key to this token."),
    )
}

fn mismatch(token: &Token, object: &CertificateObject) -> Error {
    let certificate = object.certificate.name();
    Error::new(
        Status::PrivateKeyMismatch,
        format!(
            "The private key on the token {token} with the same identifier as the certificate {certificate} ({}) belongs \
             to another certificate.",
            object.name
        ),
        "Write the certificate that was issued for this key to the token, with the identifier of the key (CKA_ID).",
    )
}

fn may_not_sign(token: &Token, key: &PrivateKeyObject) -> Error {
    Error::new(
        Status::PrivateKeyInaccessible,
        format!(
            "The token {token} does not allow its key {} to sign (CKA_SIGN).",
            key.identity.name
        ),
        "Use a key that was created for signing; a key for decryption only cannot be used.",
    )
}

fn reading_failed(token: &Token, error: &Cryptoki) -> Error {
    let action = format!("read the token {token}");
    failed(Status::PrivateKeyInaccessible, &action, error)
}
