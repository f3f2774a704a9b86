//! QR codes at the terminal.

use std::env;

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// `address` as lines of text that a camera reads; `None` if the terminal cannot show it.
pub fn drawn(address: &str) -> Option<String> {
    shows_blocks(|name| env::var(name).ok()).then(|| lines(address))?
}

/// The text is black on white whatever the terminal's own colors are: cameras want a light ground.
fn lines(address: &str) -> Option<String> {
    let code = QrCode::new(address).ok()?;
    let drawing = code.render::<Dense1x2>().build();
    let line = |line: &str| format!("\u{1b}[30;107m{line}\u{1b}[0m\n");
    Some(drawing.lines().map(line).collect())
}

/// Whether the terminal is said to obey colors and to have the characters: block elements of Unicode.
fn shows_blocks(variable: impl Fn(&str) -> Option<String>) -> bool {
    let value = |name| variable(name).filter(|value| !value.is_empty());
    if cfg!(windows) {
        return value("WT_SESSION").is_some();
    }
    // POSIX, "Environment Variables": the first of them that is set decides.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(value);
    let locale = locale.unwrap_or_default().to_ascii_uppercase().replace('-', "");
    locale.contains("UTF8") && value("TERM").is_some_and(|terminal| terminal != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_a_square_with_a_light_margin() {
        let drawing = lines("https://microsoft.com/devicelogin").unwrap();
        let rows: Vec<&str> = drawing.lines().collect();
        let width = rows[0]
            .chars()
            .filter(|c| " \u{2580}\u{2584}\u{2588}".contains(*c))
            .count();
        // Version 3 has 29 modules, with four around them; a character is one wide and two high.
        assert_eq!((width, rows.len()), (37, 19));
        assert!(rows[0].contains(&" ".repeat(37)), "the margin is light: {}", rows[0]);
        assert!(
            rows.iter()
                .all(|row| row.starts_with("\u{1b}[30;107m") && row.ends_with("\u{1b}[0m"))
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_a_terminal_with_unicode_gets_one() {
        for (variables, shows) in [
            (&[("LANG", "en_US.UTF-8"), ("TERM", "xterm")][..], true),
            (&[("LC_ALL", "C.utf8"), ("LANG", "C"), ("TERM", "screen")], true),
            (&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8"), ("TERM", "xterm")], false),
            (&[("LANG", "en_US.UTF-8"), ("TERM", "dumb")], false),
            (&[("LANG", "en_US.UTF-8")], false),
            (&[("TERM", "xterm")], false),
        ] {
            let value = |name: &str| {
                let variable = variables.iter().find(|(known, _)| *known == name);
                variable.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(shows_blocks(value), shows, "{variables:?}");
        }
    }
}
