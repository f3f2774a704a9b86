//! Standard output, to which only results are written.

use std::io::{self, Write};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Writes `text` and a line break.
pub fn write_line(text: &[u8]) -> Result<(), Failure> {
    write_line_of(&[text])
}

/// Writes `parts` one after the other, and a line break.
pub fn write_line_of(parts: &[&[u8]]) -> Result<(), Failure> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut line = Zeroizing::new(Vec::with_capacity(length + 1));
    for part in parts {
        line.extend_from_slice(part);
    }
    write(line)
}

/// Writes `value` as JSON on one line.
pub fn write_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut json = buffer();
    serde_json::to_writer(&mut *json, value).map_err(|error| Failure::Output(error.into()))?;
    write(json)
}

/// Writes `value` as indented JSON.
pub fn write_pretty_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut json = buffer();
    serde_json::to_writer_pretty(&mut *json, value).map_err(|error| Failure::Output(error.into()))?;
    write(json)
}

/// Ends standard output for its reader, who would otherwise wait for as long as this process runs. Where that fails, the
/// reader waits.
#[cfg(unix)]
pub fn close() {
    if let Ok(nothing) = std::fs::File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(&nothing);
    }
}

/// Shells of Windows do not wait for it.
#[cfg(not(unix))]
pub fn close() {}

/// Room for several tokens of the size that services issue: a buffer that grows leaves copies of tokens behind.
fn buffer() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(128 * 1024))
}

/// Writes it in one piece, so that no reader takes a part for the whole.
fn write(mut text: Zeroizing<Vec<u8>>) -> Result<(), Failure> {
    text.push(b'\n');
    let mut output = io::stdout().lock();
    output
        .write_all(&text)
        .and_then(|()| output.flush())
        .map_err(Failure::Output)
}
