//! The key by which a program shows Azure Arc's agent that it may read the agent's folder.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::regular_file::{self, Links};
use crate::base::secret::Secret;
use crate::base::shown_path::shown;
use crate::managed_identity::variables::Variables;

/// In bytes.
const LARGEST_KEY: usize = 4096;

/// The folder in which the agent leaves its keys. A challenge may name a file in it and no other.
pub(super) struct KeyFolder(PathBuf);

impl KeyFolder {
    /// The folder that the agent uses on this system.
    pub(super) fn of_agent(variables: &Variables) -> Result<Self> {
        #[cfg(feature = "test-hooks")]
        if let Some(folder) = std::env::var_os("GRAPHTOKEN_TEST_ARC_KEY_FOLDER") {
            return Ok(Self(folder.into()));
        }
        if cfg!(windows) {
            let data = variables.required("ProgramData")?;
            let data = PathBuf::from(data.expose_text().unwrap_or_default());
            return Ok(Self(data.join("AzureConnectedMachineAgent").join("Tokens")));
        }
        Ok(Self(PathBuf::from("/var/opt/azcmagent/tokens")))
    }

    /// Reads the key in the file at `path`, which the agent has named.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for a path outside the folder, and for a file that is not a key or that cannot be
    /// read; [`Status::CredentialMissing`] if there is none. Neither the path nor the content is quoted, because
    /// something other than the agent may have named it.
    pub(super) fn read(&self, path: &str) -> Result<Secret> {
        let file = self
            .file(path)
            .ok_or_else(|| refused(&format!("names a file that is not a key in {}", shown(&self.0))))?;
        let is_folder = fs::symlink_metadata(&self.0).map(|facts| facts.is_dir());
        match is_folder {
            Ok(true) => {}
            Ok(false) => return Err(refused(&format!("names a file in {}, which is a link", shown(&self.0)))),
            Err(error) => return Err(self.unreadable(&error)),
        }
        let content =
            regular_file::read(&file, Links::Refused, LARGEST_KEY).map_err(|error| self.unreadable(&error))?;
        key_in(&content).ok_or_else(|| refused("names a file whose content is not a key"))
    }

    /// The file, if `path` is this folder, a name without separators, and `.key`.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let folder = self.0.to_str()?;
        let (start, rest) = path.split_at_checked(folder.len())?;
        let is_same = if cfg!(windows) {
            start.eq_ignore_ascii_case(folder)
        } else {
            start == folder
        };
        let name = rest.strip_prefix(std::path::MAIN_SEPARATOR)?;
        let stem = name.strip_suffix(".key")?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let is_key = !stem.is_empty() && stem.chars().all(is_plain) && !name.contains("..");
        (is_same && is_key).then(|| Path::new(&self.0).join(name))
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        let folder = shown(&self.0);
        match error.kind() {
            ErrorKind::NotFound => Error::new(
                Status::CredentialMissing,
                format!("The key that the Azure Connected Machine agent names is not in {folder}."),
                "Check that the agent runs on this machine, and not in another container or network.",
            ),
            ErrorKind::PermissionDenied => Error::new(
                Status::InvalidArgument,
                format!("Cannot read the key of the Azure Connected Machine agent in {folder}: permission denied."),
                if cfg!(windows) {
                    "Run as an administrator, or add the account to the group Hybrid agent extension applications."
                } else {
                    "Run as root, or add the account to the group himds and sign in again."
                },
            ),
            ErrorKind::FileTooLarge => refused(&format!("names a file of more than {LARGEST_KEY} bytes")),
            _ => refused(&format!("names a file that cannot be read ({error})")),
        }
    }
}

/// The path in a challenge `Basic realm=PATH` (RFC 7617), with or without quotation marks.
pub(super) fn path_in(challenge: &str) -> Option<&str> {
    let (scheme, parameters) = challenge.trim().split_once(' ')?;
    let (name, value) = parameters.trim_start().split_once('=')?;
    let is_realm = scheme.eq_ignore_ascii_case("basic") && name.trim().eq_ignore_ascii_case("realm");
    let value = value.trim();
    let path = match value.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => value,
    };
    (is_realm && !path.is_empty()).then_some(path)
}

/// The key: one line of printable ASCII.
fn key_in(content: &Zeroizing<Vec<u8>>) -> Option<Secret> {
    let key = content.trim_ascii();
    let is_key = !key.is_empty() && key.iter().all(|byte| matches!(byte, b' '..=b'~'));
    is_key.then(|| Secret::copy_of(key))
}

fn refused(what: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("The challenge of the Azure Connected Machine agent {what}."),
        "Check which program listens at IDENTITY_ENDPOINT: the agent names a new key in its own folder each time.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_read_with_and_without_quotation_marks() {
        for (challenge, path) in [
            ("Basic realm=/var/a.key", Some("/var/a.key")),
            (
                "basic REALM=\"C:\\Program Data\\a.key\"",
                Some("C:\\Program Data\\a.key"),
            ),
            ("  Basic  realm = /a.key ", Some("/a.key")),
            ("Basic realm=", None),
            ("Basic realm=\"\"", None),
            ("Basic realm=\"/a.key", None),
            ("Basic", None),
            ("Bearer realm=/a.key", None),
            ("Basic charset=/a.key", None),
            ("", None),
        ] {
            assert_eq!(path_in(challenge), path, "{challenge}");
        }
    }

    #[cfg(unix)]
    mod files {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        use super::*;

        fn folder() -> (tempfile::TempDir, KeyFolder) {
            let outer = tempfile::tempdir().unwrap();
            let inner = outer.path().join("tokens");
            fs::create_dir(&inner).unwrap();
            (outer, KeyFolder(inner))
        }

        fn path(folder: &KeyFolder, name: &str) -> String {
            folder.0.join(name).display().to_string()
        }

        #[test]
        fn the_key_is_read_from_the_folder_alone() {
            let (outer, folder) = folder();
            fs::write(folder.0.join("a.key"), "  the key\n").unwrap();
            assert_eq!(folder.read(&path(&folder, "a.key")).unwrap().expose(), b"the key");
            fs::write(outer.path().join("b.key"), "outside").unwrap();
            fs::create_dir(folder.0.join("inner")).unwrap();
            fs::write(folder.0.join("inner/c.key"), "inside").unwrap();
            fs::write(folder.0.join("d.txt"), "text").unwrap();
            for other in [
                path(&folder, "../b.key"),
                path(&folder, "inner/c.key"),
                path(&folder, "inner\\c.key"),
                path(&folder, "d.txt"),
                path(&folder, ".key"),
                path(&folder, "a..key"),
                path(&folder, "a\0.key"),
                path(&folder, "/a.key"),
                outer.path().join("b.key").display().to_string(),
                "a.key".to_owned(),
                "/etc/shadow".to_owned(),
                String::new(),
            ] {
                let error = folder.read(&other).unwrap_err();
                assert_eq!(error.status(), Status::InvalidArgument, "{other}");
                assert!(error.message().contains("not a key in"), "{other}: {error}");
            }
        }

        #[test]
        fn what_is_no_key_is_refused() {
            let (outer, folder) = folder();
            for (content, accepted) in [
                (&b""[..], false),
                (b" \n", false),
                (b"two\nlines", false),
                (b"null\0", false),
                (b"\xff\xfe", false),
                (&[b'a'; LARGEST_KEY + 1], false),
                (&[b'a'; LARGEST_KEY], true),
            ] {
                fs::write(folder.0.join("a.key"), content).unwrap();
                let read = folder.read(&path(&folder, "a.key"));
                assert_eq!(read.is_ok(), accepted, "{} bytes: {read:?}", content.len());
                assert!(read.err().is_none_or(|error| error.status() == Status::InvalidArgument));
            }
            fs::write(outer.path().join("secret"), "secret").unwrap();
            symlink(outer.path().join("secret"), folder.0.join("link.key")).unwrap();
            fs::create_dir(folder.0.join("folder.key")).unwrap();
            for name in ["link.key", "folder.key"] {
                let error = folder.read(&path(&folder, name)).unwrap_err();
                assert_eq!(error.status(), Status::InvalidArgument, "{name}");
            }
            let error = folder.read(&path(&folder, "missing.key")).unwrap_err();
            assert_eq!(error.status(), Status::CredentialMissing);
        }

        #[test]
        fn the_folder_is_no_link() {
            let (outer, folder) = folder();
            fs::write(folder.0.join("a.key"), "key").unwrap();
            let linked = KeyFolder(outer.path().join("linked"));
            symlink(&folder.0, &linked.0).unwrap();
            let error = linked.read(&path(&linked, "a.key")).unwrap_err();
            assert!(error.message().contains("is a link"), "{error}");
        }

        #[test]
        fn a_key_of_others_names_their_group() {
            let (_outer, folder) = folder();
            let file = folder.0.join("a.key");
            fs::write(&file, "key").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
            // The superuser reads it all the same.
            if let Err(error) = folder.read(&path(&folder, "a.key")) {
                assert_eq!(error.status(), Status::InvalidArgument);
                assert!(error.hint().contains("himds"), "{error:?}");
            }
            let denied = folder.unreadable(&ErrorKind::PermissionDenied.into());
            assert!(denied.hint().contains("himds"), "{denied:?}");
        }
    }
}
