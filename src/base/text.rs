//! Messages and hints in the words of the surface that shows them.

use std::fmt;

use crate::base::parameter::text_on;
use crate::base::surface::Surface;

/// A text for every surface.
///
/// It may name a [`Parameter`](crate::base::parameter::Parameter), for which each surface has a name of its own.
#[derive(Clone, Debug)]
pub struct Text {
    in_c: String,
    /// `None` for a text without parameters, which is the same on every surface.
    others: Option<Box<Others>>,
}

/// The text on the surfaces other than C, and as it was made.
#[derive(Clone, Debug)]
struct Others {
    source: String,
    dotnet: String,
    powershell: String,
    command: String,
}

impl Text {
    /// The text with the names of the C interface.
    pub fn in_c(&self) -> &str {
        &self.in_c
    }

    /// The text with the names of a surface.
    pub fn on(&self, surface: Surface) -> &str {
        match (&self.others, surface) {
            (None, _) | (_, Surface::C) => &self.in_c,
            (Some(others), Surface::Dotnet) => &others.dotnet,
            (Some(others), Surface::PowerShell) => &others.powershell,
            (Some(others), Surface::Command) => &others.command,
        }
    }

    /// The text with placeholders, for use in another text, which then names the same parameters.
    pub fn source(&self) -> &str {
        self.others.as_ref().map_or(&self.in_c, |others| &others.source)
    }
}

impl From<String> for Text {
    fn from(source: String) -> Self {
        let in_c = text_on(Surface::C, &source);
        let others = (in_c != source).then(|| {
            Box::new(Others {
                dotnet: text_on(Surface::Dotnet, &source),
                powershell: text_on(Surface::PowerShell, &source),
                command: text_on(Surface::Command, &source),
                source,
            })
        });
        Self { in_c, others }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// The text with the names of the C interface.
impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.in_c)
    }
}
