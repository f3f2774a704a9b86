//! Signatures by private keys in memory and by external signers.

use std::ops::Range;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use graphtoken::base::algorithm::SignatureAlgorithm;
use graphtoken::base::error::Status;
use graphtoken::certificate::Certificate;
use graphtoken::certificate::key::{PrivateKey, Signer, SignerError};
use graphtoken::certificate::signing::SigningCertificate;

use crate::directory::Directory;
use crate::{BOTH, INPUT};

#[test]
fn openssl_and_the_engine_verify_each_other_s_signatures() {
    const PSS: &str = "-sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha256 -sigopt rsa_pss_saltlen:";
    let directory = Directory::new();
    directory.openssl("rsa -in leaf.key -pubout -out leaf.pub");
    directory.write("input", INPUT);
    let loaded = directory.load("leaf.pem leaf.key", None).unwrap();
    for (algorithm, options) in [
        (SignatureAlgorithm::Ps256, format!(" {PSS}32")),
        (SignatureAlgorithm::Rs256, String::new()),
    ] {
        directory.write("signature", loaded.sign(algorithm, INPUT).unwrap());
        directory.openssl(&format!(
            "dgst -sha256 -verify leaf.pub{options} -signature signature input"
        ));
        directory.openssl(&format!("dgst -sha256 -sign leaf.key{options} -out theirs input"));
        assert!(loaded.certificate().verify(algorithm, INPUT, &directory.read("theirs")));
        assert!(
            !loaded
                .certificate()
                .verify(algorithm, b"other input", &directory.read("theirs"))
        );
    }
    directory.openssl(&format!("dgst -sha256 -sign leaf.key {PSS}20 -out short-salt input"));
    assert!(
        !loaded
            .certificate()
            .verify(SignatureAlgorithm::Ps256, INPUT, &directory.read("short-salt"))
    );
}

#[test]
fn rs256_makes_the_signature_in_rfc_7515() {
    let base64: String = RFC_7515_KEY.split_whitespace().collect();
    let key = PrivateKey::from_pkcs1_der(&STANDARD.decode(base64).unwrap()).unwrap();
    let input = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19\
                 yb290Ijp0cnVlfQ";
    let signature = key.sign(SignatureAlgorithm::Rs256, input.as_bytes()).unwrap();
    assert_eq!(
        URL_SAFE_NO_PAD.encode(signature),
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU\
         Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d\
         O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig\
         cN_IoypGlUPQGe77Rw"
    );
    assert_eq!(
        (key.bits(), format!("{key:?}").as_str()),
        (2048, "PrivateKey(RSA, 2048 bits)")
    );
}

/// A signer that always returns the same result.
pub struct Answer(pub Result<Vec<u8>, SignerError>);

impl Signer for Answer {
    fn sign(&self, _: SignatureAlgorithm, _: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.0.clone()
    }
}

#[test]
fn signatures_of_external_signers_are_verified() {
    let directory = Directory::new();
    let loaded = directory.load("leaf.pem leaf.key", None).unwrap();
    let good = loaded.sign(SignatureAlgorithm::Rs256, INPUT).unwrap();
    let sign = |answer| {
        let certificate =
            SigningCertificate::with_signer(loaded.certificate().der(), Arc::new(Answer(answer))).unwrap();
        certificate.sign(SignatureAlgorithm::Rs256, INPUT)
    };
    assert_eq!(sign(Ok(good.clone())).unwrap(), good);
    assert!(matches!(
        sign(Err(SignerError::AlgorithmUnsupported)),
        Err(SignerError::AlgorithmUnsupported)
    ));
    let pss = loaded.sign(SignatureAlgorithm::Ps256, INPUT).unwrap();
    for (answer, words) in [
        (vec![], "has 0 bytes instead of 256"),
        (good[1..].to_vec(), "has 255 bytes"),
        (
            vec![0; 256],
            "is not a valid RS256 signature for the certificate CN=Leaf,O=Contoso",
        ),
        (pss, "is not a valid RS256 signature"),
    ] {
        let Err(SignerError::Failed(error)) = sign(Ok(answer)) else {
            panic!("{words}: accepted")
        };
        assert_eq!(error.status(), Status::SigningFailed);
        assert!(error.message().contains(words), "{error}");
    }
}

#[test]
fn the_chain_for_an_external_signer_is_pem_with_the_leaf_first() {
    let directory = Directory::new();
    let pem = [directory.read("leaf.pem"), directory.read("chain.pem")].concat();
    let certificate = SigningCertificate::with_signer(&pem, Arc::new(Answer(Ok(vec![])))).unwrap();
    let subjects: Vec<&str> = certificate.chain().iter().map(Certificate::subject).collect();
    assert_eq!(subjects, ["CN=Leaf,O=Contoso", "CN=Middle,O=Contoso"]);
    assert!(
        format!("{certificate:?}").ends_with(", external signer)"),
        "{certificate:?}"
    );
}

/// The key of RFC 7515 appendix A.2.1, as PKCS#1.
const RFC_7515_KEY: &str = "
    MIIEowIBAAKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4Ql
    L+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo
    7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2
    PAcDTW9gb54h4FRWyuXpoQIDAQABAoIBABKucaRpzQorw35SbEUAVx8dYXUdZOlJcHtiWQ+dC6V8ljxAHj/PLyzTveyI5QO/xkObCyjIL303l2cf
    UhPu2MFaJdjVzqACXuOrLot/eSFvxjvqVidTtAZExqFRJ9mylUVAoLvhowVWmC1On95fZCXxTUtxNEG1Xcc7m0rtzJKs45J+N/V9DP1edYH6USyP
    SWGp6wuA+KgHRnKKVf9GRx80JQY7nVNkL17eHoTWEwga+lwi0FEoW9Y7lDtWXYmKBWhUE+U8PGxlJf8f40493HDw1WRQ/aSLoS4QTp3rn7gYgeHE
    vfJdkkf0UMhlknlo53M09EFPdadQ4TlUbjqKc50CgYEA4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH/5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l5
    8BQ3KhooKeQTa9AB0Hw/Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn+nXqhJTBgIPgtldC+KDV5z+y2XDwGUcCgYEAuQPE
    fgmVtjL0Uyyx88GZFF1fOunH3+7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD/YwD66t62wDmpe/HlB+TnBA
    +njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdcCgYAHAp9XcCSrn8wVkMVkKdb7DOX4IKjzdahm+ctDAJN4O/y7OW5FKebv
    UjdAIt2GuoTZ71iTG+7F0F+lP88jtjP4U4qe7VHoewl4MKOfXZKTe+YCS1XbNvfgwJ3Ltyl1OH9hWvu2yza7q+d5PCsDzqtm27kxuvULVeya+TEd
    AB1ijQKBgQCH/3r6YrVH/uCWGy6bzV1nGNOdjKc9tmkfOJmN54dxdixdpozCQ6U4OxZrsj3FcOhHBsqAHvX2uuYjagqvo3cOj1TRqNocX40omfCC
    Mx3bD1yPPf/6TI2XECva/ggqEY2mYzmIiA5LVVmc5nrybr+lssFKneeyxN2Wq93S0iJMdQKBgCGHewxzoa1r8ZMD0LETNrToK423K377UCYqXfg5
    XMclbrjPbEC3YI1ZNqMtuhdBJqUnBi6tjKMF+34Xf0CUN8ncuXGO2CAYvO8PdyCixHX52ybaDjy1FtCE6yUXjoKNXKvUm7MWGsAYH6f4IegOetN5
    NvmUMFStCSkh7ixZLkN1";

/// With a wrong value for the Chinese remainder theorem, a single signature reveals the private key (Boneh and others,
/// "On the Importance of Checking Cryptographic Protocols for Faults").
#[test]
fn a_key_with_a_wrong_part_never_gives_a_bad_signature() {
    let directory = Directory::new();
    directory.openssl("rsa -in leaf.key -traditional -outform DER -out leaf.der");
    let sound = directory.read("leaf.der");
    let parts = integers(&sound);
    assert_eq!(parts.len(), 9, "version, modulus, exponents, primes and CRT values");
    for (part, range) in parts.iter().enumerate().skip(1) {
        for place in [range.start + 1, range.end - 1] {
            let mut key = sound.clone();
            key[place] ^= 0x02;
            directory.write("wrong.der", &key);
            let Ok(loaded) = directory.load("leaf.pem wrong.der", None) else {
                continue;
            };
            for algorithm in BOTH {
                if let Ok(signature) = loaded.sign(algorithm, INPUT) {
                    let is_good = loaded.certificate().verify(algorithm, INPUT, &signature);
                    assert!(is_good, "part {part} is wrong");
                }
            }
        }
    }
    directory.write("sound.der", sound);
    directory.load("leaf.pem sound.der", None).unwrap();
}

/// The ranges of the contents of the integers in a DER sequence of integers.
fn integers(der: &[u8]) -> Vec<Range<usize>> {
    let header = |at: usize| match der[at + 1] {
        length @ ..=0x7f => (at + 2, usize::from(length)),
        0x81 => (at + 3, usize::from(der[at + 2])),
        _ => (at + 4, usize::from(u16::from_be_bytes([der[at + 2], der[at + 3]]))),
    };
    let mut integers = Vec::new();
    let mut at = header(0).0;
    while at < der.len() {
        let (start, length) = header(at);
        integers.push(start..start + length);
        at = start + length;
    }
    integers
}
