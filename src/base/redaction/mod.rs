//! Hides secrets in text from outside, whatever way the text writes them.
//!
//! A proxy's error page may show the request that it refused: as it was sent, decoded, escaped for HTML or JSON, in
//! Base64, wrapped or marked up. So the text is decoded again and again, and every form of every secret is looked for
//! in each result.

mod character_names;
mod forms;
mod view;

use std::ops::Range;

use crate::base::secret::Secret;
use forms::Form;
use view::View;

/// What stands in place of a secret.
const HIDDEN: &str = "***";

/// More of a text than this is not shown, in bytes.
const LONGEST: usize = 16 * 1024;

/// What is dropped at the end of a text that is too long: it may be a secret's start, which is too short to recognise.
const EDGE: usize = 256;

/// `text` with `***` in place of each of the `secrets`, and of each value that is called a token, an assertion or a
/// password. Long text is truncated.
pub(crate) fn redact(text: &str, secrets: &[&Secret]) -> String {
    let part = start_of(text, LONGEST);
    let mut hidden = named_values(part);
    let forms: Vec<Form> = secrets.iter().flat_map(|secret| Form::all_of(secret)).collect();
    if !forms.is_empty() {
        for view in View::all_of(part) {
            hidden.extend(forms.iter().flat_map(|form| form.find_in(&view, part)));
        }
    }
    if part.len() < text.len() {
        hidden.push(start_of(part, LONGEST - EDGE).len()..part.len());
    }
    replace(part, hidden)
}

/// As much of `text` as has no more than `length` bytes.
fn start_of(text: &str, length: usize) -> &str {
    let mut end = text.len().min(length);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn replace(text: &str, mut hidden: Vec<Range<usize>>) -> String {
    hidden.sort_unstable_by_key(|range| range.start);
    let mut shown = String::with_capacity(text.len());
    let mut position = 0;
    for range in hidden {
        if range.start >= position {
            shown.push_str(&text[position..range.start]);
            shown.push_str(HIDDEN);
        }
        position = position.max(range.end);
    }
    shown.push_str(&text[position..]);
    shown
}

/// Members and fields that carry secrets (RFC 6749, RFC 7521, RFC 8628, RFC 8693; OpenID Connect Core).
const NAMES: [&str; 16] = [
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "client_assertion",
    "assertion",
    "subject_token",
    "actor_token",
    "device_code",
    "code_verifier",
    "password",
    // As programs in C# and JavaScript name them.
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "clientsecret",
    SCHEME,
];

/// A token follows it in a header (RFC 6750 section 2.1).
const SCHEME: &str = "bearer";

/// A value without quotation marks around it, or around its name, is a secret from this length on: "`client_secret`: it
/// is missing" is a sentence.
const BARE: usize = 16;

/// The values of form fields and JSON members with one of the [`NAMES`], even if the secret is not known.
fn named_values(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let values = NAMES.iter().flat_map(|name| {
        lower
            .match_indices(name)
            .filter_map(|(start, _)| value_after(text, start + name.len(), *name == SCHEME))
    });
    values.collect()
}

/// The value that follows a name which ends at `end`: after `=` or the end of a tag, after `:` if name or value is in
/// quotation marks, or else if it is long.
fn value_after(text: &str, end: usize, is_scheme: bool) -> Option<Range<usize>> {
    let (rest, name_is_quoted) = without_quotation_marks(text[end..].trim_start());
    let rest = rest.trim_start();
    let is_field = rest.starts_with(['=', '>']);
    let is_before_value = is_scheme && text[end..].starts_with(' ');
    let after_mark = rest.strip_prefix(['=', ':', '>']);
    let rest = after_mark.or(is_before_value.then_some(rest))?.trim_start();
    let (value, is_quoted) = without_quotation_marks(rest);
    let shortest = if is_field || name_is_quoted || is_quoted {
        1
    } else {
        BARE
    };
    // An object is no secret: a claims challenge has requirements for the access token.
    let length = value
        .find(|c: char| {
            c.is_whitespace() || matches!(c, '&' | '"' | '\'' | '<' | '>' | ',' | ';' | '{' | '}' | '[' | '\\')
        })
        .unwrap_or(value.len());
    let start = text.len() - value.len();
    (length >= shortest).then_some(start..start + length)
}

/// `text` without the quotation marks at its start, also as JSON and HTML escape them, and whether there were any.
fn without_quotation_marks(text: &str) -> (&str, bool) {
    let marks = ["\\\"", "\"", "'", "&quot;", "&#34;", "&#39;"];
    let rest = marks.iter().find_map(|mark| text.strip_prefix(mark));
    (rest.unwrap_or(text), rest.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    /// Has each character that one of the encodings changes.
    const SECRET: &str = "Pa$$w0rd+<\u{e4}&\"x' /~1\\";

    fn redacted(text: &str, secret: &str) -> String {
        redact(text, &[&Secret::copy_of(secret.as_bytes())])
    }

    fn percent_encoded(text: &str, lower_case: bool) -> String {
        let byte = |byte: u8| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte if lower_case => format!("%{byte:02x}"),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    }

    fn html(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
            .replace('\'', "&#x27;")
            .replace('\u{e4}', "&#228;")
    }

    #[test]
    fn a_value_is_hidden_by_its_name_in_every_notation() {
        for text in [
            "<r><access_token>TOPSECRETTOKEN123456</access_token></r>",
            "access_token: TOPSECRETTOKEN123456",
            "accessToken=TOPSECRETTOKEN123456;refreshToken=TOPSECRETTOKEN123456",
            "{\"idToken\":\"TOPSECRETTOKEN123456\"}",
            "Authorization: Bearer TOPSECRETTOKEN123456",
        ] {
            let shown = redact(text, &[]);
            assert!(
                !shown.contains("TOPSECRET") && shown.contains(HIDDEN),
                "{text} gave {shown}"
            );
        }
        for text in [
            "client_secret: it is missing",
            "The bearer token is missing",
            "token_type: Bearer expected",
        ] {
            assert_eq!(redact(text, &[]), text);
        }
    }

    #[test]
    fn a_secret_is_hidden_behind_the_names_that_html_has_for_characters() {
        let page = "was S&uuml;&szlig;e&sect;Gr&uuml;&szlig;e&euro;&dollar;&bsol;&ouml;l&shy;";
        let shown = redacted(page, "S\u{fc}\u{df}e\u{a7}Gr\u{fc}\u{df}e\u{20ac}$\\\u{f6}l");
        assert!(shown.starts_with("was ***"), "{shown}");
        assert!(!shown.contains("uuml"), "{shown}");
    }

    #[test]
    fn a_secret_is_hidden_in_every_encoding() {
        let json = serde_json::to_string(SECRET).unwrap().trim_matches('"').to_owned();
        let body = format!("grant_type=password&x={}&y=1", percent_encoded(SECRET, false));
        let wide: Vec<u8> = SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let each = |form: fn(u8) -> String| SECRET.bytes().map(form).collect::<Vec<_>>();
        let decimal = each(|byte| byte.to_string());
        let mistaken: String = SECRET.bytes().map(char::from).collect();
        for (form, written) in [
            ("as it is", SECRET.to_owned()),
            ("percent", percent_encoded(SECRET, false)),
            ("percent, lower case", percent_encoded(SECRET, true)),
            ("percent, twice", percent_encoded(&percent_encoded(SECRET, true), false)),
            ("form", percent_encoded(SECRET, false).replace("%20", "+")),
            ("HTML", html(SECRET)),
            ("HTML of the form", html(&percent_encoded(SECRET, false))),
            ("JSON", json.clone()),
            (
                "JSON with \\u",
                SECRET
                    .replace('<', "\\u003c")
                    .replace('"', "\\\"")
                    .replace("1\\", "1\\\\"),
            ),
            ("HTML of JSON", html(&json)),
            ("Base64", STANDARD.encode(SECRET)),
            ("Base64url", URL_SAFE_NO_PAD.encode(SECRET)),
            ("UTF-16 in Base64", STANDARD.encode(wide)),
            (
                "zero-width characters",
                SECRET.replace("w0", "w\u{200b}\u{feff}0\u{2060}"),
            ),
            ("variation selectors", SECRET.replace("w0", "w\u{fe0f}\u{34f}\u{3164}0")),
            ("shell", SECRET.replace('$', "\\$").replace("1\\", "1\\\\")),
            ("\\u{}", each(|byte| format!("\\u{{{byte:x}}}")).concat()),
            ("a line break", SECRET.replace("w0", "w\r\n  0")),
            ("marked up", SECRET.replace("w0", "w<wbr/>0")),
            ("hexadecimal", each(|byte| format!("{byte:02x}")).concat()),
            ("hexadecimal with hyphens", each(|byte| format!("{byte:02X}")).join("-")),
            ("hexadecimal with colons", each(|byte| format!("{byte:02x}")).join(":")),
            (
                "hexadecimal with marks",
                each(|byte| format!("0x{byte:02x}")).join(", "),
            ),
            ("a list of bytes", format!("[{}]", decimal.join(", "))),
            ("bytes with semicolons", decimal.join("; ")),
            ("bytes on lines", decimal.join("\n")),
            ("UTF-8 read as Latin-1", mistaken.clone()),
            ("bytes as HTML", each(|byte| format!("&#x{byte:x};")).concat()),
            ("bytes as JSON", each(|byte| format!("\\u{byte:04x}")).concat()),
        ] {
            let shown = redacted(&format!("before {written}; after"), SECRET);
            assert!(
                shown.starts_with("before ***") || shown.starts_with("before [***"),
                "{form}: {shown}"
            );
            assert!(shown.ends_with("; after"), "{form}: {shown}");
        }
        for padding in ["", "a", "ab"] {
            let shown = redacted(&STANDARD.encode(format!("{padding}{body}")), SECRET);
            assert!(shown.contains("***"), "{shown}");
        }
    }

    #[test]
    fn a_part_of_a_secret_is_hidden_too() {
        let secret = "correct horse battery staple";
        assert_eq!(redacted("sent: correct horse batt", secret), "sent: ***");
        assert_eq!(redacted("sent: xxect horse battery staple", secret), "sent: xx***");
        assert_eq!(redacted("not xorse battery stx, no", secret), "not x***x, no");
        assert_eq!(redacted("a correct answer", secret), "a correct answer");
        let secret = "correct-horse-battery-staple";
        for start in 0..secret.len() - 13 {
            for before in 0..8 {
                let text = format!("{}{}!", "-".repeat(before), &secret[start..start + 14]);
                let shown = redacted(&text, secret);
                assert!(shown.ends_with("***!") && shown.len() <= before + 5, "{text}: {shown}");
            }
        }
    }

    #[test]
    fn short_secrets_are_hidden_where_they_stand_alone() {
        assert_eq!(redacted("x=abc&y=abcd", "abc"), "x=***&y=abcd");
        assert_eq!(redacted("a banana", "a"), "*** banana");
    }

    #[test]
    fn overlapping_secrets_are_hidden_once() {
        let secrets = ["hunter2222", "ter2222-tail"].map(|secret| Secret::copy_of(secret.as_bytes()));
        assert_eq!(redact("<hunter2222-tail>", &[&secrets[0], &secrets[1]]), "<***>");
    }

    #[test]
    fn values_with_telling_names_are_hidden_unknown() {
        for (text, shown) in [
            (
                "access_token=opaque&token_type=bearer",
                "access_token=***&token_type=bearer",
            ),
            (
                r#"{"refresh_token": "0.AX", "x": 1}"#,
                r#"{"refresh_token": "***", "x": 1}"#,
            ),
            (
                "&quot;id_token&quot;:&quot;e.y.z&quot;",
                "&quot;id_token&quot;:&quot;***&quot;",
            ),
            ("Password=hunter2 <b>", "Password=*** <b>"),
            (
                "invalid username or password: try again",
                "invalid username or password: try again",
            ),
            ("client_secret is missing", "client_secret is missing"),
            (r#"{"access_token":{"acrs":1}}"#, r#"{"access_token":{"acrs":1}}"#),
        ] {
            assert_eq!(redact(text, &[]), shown);
        }
    }

    #[test]
    fn a_secret_at_the_limit_is_not_shown_in_part() {
        for before in LONGEST - 40..LONGEST {
            let text = format!("{}hunter22 and more", " ".repeat(before));
            assert!(!redacted(&text, "hunter22").contains("hun"), "{before}");
        }
    }

    #[test]
    fn text_without_secrets_stays_as_it_is() {
        let text = "50 % of <b>AT&T</b>'s \\u00zz &#xffffff; %zz +1 \u{e4}";
        assert_eq!(redacted(text, "not there"), text);
    }
}
