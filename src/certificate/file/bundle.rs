//! The certificates and private keys in a file, and the choice of a matching pair among them.

use std::time::SystemTime;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CERTIFICATE_FILE, PRIVATE_KEY_FILE};
use crate::certificate::Certificate;
use crate::certificate::key::PrivateKey;

/// The certificates and keys of a file, in the order of the file.
#[derive(Default)]
pub(crate) struct Bundle {
    certificates: Vec<Held<Certificate>>,
    keys: Vec<Held<PrivateKey>>,
    /// Why the first of the unreadable certificates cannot be read.
    refused_certificate: Option<Error>,
    /// Why the first of the unusable private keys cannot be used.
    refused_key: Option<Error>,
}

/// The PKCS#12 attribute that a key shares with its certificate (RFC 7292 section 4.2, RFC 2985 section 5.5.2).
pub(crate) type LocalKeyId = Option<Vec<u8>>;

struct Held<T> {
    item: T,
    id: LocalKeyId,
}

impl Bundle {
    /// Adds a certificate, or why it cannot be read. The reason matters only if no other certificate can be used.
    pub(crate) fn add_certificate(&mut self, certificate: Result<Certificate>, id: LocalKeyId) {
        match certificate {
            Ok(item) => self.certificates.push(Held { item, id }),
            Err(error) => _ = self.refused_certificate.get_or_insert(error),
        }
    }

    /// Adds the certificates and keys of `other`.
    pub(crate) fn add_all(&mut self, other: Self) {
        self.certificates.extend(other.certificates);
        self.keys.extend(other.keys);
        self.refused_certificate = self.refused_certificate.take().or(other.refused_certificate);
        self.refused_key = self.refused_key.take().or(other.refused_key);
    }

    /// Adds a private key, or why it cannot be used. The reason matters only if no other key can be used.
    pub(crate) fn add_key(&mut self, key: Result<PrivateKey>, id: LocalKeyId) {
        match key {
            Ok(item) => self.keys.push(Held { item, id }),
            Err(error) => _ = self.refused_key.get_or_insert(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        let refused = self.refused_certificate.is_some() || self.refused_key.is_some();
        self.certificates.is_empty() && self.keys.is_empty() && !refused
    }

    /// Whether there is a private key, usable or not.
    #[cfg(all(unix, not(target_vendor = "apple")))]
    pub(crate) fn has_key(&self) -> bool {
        !self.keys.is_empty() || self.refused_key.is_some()
    }

    /// Replaces the private keys with those of `other`.
    pub(crate) fn with_keys_of(self, other: Self) -> Self {
        Self {
            keys: other.keys,
            refused_key: other.refused_key,
            ..self
        }
    }

    /// The first certificate, followed by its issuers.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] if there is no certificate.
    pub(crate) fn into_chain(self) -> Result<Vec<Certificate>> {
        if self.certificates.is_empty() {
            Err(self.refused_certificate.unwrap_or_else(no_certificate))
        } else {
            Ok(chain(items(self.certificates), 0))
        }
    }

    /// A certificate, followed by its issuers, and its private key.
    ///
    /// Key and certificate belong together if they have the same public key. Of several pairs, those that are valid at
    /// `now` come first, then those with a common `localKeyId`, then the newest: the one that became valid last.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] if there is no certificate; if there is no pair, the reason why a key or
    /// certificate was refused, or [`Status::PrivateKeyMissing`] or [`Status::PrivateKeyMismatch`].
    pub(crate) fn into_pair(mut self, now: SystemTime) -> Result<(Vec<Certificate>, PrivateKey)> {
        if let Some((leaf, key)) = self.best_pair(now) {
            return Ok((chain(items(self.certificates), leaf), self.keys.swap_remove(key).item));
        }
        let Some(first) = self.certificates.first() else {
            return Err(self.refused_certificate.unwrap_or_else(no_certificate));
        };
        let without_pair = || match self.refused_certificate {
            _ if self.keys.is_empty() => missing(&first.item),
            Some(error) => error,
            None => mismatch(&first.item),
        };
        Err(self.refused_key.unwrap_or_else(without_pair))
    }

    /// The positions of the certificate and the key.
    fn best_pair(&self, now: SystemTime) -> Option<(usize, usize)> {
        let mut pairs = Vec::new();
        for (place, certificate) in self.certificates.iter().enumerate() {
            let is_its_key = |key: &Held<PrivateKey>| certificate.item.public_key() == Some(key.item.public_key());
            for (key_place, key) in self.keys.iter().enumerate().filter(|(_, key)| is_its_key(key)) {
                let is_valid = certificate.item.validity_warning(now).is_none();
                let is_linked = key.id.is_some() && key.id == certificate.id;
                let rank = (is_valid, is_linked, certificate.item.not_before());
                pairs.push((rank, (place, key_place)));
            }
        }
        // `max_by_key` takes the last of equal pairs. Reversed, that is the first in the file.
        let best = pairs.into_iter().rev().max_by_key(|(rank, _)| *rank);
        best.map(|(_, places)| places)
    }
}

fn items<T>(held: Vec<Held<T>>) -> Vec<T> {
    held.into_iter().map(|held| held.item).collect()
}

/// The certificate at `leaf`, its issuer, and so on.
///
/// A self-signed certificate ends the chain. It is left out unless it is the leaf, because a receiver that trusts it
/// has it already, as in TLS (RFC 5246 section 7.4.2). Issuers are found by name; the receiver checks the signatures.
fn chain(mut certificates: Vec<Certificate>, leaf: usize) -> Vec<Certificate> {
    let mut chain = vec![certificates.remove(leaf)];
    loop {
        let last = &chain[chain.len() - 1];
        let issuer = certificates
            .iter()
            .position(|other| last.is_issued_by(other) && !other.is_issued_by(other));
        match issuer {
            Some(issuer) if !last.is_issued_by(last) => chain.push(certificates.remove(issuer)),
            _ => return chain,
        }
    }
}

fn no_certificate() -> Error {
    Error::new(
        Status::CertificateUnreadable,
        "Found a private key but no certificate.",
        format!("Set {CERTIFICATE_FILE} to the file with the certificate, and {PRIVATE_KEY_FILE} to this one."),
    )
}

fn missing(certificate: &Certificate) -> Error {
    Error::new(
        Status::PrivateKeyMissing,
        format!("Found no private key for the certificate {}.", certificate.name()),
        format!(
            "Set {PRIVATE_KEY_FILE} to the file with the private key, or export the certificate again with its private \
             key."
        ),
    )
}

fn mismatch(certificate: &Certificate) -> Error {
    Error::new(
        Status::PrivateKeyMismatch,
        format!(
            "The private key does not belong to the certificate {}.",
            certificate.name()
        ),
        if cfg!(windows) {
            "Use the private key that the certificate was issued for."
        } else {
            "Use the private key that the certificate was issued for; openssl x509 -pubkey and openssl pkey -pubout \
             must show the same public key."
        },
    )
}
