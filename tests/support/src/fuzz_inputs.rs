//! What fuzzing starts from: the fuzz targets, their seeds and their dictionaries.

use std::fs;
use std::path::{Path, PathBuf};

use crate::checkout::{read, root};

/// The names of the fuzz targets, sorted.
pub fn targets() -> Vec<String> {
    let files = files(&root().join("fuzz/fuzz_targets"));
    files
        .iter()
        .filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()))
        .collect()
}

/// The dictionary of a target: text that its inputs have in common.
pub fn dictionary_path(target: &str) -> PathBuf {
    root().join(format!("fuzz/dictionaries/{target}.dict"))
}

/// The words of a dictionary.
pub fn dictionary(target: &str) -> Vec<Vec<u8>> {
    let text = read(&format!("fuzz/dictionaries/{target}.dict"));
    let quoted = |line: &str| Some(unescaped(line.strip_prefix('"')?.strip_suffix('"')?));
    text.lines()
        .map(|line| quoted(line).unwrap_or_else(|| panic!("{target}.dict: {line} is not in quotation marks")))
        .collect()
}

/// The seeds of a target: the files in `fuzz/seeds/TARGET`, the lines of `fuzz/seeds/TARGET.txt`, which are written as
/// in a dictionary, and for some targets files that other tests have.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = root().join("fuzz/seeds").join(target);
    let mut seeds: Vec<Vec<u8>> = files(&folder).iter().map(|file| content(file)).collect();
    let lines = folder.with_extension("txt");
    if lines.exists() {
        let text = read(&format!("fuzz/seeds/{target}.txt"));
        seeds.extend(text.lines().map(unescaped));
    }
    match target {
        "certificate_file" => seeds.extend(certificate_files("")),
        "pfx" => seeds.extend(certificate_files("PFX")),
        "token_cache_document" => {
            let caches = files(&root().join("tests/interchange"));
            let caches = caches
                .iter()
                .filter(|file| file.extension().is_some_and(|extension| extension == "json"));
            seeds.extend(caches.map(|file| content(file)));
        }
        _ => {}
    }
    seeds
}

/// The passwords of the certificate files, which the first byte of an input selects.
const PASSWORDS: [Option<&str>; 5] = [
    None,
    Some(""),
    Some("correct horse"),
    Some("p\u{e4}ssw\u{f6}rd \u{20ac}"),
    Some("key \u{1f511} p"),
];

/// The password that the first byte of an input selects.
pub fn password(selector: u8) -> Option<&'static str> {
    PASSWORDS[usize::from(selector) % PASSWORDS.len()]
}

/// The files in `tests/corpus` of formats that begin with `format`, each after the byte that selects its password.
///
/// Files that need hundreds of thousands of rounds of key derivation are left out: those of NSS and `GnuTLS`, and those
/// whose protection says so. Loading them takes too long to do it often.
fn certificate_files(format: &str) -> Vec<Vec<u8>> {
    let table = read("tests/corpus/files/table.tsv");
    let rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let seed = |row: Vec<&str>| {
        let [file, key, row_format, writer, protection, password, ..] = row[..] else {
            panic!("not a row: {row:?}");
        };
        let is_slow =
            ["NSS", "certtool"].iter().any(|slow| writer.starts_with(slow)) || protection.contains("000 rounds");
        if is_slow || !row_format.starts_with(format) {
            return None;
        }
        let password = match password {
            "-" => None,
            "\"\"" => Some(""),
            text => Some(text),
        };
        let selector = PASSWORDS.iter().position(|known| *known == password)?;
        let file = root()
            .join("tests/corpus/files")
            .join(if key == "-" { file } else { key });
        Some([[u8::try_from(selector).ok()?].as_slice(), &content(&file)].concat())
    };
    let mut seeds: Vec<Vec<u8>> = rows.filter_map(seed).collect();
    seeds.sort();
    seeds.dedup();
    seeds
}

/// The files in a folder, sorted; none if there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

fn content(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Decodes `\\`, `\"` and `\xNN`, as in the dictionaries of libFuzzer.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, left) = match (first, after) {
            (b'\\', [b'x', high, low, left @ ..]) => (hexadecimal(*high, *low, text), left),
            (b'\\', [escaped @ (b'\\' | b'"'), left @ ..]) => (*escaped, left),
            (b'\\', _) => panic!("an escape that is none: {text}"),
            (byte, left) => (*byte, left),
        };
        bytes.push(byte);
        rest = left;
    }
    bytes
}

fn hexadecimal(high: u8, low: u8, text: &str) -> u8 {
    let digit = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .unwrap_or_else(|| panic!("no hexadecimal digit: {text}"))
    };
    u8::try_from(16 * digit(high) + digit(low)).expect("two digits are a byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(unescaped("a\\x00\\xfF\\\\\\\"b"), b"a\0\xff\\\"b");
    }
}
