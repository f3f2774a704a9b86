//! The protection of private keys and PFX files: passwords, key derivation and ciphers.

pub mod block_cipher;
pub mod legacy_pem;
pub mod passphrase;
pub mod pbe;
pub mod pfx_mac;
pub mod pkcs12_kdf;
