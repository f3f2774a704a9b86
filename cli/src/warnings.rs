//! Problems that do not fail the call.

use std::io::{self, Write};

/// The warnings of one call.
///
/// As text, each is printed at once. With `--json` they wait for the outcome: the JSON object of an error includes
/// them, so that standard error stays a single object.
pub struct Warnings {
    waiting: bool,
    texts: Vec<String>,
}

impl Warnings {
    /// No warnings yet. With `json` they wait for the outcome.
    pub fn new(json: bool) -> Self {
        Self {
            waiting: json,
            texts: Vec::new(),
        }
    }

    /// Adds one: a sentence on one line.
    pub fn add(&mut self, text: impl Into<String>) {
        let text = text.into();
        if self.waiting {
            self.texts.push(text);
        } else {
            show(&text);
        }
    }

    /// Those that have not been printed.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Prints those that have not been printed.
    pub fn print(&self) {
        for text in &self.texts {
            show(text);
        }
    }
}

fn show(text: &str) {
    // A closed standard error must not stop the call.
    let _ = writeln!(io::stderr(), "warning: {text}");
}
