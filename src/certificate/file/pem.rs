//! PEM files with certificates and private keys, in any order.

use crate::base::error::Result;
use crate::certificate::Certificate;
use crate::certificate::encoding::der_value::DerValues;
use crate::certificate::encoding::label::Label;
use crate::certificate::encoding::pem::{self, Block};
use crate::certificate::encoding::{base64_text, format};
use crate::certificate::encryption::legacy_pem;
use crate::certificate::encryption::passphrase::Passphrase;
use crate::certificate::file::bundle::Bundle;
use crate::certificate::file::{pfx, pkcs7};
use crate::certificate::key::{self, PrivateKey};

/// Reads the certificates and private keys in `text`. Blocks of other kinds are ignored.
///
/// # Errors
/// [`Status::CertificateUnreadable`](crate::base::error::Status) for a text that cannot be divided into blocks, and for
/// one without a certificate or key.
pub(crate) fn open(text: &[u8], password: &Passphrase<'_>) -> Result<Bundle> {
    let plain = pem::has_escaped_line_breaks(text).then(|| base64_text::without_escapes(text));
    let plain = plain.flatten();
    let mut bundle = Bundle::default();
    let blocks = pem::blocks(plain.as_ref().map_or(text, |plain| plain.as_slice()))?;
    for block in &blocks {
        match block.label().name() {
            Some("CERTIFICATE" | "X509 CERTIFICATE") => {
                let certificate = block.der().and_then(|der| Certificate::from_der(der.to_vec()));
                bundle.add_certificate(certificate, None);
            }
            Some("TRUSTED CERTIFICATE") => bundle.add_certificate(trusted_certificate(block), None),
            Some("PKCS7" | "PKCS #7 SIGNED DATA" | "CMS") => match block.der().and_then(|der| pkcs7::open(&der)) {
                Ok(certificates) => bundle.add_all(certificates),
                Err(error) => bundle.add_certificate(Err(error), None),
            },
            Some("PKCS12") => bundle.add_all(pfx::open(&block.der()?, password)?),
            Some(label) => {
                if let Some(key) = pem_key(label, block, password) {
                    bundle.add_key(key, None);
                }
            }
            None => {}
        }
    }
    if bundle.is_empty() {
        let labels: Vec<Label<'_>> = blocks.iter().map(Block::label).collect();
        return Err(format::no_usable_block(&labels));
    }
    Ok(bundle)
}

/// A certificate in OpenSSL's form, which adds what the certificate is trusted for (openssl-x509, `-trustout`).
fn trusted_certificate(block: &Block<'_>) -> Result<Certificate> {
    let der = block.der()?;
    let certificate = DerValues(&der).next().map_or(der.as_slice(), |first| first.whole);
    Certificate::from_der(certificate.to_vec())
}

/// The private key in a block; `None` if the label is not that of a key.
fn pem_key(label: &str, block: &Block<'_>, password: &Passphrase<'_>) -> Option<Result<PrivateKey>> {
    let der = || match block.encryption() {
        Some(parameters) => legacy_pem::decrypt(parameters, &block.der()?, password),
        None => block.der(),
    };
    Some(match label {
        "PRIVATE KEY" => der().and_then(|der| PrivateKey::from_pkcs8_der(&der)),
        "RSA PRIVATE KEY" => der().and_then(|der| PrivateKey::from_pkcs1_der(&der)),
        "ENCRYPTED PRIVATE KEY" => der().and_then(|der| PrivateKey::decrypted_pkcs8(&der, password)),
        "EC PRIVATE KEY" => Err(key::not_rsa("an elliptic-curve key")),
        "DSA PRIVATE KEY" => Err(key::not_rsa("a DSA key")),
        _ => return None,
    })
}
