//! What the engine promises about its texts.

use std::collections::BTreeSet;

use graphtoken::{Error, Surface};
use test_support::secrecy::shown_in;

use crate::marked_secret::MarkedSecret;

/// The longest text that an error shows, in characters. A quotation has at most 600; a text has a few, and ids.
const LONGEST_TEXT: usize = 3000;

/// Checks everything that an error shows.
pub fn check_error(error: &Error, secrets: &[MarkedSecret], input: &[u8]) {
    // Most texts are the same on every surface, and a check takes longer than everything else.
    let texts: BTreeSet<&str> = Surface::all()
        .into_iter()
        .flat_map(|surface| [error.message_on(surface), error.hint_on(surface)])
        .collect();
    for text in texts {
        check_text(text, secrets, input);
    }
    assert!(!error.message().is_empty(), "an error without a message");
    check_hidden(&format!("{error:?}"), secrets, input);
}

/// Checks a text for people.
pub fn check_text(text: &str, secrets: &[MarkedSecret], input: &[u8]) {
    let length = text.chars().count();
    assert!(
        length <= LONGEST_TEXT,
        "a text has {length} characters: {}",
        start_of(text)
    );
    if let Some(character) = text.chars().find(|&c| is_invisible(c)) {
        panic!(
            "a text has the invisible character U+{:04X}: {text:?}",
            u32::from(character)
        );
    }
    check_hidden(text, secrets, input);
}

/// Checks that no secret of the call can be read in `text`, unless `input` brought it along by itself.
pub fn check_hidden(text: &str, secrets: &[MarkedSecret], input: &[u8]) {
    if let Some(secret) = shown_in(text, secrets) {
        let was_in_input = shown_in(&String::from_utf8_lossy(input), &[secret]).is_some();
        assert!(was_in_input, "{secret:?} can be read in: {}", start_of(text));
    }
}

/// What is shown of an address that is read: a secret there is a host, and no password.
pub fn behind_login(address: &str) -> &[u8] {
    let behind = address.rsplit_once('@').map_or(address, |(_, behind)| behind);
    behind.as_bytes()
}

/// Whether nobody sees a character: a control or a formatting character of Unicode, or a separator of lines or
/// paragraphs.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0001}'
                | '\u{e0020}'..='\u{e007f}'
        )
}

fn start_of(text: &str) -> String {
    text.chars().take(2 * LONGEST_TEXT).collect()
}
