//! What stands between the tokens in the file and others who can read it.

use std::path::Path;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::store::file::cipher::{self, SealingKey};
use crate::store::file::settings::{FileStoreSettings, ProtectionChoice};
#[cfg(not(windows))]
use crate::store::file::user_key;
use crate::store::key::StoreKey;

/// How the file is protected.
#[derive(Debug)]
pub(super) enum Protection {
    /// Not at all.
    None,
    /// With a key of the caller, or one that the operating system keeps for the user.
    Key(SealingKey),
    /// With the user's own protection on Windows, in the form in which MSAL's extensions have it too.
    #[cfg(windows)]
    DataProtection,
}

/// Forgets what the operating system keeps for the file at `path` alone.
#[cfg(not(windows))]
pub(super) fn forget_key(settings: &FileStoreSettings, path: &Path) {
    if settings.protection == ProtectionChoice::User {
        user_key::forget(&path.to_string_lossy());
    }
}

/// A file's content that could not be opened.
pub(super) enum Unopened {
    /// It is damaged, or nobody has its key any more: nobody is helped by keeping it where it is.
    Lost(String),
    /// It is protected otherwise than was said, and may be in use by somebody who says otherwise.
    Otherwise(&'static str),
}

/// How DPAPI's blobs begin: version 1, then the provider's id.
const DATA_PROTECTION_MAGIC: [u8; 8] = [1, 0, 0, 0, 0xd0, 0x8c, 0x9d, 0xdf];

impl Protection {
    /// With `key`, or as `settings` say, for the file at `path`. The caller holds the file's lock.
    ///
    /// # Errors
    /// `CacheProtectionUnavailable` when this account has no protection of its own.
    pub(super) fn new(settings: &FileStoreSettings, key: Option<&StoreKey>, path: &Path) -> Result<Self> {
        match (key, settings.protection) {
            (Some(key), _) => Ok(Self::Key(SealingKey::of_caller(key))),
            (None, ProtectionChoice::None) => Ok(Self::None),
            (None, ProtectionChoice::User) => Self::of_user(path),
        }
    }

    #[cfg(windows)]
    #[allow(clippy::unnecessary_wraps, reason = "other systems may have none")]
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
                    "This account has no protection of its own for the token cache {}: {reason}.",
                    path.display()
                ),
                "Give a key with the option cache.key (the Base64 of 32 random bytes, as 'openssl rand -base64 32' \
                 prints them), or say with cache.protection=none that the tokens may lie there in plain text.",
            )
        })
    }

    /// Whether someone who reads the file learns nothing from it.
    pub(super) fn hides_content(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The file's content for `json`.
    pub(super) fn seal(&self, json: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::None => Ok(json.to_vec()),
            Self::Key(key) => key.seal(json),
            #[cfg(windows)]
            Self::DataProtection => crate::os::windows::data_protection::protect(json).map_err(|error| {
                Error::new(
                    Status::CacheUnwritable,
                    format!("Windows did not protect the token cache: {error}"),
                    "Load the account's user profile, or give a key with the option cache.key.",
                )
            }),
        }
    }

    /// The JSON in the file's `content`.
    pub(super) fn open(&self, content: &[u8]) -> std::result::Result<Zeroizing<Vec<u8>>, Unopened> {
        let is_plain = content.trim_ascii_start().starts_with(b"{");
        match self {
            Self::None if content.starts_with(cipher::MAGIC) || content.starts_with(&DATA_PROTECTION_MAGIC) => {
                Err(Unopened::Otherwise("it is protected, and it was said to be plain text"))
            }
            Self::None => Ok(Zeroizing::new(content.to_vec())),
            _ if is_plain => Err(Unopened::Otherwise("it is plain text, and it was said to be protected")),
            Self::Key(key) => key.open(content).map_err(|reason| Unopened::Lost(reason.to_owned())),
            #[cfg(windows)]
            Self::DataProtection => crate::os::windows::data_protection::unprotect(content)
                .map_err(|error| Unopened::Lost(error.to_string())),
        }
    }
}
