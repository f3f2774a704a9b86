//! Secrets that are recognised wherever they come out.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use graphtoken::Secret;

/// A secret that a target gives to a call, and that no text of the engine may show.
#[derive(Clone, Copy, Debug)]
pub struct MarkedSecret(&'static str);

/// A client secret. Like the password, it has every character that one of the forms changes, after enough characters by
/// which its beginning is recognised.
pub const CLIENT_SECRET: MarkedSecret = MarkedSecret("mQ7$xRw4Zc<K&9+w \"Zp%4/Tb'8@vR2uY");

/// The password of a user, a proxy or a Redis server.
pub const PASSWORD: MarkedSecret = MarkedSecret("Jd3!kVt8Lh<N&5+f \"Bs%6/Gy'1@cX9eM");

/// A refresh token.
pub const REFRESH_TOKEN: MarkedSecret = MarkedSecret("0.AX4AqZ8vTn2K-wLr_5HsYb.AgABAwEAAADn7Gf3Uj");

/// A line of a private key in PEM.
pub const KEY_LINE: MarkedSecret = MarkedSecret("Zk3vQ9xLr0TnB7sYwE5uHcJ2dMfA8pGiRtXoK1yNq6VbUeWlSjPzCmDhFgO4Ia+/");

/// The longest input that the placeholders make.
const LONGEST: usize = 64 * 1024;

impl MarkedSecret {
    /// The secret with this text.
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// Its text.
    pub fn text(self) -> &'static str {
        self.0
    }

    /// As the engine takes it.
    pub fn secret(self) -> Secret {
        Secret::copy_of(self.0.as_bytes())
    }

    /// As gateways and servers show what they were sent.
    fn form(self, number: u8) -> String {
        let each = |change: fn(char) -> String| self.0.chars().map(change).collect();
        match number {
            1 => each(|c| unless_alphanumeric(c, format!("%{:02X}", u32::from(c)))),
            2 => each(|c| unless_alphanumeric(c, format!("%{:02x}", u32::from(c)))),
            3 => self.form(1).replace("%20", "+"),
            4 => each(|c| match c {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                '"' => "&quot;".to_owned(),
                '\'' => "&#39;".to_owned(),
                '/' => "&#x2F;".to_owned(),
                c => c.to_string(),
            }),
            5 => each(|c| match c {
                '"' => "\\\"".to_owned(),
                '<' | '&' | '\'' | '+' => format!("\\u{:04x}", u32::from(c)),
                c => c.to_string(),
            }),
            6 => STANDARD.encode(self.0),
            7 => URL_SAFE_NO_PAD.encode(self.0),
            8 => (self.0.bytes()).fold(String::new(), |digits, byte| format!("{digits}{byte:02x}")),
            9 => each(|c| format!("{c}\u{200b}")),
            _ => self.0.to_owned(),
        }
    }
}

impl AsRef<str> for MarkedSecret {
    fn as_ref(&self) -> &str {
        self.0
    }
}

fn unless_alphanumeric(c: char, escape: String) -> String {
    if c.is_ascii_alphanumeric() {
        c.to_string()
    } else {
        escape
    }
}

/// `input` with a secret in place of each `~` and the character after it: the forms of the first secret are `0` to `9`,
/// those of the second `a` to `j`, and those of the third `k` to `t`.
pub fn filled(input: &[u8], secrets: &[MarkedSecret]) -> Vec<u8> {
    let mut filled = Vec::with_capacity(input.len());
    let mut rest = input;
    while let [first, following @ ..] = rest {
        match following
            .split_first()
            .and_then(|(name, after)| Some((placed(*name, secrets)?, after)))
        {
            Some((form, after)) if *first == b'~' && filled.len() < LONGEST => {
                filled.extend_from_slice(form.as_bytes());
                rest = after;
            }
            _ => {
                filled.push(*first);
                rest = following;
            }
        }
    }
    filled
}

fn placed(name: u8, secrets: &[MarkedSecret]) -> Option<String> {
    let number = match name {
        b'0'..=b'9' => name - b'0',
        b'a'..=b't' => name - b'a' + 10,
        _ => return None,
    };
    let secret = secrets.get(usize::from(number / 10))?;
    Some(secret.form(number % 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_support::secrecy::shown_in;

    #[test]
    fn a_secret_is_found_in_each_of_its_forms() {
        for (name, secret) in [(b'0', CLIENT_SECRET), (b'a', PASSWORD), (b'k', REFRESH_TOKEN)] {
            for number in 0..10 {
                let input = [b"it said: (~".as_slice(), &[name + number], b") and no more"].concat();
                let text = String::from_utf8(filled(&input, &[CLIENT_SECRET, PASSWORD, REFRESH_TOKEN])).unwrap();
                let found = shown_in(&text, &[secret]);
                assert!(found.is_some(), "{text}");
                assert!(shown_in(&text, &[KEY_LINE]).is_none(), "{text}");
            }
        }
    }

    #[test]
    fn only_placeholders_are_replaced() {
        let filled = |text: &str| String::from_utf8(filled(text.as_bytes(), &[CLIENT_SECRET])).unwrap();
        assert_eq!(filled("~~ ~a ~z ~"), "~~ ~a ~z ~");
        assert_eq!(filled("~~0"), format!("~{}", CLIENT_SECRET.text()));
    }
}
