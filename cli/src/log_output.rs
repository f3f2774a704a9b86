//! The engine's log, written to standard error.

use std::io::{self, Write};

use log::{Level, LevelFilter, Log, Metadata, Record};

/// Writes the engine's log to standard error from now on, down to this level.
///
/// Only the engine's: the HTTP and TLS libraries below it log parts of requests, which hold secrets.
pub fn start(level: LevelFilter) {
    // It fails only if there is a logger already, and this process sets no other.
    if log::set_logger(&EngineLog).is_ok() {
        log::set_max_level(level);
    }
}

struct EngineLog;

impl Log for EngineLog {
    fn enabled(&self, metadata: &Metadata) -> bool {
        let target = metadata.target();
        target == "graphtoken" || target.starts_with("graphtoken::")
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            let level = match record.level() {
                Level::Warn => "warning".to_owned(),
                level => level.as_str().to_ascii_lowercase(),
            };
            // A closed standard error must not stop the call.
            let _ = writeln!(io::stderr(), "{level}: {}", record.args());
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_engine_is_logged() {
        for (target, logged) in [
            ("graphtoken::client", true),
            ("graphtoken", true),
            ("graphtokens", false),
            ("ureq::run", false),
            ("rustls::client::hs", false),
        ] {
            let metadata = Metadata::builder().target(target).level(Level::Error).build();
            assert_eq!(EngineLog.enabled(&metadata), logged, "{target}");
        }
    }
}
