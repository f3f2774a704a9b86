//! Invisible characters, which are copied along with text from a window or a web page.

/// `text` without control characters and those format characters of Unicode (general category `Cf`) that programs add
/// to copied text: direction marks, zero-width spaces and joiners, the byte order mark.
pub(crate) fn without_invisible(text: &str) -> String {
    text.chars().filter(|&c| !is_invisible(c)).collect()
}

/// Whether `c` is one of the characters that [`without_invisible`] removes.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' |
            '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_characters_are_left() {
        assert_eq!(
            without_invisible("\u{200e}a\u{feff}b\u{200b}\u{202c}\0 \u{e4}\u{2069}"),
            "ab \u{e4}"
        );
    }
}
