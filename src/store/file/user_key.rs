//! A random key for one file. The operating system keeps it for this user.

use crate::store::file::cipher::SealingKey;

/// The key for the file at `path`. A new one is generated if there is none. The caller holds the file's lock, without
/// which two processes could generate two keys. The error is a reason for a message.
pub(super) fn of_file(path: &str) -> Result<SealingKey, String> {
    if let Some(key) = place::read(path)? {
        return SealingKey::new(&key).ok_or_else(|| format!("{} contains something else than a key", place::NAME));
    }
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    aws_lc_rs::rand::fill(&mut *bytes).map_err(|_| "the operating system does not supply random numbers".to_owned())?;
    place::write(path, &*bytes)?;
    SealingKey::new(&*bytes).ok_or_else(String::new)
}

/// Deletes the key for the file at `path`, if there is one: without the file it is of no use.
pub(super) fn forget(path: &str) {
    place::remove(path);
}

/// The persistent keyring of the user (persistent-keyring(7)). It is in the kernel's memory: the key is lost when the
/// machine restarts, or when the keyring was not used for three days.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod place {
    use linux_keyutils::{KeyError, KeyRing, KeyRingIdentifier};
    use zeroize::Zeroizing;

    pub(super) const NAME: &str = "the kernel's keyring";

    pub(super) fn read(path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
        let key = match ring()?.search(&description(path)) {
            Ok(key) => key,
            Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => return Ok(None),
            Err(error) => return Err(reason(error)),
        };
        let mut bytes = Zeroizing::new(vec![0; 64]);
        let length = key.read(&mut *bytes).map_err(reason)?;
        bytes.truncate(length);
        Ok(Some(bytes))
    }

    pub(super) fn write(path: &str, key: &[u8]) -> Result<(), String> {
        ring()?.add_key(&description(path), key).map(drop).map_err(reason)
    }

    pub(super) fn remove(path: &str) {
        let key = ring().and_then(|ring| ring.search(&description(path)).map_err(reason));
        if let Err(error) = key.and_then(|key| key.invalidate().map_err(reason)) {
            log::debug!("no key was deleted: {error}");
        }
    }

    /// Linked to the keyring of this process, because a process can read only keys that it possesses.
    fn ring() -> Result<KeyRing, String> {
        KeyRing::get_persistent(KeyRingIdentifier::Process).map_err(reason)
    }

    fn description(path: &str) -> String {
        format!("graphtoken:{path}")
    }

    fn reason(error: KeyError) -> String {
        format!("{NAME} is not available ({error:?})")
    }
}

/// The user's login keychain.
#[cfg(target_vendor = "apple")]
mod place {
    use security_framework::passwords::{delete_generic_password, get_generic_password, set_generic_password};
    use zeroize::Zeroizing;

    pub(super) const NAME: &str = "the keychain";

    /// `errSecItemNotFound`.
    const NOT_FOUND: i32 = -25300;

    pub(super) fn read(path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
        match get_generic_password("GraphToken", path) {
            Ok(key) => Ok(Some(Zeroizing::new(key))),
            Err(error) if error.code() == NOT_FOUND => Ok(None),
            Err(error) => Err(format!("{NAME} is not available ({error})")),
        }
    }

    pub(super) fn write(path: &str, key: &[u8]) -> Result<(), String> {
        set_generic_password("GraphToken", path, key).map_err(|error| format!("{NAME} is not available ({error})"))
    }

    pub(super) fn remove(path: &str) {
        if let Err(error) = delete_generic_password("GraphToken", path) {
            log::debug!("no key was deleted: {error}");
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
mod place {
    use zeroize::Zeroizing;

    pub(super) const NAME: &str = "the operating system";

    pub(super) fn read(_: &str) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
        Err("GraphToken supports none on this operating system".to_owned())
    }

    pub(super) fn write(_: &str, _: &[u8]) -> Result<(), String> {
        Err("GraphToken supports none on this operating system".to_owned())
    }

    pub(super) fn remove(_: &str) {}
}
