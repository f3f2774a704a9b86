//! Paths in messages: what was given in place of a path may be a secret.

use std::path::Path;

use crate::base::invisible::without_invisible;

/// What is shown in place of what must not be.
const HIDDEN: &str = "***";

/// `path` in a message. It is not shown where it is the content of a certificate or key file, or a token.
pub fn shown(path: &Path) -> String {
    if is_content(path) {
        HIDDEN.to_owned()
    } else {
        without_invisible(&path.display().to_string())
    }
}

/// Whether `path` is the content of a certificate or key file, or a part of it, or a token.
pub(crate) fn is_content(path: &Path) -> bool {
    let text = path.to_string_lossy();
    is_file_content(&text) || is_token(&text) || is_too_long(&text)
}

/// Whether the text is a JSON Web Token, or has one at its end.
fn is_token(text: &str) -> bool {
    const SHORTEST: usize = 60;
    let start = text.find("eyJ").unwrap_or(text.len());
    text[start..].len() >= SHORTEST && text[start..].split('.').count() >= 3
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

/// Whether there is a run of characters as in Base64, but hardly in a name: long, with digits and letters of both
/// cases.
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
            "./eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJl-_.dBjftJeZ4CVP-mB92K",
            "{\"key\":\"vQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC\"}",
        ] {
            let content = Path::new(content);
            assert_eq!(shown(content), "***");
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
            "/srv/eyJ.d/app.production.pem",
        ] {
            assert!(!is_content(Path::new(path)), "{path}");
        }
        assert_eq!(shown(Path::new("/etc/a\u{1b}b\u{202e}.pem")), "/etc/ab.pem");
    }
}
