//! What the user should know although it stops nothing.

use std::io::{self, Write};

/// The warnings of one call.
///
/// For people each is shown at once. For machines they wait for the outcome: an error's JSON object takes them in, so
/// that standard error stays one object.
pub struct Warnings {
    waiting: bool,
    texts: Vec<String>,
}

impl Warnings {
    /// No warnings yet; `json` when a machine reads them.
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

    /// Those that have not been shown.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Shows those that have not been shown.
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
