//! Which users can write a file or folder.

use std::fs::Metadata;

/// Why users other than this one and root can write the file or folder with these `facts`, as the end of a sentence;
/// `None` if they cannot. Access control lists are not considered.
#[cfg(unix)]
pub(super) fn foreign_access(facts: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;

    foreign_access_of(
        facts.uid(),
        facts.gid(),
        facts.mode(),
        crate::os::unix::effective_user(),
    )
}

/// Unknown: the standard library does not read owners and permissions on this system.
#[cfg(not(unix))]
pub(super) fn foreign_access(_: &Metadata) -> Option<&'static str> {
    None
}

/// The sticky bit, as on `/tmp`, does not protect: other users cannot replace a file, but they can create one first.
#[cfg(unix)]
fn foreign_access_of(owner: u32, group: u32, mode: u32, user: u32) -> Option<&'static str> {
    // Where each user has a group of their own, it has the user's number. Only root puts users into group 0.
    let is_group_trusted = group == 0 || group == user;
    if owner != user && owner != 0 {
        Some("belongs to another user")
    } else if mode & 0o002 != 0 {
        Some("can be written by every user")
    } else if mode & 0o020 != 0 && !is_group_trusted {
        Some("can be written by the users of its group")
    } else {
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_this_user_and_root_are_trusted() {
        let (another, every, group) = (
            Some("belongs to another user"),
            Some("can be written by every user"),
            Some("can be written by the users of its group"),
        );
        for (owner, of_group, mode, user, expected) in [
            (1000, 1000, 0o700, 1000, None),
            (1000, 1000, 0o775, 1000, None),
            (1000, 100, 0o755, 1000, None),
            (1000, 100, 0o775, 1000, group),
            (1000, 1000, 0o777, 1000, every),
            (1000, 1000, 0o1777, 1000, every),
            (0, 0, 0o1777, 1000, every),
            (0, 0, 0o755, 1000, None),
            (0, 0, 0o775, 1_000_650_000, None),
            (1001, 1001, 0o700, 1000, another),
            // A container whose process is root, with a folder of its host.
            (1000, 1000, 0o755, 0, another),
            (0, 0, 0o755, 0, None),
            (65534, 65534, 0o755, 0, another),
        ] {
            assert_eq!(
                foreign_access_of(owner, of_group, mode, user),
                expected,
                "{owner}:{of_group} {mode:o} for {user}"
            );
        }
    }
}
