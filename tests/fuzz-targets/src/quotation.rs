//! Text of others in messages.

use graphtoken::base::quote::{first_line, quote};

use crate::marked_secret::{CLIENT_SECRET, MarkedSecret, PASSWORD, filled};
use crate::promise::check_text;

/// The longest quotation, in characters: 600, and an ellipsis.
const LONGEST: usize = 603;

/// A text that repeats the secrets of the call.
pub fn quotation(input: &[u8]) {
    let marked = [CLIENT_SECRET, PASSWORD];
    let text = filled(input, &marked);
    let text = String::from_utf8_lossy(&text);
    let secrets = marked.map(MarkedSecret::secret);
    let secrets: Vec<_> = secrets.iter().collect();
    for quoted in [quote(&text, &secrets), first_line(&text, &secrets)] {
        assert!(
            quoted.chars().count() <= LONGEST,
            "{} characters",
            quoted.chars().count()
        );
        check_text(&quoted, &marked, input);
    }
}
