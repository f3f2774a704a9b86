//! The certificates and private keys that one file holds, and the pair among them that belongs together.

use crate::certificate::Certificate;
use crate::error::{Error, Result, Status};
use crate::key::PrivateKey;

/// What was found in a file, in the file's order.
#[derive(Default)]
pub(crate) struct Bundle {
    certificates: Vec<Certificate>,
    keys: Vec<PrivateKey>,
    /// Why the first private key that cannot be used cannot be used.
    refused_key: Option<Error>,
}

impl Bundle {
    pub(crate) fn add_certificate(&mut self, certificate: Certificate) {
        self.certificates.push(certificate);
    }

    /// Adds a private key, or why it cannot be used: that matters only if no other key does the job.
    pub(crate) fn add_key(&mut self, key: Result<PrivateKey>) {
        match key {
            Ok(key) => self.keys.push(key),
            Err(error) => _ = self.refused_key.get_or_insert(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.keys.is_empty() && self.refused_key.is_none()
    }

    /// Whether there is a private key, be it one that cannot be used.
    #[cfg(all(unix, not(target_vendor = "apple")))]
    pub(crate) fn has_key(&self) -> bool {
        !self.keys.is_empty() || self.refused_key.is_some()
    }

    /// Puts the private keys of `other` in the place of those here.
    pub(crate) fn with_keys_of(self, other: Self) -> Self {
        Self {
            certificates: self.certificates,
            keys: other.keys,
            refused_key: other.refused_key,
        }
    }

    /// The first certificate with those that issued it.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] when there is no certificate.
    pub(crate) fn into_chain(self) -> Result<Vec<Certificate>> {
        if self.certificates.is_empty() {
            Err(no_certificate())
        } else {
            Ok(chain(self.certificates, 0))
        }
    }

    /// The first private key that has a certificate here, and that certificate with those that issued it.
    ///
    /// # Errors
    /// [`Status::CertificateUnreadable`] when there is no certificate; the reason for which a key was refused when
    /// no other is left; [`Status::PrivateKeyMissing`]; [`Status::PrivateKeyMismatch`].
    pub(crate) fn into_pair(self) -> Result<(Vec<Certificate>, PrivateKey)> {
        if self.certificates.is_empty() {
            return Err(no_certificate());
        }
        let subject = self.certificates[0].subject().to_owned();
        let no_key = self.keys.is_empty();
        for key in self.keys {
            if let Some(leaf) = self
                .certificates
                .iter()
                .position(|own| own.public_key() == Some(key.public_key()))
            {
                return Ok((chain(self.certificates, leaf), key));
            }
        }
        Err(self
            .refused_key
            .unwrap_or_else(|| if no_key { missing(&subject) } else { mismatch(&subject) }))
    }
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
