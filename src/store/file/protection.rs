//! How the content of the file is protected.

use std::path::Path;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::CACHE_KEY;
#[cfg(not(windows))]
use crate::base::parameter::CACHE_PROTECTION;
use crate::store::file::cipher::{self, SealingKey};
use crate::store::file::settings::{FileStoreSettings, ProtectionChoice};
#[cfg(not(windows))]
use crate::store::file::user_key;
#[cfg(not(windows))]
use crate::store::key::HOW_TO_GENERATE;
use crate::store::key::StoreKey;

/// The protection of a file.
#[derive(Debug)]
pub(super) enum Protection {
    /// None: plain text.
    None,
    /// Encryption with a key of the caller, or with one that the operating system keeps for the user.
    Key(SealingKey),
    /// The Data Protection API of Windows for the user, in the format of MSAL's extensions.
    #[cfg(windows)]
    DataProtection,
}

/// Deletes the key that the operating system keeps for the file at `path`.
#[cfg(not(windows))]
pub(super) fn forget_key(settings: &FileStoreSettings, path: &Path) {
    if settings.protection == ProtectionChoice::User {
        user_key::forget(&path.to_string_lossy());
    }
}

/// Why the content of a file could not be opened.
pub(super) enum Unopened {
    /// It is damaged, or its key is lost: it is of no use any more.
    Lost(String),
    /// It has another protection than the settings say. Programs with other settings may be using it.
    Unexpected(&'static str),
}

/// The first bytes of a DPAPI blob: version 1, then the id of the provider.
const DATA_PROTECTION_MAGIC: [u8; 8] = [1, 0, 0, 0, 0xd0, 0x8c, 0x9d, 0xdf];

impl Protection {
    /// The protection with `key`, or else as `settings` say, for the file at `path`. The caller holds the file's lock.
    ///
    /// # Errors
    /// `CacheProtectionUnavailable` if this account has no user protection.
    pub(super) fn new(settings: &FileStoreSettings, key: Option<&StoreKey>, path: &Path) -> Result<Self> {
        match (key, settings.protection) {
            (Some(key), _) => Ok(Self::Key(SealingKey::of_caller(key))),
            (None, ProtectionChoice::None) => Ok(Self::None),
            (None, ProtectionChoice::User) => Self::of_user(path),
        }
    }

    #[cfg(windows)]
    #[allow(clippy::unnecessary_wraps, reason = "this fails on other systems")]
    fn of_user(_: &Path) -> Result<Self> {
        Ok(Self::DataProtection)
    }

    #[cfg(not(windows))]
    fn of_user(path: &Path) -> Result<Self> {
        let key = user_key::of_file(&path.to_string_lossy());
        key.map(Self::Key).map_err(|reason| {
            Error::new(
                Status::CacheProtectionUnavailable,
                format!(
                    "This account has no user protection for the token cache {}: {reason}.",
                    path.display()
                ),
                format!(
                    "Set {CACHE_KEY} to 32 random bytes in Base64, or use {CACHE_PROTECTION} to keep the tokens in plain \
                     text. {HOW_TO_GENERATE}"
                ),
            )
        })
    }

    /// Whether the file reveals nothing to others who read it.
    pub(super) fn hides_content(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The content of the file for `json`.
    pub(super) fn seal(&self, json: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::None => Ok(json.to_vec()),
            Self::Key(key) => key.seal(json),
            #[cfg(windows)]
            Self::DataProtection => crate::os::windows::data_protection::protect(json).map_err(|error| {
                Error::new(
                    Status::CacheUnwritable,
                    format!("Windows cannot encrypt the token cache: {error}."),
                    format!("Load the user profile of the account, or set {CACHE_KEY}."),
                )
            }),
        }
    }

    /// The JSON in the content of the file.
    pub(super) fn open(&self, content: &[u8]) -> std::result::Result<Zeroizing<Vec<u8>>, Unopened> {
        let is_plain = content.trim_ascii_start().starts_with(b"{");
        match self {
            Self::None if content.starts_with(cipher::MAGIC) || content.starts_with(&DATA_PROTECTION_MAGIC) => {
                Err(Unopened::Unexpected("it is encrypted, but plain text was expected"))
            }
            Self::None => Ok(Zeroizing::new(content.to_vec())),
            _ if is_plain => Err(Unopened::Unexpected("it is plain text, but encryption was expected")),
            Self::Key(key) => key.open(content).map_err(|reason| Unopened::Lost(reason.to_owned())),
            #[cfg(windows)]
            Self::DataProtection => crate::os::windows::data_protection::unprotect(content)
                .map_err(|error| Unopened::Lost(error.to_string())),
        }
    }
}
