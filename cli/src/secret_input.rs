//! Secrets from files and from standard input.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use graphtoken::base::error::{Error, Result, Status};
use graphtoken::base::secret::Secret;
use zeroize::Zeroizing;

/// The largest secret, in bytes. Tokens with many groups have some ten thousand.
const LARGEST: usize = 64 * 1024;

/// Whether `path` stands for standard input.
pub fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads the secret in the file at `path`, or in standard input where that is `-`.
///
/// It is UTF-8 text. One line break at its end (LF or CRLF) and a byte order mark before it are not part of it;
/// everything else is, spaces too. `name` says in errors what was expected: `the password`.
///
/// # Errors
/// [`Status::InvalidArgument`] when it cannot be read, is not UTF-8, or is larger than 64 KiB.
pub fn read(path: &Path, name: &str) -> Result<Secret> {
    let content = content(path).map_err(|error| unreadable(path, name, &error))?;
    if content.len() > LARGEST {
        let hint = "Check that it is the right file.";
        return Err(refused(path, name, "is larger than 64 KiB, which no secret is", hint));
    }
    let text = without_frame(&content);
    if std::str::from_utf8(text).is_err() {
        let hint = "Save it as UTF-8; PowerShell 5.1 writes UTF-16 unless told otherwise.";
        return Err(refused(path, name, "is not UTF-8 text", hint));
    }
    Ok(Secret::copy_of(text))
}

fn content(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it from the start: a buffer that grows leaves copies of the secret behind.
    let mut content = Zeroizing::new(Vec::with_capacity(LARGEST + 64));
    let limit = LARGEST as u64 + 1;
    if is_standard_input(path) {
        io::stdin().lock().take(limit).read_to_end(&mut content)?;
    } else {
        File::open(path)?.take(limit).read_to_end(&mut content)?;
    }
    Ok(content)
}

fn without_frame(content: &[u8]) -> &[u8] {
    let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let line = text
        .strip_suffix(b"\n")
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    line.unwrap_or(text)
}

fn unreadable(path: &Path, name: &str, error: &io::Error) -> Error {
    let (what, hint) = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => return missing(path, name),
        // Windows has no error of its own for a directory.
        _ if path.is_dir() => ("is a directory".to_owned(), "Name the file in it."),
        ErrorKind::PermissionDenied => (
            "may not be read by this account".to_owned(),
            "Let the account that runs this program read the file, or run it under the account that may.",
        ),
        _ => (
            format!("cannot be read: {error}"),
            "Check the disk or network share that it is on.",
        ),
    };
    refused(path, name, &what, hint)
}

/// Only a path with a folder in it is repeated: what stands alone may be the secret itself, given by mistake.
fn missing(path: &Path, name: &str) -> Error {
    let shown = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => format!(" {}", path.display()),
        _ => String::new(),
    };
    Error::new(
        Status::InvalidArgument,
        format!("There is no file{shown} to read as {name}."),
        "Give the path of a file that holds the secret, not the secret itself; a relative path starts at the current \
         directory.",
    )
}

fn refused(path: &Path, name: &str, what: &str, hint: &str) -> Error {
    let place = if is_standard_input(path) {
        "Standard input".to_owned()
    } else {
        format!("The file {}", path.display())
    };
    Error::new(
        Status::InvalidArgument,
        format!("{place}, read as {name}, {what}."),
        hint,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_and_a_byte_order_mark_are_not_part_of_the_secret() {
        for (content, secret) in [
            ("secret", "secret"),
            ("secret\n", "secret"),
            ("secret\r\n", "secret"),
            ("secret\n\n", "secret\n"),
            ("secret\r", "secret\r"),
            (" secret \n", " secret "),
            ("\u{feff}secret\r\n", "secret"),
            ("\n", ""),
            ("", ""),
        ] {
            assert_eq!(without_frame(content.as_bytes()), secret.as_bytes(), "{content:?}");
        }
    }
}
