//! What this process holds of the system.

use std::fs;

/// As Linux counts it.
#[derive(Clone, Copy, Default)]
pub struct Resources {
    /// In KiB, resident.
    pub memory: u64,
    /// Open file descriptors.
    pub handles: u64,
    pub threads: u64,
}

impl Resources {
    pub fn now() -> Result<Self, String> {
        let status = fs::read_to_string("/proc/self/status").map_err(|error| format!("/proc/self/status: {error}"))?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_ascii_whitespace().next()?.parse().ok()
        };
        Ok(Self {
            memory: number("VmRSS:").ok_or("VmRSS is missing")?,
            threads: number("Threads:").ok_or("Threads is missing")?,
            handles: count("/proc/self/fd")?,
        })
    }
}

fn count(folder: &str) -> Result<u64, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))?;
    Ok(entries.count() as u64)
}
