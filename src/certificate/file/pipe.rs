//! Pipes in place of certificate files, as shells make them for `<(command)`.

use std::path::Path;

#[cfg(unix)]
pub(crate) use self::unix::{is_pipe, read};

#[cfg(unix)]
mod unix {
    use std::fs::OpenOptions;
    use std::io::{self, ErrorKind, Read};
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
    use std::thread;
    use std::time::Duration;

    use zeroize::Zeroizing;

    use super::Path;

    /// How long a pipe may have no writer, or its writer write nothing: programs that ask a secret store take seconds.
    const LONGEST_SILENCE: Duration = Duration::from_secs(10);

    const PAUSE: Duration = Duration::from_millis(10);

    pub(crate) fn is_pipe(path: &Path) -> bool {
        path.metadata().is_ok_and(|facts| facts.file_type().is_fifo())
    }

    /// Reads until all writers have closed the pipe, at most `limit` bytes. A pipe without a writer is empty.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`] if its writer writes nothing for too long; [`ErrorKind::FileTooLarge`].
    pub(crate) fn read(path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
        let mut pipe = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
        // Allocated once: a buffer that grows leaves copies of keys in memory.
        let mut content = Zeroizing::new(vec![0; limit + 1]);
        let (mut length, mut waited) = (0, Duration::ZERO);
        loop {
            if length > limit {
                return Err(ErrorKind::FileTooLarge.into());
            }
            match pipe.read(&mut content[length..]) {
                // Nobody writes to the pipe yet, or any more.
                Ok(0) if length > 0 || waited >= LONGEST_SILENCE => break,
                Ok(0) => {}
                Ok(count) => {
                    length += count;
                    waited = Duration::ZERO;
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock && waited < LONGEST_SILENCE => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Err(io::Error::new(ErrorKind::TimedOut, "nothing was written to the pipe"));
                }
                Err(error) => return Err(error),
            }
            thread::sleep(PAUSE);
            waited += PAUSE;
        }
        content.truncate(length);
        Ok(content)
    }
}

#[cfg(not(unix))]
pub(crate) fn is_pipe(_: &Path) -> bool {
    false
}

#[cfg(not(unix))]
pub(crate) fn read(_: &Path, _: usize) -> std::io::Result<zeroize::Zeroizing<Vec<u8>>> {
    Err(std::io::ErrorKind::Unsupported.into())
}
