//! The path of a certificate file as users give it: with what was copied along, or the content of the file instead.

use std::path::Path;

use crate::base::error::{Error, Status};
use crate::base::invisible::without_invisible;
use crate::base::parameter::CERTIFICATE_CONTENT;

/// `path` in a message. It is not shown where it is the content of a certificate file.
pub(crate) fn shown(path: &Path) -> String {
    if is_content(path) {
        "***".to_owned()
    } else {
        without_invisible(&path.display().to_string())
    }
}

/// The error for the content of a certificate file, or a part of it, in place of a path; `None` for any other text.
pub(crate) fn content_refusal(path: &Path) -> Option<Error> {
    is_content(path).then(|| {
        Error::new(
            Status::InvalidArgument,
            "The path of the certificate or key file is not a path; it looks like the content of the file.",
            format!("Pass the path of the file, or pass its content with {CERTIFICATE_CONTENT}."),
        )
    })
}

fn is_content(path: &Path) -> bool {
    let text = path.to_string_lossy();
    is_file_content(&text) || is_too_long(&text)
}

/// Whether `text` looks like the content of a certificate or key file, or a part of it. A text that was given for
/// something else must not be shown then.
pub(crate) fn is_file_content(text: &str) -> bool {
    is_pem(text) || is_base64(text) || has_key_run(text)
}

fn is_pem(text: &str) -> bool {
    text.contains("-----") || text.trim().contains(['\n', '\r'])
}

/// Whether the text, or all of it from one of its separators on, is a certificate file in Base64. A program may have
/// put the current directory before it.
fn is_base64(text: &str) -> bool {
    /// How files in DER and PEM begin in Base64.
    const BEGINNINGS: [&str; 2] = ["MI", "LS0t"];
    const SHORTEST: usize = 48;
    let in_base64 = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || "+/=\"'".contains(c);
    let starts = text.match_indices(['/', '\\']).map(|(place, _)| place + 1);
    [0].into_iter().chain(starts).any(|start| {
        let rest = text[start..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        rest.len() >= SHORTEST && BEGINNINGS.iter().any(|begin| rest.starts_with(begin)) && rest.chars().all(in_base64)
    })
}

/// Whether there is a run of characters as in Base64, but hardly in a name: long, with digits and letters of both cases.
fn has_key_run(text: &str) -> bool {
    const SHORTEST: usize = 40;
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '=');
    runs.filter(|run| run.len() >= SHORTEST).any(|run| {
        let has = |kind: fn(&char) -> bool| run.chars().any(|c| kind(&c));
        has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase) && has(char::is_ascii_digit)
    })
}

/// Whether a name in the path is longer than any file system allows.
fn is_too_long(text: &str) -> bool {
    text.split(['/', '\\']).any(|name| name.encode_utf16().count() > 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_in_place_of_a_path_is_not_shown() {
        let base64 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC/9aB+x==";
        for content in [
            "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n",
            "/home/app/-----BEGIN PRIVATE KEY----- MIIE -----END PRIVATE KEY-----",
            "C:\\work\\KEY-----MIIE",
            "MIIE\nvQIB",
            base64,
            &format!("\"{base64}\"\n"),
            &format!("/home/app/{base64}"),
            &"x".repeat(256),
            "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURB",
            "{\"key\":\"vQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC\"}",
        ] {
            let content = Path::new(content);
            assert_eq!(shown(content), "***");
            let error = content_refusal(content).unwrap();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(!error.message().contains("MII"), "{error}");
        }
    }

    #[test]
    fn paths_are_shown() {
        for path in [
            "/etc/ssl/private/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.pem",
            "/MIX/certificates/of/the/application/that/signs/assertions/app.pem",
            "C:\\MI\\app.pfx",
            "app.pem\n",
            "--app--.pem",
        ] {
            assert!(content_refusal(Path::new(path)).is_none(), "{path}");
        }
        assert_eq!(shown(Path::new("/etc/a\u{1b}b\u{202e}.pem")), "/etc/ab.pem");
    }
}
