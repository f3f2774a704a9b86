//! Secrets from files and standard input.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use graphtoken::{Error, Links, Result, Secret, Status, pasted, read_regular_file, shown_path};
use zeroize::Zeroizing;

/// The largest accepted secret, in bytes. A token with many groups takes about ten thousand.
const LARGEST: usize = 64 * 1024;

/// Whether `path` stands for standard input.
pub fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Whether what is at `path` can be read only once: standard input, or a pipe as a shell makes it for `<(command)`.
pub fn is_stream(path: &Path) -> bool {
    let path = pasted::path(path);
    is_standard_input(path) || (path.exists() && !path.is_file() && !path.is_dir())
}

/// Reads the secret in the file at `path`, or in standard input where that is `-`. What was pasted around the path is
/// ignored.
///
/// It is UTF-8 text. One line break at its end (LF or CRLF) and a byte order mark before it are not part of it;
/// everything else is, including spaces. Errors name it by `argument`: `--password-file`.
///
/// # Errors
/// [`Status::InvalidArgument`] when it cannot be read, is not UTF-8, or is larger than 64 KiB.
pub fn read(path: &Path, argument: &str) -> Result<Secret> {
    let path = pasted::path(path);
    let content = content(path).map_err(|error| unreadable(path, argument, &error))?;
    let text = without_frame(&content);
    if std::str::from_utf8(text).is_err() {
        let hint = "Save the file as UTF-8. Windows PowerShell 5.1 writes UTF-16 by default.";
        return Err(refused(path, argument, "is not UTF-8 text", hint));
    }
    Ok(Secret::copy_of(text))
}

/// Reads it as [`read`] does, and refuses one without content.
pub fn read_not_empty(path: &Path, argument: &str) -> Result<Secret> {
    let secret = read(path, argument)?;
    if secret.expose().is_empty() {
        let hint = format!("Write the secret to the file, or omit {argument}.");
        return Err(refused(path, argument, "is empty", &hint));
    }
    Ok(secret)
}

fn content(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    if is_standard_input(path) {
        stream_content(io::stdin().lock())
    } else if is_stream(path) {
        stream_content(File::open(path)?)
    } else {
        read_regular_file(path, Links::Followed, LARGEST)
    }
}

fn stream_content(stream: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it from the start: a buffer that grows leaves copies of the secret behind.
    let mut content = Zeroizing::new(Vec::with_capacity(LARGEST + 64));
    stream.take(LARGEST as u64 + 1).read_to_end(&mut content)?;
    if content.len() > LARGEST {
        return Err(ErrorKind::FileTooLarge.into());
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

fn unreadable(path: &Path, argument: &str, error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => missing(path, argument),
        ErrorKind::FileTooLarge => refused(
            path,
            argument,
            "is larger than 64 KiB",
            "Check that it is the right file.",
        ),
        // Windows has no error of its own for a directory.
        _ if path.is_dir() => refused(path, argument, "is a directory", "Pass the path of a file in it."),
        ErrorKind::PermissionDenied => refused(
            path,
            argument,
            "cannot be read: access denied",
            "Grant the account that runs graph-token read access to the file, or use an account that has it.",
        ),
        _ => refused(
            path,
            argument,
            &format!("cannot be read: {error}"),
            "Check the disk or network share that holds the file.",
        ),
    }
}

fn missing(path: &Path, argument: &str) -> Error {
    let file = named(path);
    Error::new(
        Status::InvalidArgument,
        format!("{file} for {argument} was not found."),
        "Pass the path of a file that contains the secret, not the secret itself. A relative path starts at the \
         current directory.",
    )
}

fn refused(path: &Path, argument: &str, what: &str, hint: &str) -> Error {
    let source = if is_standard_input(path) {
        "Standard input".to_owned()
    } else {
        named(path)
    };
    Error::new(
        Status::InvalidArgument,
        format!("{source} for {argument} {what}."),
        hint,
    )
}

/// The file, with its path if there is something at the path or at its first folder, or if it begins at the current one.
/// Anything else may be the secret itself, given by mistake: keys in Base64 have slashes, too.
fn named(path: &Path) -> String {
    let first = path.ancestors().filter(|folder| folder.file_name().is_some()).last();
    let is_below_folder = first.is_some_and(|folder| folder != path && folder.is_dir());
    if is_below_folder || path.starts_with(".") || path.starts_with("..") || path.exists() {
        format!("The file {}", shown_path(path))
    } else {
        "The file".to_owned()
    }
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
