//! Values that a caller has pasted, with what stood around them: quotation marks, white space, a line end, invisible
//! characters, the braces of a GUID.

use std::fs;
use std::path::Path;

use uuid::Uuid;

use crate::base::invisible::is_invisible;

/// `text` without the white space, invisible characters and quotation marks around it.
///
/// For ids, names and addresses, which neither begin nor end with any of them. A secret may.
pub fn unwrapped(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c) || is_quotation_mark(c))
}

/// The token in an `Authorization` header: `text` without what surrounds it, without the header's name and its scheme
/// `Bearer` (RFC 6750 section 2.1).
pub fn bearer_token(text: &str) -> &str {
    let text = unwrapped(text);
    let value = unwrapped(without_prefix(text, "Authorization:").unwrap_or(text));
    match without_prefix(value, "Bearer") {
        // An opaque token may begin with the letters of the scheme.
        Some(token) if !token.starts_with(|c: char| c.is_ascii_graphic() && !is_quotation_mark(c)) => unwrapped(token),
        _ => value,
    }
}

/// `text` without the white space around it, and without the quotation marks that surround all of it.
///
/// For names that may end with a mark of their own, as in `O="Contoso, Ltd."`, but do not begin with one.
pub fn without_pairs_of_marks(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text
        .strip_prefix(is_quotation_mark)
        .and_then(|rest| rest.strip_suffix(is_quotation_mark))
    {
        text = inner.trim();
    }
    text
}

/// The id in `text`: without what surrounds it, and without the braces that PowerShell, .NET and the registry of
/// Windows write around a GUID.
pub fn id(text: &str) -> String {
    without_guid_braces(unwrapped(text))
}

/// `text` without the braces around each GUID in it.
pub fn without_guid_braces(text: &str) -> String {
    let mut parts = text.split('{');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((guid, rest)) if is_guid(guid) => plain.extend([guid, rest]),
            _ => plain.extend(["{", part]),
        }
    }
    plain
}

/// The path in what was given: as it stands if there is something at that path, otherwise without what surrounds it.
pub fn path(given: &Path) -> &Path {
    let plain = given.to_str().map(unwrapped).filter(|plain| !plain.is_empty());
    match plain.map(Path::new) {
        Some(plain) if plain != given && fs::symlink_metadata(given).is_err() => plain,
        _ => given,
    }
}

/// Whether `c` is a straight, typographic or Markdown quotation mark.
pub fn is_quotation_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}' | '\u{2039}' | '\u{203a}'
    )
}

/// What follows `prefix`, in any case, at the beginning of `text`.
fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "6f1a4b0e-0000-4000-8000-00000000ABCD";

    #[test]
    fn quotation_marks_around_a_name_are_taken_off_in_pairs() {
        let name = "CN=App, O=\"Contoso, Ltd.\"";
        for pasted in [
            name.to_owned(),
            format!(" '{name}'\r\n"),
            format!("\"{name}\""),
            format!("\u{201c}{name}\u{201d}"),
            format!("'\"{name}\"'"),
        ] {
            assert_eq!(without_pairs_of_marks(&pasted), name, "{pasted:?}");
        }
    }

    #[test]
    fn what_surrounds_a_value_is_taken_off() {
        for pasted in [
            "contoso.com",
            " contoso.com",
            "contoso.com\r\n",
            "\"contoso.com\"",
            "'contoso.com'",
            "`contoso.com`",
            "\u{201c}contoso.com\u{201d}",
            "\u{ab}\u{a0}contoso.com\u{a0}\u{bb}",
            "\u{200b}contoso.com\u{feff}",
            " \"contoso.com\" \n",
            "contoso.com\"",
        ] {
            assert_eq!(unwrapped(pasted), "contoso.com", "{pasted:?}");
        }
        assert_eq!(unwrapped("a \u{200b}\" b"), "a \u{200b}\" b");
        assert_eq!(unwrapped(" \"\" "), "");
    }

    #[test]
    fn the_name_and_the_scheme_of_a_header_are_taken_off() {
        for pasted in [
            "e30.e30.x",
            " e30.e30.x\r\n",
            "Bearer e30.e30.x",
            "bearer\t e30.e30.x\n",
            "BEARER\r\ne30.e30.x",
            "'Bearer e30.e30.x'",
            "Bearer \"e30.e30.x\"",
            "\u{feff}Bearer\u{a0}e30.e30.x\u{200b}",
            "Authorization: Bearer e30.e30.x",
            "authorization:e30.e30.x",
        ] {
            assert_eq!(bearer_token(pasted), "e30.e30.x", "{pasted:?}");
        }
        for other in ["bearer-of-news", "Bearer1234", "Basic e30.e30.x", "\u{e9}e30"] {
            assert_eq!(bearer_token(other), other);
        }
        for empty in ["", "Bearer", "Bearer ", "Authorization: Bearer\r\n"] {
            assert_eq!(bearer_token(empty), "", "{empty:?}");
        }
    }

    #[test]
    fn the_braces_of_a_guid_are_taken_off() {
        for pasted in [
            GUID.to_owned(),
            format!("{{{GUID}}}"),
            format!("\"{{{GUID}}}\"\n"),
            format!("{{{GUID}}}\u{200e}"),
        ] {
            assert_eq!(id(&pasted), GUID, "{pasted:?}");
        }
        assert_eq!(
            without_guid_braces(&format!("api://{{{GUID}}}/a {{{GUID}}}/b")),
            format!("api://{GUID}/a {GUID}/b")
        );
        for other in [
            "{name}",
            "{",
            "}{",
            "{6f1a4b0e}",
            &format!("({GUID})"),
            &format!("{{{GUID}"),
        ] {
            assert_eq!(id(other), *other);
        }
    }

    #[test]
    fn a_path_keeps_its_quotation_marks_if_they_are_part_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("app.pem");
        let quoted = format!("\"{}\" ", plain.display());
        assert_eq!(path(Path::new(&quoted)), plain);
        assert_eq!(path(&plain), plain);
        assert_eq!(path(Path::new("")), Path::new(""));
        assert_eq!(path(Path::new("''")), Path::new("''"));
        let odd = folder.path().join("app.pem'");
        assert_eq!(path(&odd), plain);
        fs::write(&odd, "").unwrap();
        assert_eq!(path(&odd), odd);
    }
}
