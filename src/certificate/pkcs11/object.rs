//! Certificates and private keys on a token.

use std::fmt;

use cryptoki::error::Error as Cryptoki;
use cryptoki::object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;

use crate::certificate::Certificate;
use crate::certificate::key::PublicKey;
use crate::certificate::pkcs11::uri::{encode, encode_id};

/// The names of an object on a token: `CKA_LABEL` and `CKA_ID`. A certificate and its key have the same `CKA_ID`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) label: Vec<u8>,
    pub(super) id: Vec<u8>,
}

/// An X.509 certificate on a token.
pub(super) struct CertificateObject {
    pub(super) name: Name,
    pub(super) certificate: Certificate,
}

/// The attributes of a private key that its token shows.
pub(super) struct PrivateKeyObject {
    pub(super) handle: ObjectHandle,
    pub(super) identity: KeyIdentity,
    pub(super) is_rsa: bool,
    /// `CKA_SIGN`
    pub(super) may_sign: bool,
    /// `CKA_ALWAYS_AUTHENTICATE`: every signature requires the PIN.
    pub(super) always_authenticate: bool,
}

/// Finds a key again in another session, where it may have another handle.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct KeyIdentity {
    pub(super) name: Name,
    modulus: Option<Vec<u8>>,
    public_exponent: Option<Vec<u8>>,
}

impl KeyIdentity {
    /// Whether this is the private key of `public`; `None` if the token does not show the modulus.
    pub(super) fn belongs_to(&self, public: &PublicKey) -> Option<bool> {
        let modulus = self.modulus.as_ref()?;
        Some(public.has_numbers(modulus, self.public_exponent.as_deref()))
    }
}

/// The certificates that are visible in this session.
pub(super) fn certificates(session: &Session) -> Result<Vec<CertificateObject>, Cryptoki> {
    let class = Attribute::Class(ObjectClass::CERTIFICATE);
    let kind = Attribute::CertificateType(CertificateType::X_509);
    let wanted = [AttributeType::Label, AttributeType::Id, AttributeType::Value];
    let mut found = Vec::new();
    for handle in session.find_objects(&[class, kind])? {
        let (mut name, mut der) = (Name::default(), Vec::new());
        for attribute in session.get_attributes(handle, &wanted)? {
            match attribute {
                Attribute::Value(value) => der = value,
                other => name.take(other),
            }
        }
        match Certificate::from_der(der) {
            Ok(certificate) => found.push(CertificateObject { name, certificate }),
            Err(error) => log::warn!("ignored the certificate {name} on the token: {error}"),
        }
    }
    Ok(found)
}

/// The private keys that are visible in this session.
pub(super) fn private_keys(session: &Session) -> Result<Vec<PrivateKeyObject>, Cryptoki> {
    let handles = session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)])?;
    handles.into_iter().map(|handle| private_key(session, handle)).collect()
}

fn private_key(session: &Session, handle: ObjectHandle) -> Result<PrivateKeyObject, Cryptoki> {
    let wanted = [
        AttributeType::Label,
        AttributeType::Id,
        AttributeType::KeyType,
        AttributeType::Sign,
        AttributeType::AlwaysAuthenticate,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
    ];
    let mut key = PrivateKeyObject {
        handle,
        identity: KeyIdentity {
            name: Name::default(),
            modulus: None,
            public_exponent: None,
        },
        is_rsa: false,
        may_sign: true,
        always_authenticate: false,
    };
    for attribute in session.get_attributes(handle, &wanted)? {
        match attribute {
            Attribute::KeyType(kind) => key.is_rsa = kind == KeyType::RSA,
            Attribute::Sign(may) => key.may_sign = may,
            Attribute::AlwaysAuthenticate(always) => key.always_authenticate = always,
            Attribute::Modulus(modulus) => key.identity.modulus = Some(modulus).filter(|modulus| !modulus.is_empty()),
            Attribute::PublicExponent(exponent) => {
                key.identity.public_exponent = Some(exponent).filter(|exponent| !exponent.is_empty());
            }
            other => key.identity.name.take(other),
        }
    }
    Ok(key)
}

impl Name {
    fn take(&mut self, attribute: Attribute) {
        match attribute {
            Attribute::Label(label) => self.label = label,
            Attribute::Id(id) => self.id = id,
            _ => {}
        }
    }
}

/// In the notation of a PKCS#11 URI, to be copied into one.
impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "object={};id={}", encode(&self.label), encode_id(&self.id))
    }
}
