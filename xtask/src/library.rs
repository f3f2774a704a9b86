//! What a built library file has to be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::artifacts::root;
use crate::process::{Failure, capture};

/// Checks the file that is shipped for this system.
pub fn check_release(path: &Path) -> Result<(), Failure> {
    if cfg!(target_os = "linux") && !imported(path)?.contains(STACK_CHECK) {
        return Err(format!("{}: the C parts do not check their stacks", path.display()).into());
    }
    check(path, &exported(path)?)
}

/// What code calls that the compiler gave a check of the stack, when that fails (`-fstack-protector-strong`).
const STACK_CHECK: &str = "__stack_chk_fail";

/// Checks a shipped file: its size, and that it exports exactly what the header declares.
pub fn check(path: &Path, exported: &BTreeSet<String>) -> Result<(), Failure> {
    let size = fs::metadata(path)
        .map_err(|error| format!("{}: {error}", path.display()))?
        .len();
    println!("{}: {size} bytes", path.display());
    if size > LARGEST {
        return Err(format!("the library has {size} bytes, more than {LARGEST}").into());
    }
    let header = read(&root().join("bindings/c/graphtoken.h"))?;
    let declared = declared(&header);
    println!("{} functions", exported.len());
    if declared == *exported {
        return Ok(());
    }
    let different: Vec<_> = declared.symmetric_difference(exported).collect();
    Err(format!("header and exports differ in {different:?}").into())
}

/// Whether the file was built with the feature `test-hooks`.
pub fn has_test_hooks(path: &Path) -> bool {
    let text = b"forced by test.panic";
    fs::read(path).is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text))
}

/// Bytes. A goal of the project: a download and a process start that nobody notices. 3 MB as Windows counts them, and
/// what the feature `flows` may add (DESIGN.md, "Why is the library built for size?").
const LARGEST: u64 = 3_600_000;

fn declared(header: &str) -> BTreeSet<String> {
    let declarations = header
        .lines()
        .filter(|line| line.starts_with("int32_t gt_") || line.starts_with("void gt_"));
    let names = declarations.filter_map(|line| line.split([' ', '(']).nth(1));
    names.map(str::to_owned).collect()
}

/// Whatever a linker finds in the file, whether it begins with `gt_` or not.
fn exported(path: &Path) -> Result<BTreeSet<String>, Failure> {
    dynamic_symbols(path, "--defined-only")
}

/// What the file takes from other libraries, without the version of a symbol.
fn imported(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let symbols = dynamic_symbols(path, "--undefined-only")?;
    let name = |symbol: &String| symbol.split('@').next().unwrap_or_default().to_owned();
    Ok(symbols.iter().map(name).collect())
}

fn dynamic_symbols(path: &Path, kind: &str) -> Result<BTreeSet<String>, Failure> {
    let listing = capture(Command::new("nm").args(["-D", kind, "--format=posix"]).arg(path))?;
    let names = listing.lines().filter_map(|line| line.split(' ').next());
    Ok(names.map(str::to_owned).collect())
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_in_a_header() {
        let header =
            "void gt_a_free(struct gt_a *a);\nint32_t gt_a_new(struct gt_a **a_out,\n    int32_t b);\n * gt_no\n";
        let expected = ["gt_a_free", "gt_a_new"].map(str::to_owned);
        assert_eq!(declared(header), BTreeSet::from(expected));
    }
}
