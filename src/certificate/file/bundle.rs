//! The certificates and private keys that one file holds, and the pair among them that belongs together.

use std::time::SystemTime;

use crate::base::error::{Error, Result, Status};
use crate::certificate::Certificate;
use crate::certificate::key::PrivateKey;

/// What was found in a file, in the file's order.
#[derive(Default)]
pub(crate) struct Bundle {
    certificates: Vec<Held<Certificate>>,
    keys: Vec<Held<PrivateKey>>,
    /// Why the first certificate that cannot be read cannot be read.
    refused_certificate: Option<Error>,
    /// Why the first private key that cannot be used cannot be used.
    refused_key: Option<Error>,
}

/// The attribute of PKCS#12 that is the same for a key and its certificate (RFC 7292 section 4.2, RFC 2985
/// section 5.5.2).
pub(crate) type LocalKeyId = Option<Vec<u8>>;

struct Held<T> {
    item: T,
    id: LocalKeyId,
}

impl Bundle {
    /// Adds a certificate, or why it cannot be read: that matters only if the others do not do the job.
    pub(crate) fn add_certificate(&mut self, certificate: Result<Certificate>, id: LocalKeyId) {
        match certificate {
            Ok(item) => self.certificates.push(Held { item, id }),
            Err(error) => _ = self.refused_certificate.get_or_insert(error),
        }
    }

    /// Adds the certificates of `other`.
    pub(crate) fn add_certificates_of(&mut self, other: Self) {
        self.certificates.extend(other.certificates);
        self.refused_certificate = self.refused_certificate.take().or(other.refused_certificate);
    }

    /// Adds a private key, or why it cannot be used: that matters only if no other key does the job.
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

    /// Whether there is a private key, be it one that cannot be used.
    #[cfg(all(unix, not(target_vendor = "apple")))]
    pub(crate) fn has_key(&self) -> bool {
        !self.keys.is_empty() || self.refused_key.is_some()
    }

    /// Puts the private keys of `other` in the place of those here.
    pub(crate) fn with_keys_of(self, other: Self) -> Self {
        Self {
            keys: other.keys,
            refused_key: other.refused_key,
            ..self
        }
    }

    /// The first certificate with those that issued it.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] when there is no certificate.
    pub(crate) fn into_chain(self) -> Result<Vec<Certificate>> {
        if self.certificates.is_empty() {
            Err(self.refused_certificate.unwrap_or_else(no_certificate))
        } else {
            Ok(chain(items(self.certificates), 0))
        }
    }

    /// A private key with its certificate, and those that issued that. Key and certificate belong together when
    /// they have the same public key. Of several pairs, those that are valid at `now` come before all others, then
    /// those that share a `localKeyId`, then the newest: that which becomes valid last.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] when there is no certificate; the reason for which a key or certificate was
    /// refused when no pair is left; [`Status::PrivateKeyMissing`]; [`Status::PrivateKeyMismatch`].
    pub(crate) fn into_pair(mut self, now: SystemTime) -> Result<(Vec<Certificate>, PrivateKey)> {
        if let Some((leaf, key)) = self.best_pair(now) {
            return Ok((chain(items(self.certificates), leaf), self.keys.swap_remove(key).item));
        }
        let Some(first) = self.certificates.first() else {
            return Err(self.refused_certificate.unwrap_or_else(no_certificate));
        };
        let subject = first.item.subject();
        let without_pair = || match self.refused_certificate {
            _ if self.keys.is_empty() => missing(subject),
            Some(error) => error,
            None => mismatch(subject),
        };
        Err(self.refused_key.unwrap_or_else(without_pair))
    }

    /// The places of the certificate and the key.
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
        // Of equal ones the last would win; the first in the file shall.
        let best = pairs.into_iter().rev().max_by_key(|(rank, _)| *rank);
        best.map(|(_, places)| places)
    }
}

fn items<T>(held: Vec<Held<T>>) -> Vec<T> {
    held.into_iter().map(|held| held.item).collect()
}

/// The certificate at `leaf`, the one that issued it, and so on. A self-signed certificate ends the chain and is
/// left out of it, unless it is the leaf: whoever trusts it has it already (RFC 5246 section 7.4.2 says the same of
/// chains in TLS). Names link the chain; the receiver checks the signatures.
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
        "there is a private key but no certificate",
        "Name the file with the certificate, and this one as its private key (-PrivateKeyPath).",
    )
}

fn missing(subject: &str) -> Error {
    Error::new(
        Status::PrivateKeyMissing,
        format!("the certificate {subject} is there, its private key is not"),
        "Name the file with the private key (-PrivateKeyPath), or export the certificate again with its private key.",
    )
}

fn mismatch(subject: &str) -> Error {
    Error::new(
        Status::PrivateKeyMismatch,
        format!("the private key does not belong to the certificate {subject}"),
        "Use the key that the certificate was made with; openssl x509 -pubkey and openssl pkey -pubout must agree.",
    )
}
