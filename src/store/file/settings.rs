//! The settings of a token cache in a file.

use std::fmt;
use std::path::PathBuf;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{CACHE_FOLDER, CACHE_NAME, CACHE_PROTECTION};
use crate::store::file::companion::is_companion;

/// The settings of a token cache in a file. Without a name there is no cache.
#[derive(Clone, Debug, Default)]
pub struct FileStoreSettings {
    /// The cache's name.
    pub name: Option<CacheName>,
    /// The folder of the file; the user's data folder if `None`.
    pub folder: Option<PathBuf>,
    /// How the file is protected.
    pub protection: ProtectionChoice,
}

/// The protection of a file without a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProtectionChoice {
    /// The operating system's protection for the secrets of this user.
    #[default]
    User,
    /// Plain JSON, which MSAL's own file caches are too.
    None,
}

/// The name of a cache: ASCII letters, digits, `.`, `_` and `-`. It is the name of the file, with the extension `.json`
/// if it has no dot. Names of files that another cache has beside its own, such as its lock, are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheName(String);

/// Names of devices on Windows, with any extension ("Naming Files, Paths, and Namespaces").
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

impl CacheName {
    /// The name; `None` if `text` is not a valid one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let stem = text.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_port = ["com", "lpt"]
            .iter()
            .any(|port| stem.strip_prefix(port).is_some_and(|rest| rest.len() == 1));
        let is_name = (1..=100).contains(&text.len())
            && text.chars().all(is_allowed)
            && !text.starts_with('.')
            && !text.ends_with('.')
            && !is_companion(text)
            && !is_port
            && !DEVICES.contains(&stem.as_str());
        is_name.then(|| Self(text.to_owned()))
    }

    fn file_name(&self) -> String {
        if self.0.contains('.') {
            self.0.clone()
        } else {
            format!("{}.json", self.0)
        }
    }
}

impl fmt::Display for CacheName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl ProtectionChoice {
    /// The choice with this name: `user` or `none`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

impl FileStoreSettings {
    /// The path of the file; `None` if no cache is named.
    ///
    /// # Errors
    /// `InvalidArgument` for other settings without a name; `CacheUnreadable` if this account has no data folder.
    pub fn path(&self) -> Result<Option<PathBuf>> {
        let Some(name) = &self.name else {
            return self.refuse_without_name().map(|()| None);
        };
        let folder = self.folder.clone().or_else(data_folder).ok_or_else(|| {
            Error::new(
                Status::CacheUnreadable,
                "This account has no data folder, where token caches are kept.",
                format!("Set {CACHE_FOLDER}, or the environment variable {DATA_FOLDER_VARIABLE}."),
            )
        })?;
        Ok(Some(folder.join(name.file_name())))
    }

    /// Returns `InvalidArgument` for other settings without a name.
    pub fn refuse_without_name(&self) -> Result<()> {
        let is_default = self.folder.is_none() && self.protection == ProtectionChoice::default();
        if self.name.is_some() || is_default {
            return Ok(());
        }
        let given = if self.folder.is_some() {
            CACHE_FOLDER
        } else {
            CACHE_PROTECTION
        };
        Err(Error::new(
            Status::InvalidArgument,
            format!("No token cache was named for {given}."),
            format!("Set {CACHE_NAME}, or omit {given}."),
        ))
    }
}

/// The variable that the data folder depends on.
const DATA_FOLDER_VARIABLE: &str = if cfg!(windows) { "LOCALAPPDATA" } else { "HOME" };

#[cfg(windows)]
fn data_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("LOCALAPPDATA").filter(|value| !value.is_empty())?;
    Some(PathBuf::from(folder).join("GraphToken"))
}

#[cfg(target_vendor = "apple")]
fn data_folder() -> Option<PathBuf> {
    Some(std::env::home_dir()?.join("Library/Application Support/GraphToken"))
}

/// The folder of the XDG Base Directory Specification, which ignores paths that are not absolute.
#[cfg(not(any(windows, target_vendor = "apple")))]
fn data_folder() -> Option<PathBuf> {
    let given = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let of_home = || Some(std::env::home_dir()?.join(".local/share"));
    let folder = given.or_else(of_home).filter(|folder| folder.is_absolute())?;
    Some(folder.join("graphtoken"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_file_names_on_every_system() {
        for (name, file) in [
            ("work", "work.json"),
            ("a.b_c-1", "a.b_c-1"),
            ("msal.cache", "msal.cache"),
        ] {
            assert_eq!(CacheName::parse(name).unwrap().file_name(), file);
        }
        let long = "x".repeat(101);
        for name in [
            "",
            ".",
            "..",
            ".x",
            "x.",
            "a/b",
            "a\\b",
            "a b",
            "\u{fc}",
            "con",
            "NUL.x",
            "com1",
            "c.json.new",
            "c.json.Lockfile",
            "c.json.turn-1",
            &long,
        ] {
            assert_eq!(CacheName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn settings_without_a_name_are_refused() {
        assert_eq!(FileStoreSettings::default().path().unwrap(), None);
        let nameless = FileStoreSettings {
            folder: Some("/x".into()),
            ..FileStoreSettings::default()
        };
        assert_eq!(nameless.path().unwrap_err().status(), Status::InvalidArgument);
        let named = FileStoreSettings {
            name: CacheName::parse("work"),
            ..nameless
        };
        assert_eq!(named.path().unwrap(), Some(PathBuf::from("/x/work.json")));
    }
}
