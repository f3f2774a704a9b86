//! Values of options as settings of the engine.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command};
use graphtoken::{Options, Secret, Surface, pasted};

/// Sets `key` to `value`, if the option was given.
pub fn set_given(options: &mut Options, key: &str, value: Option<&str>) -> graphtoken::Result<()> {
    value.map_or(Ok(()), |value| options.set(key, value))
}

/// Sets `key` to a secret, which is text.
pub fn set_secret(options: &mut Options, key: &str, secret: &Secret) -> graphtoken::Result<()> {
    options.set(key, secret.expose_text().unwrap_or_default())
}

/// A parser that accepts what the engine accepts for `key`. Its reason for refusing a value is the engine's hint.
pub fn accepted_as(key: &'static str) -> impl Fn(&str) -> Result<String, String> + Clone + Send + Sync {
    move |value| match Options::default().set(key, value) {
        Ok(()) => Ok(value.to_owned()),
        Err(error) => Err(as_reason(error.hint_on(Surface::Command))),
    }
}

/// A parser that accepts one of these values, whatever was pasted around it.
pub fn one_of<const COUNT: usize>(values: [&'static str; COUNT]) -> impl TypedValueParser<Value = String> {
    OneOf(PossibleValuesParser::new(values))
}

#[derive(Clone)]
struct OneOf(PossibleValuesParser);

impl TypedValueParser for OneOf {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        let plain = value
            .to_str()
            .map_or(value, |value| OsStr::new(pasted::unwrapped(value)));
        self.0.parse_ref(command, argument, plain)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}

/// A hint as clap prints a reason: behind a colon, so with a small first letter and without a full stop.
fn as_reason(hint: &str) -> String {
    let mut letters = hint.strip_suffix('.').unwrap_or(hint).chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
