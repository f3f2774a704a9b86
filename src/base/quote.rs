//! Quotes text from outside in an error message.

use crate::base::invisible::without_invisible;
use crate::base::redaction::redact;
use crate::base::secret::Secret;

/// The longest quotation, in characters.
const LIMIT: usize = 600;

/// A run of this many token characters is taken for a token, key or signature and hidden. GUIDs (36) are shorter.
const TOKEN_RUN: usize = 60;

/// Digits of a SHA-256 thumbprint: longer than [`TOKEN_RUN`], and public.
const THUMBPRINT_RUN: usize = 64;

/// How many bytes before the digits the word may stand: `Thumbprint of key used by client: '`.
const THUMBPRINT_LEAD: usize = 40;

/// Quotes `text` on one line: `secrets` in any encoding and anything that looks like a token become `***`, runs of
/// white space and control characters become one space, formatting characters vanish, and long text is truncated.
/// Sixty-four hexadecimal digits are shown only after the word "thumbprint": elsewhere they could be a key.
pub fn quote(text: &str, secrets: &[&Secret]) -> String {
    one_line(&redact(text, secrets))
}

/// Quotes the part of `text` that `select` finds, as [`quote`] does. Secrets are hidden first: a part of a secret would
/// not be recognised.
pub fn quote_part(text: &str, secrets: &[&Secret], select: impl FnOnce(&str) -> &str) -> String {
    one_line(select(&redact(text, secrets)))
}

/// Quotes the id of an account as [`quote`] does, but its two GUIDs each by itself: together they look like a token.
pub fn quote_account_id(id: &str) -> String {
    match id.rsplit_once('.') {
        Some((user, tenant)) => format!("{}.{}", quote(user, &[]), quote(tenant, &[])),
        None => quote(id, &[]),
    }
}

/// The title of an HTML body, or its first line with text, without tags.
pub fn first_line(body: &str, secrets: &[&Secret]) -> String {
    let body = redact(body, secrets);
    let title = body
        .find("<title>")
        .and_then(|start| body[start + 7..].split("</title>").next());
    let text = title.map_or_else(|| without_tags(&body), str::to_owned);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    one_line(line.unwrap_or_default())
}

fn one_line(text: &str) -> String {
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .map(without_invisible)
        .filter(|word| !word.is_empty());
    let line = words.fold(String::new(), |mut line, word| {
        if !line.is_empty() {
            line.push(' ');
        }
        push_without_tokens(&mut line, &word);
        line
    });
    match line.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

/// Adds `word` to the line, with `***` for each run that looks like a token.
fn push_without_tokens(line: &mut String, word: &str) {
    // With those that only refresh tokens of personal accounts have.
    let token_character = |c: char| c.is_ascii_alphanumeric() || "-_.+/=!*$~".contains(c);
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let inside = token_character(first);
        let end = rest.find(|c| token_character(c) != inside).unwrap_or(rest.len());
        let run = &rest[..end];
        let hidden = inside && end >= TOKEN_RUN && !run.starts_with("//") && !is_thumbprint(run, line);
        line.push_str(if hidden { "***" } else { run });
        rest = &rest[end..];
    }
}

/// Whether the run after `before` is a thumbprint, by its form and by the words before it.
fn is_thumbprint(run: &str, before: &str) -> bool {
    let lead = before.len().saturating_sub(THUMBPRINT_LEAD);
    let lead = before.as_bytes()[lead..].to_ascii_lowercase();
    run.len() == THUMBPRINT_RUN
        && run.bytes().all(|digit| digit.is_ascii_hexdigit())
        && lead.windows(10).any(|name| name == b"thumbprint")
}

fn without_tags(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push('\n');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_an_account_is_shown_and_a_token_in_its_place_is_not() {
        let id = "11111111-2222-3333-4444-555555555555.66666666-7777-8888-9999-000000000000";
        assert_eq!(quote_account_id(id), id);
        assert_eq!(quote_account_id("subject"), "subject");
        let jwt = format!("{}.{}.{}", "e".repeat(80), "f".repeat(80), "g".repeat(80));
        assert_eq!(quote_account_id(&jwt), "***.***");
    }

    #[test]
    fn a_quotation_is_one_clean_line() {
        assert_eq!(quote("a\r\n\tb\u{1b}[31m c", &[]), "a b [31m c");
        assert_eq!(quote(&"word ".repeat(200), &[]).chars().count(), LIMIT + 3);
        assert_eq!(
            quote("a\u{202e}b\u{200b}c\u{85}d\u{9b}e\u{2028}f\u{2066}\u{feff}", &[]),
            "abc d e f"
        );
    }

    #[test]
    fn secrets_and_tokens_are_not_quoted() {
        let secret = Secret::copy_of("p\u{e4}ss w0rd".as_bytes());
        assert_eq!(quote("you sent p\u{e4}ss w0rd, no", &[&secret]), "you sent ***, no");
        let token = format!("eyJ{}.eyJ{}.{}", "a".repeat(30), "b".repeat(30), "c".repeat(30));
        assert_eq!(quote(&format!("token: \"{token}\""), &[]), "token: \"***\"");
        let guid = "6f1a4b0e-0000-4000-8000-000000000000";
        assert_eq!(quote(&format!("Trace ID: {guid}"), &[]), format!("Trace ID: {guid}"));
        let scope = "https://graph.microsoft.com/some/long/path/that/is/an/address/and/no/token";
        assert_eq!(quote(scope, &[]), scope);
    }

    #[test]
    fn secrets_are_hidden_before_anything_is_cut_off() {
        let secret = Secret::copy_of(b"top<b>secret");
        assert_eq!(first_line("<h1>you sent top<b>secret</h1>", &[&secret]), "you sent ***");
        let quoted = quote_part("you sent top<b>secret", &[&secret], |text| {
            text.split('<').next().unwrap()
        });
        assert_eq!(quoted, "you sent ***");
    }

    #[test]
    fn a_thumbprint_is_quoted_after_the_word() {
        let digits = "0F".repeat(32);
        for shown in [
            format!("[Reason - The key was not found., Thumbprint of key used by client: '{digits}', Please"),
            format!("thumbprint \"{}\"", digits.to_lowercase()),
        ] {
            assert_eq!(quote(&shown, &[]), shown);
        }
        assert_eq!(quote(&format!("key {digits}"), &[]), "key ***");
        let far = format!("no thumbprint was sent, and the application has this secret: {digits}");
        assert!(quote(&far, &[]).ends_with(": ***"));
        for other in [format!("{digits}0"), digits.replace('F', "G")] {
            assert_eq!(quote(&format!("thumbprint {other}"), &[]), "thumbprint ***");
        }
    }

    #[test]
    fn a_secret_that_looks_like_a_thumbprint_is_not_quoted() {
        let digits = "0f".repeat(32);
        let secret = Secret::copy_of(digits.as_bytes());
        assert_eq!(quote(&format!("thumbprint {digits}"), &[&secret]), "thumbprint ***");
    }

    #[test]
    fn the_first_line_of_a_page_is_its_title_or_its_first_text() {
        assert_eq!(
            first_line("<html><head><title>Access\n denied</title></head>", &[]),
            "Access"
        );
        assert_eq!(
            first_line("<html>\n<body><h1>Blocked by policy</h1><p>x", &[]),
            "Blocked by policy"
        );
        assert_eq!(first_line("\n\n  plain text\nmore", &[]), "plain text");
    }
}
