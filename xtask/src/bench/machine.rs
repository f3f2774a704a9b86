//! The machine that a run took place on, and the versions of what took part.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::SystemTime;

use crate::process::capture;

/// One sentence.
pub fn describe() -> String {
    let date = httpdate::fmt_http_date(SystemTime::now());
    let features = if has_flag("avx512ifma") { ", AVX-512 IFMA" } else { "" };
    let mut parts = vec![format!(
        "{} cores \"{}\"{features}{}",
        thread::available_parallelism().map_or(1, usize::from),
        processor(),
        if has_flag("hypervisor") { ", virtual" } else { "" },
    )];
    parts.extend(memory());
    parts.push(system());
    parts.extend(version("rustc", "--version", "Rust", 1));
    parts.extend(version("dotnet", "--version", ".NET SDK", 0));
    parts.extend(version("openssl", "version", "OpenSSL", 1));
    // `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7)
    format!(
        "Measured on {} on: {}.",
        date.get(5..16).unwrap_or(&date),
        parts.join("; ")
    )
}

fn processor() -> String {
    processor_line("model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

fn has_flag(flag: &str) -> bool {
    processor_line("flags").is_some_and(|flags| flags.split_whitespace().any(|word| word == flag))
}

fn processor_line(name: &str) -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(": ").map(|(_, value)| value.to_owned())
}

fn memory() -> Option<String> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(format!("{:.1} GiB", kibibytes / 1024.0 / 1024.0))
}

fn system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(
        || std::env::consts::OS.to_owned(),
        |name| name.trim_matches('"').to_owned(),
    )
}

/// What a program says of itself, of which the word at `place` is the version.
fn version(program: &str, argument: &str, name: &str, place: usize) -> Option<String> {
    let text = capture(Command::new(program).arg(argument)).ok()?;
    text.split_whitespace()
        .nth(place)
        .map(|version| format!("{name} {version}"))
}
