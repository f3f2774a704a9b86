//! SHA256SUMS, as `sha256sum --check` reads it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::archive::{read, write};
use crate::process::Failure;

/// The name of the file.
pub const NAME: &str = "SHA256SUMS";

/// Writes the file into a folder, with a line for each other file there.
pub fn write_for(folder: &Path) -> Result<(), Failure> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.file_name().display().to_string()))
        .filter(|name| name != NAME)
        .collect();
    names.sort_unstable();
    let mut lines = String::new();
    for name in names.iter().filter(|name| folder.join(name).is_file()) {
        let sum = hexadecimal(&read(&folder.join(name))?);
        writeln!(lines, "{sum}  {name}").expect("a text can be written");
    }
    write(&folder.join(NAME), lines.as_bytes())
}

/// The SHA-256 of `content`.
pub fn hexadecimal(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text can be written");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_nothing_is_that_of_the_standard() {
        // FIPS 180-4, as `sha256sum /dev/null` prints it.
        assert_eq!(
            hexadecimal(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
