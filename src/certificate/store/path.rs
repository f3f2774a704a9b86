//! The path of a certificate in a store, as in PowerShell's drive `Cert:`.

use crate::base::error::{Error, Result, Status};
use crate::base::invisible::without_invisible;

/// The user's own store.
pub(crate) const USER_STORE: &str = "CurrentUser\\My";

/// The store of the machine.
pub(crate) const MACHINE_STORE: &str = "LocalMachine\\My";

/// A store, and the thumbprint of a certificate in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StorePath {
    /// [`USER_STORE`] or [`MACHINE_STORE`].
    pub(crate) store: &'static str,
    pub(crate) thumbprint: String,
}

impl StorePath {
    /// Reads a path of the drive `Cert:`, such as `Cert:\CurrentUser\My\A1B2...`, in any letter case, with slashes of
    /// either kind, and with the name of PowerShell's provider in place of the drive. `None` for any other text.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for a store that is not searched, and for a path without a thumbprint.
    pub(crate) fn of_drive(text: &str) -> Option<Result<Self>> {
        let text = bare(text);
        let path = ["Microsoft.PowerShell.Security\\Certificate::", "Certificate::", "Cert:"]
            .iter()
            .find_map(|drive| {
                let (start, path) = text.split_at_checked(drive.len())?;
                start.eq_ignore_ascii_case(drive).then_some(path)
            })?;
        Some(Self::parse(path).ok_or_else(refusal))
    }

    /// Like [`Self::of_drive`], also without the drive, as in `CurrentUser/My/A1B2...`.
    pub(crate) fn of(text: &str) -> Option<Result<Self>> {
        Self::of_drive(text).or_else(|| Self::parse(&bare(text)).map(Ok))
    }

    fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
        let [location, store, thumbprint] = parts[..] else {
            return None;
        };
        let name = format!("{location}\\{store}");
        let store = [USER_STORE, MACHINE_STORE]
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(&name))?;
        Some(Self {
            store,
            thumbprint: thumbprint.to_owned(),
        })
    }
}

/// `text` without what surrounds it.
fn bare(text: &str) -> String {
    let text = without_invisible(text);
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
        .to_owned()
}

fn refusal() -> Error {
    Error::new(
        Status::InvalidArgument,
        "The path in a certificate store is not that of a certificate in CurrentUser\\My or LocalMachine\\My.",
        "Use Cert:\\CurrentUser\\My\\ or Cert:\\LocalMachine\\My\\ with the thumbprint of the certificate after it.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_in_every_notation() {
        for (text, store) in [
            ("Cert:\\CurrentUser\\My\\A1B2", USER_STORE),
            ("cert:/currentuser/my/A1B2", USER_STORE),
            ("CERT:LocalMachine\\MY\\A1B2\\", MACHINE_STORE),
            (" \"Cert:\\LocalMachine\\My\\A1B2\"\r\n", MACHINE_STORE),
            (
                "Microsoft.PowerShell.Security\\Certificate::CurrentUser\\My\\A1B2",
                USER_STORE,
            ),
            ("certificate::LocalMachine\\My\\\u{200e}A1B2", MACHINE_STORE),
        ] {
            let expected = StorePath {
                store,
                thumbprint: "A1B2".to_owned(),
            };
            assert_eq!(StorePath::of_drive(text).unwrap().unwrap(), expected, "{text:?}");
            assert_eq!(StorePath::of(text).unwrap().unwrap(), expected, "{text:?}");
        }
        assert!(StorePath::of_drive("CurrentUser/My/A1B2").is_none());
        assert!(StorePath::of("CurrentUser/My/A1B2").unwrap().is_ok());
    }

    #[test]
    fn other_stores_and_incomplete_paths_are_refused() {
        for text in [
            "Cert:",
            "Cert:\\CurrentUser\\My",
            "Cert:\\CurrentUser\\Root\\A1B2",
            "Cert:\\Elsewhere\\My\\A1B2",
            "Cert:\\A1B2",
        ] {
            let error = StorePath::of_drive(text).unwrap().unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_paths_of_a_store() {
        for text in [
            "",
            "A1B2",
            "app.pem",
            "/Cert:/app.pem",
            "C:\\Cert\\app.pem",
            "Cert\u{e4}",
        ] {
            assert!(StorePath::of(text).is_none(), "{text}");
        }
    }
}
