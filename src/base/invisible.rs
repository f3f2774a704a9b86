//! Characters that nobody sees: controls and formatting characters. They hide in text that is copied from a window or a
//! web page, and turn around or overwrite what a terminal shows.

/// `text` without control characters, line and paragraph separators and formatting characters.
pub(crate) fn without_invisible(text: &str) -> String {
    text.chars().filter(|&c| !is_invisible(c)).collect()
}

/// Whether a character is a control (general category `Cc`), a formatting character (`Cf`), a line or paragraph
/// separator (`Zl`, `Zp`), or one that is shown as nothing (`Default_Ignorable_Code_Point`) of Unicode 17.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' |
            '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' |
            '\u{e0000}'..='\u{e0fff}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' |
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}' |
            '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' |
            '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_characters_are_left() {
        assert_eq!(
            without_invisible("\u{200e}a\u{feff}b\u{200b}\u{202c}\0 \u{e4}\u{2069}\u{fe0f}\u{34f}\u{3164}\u{e0100}"),
            "ab \u{e4}"
        );
    }
}
