//! What stands in every package beside the software: the licence, the notices of others, and what it is made of.

use super::archive::{Entries, read};
use crate::artifacts::root;
use crate::process::Failure;

/// The name of the notices wherever they are packed.
pub const NOTICES: &str = "THIRD-PARTY-NOTICES.txt";

/// The name of the list of crates.
pub const BILL_OF_MATERIALS: &str = "sbom.cdx.json";

/// The documents of one package.
pub struct Documents<'a> {
    /// Its README, in the checkout.
    pub readme: &'a str,
    /// The list of crates.
    pub bill_of_materials: &'a [u8],
}

impl Documents<'_> {
    /// Adds them to a folder of an archive; an empty one is the archive itself.
    pub fn add_to(&self, entries: &mut Entries, folder: &str) -> Result<(), Failure> {
        let path = |name: &str| {
            if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            }
        };
        entries
            .add_file(path("README.md"), &root().join(self.readme))?
            .add_file(path("LICENSE"), &root().join("LICENSE"))?
            .add_file(path(NOTICES), &root().join(NOTICES))?
            .add(path(BILL_OF_MATERIALS), self.bill_of_materials);
        Ok(())
    }
}

/// A template below `packaging`, with the values of its `@NAMES@`.
pub fn template(file: &str, values: &[(&str, &str)]) -> Result<String, Failure> {
    let path = root().join("packaging").join(file);
    let text = String::from_utf8(read(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    let filled = values
        .iter()
        .fold(text, |text, (name, value)| text.replace(&format!("@{name}@"), value));
    match filled.split('@').nth(1).filter(|name| is_name(name)) {
        Some(name) => Err(format!("{}: @{name}@ has no value", path.display()).into()),
        None => Ok(filled),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_s_names_get_their_values_and_none_is_left() {
        let values = [("PREFIX", "/usr"), ("LIBDIR", "/lib"), ("VERSION", "1.2.3")];
        let filled = template("c/graphtoken.pc", &values).unwrap();
        assert!(filled.starts_with("prefix=/usr\nlibdir=/lib\n"), "{filled}");
        let failure = template("c/graphtoken.pc", &values[..2]).unwrap_err();
        assert!(failure.reason.contains("@VERSION@ has no value"), "{failure}");
    }
}
