//! Messages and hints in the words of the surface that shows them.

use std::borrow::Cow;
use std::fmt;

use crate::base::parameter::text_on;
use crate::base::surface::Surface;

/// A text for every surface.
///
/// It may name a [`Parameter`](crate::base::parameter::Parameter), for which each surface has a name of its own.
#[derive(Clone, Debug)]
pub struct Text {
    in_c: String,
    /// The text with placeholders, if it names a parameter.
    with_parameters: Option<Box<str>>,
}

impl Text {
    /// The text with the names of the C interface.
    pub fn in_c(&self) -> &str {
        &self.in_c
    }

    /// The text with the names of a surface.
    pub fn on(&self, surface: Surface) -> Cow<'_, str> {
        match &self.with_parameters {
            Some(text) => Cow::Owned(text_on(surface, text)),
            None => Cow::Borrowed(&self.in_c),
        }
    }

    /// The text with placeholders, for use in another text, which then names the same parameters.
    pub fn source(&self) -> &str {
        self.with_parameters.as_deref().unwrap_or(&self.in_c)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let in_c = text_on(Surface::C, &text);
        let with_parameters = (in_c != text).then(|| text.into_boxed_str());
        Self { in_c, with_parameters }
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
