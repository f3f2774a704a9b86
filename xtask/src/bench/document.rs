//! `docs/benchmarks.md`: what was measured last, between two marks; the rest of it is written by hand and stays.

use std::fs;
use std::path::PathBuf;

use super::machine;
use super::table::Table;
use crate::artifacts::root;
use crate::process::Failure;

/// Puts the table in the place of the last one, and says where.
pub fn write(table: &Table) -> Result<PathBuf, Failure> {
    let path = root().join("docs/benchmarks.md");
    let failed = |error: &dyn ToString| Failure::from(format!("{}: {}", path.display(), error.to_string()));
    let text = fs::read_to_string(&path).map_err(|error| failed(&error))?;
    let measured = format!("{}\n{}", machine::describe(), table.as_markdown());
    let text = replaced(&text, &measured).ok_or_else(|| failed(&"the marks of what is generated are not there"))?;
    fs::write(&path, text).map_err(|error| failed(&error))?;
    Ok(path)
}

const BEGIN: &str = "<!-- `cargo xtask bench` writes what is between these marks. -->\n";
const END: &str = "<!-- The end of what is generated. -->\n";

fn replaced(text: &str, measured: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{measured}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let text = format!("a\n{BEGIN}old\n{END}b\n");
        assert_eq!(replaced(&text, "new\n"), Some(format!("a\n{BEGIN}\nnew\n\n{END}b\n")));
        assert_eq!(replaced("a\nb\n", "new"), None);
    }
}
