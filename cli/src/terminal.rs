//! Questions to the person at the terminal.

use std::io::{self, IsTerminal};

use graphtoken::base::secret::Secret;
use rpassword::prompt_password;

/// Asks for a secret at the terminal itself, whatever standard input is, and does not show what is typed. `None` when
/// nobody is there, or the terminal cannot be used.
pub fn ask_secret(prompt: &str) -> Option<Secret> {
    // A job in the background may have a terminal too, and must not wait at it.
    if !io::stdin().is_terminal() && !io::stderr().is_terminal() {
        return None;
    }
    let answer = prompt_password(prompt).ok()?;
    Some(Secret::new(answer.into_bytes()))
}
