//! Arguments as settings of the engine.

use graphtoken::error::Result;
use graphtoken::options::Options;
use graphtoken::secret::Secret;

/// Sets `key` to what was given for it, if anything was.
pub fn set_given(options: &mut Options, key: &str, value: Option<&str>) -> Result<()> {
    value.map_or(Ok(()), |value| options.set(key, value))
}

/// Sets `key` to a secret, which is text.
pub fn set_secret(options: &mut Options, key: &str, secret: &Secret) -> Result<()> {
    options.set(key, secret.expose_text().unwrap_or_default())
}

/// A parser that takes the values that the engine takes for `key`, and otherwise gives the engine's hint.
pub fn accepted_as(key: &'static str) -> impl Fn(&str) -> std::result::Result<String, String> + Clone + Send + Sync {
    move |value| match Options::default().set(key, value) {
        Ok(()) => Ok(value.to_owned()),
        Err(error) => Err(error.hint().to_owned()),
    }
}
