//! A token that a program printed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Never printed whole, so that the demo's output can be shown to anybody.
pub struct Token<'text>(&'text str);

impl<'text> Token<'text> {
    /// What a program remarked, and the token in its last line.
    pub fn in_output(output: &'text str) -> (&'text str, Option<Self>) {
        let (remarks, last) = output.rsplit_once('\n').unwrap_or(("", output));
        let last = last.trim();
        if last.split('.').count() == 3 && part(last, 1).is_some() {
            (remarks, Some(Self(last)))
        } else {
            (output, None)
        }
    }

    pub fn show(&self) {
        let start: String = self.0.chars().take(12).collect();
        println!("  {:22} {start}... ({} characters)", "token", self.0.chars().count());
        for (name, index) in [("token header", 0), ("token claims", 1)] {
            println!("  {name:22} {}", part(self.0, index).unwrap_or_default());
        }
    }
}

/// A part of a JWT, decoded (RFC 7515 section 7.1).
fn part(token: &str, index: usize) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index)?).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_token() {
        let (remarks, token) = Token::in_output("WARNING: x\ny\neyJhIjoxfQ.eyJiIjoyfQ.c2ln\r");
        assert_eq!(remarks, "WARNING: x\ny");
        assert_eq!(part(token.expect("it is one").0, 1).as_deref(), Some("{\"b\":2}"));
        let (remarks, token) = Token::in_output("error: a.b.c");
        assert_eq!(remarks, "error: a.b.c");
        assert!(token.is_none());
    }
}
