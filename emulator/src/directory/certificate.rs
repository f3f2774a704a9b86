//! A certificate that is registered with an application.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::PublicKey;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use x509_parser::pem::Pem;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::clock::Moment;

/// A registered certificate: what a client assertion is checked against.
pub(crate) struct RegisteredCertificate {
    pub(crate) der: Vec<u8>,
    pub(crate) public_key: PublicKey,
    pub(crate) not_before: Moment,
    pub(crate) not_after: Moment,
    sha1: [u8; 20],
    sha256: [u8; 32],
}

impl RegisteredCertificate {
    /// Reads every certificate of a DER or PEM file; other PEM blocks (a private key) are passed over.
    /// The error says what is wrong with the file.
    pub(crate) fn read_all(path: &Path) -> Result<Vec<Self>, String> {
        let content = read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let blocks = certificate_blocks(content).map_err(|problem| format!("{}: {problem}", path.display()))?;
        let read = |der| Self::from_der(der).map_err(|problem| format!("{}: {problem}", path.display()));
        blocks.into_iter().map(read).collect()
    }

    /// `x5t` of RFC 7515 section 4.1.7.
    pub(crate) fn x5t(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.sha1)
    }

    /// `x5t#S256` of RFC 7515 section 4.1.8.
    pub(crate) fn x5t_s256(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.sha256)
    }

    fn from_der(der: Vec<u8>) -> Result<Self, String> {
        let (rest, certificate) =
            X509Certificate::from_der(&der).map_err(|error| format!("not a DER or PEM certificate ({error})"))?;
        if !rest.is_empty() {
            return Err("something follows the certificate".to_owned());
        }
        let public_key = PublicKey::from_public_key_der(certificate.public_key().raw)
            .ok()
            .filter(|key| key.size() >= SMALLEST_MODULUS)
            .ok_or_else(|| "the certificate's key is not RSA of 2048 to 8192 bits".to_owned())?;
        let validity = certificate.validity();
        Ok(Self {
            public_key,
            not_before: Moment::from_unix(validity.not_before.timestamp()),
            not_after: Moment::from_unix(validity.not_after.timestamp()),
            sha1: Sha1::digest(&der).into(),
            sha256: Sha256::digest(&der).into(),
            der,
        })
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LARGEST_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}

fn certificate_blocks(content: Vec<u8>) -> Result<Vec<Vec<u8>>, String> {
    if !content.windows(PEM_MARK.len()).any(|window| window == PEM_MARK) {
        return Ok(vec![content]);
    }
    let mut certificates = Vec::new();
    for block in Pem::iter_from_buffer(&content) {
        let block = block.map_err(|error| format!("damaged PEM ({error})"))?;
        if block.label == "CERTIFICATE" {
            certificates.push(block.contents);
        }
    }
    if certificates.is_empty() {
        return Err("the PEM file holds no CERTIFICATE block".to_owned());
    }
    Ok(certificates)
}

/// In bytes: 2048 bits, what RFC 7518 sections 3.3 and 3.5 ask of RS256 and PS256.
const SMALLEST_MODULUS: usize = 256;

/// In bytes.
const LARGEST_FILE: u64 = 1024 * 1024;

const PEM_MARK: &[u8] = b"-----BEGIN ";
