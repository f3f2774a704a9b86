//! The programs of the fuzz targets.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use test_support::fuzz_inputs::{dictionary_path, seeds};

use crate::artifacts::{root, target_directory};
use crate::process::{Failure, Shown, stream};
use crate::tool::{CPP, install_crate, program};

use super::outcome::{Outcome, end_of};

/// The programs, and how they were built.
pub struct Build {
    cargo_fuzz: PathBuf,
    sanitizer: &'static str,
}

/// What runs libFuzzer, and the version that is installed where there is none.
const CARGO_FUZZ: (&str, &str) = ("cargo-fuzz", "0.13.2");

/// The longest time for one input, in seconds: more than any limit of the engine allows, with all checks.
const LONGEST_INPUT: u64 = 60;

impl Build {
    /// Builds the targets: with `AddressSanitizer`, or without it where cargo is kept from unstable options.
    pub fn of_targets() -> Result<Self, Failure> {
        if !CPP.is_there() {
            return Err(CPP.absence().into());
        }
        let cargo_fuzz = installed()?;
        lock_versions().map_err(|error| format!("fuzz/Cargo.lock: {error}"))?;
        let with = |sanitizer| {
            let build = Self {
                cargo_fuzz: cargo_fuzz.clone(),
                sanitizer,
            };
            stream(&mut build.command("build")).map(|_| build)
        };
        with("address").or_else(|failure| {
            println!("{failure}; building without AddressSanitizer");
            with("none")
        })
    }

    /// Runs a target for this long.
    pub fn run(&self, target: &str, time: Duration) -> Result<Outcome, Failure> {
        let outcome = self.run_into_log(target, time);
        outcome.map_err(|error| format!("{target}: {error}").into())
    }

    fn run_into_log(&self, target: &str, time: Duration) -> io::Result<Outcome> {
        let seeds = folder().join("seeds").join(target);
        write_seeds(target, &seeds)?;
        let corpus = root().join("fuzz/corpus").join(target);
        fs::create_dir_all(&corpus)?;
        let mut run = self.command("run");
        run.arg(target).arg(corpus).arg(seeds).arg("--");
        run.arg(format!("-max_total_time={}", time.as_secs()));
        run.arg(format!("-timeout={LONGEST_INPUT}"));
        run.arg(format!("-dict={}", dictionary_path(target).display()));
        run.arg("-print_final_stats=1");
        // The C library's record of a thread that is just ending looks like a leak. The lane `valgrind` looks for leaks.
        run.arg("-detect_leaks=0");
        println!("$ {}", Shown(&run));
        let path = folder().join(format!("{target}.log"));
        let log = File::create(&path)?;
        let status = run.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).status()?;
        let output = fs::read(path)?;
        let output = String::from_utf8_lossy(&output);
        let outcome = Outcome::read(target, &output, status);
        if !outcome.crashes.is_empty() {
            println!("{}", end_of(&output));
        }
        Ok(outcome)
    }

    /// A command of cargo-fuzz for the targets, with the pinned compiler.
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.cargo_fuzz);
        command
            .current_dir(root())
            .args(["fuzz", name, "--sanitizer", self.sanitizer]);
        command.arg("--target-dir").arg(folder());
        if self.sanitizer != "none" {
            // The options of sanitizers are unstable, and the compiler that the repository pins is a stable one.
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        command
    }
}

/// The program cargo-fuzz, installed beside what cargo builds if this machine has none.
fn installed() -> Result<PathBuf, Failure> {
    let (name, version) = CARGO_FUZZ;
    if let Some(program) = program(name) {
        return Ok(program);
    }
    install_crate(name, version, &[])?;
    program(name).ok_or_else(|| format!("{name} was installed and is not there").into())
}

/// Has cargo build the targets with the versions of the workspace, to which it adds libFuzzer.
fn lock_versions() -> io::Result<()> {
    let (ours, copy) = (root().join("Cargo.lock"), root().join("fuzz/Cargo.lock"));
    let time = |path: &Path| fs::metadata(path).and_then(|facts| facts.modified());
    if time(&copy).is_ok_and(|copied| time(&ours).is_ok_and(|changed| changed <= copied)) {
        return Ok(());
    }
    fs::copy(ours, copy).map(drop)
}

/// Writes the seeds of a target as files of a folder.
fn write_seeds(target: &str, folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (number, seed) in seeds(target).iter().enumerate() {
        fs::write(folder.join(number.to_string()), seed)?;
    }
    Ok(())
}

/// Where the programs are, beside what they print.
fn folder() -> PathBuf {
    target_directory().join("fuzz")
}
