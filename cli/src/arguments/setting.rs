//! Arguments as settings of the engine.

use std::path::Path;

use graphtoken::error::Result;
use graphtoken::options::Options;

use crate::secret_input;

/// Sets `key` to what was given for it, if anything was.
pub fn set_given(options: &mut Options, key: &str, value: Option<&str>) -> Result<()> {
    value.map_or(Ok(()), |value| options.set(key, value))
}

/// Sets `key` to the secret in `file`, which is there for `name`.
pub fn set_secret(options: &mut Options, key: &str, file: Option<&Path>, name: &str) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let secret = secret_input::read(file, name)?;
    options.set(key, secret.expose_text().unwrap_or_default())
}

/// A parser that takes the values that the engine takes for `key`, and otherwise gives the engine's hint.
pub fn accepted_as(key: &'static str) -> impl Fn(&str) -> std::result::Result<String, String> + Clone + Send + Sync {
    move |value| match Options::default().set(key, value) {
        Ok(()) => Ok(value.to_owned()),
        Err(error) => Err(error.hint().to_owned()),
    }
}
