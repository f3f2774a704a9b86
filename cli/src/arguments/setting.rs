//! Values of options as settings of the engine.

use graphtoken::{Options, Result, Secret, Surface};

/// Sets `key` to `value`, if the option was given.
pub fn set_given(options: &mut Options, key: &str, value: Option<&str>) -> Result<()> {
    value.map_or(Ok(()), |value| options.set(key, value))
}

/// Sets `key` to a secret, which is text.
pub fn set_secret(options: &mut Options, key: &str, secret: &Secret) -> Result<()> {
    options.set(key, secret.expose_text().unwrap_or_default())
}

/// A parser that accepts what the engine accepts for `key`. Its reason for refusing a value is the engine's hint.
pub fn accepted_as(key: &'static str) -> impl Fn(&str) -> std::result::Result<String, String> + Clone + Send + Sync {
    move |value| match Options::default().set(key, value) {
        Ok(()) => Ok(value.to_owned()),
        Err(error) => Err(as_reason(error.hint_on(Surface::Command))),
    }
}

/// A hint as clap prints a reason: behind a colon, so with a small first letter and without a full stop.
fn as_reason(hint: &str) -> String {
    let mut letters = hint.strip_suffix('.').unwrap_or(hint).chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
