//! Prompts at the terminal.

use std::io::{self, IsTerminal};

use graphtoken::Secret;
use rpassword::prompt_password;

/// Prompts for a secret at the terminal, wherever standard input comes from, and does not echo what is typed. `None` if
/// there is no terminal, or it cannot be used.
pub fn ask_secret(prompt: &str) -> Option<Secret> {
    // A background job may have a terminal too, and must not wait for an answer.
    if !io::stdin().is_terminal() && !io::stderr().is_terminal() {
        return None;
    }
    let answer = prompt_password(prompt).ok()?;
    Some(Secret::new(answer.into_bytes()))
}
