//! Regular files at paths where something else may be: a pipe, which blocks, a device, which never ends, or a link.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use zeroize::Zeroizing;

/// What is done with a path whose last part is a symbolic link. Links among its folders are always followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// The file that it points at is opened.
    Followed,
    /// It is an error, and nothing is opened or created.
    Refused,
}

/// Reads the regular file at `path`, at most `limit` bytes. No copy of the content stays in memory.
///
/// # Errors
/// As [`open`]; [`ErrorKind::FileTooLarge`] for a file with more bytes.
pub fn read(path: &Path, links: Links, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let (file, facts) = open(OpenOptions::new().read(true), path, links)?;
    content(file, &facts, limit)
}

/// Opens the regular file at `path` with `options`, and returns what the system knows of the file that was opened.
///
/// Never waits for the other end of a pipe.
///
/// # Errors
/// [`ErrorKind::IsADirectory`] for a directory; [`ErrorKind::InvalidInput`] for a link that is refused, and for
/// anything else that is not a regular file. Both say in a clause what is at the path.
pub fn open(options: &mut OpenOptions, path: &Path, links: Links) -> io::Result<(File, Metadata)> {
    system::set_flags(options, links);
    system::look_before(path, links)?;
    let file = options.open(path).map_err(|error| explained(error, path, links))?;
    let facts = file.metadata()?;
    match facts.file_type() {
        kind if kind.is_file() => Ok((file, facts)),
        kind if kind.is_dir() => Err(Obstacle::Directory.into()),
        kind if kind.is_symlink() => Err(Obstacle::Link.into()),
        _ => Err(Obstacle::Other.into()),
    }
}

/// Reads the rest of an open file of which `facts` are known, at most `limit` bytes.
///
/// # Errors
/// [`ErrorKind::FileTooLarge`] for a file with more bytes.
pub fn content(mut file: impl Read, facts: &Metadata, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let most = limit.saturating_add(1);
    let expected = usize::try_from(facts.len()).unwrap_or(usize::MAX);
    if expected > limit {
        return Err(ErrorKind::FileTooLarge.into());
    }
    // One byte more than expected, for the end to be found without a larger buffer.
    let mut content = Zeroizing::new(vec![0; expected.saturating_add(1).max(USUAL_ROOM).min(most)]);
    let mut length = 0;
    loop {
        match file.read(&mut content[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length > limit {
            return Err(ErrorKind::FileTooLarge.into());
        }
        if length == content.len() {
            // Not `resize`, which frees the old buffer with its content.
            let mut larger = Zeroizing::new(vec![0; length.saturating_mul(2).min(most)]);
            larger[..length].copy_from_slice(&content);
            content = larger;
        }
    }
    content.truncate(length);
    Ok(content)
}

/// The least room for a file, in bytes: the system gives some files, such as those in `/proc`, the length 0.
const USUAL_ROOM: usize = 4096;

/// Puts what is at `path` in place of an error that says it in the system's words.
fn explained(error: io::Error, path: &Path, links: Links) -> io::Error {
    if error.kind() == ErrorKind::IsADirectory {
        Obstacle::Directory.into()
    } else if links == Links::Refused && path.is_symlink() {
        Obstacle::Link.into()
    } else if system::is_without_reader(&error) {
        Obstacle::Other.into()
    } else {
        error
    }
}

/// What is at a path in place of a regular file.
enum Obstacle {
    Directory,
    Link,
    Other,
}

impl From<Obstacle> for io::Error {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Directory => Self::new(ErrorKind::IsADirectory, "it is a directory"),
            Obstacle::Link => Self::new(ErrorKind::InvalidInput, "it is a symbolic link"),
            Obstacle::Other => Self::new(ErrorKind::InvalidInput, "it is not a regular file"),
        }
    }
}

#[cfg(unix)]
mod system {
    use std::fs::OpenOptions;
    use std::io;
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::path::Path;

    use super::Links;

    pub(super) fn set_flags(options: &mut OpenOptions, links: Links) {
        let no_follow = match links {
            Links::Followed => 0,
            Links::Refused => libc::O_NOFOLLOW,
        };
        // A terminal must not become the one that controls this process.
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | no_follow);
    }

    /// The flags are enough.
    #[allow(clippy::unnecessary_wraps, reason = "Windows has paths that are refused")]
    pub(super) fn look_before(_: &Path, _: Links) -> io::Result<()> {
        Ok(())
    }

    /// Whether a pipe that nobody reads was opened for writing, or a socket (open(2), and that of macOS).
    pub(super) fn is_without_reader(error: &io::Error) -> bool {
        matches!(error.raw_os_error(), Some(libc::ENXIO | libc::EOPNOTSUPP))
    }
}

#[cfg(windows)]
mod system {
    use std::ffi::OsStr;
    use std::fs::OpenOptions;
    use std::io;
    use std::os::windows::fs::OpenOptionsExt as _;
    use std::path::{Component, Path, Prefix};

    use super::{Links, Obstacle};

    /// `SECURITY_IDENTIFICATION`: the server of a named pipe learns who opens it, and cannot act as that user.
    const IDENTIFICATION: u32 = 0x0001_0000;

    pub(super) fn set_flags(options: &mut OpenOptions, _: Links) {
        options.security_qos_flags(IDENTIFICATION);
    }

    /// Refuses links, the paths of devices (`\\.\COM1`), and those of named pipes and mailslots on this machine and on
    /// others. Of other devices, such as NUL, the system has no facts, which is an error too.
    ///
    /// Creating a link in between takes a privilege. The flag `FILE_FLAG_OPEN_REPARSE_POINT`
    /// would open deduplicated files without their content.
    pub(super) fn look_before(path: &Path, links: Links) -> io::Result<()> {
        if links == Links::Refused && path.is_symlink() {
            return Err(Obstacle::Link.into());
        }
        let is_pipe = |name: &OsStr| ["pipe", "mailslot"].iter().any(|kind| name.eq_ignore_ascii_case(kind));
        let Some(Component::Prefix(prefix)) = path.components().next() else {
            return Ok(());
        };
        match prefix.kind() {
            Prefix::DeviceNS(_) => Err(Obstacle::Other.into()),
            Prefix::Verbatim(name) | Prefix::UNC(_, name) | Prefix::VerbatimUNC(_, name) if is_pipe(name) => {
                Err(Obstacle::Other.into())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn is_without_reader(_: &io::Error) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const LIMIT: usize = 10_000;

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for length in [0, 1, USUAL_ROOM, LIMIT - 1, LIMIT] {
            fs::write(&path, vec![b'x'; length]).unwrap();
            assert_eq!(*read(&path, Links::Refused, LIMIT).unwrap(), vec![b'x'; length]);
        }
        fs::write(&path, vec![b'x'; LIMIT + 1]).unwrap();
        let error = read(&path, Links::Refused, LIMIT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_file_that_is_longer_than_it_seemed_is_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "").unwrap();
        let facts = path.metadata().unwrap();
        for length in [1, USUAL_ROOM, LIMIT - 1, LIMIT] {
            let longer = vec![b'x'; length];
            assert_eq!(*content(longer.as_slice(), &facts, LIMIT).unwrap(), longer);
        }
        let endless = io::repeat(b'x');
        assert_eq!(
            content(endless, &facts, LIMIT).unwrap_err().kind(),
            ErrorKind::FileTooLarge
        );
    }

    #[test]
    fn a_directory_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        read(folder.path(), Links::Followed, LIMIT).unwrap_err();
        #[cfg(unix)]
        assert_eq!(
            read(folder.path(), Links::Followed, LIMIT).unwrap_err().to_string(),
            "it is a directory"
        );
    }

    #[cfg(unix)]
    #[test]
    fn pipes_sockets_and_devices_are_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, socket) = (folder.path().join("pipe"), folder.path().join("socket"));
        let status = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(status.success());
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [&pipe, &socket, Path::new("/dev/zero"), Path::new("/dev/tty")] {
            for options in [OpenOptions::new().read(true), OpenOptions::new().write(true)] {
                let error = open(options, path, Links::Followed).unwrap_err();
                assert_eq!(error.to_string(), "it is not a regular file", "{}", path.display());
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
            }
        }
        // A pipe that has a reader can be opened for writing.
        let _reader = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
        let error = open(OpenOptions::new().write(true), &pipe, Links::Followed).unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_or_refused_and_creates_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let [file, to_file, to_nothing, to_device] =
            ["file", "to-file", "to-nothing", "to-device"].map(|name| folder.path().join(name));
        fs::write(&file, "content").unwrap();
        let link = |target: &Path, link: &Path| std::os::unix::fs::symlink(target, link).unwrap();
        link(&file, &to_file);
        link(Path::new("/dev/zero"), &to_device);
        link(&folder.path().join("nothing"), &to_nothing);
        assert_eq!(*read(&to_file, Links::Followed, LIMIT).unwrap(), b"content");
        let endless = read(&to_device, Links::Followed, LIMIT).unwrap_err();
        assert_eq!(endless.to_string(), "it is not a regular file");
        for path in [&to_file, &to_nothing, &to_device] {
            for options in [
                OpenOptions::new().read(true),
                OpenOptions::new().write(true).create(true),
            ] {
                let error = open(options, path, Links::Refused).unwrap_err();
                assert_eq!(error.to_string(), "it is a symbolic link", "{}", path.display());
            }
        }
        assert!(!folder.path().join("nothing").exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_without_a_length_is_read() {
        let content = read(Path::new("/proc/self/status"), Links::Refused, 1 << 20).unwrap();
        assert!(content.starts_with(b"Name:"));
    }

    #[cfg(windows)]
    #[test]
    fn pipes_and_devices_are_refused() {
        for path in [
            r"\\.\pipe\graphtoken",
            r"\\?\pipe\graphtoken",
            r"\\server\Pipe\graphtoken",
            r"\\.\NUL",
        ] {
            let error = read(Path::new(path), Links::Followed, LIMIT).unwrap_err();
            assert_eq!(error.to_string(), "it is not a regular file", "{path}");
        }
        read(Path::new("NUL"), Links::Followed, LIMIT).unwrap_err();
    }
}
