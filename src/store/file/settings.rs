//! Which file keeps the tokens, and how it is protected.

use std::fmt;
use std::path::PathBuf;

use crate::base::error::{Error, Result, Status};

/// Settings of a token cache in a file. Without a name there is none.
#[derive(Clone, Debug, Default)]
pub struct FileStoreSettings {
    /// The cache's name.
    pub name: Option<CacheName>,
    /// The folder that the file is in; the user's data folder when `None`.
    pub folder: Option<PathBuf>,
    /// How the file is protected.
    pub protection: ProtectionChoice,
}

/// How the file is protected when there is no key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProtectionChoice {
    /// With what the operating system has for the secrets of this user.
    #[default]
    User,
    /// Not at all: plain JSON, which MSAL's own file caches are too.
    None,
}

/// The name of a cache: letters, digits, `.`, `_` and `-` of ASCII. It becomes the file's name, with `.json` behind it
/// when it has no dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheName(String);

/// Names that mean devices on Windows, whatever follows the first dot ("Naming Files, Paths, and Namespaces").
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

impl CacheName {
    /// The name, when it is one.
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
    /// The choice of this name: `user` or `none`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

impl FileStoreSettings {
    /// The file's path; `None` when no cache is named.
    ///
    /// # Errors
    /// `InvalidArgument` when something else is said about a cache that has no name; `CacheUnreadable` when this
    /// account has no folder for its data.
    pub fn path(&self) -> Result<Option<PathBuf>> {
        let Some(name) = &self.name else {
            return self.refuse_without_name().map(|()| None);
        };
        let folder = self.folder.clone().or_else(data_folder).ok_or_else(|| {
            Error::new(
                Status::CacheUnreadable,
                "This account has no folder for its data, where token caches are kept.",
                "Name a folder with the option cache.folder, or set the environment variable for the home directory.",
            )
        })?;
        Ok(Some(folder.join(name.file_name())))
    }

    /// `InvalidArgument` when something is said about a cache that has no name.
    pub fn refuse_without_name(&self) -> Result<()> {
        let says_nothing = self.folder.is_none() && self.protection == ProtectionChoice::default();
        if self.name.is_some() || says_nothing {
            return Ok(());
        }
        Err(Error::new(
            Status::InvalidArgument,
            "Something is said about a token cache file that has no name.",
            "Name it with the option cache.name, or leave out cache.folder and cache.protection.",
        ))
    }
}

#[cfg(windows)]
fn data_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("LOCALAPPDATA").filter(|value| !value.is_empty())?;
    Some(PathBuf::from(folder).join("GraphToken"))
}

#[cfg(target_vendor = "apple")]
fn data_folder() -> Option<PathBuf> {
    Some(std::env::home_dir()?.join("Library/Application Support/GraphToken"))
}

/// As the XDG Base Directory Specification has it, which ignores paths that are not absolute.
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
    fn names_are_file_names_everywhere() {
        for (name, file) in [
            ("work", "work.json"),
            ("a.b_c-1", "a.b_c-1"),
            ("msal.cache", "msal.cache"),
        ] {
            assert_eq!(CacheName::parse(name).unwrap().file_name(), file);
        }
        let long = "x".repeat(101);
        for name in [
            "", ".", "..", ".x", "x.", "a/b", "a\\b", "a b", "\u{fc}", "con", "NUL.x", "com1", &long,
        ] {
            assert_eq!(CacheName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_said_about_no_cache_is_refused() {
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
