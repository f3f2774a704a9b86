//! The files beside a cache file: their names are its name with an extension.

/// The extension of the new content before it replaces the old one.
pub(super) const DRAFT: &str = "new";

/// The extension of the lock for writing, which MSAL's extensions have too.
pub(super) const LOCK: &str = "lockfile";

/// How the extension of a turn begins; its number follows.
pub(super) const TURN: &str = "turn-";

/// How the extension of a damaged file that was set aside begins; the time follows.
pub(super) const DAMAGED: &str = "damaged-";

/// Whether a file of this name could be a companion of another cache. Some file systems do not distinguish upper and
/// lower case.
pub(super) fn is_companion(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let Some((_, extension)) = name.rsplit_once('.') else {
        return false;
    };
    [DRAFT, LOCK].contains(&extension) || [TURN, DAMAGED].iter().any(|begin| extension.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companions_are_known_by_their_extension_in_any_case() {
        for name in [
            "c.json.new",
            "c.new",
            "c.json.NEW",
            "c.json.lockfile",
            "c.json.LockFile",
            "c.json.turn-7",
            "c.json.Turn-63",
            "c.json.damaged-20261126T195030Z",
            "c.json.damaged-20261126T195030Z-2",
        ] {
            assert!(is_companion(name), "{name}");
        }
        for name in [
            "new",
            "lockfile",
            "c",
            "c.json",
            "new.json",
            "c.new.json",
            "c.newer",
            "c.turn",
            "turn-7",
        ] {
            assert!(!is_companion(name), "{name}");
        }
    }
}
