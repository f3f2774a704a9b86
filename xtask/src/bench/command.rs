//! The command from its start to its end, and the size of the library.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::measurements::Measurements;
use super::run::{CLIENT_ID, Run};
use crate::artifacts::{release_command, release_library};
use crate::process::Failure;

pub fn measure(run: &Run) -> Result<Measurements, Failure> {
    let program = release_command("graph-token");
    let (authority, certificate) = (run.stage.authority(), run.stage.certificate());
    let get: [&OsStr; 7] = [
        "get".as_ref(),
        "--authority".as_ref(),
        authority.as_ref(),
        "--client-id".as_ref(),
        CLIENT_ID.as_ref(),
        "--certificate".as_ref(),
        certificate.as_ref(),
    ];
    let mut times: [Vec<f64>; 3] = Default::default();
    let mut peaks = Vec::new();
    for _ in 0..run.count(60, 3) {
        times[0].push(time(Command::new(&program).args(get))?);
        times[1].push(time(Command::new(&program).arg("--version"))?);
        times[2].push(time(&mut Command::new("true"))?);
        peaks.extend(peak_memory(Command::new(&program).args(get))?);
    }
    let mut measurements = Measurements::default();
    for (name, values) in ["command-get", "command-version", "command-nothing"]
        .into_iter()
        .zip(times)
    {
        measurements.put_median(name, values);
    }
    measurements.put_median("command-memory", peaks);
    measurements.put("library-size", size(&release_library())?);
    Ok(measurements)
}

/// Seconds from the start of a program to its end.
pub fn time(command: &mut Command) -> Result<f64, Failure> {
    let start = Instant::now();
    let status = silent(command).status();
    let took = start.elapsed().as_secs_f64();
    match status {
        Ok(status) if status.success() => Ok(took),
        Ok(status) => Err(format!("{} ended with {status}", command.get_program().display()).into()),
        Err(error) => Err(format!("{} does not start: {error}", command.get_program().display()).into()),
    }
}

/// The most bytes of memory that a program had, as Linux says while it runs; `None` elsewhere.
///
/// What the system says of a program that has ended counts the moment before as well, in which it still had the memory
/// of the one that started it.
pub fn peak_memory(command: &mut Command) -> Result<Option<f64>, Failure> {
    let mut process = silent(command).spawn().map_err(|error| error.to_string())?;
    let status = format!("/proc/{}/status", process.id());
    let mut peak = None;
    loop {
        if let Some(value) = fs::read_to_string(&status).ok().as_deref().and_then(high_water) {
            peak = Some(value);
        }
        if process.try_wait().map_err(|error| error.to_string())?.is_some() {
            return Ok(peak);
        }
    }
}

/// Bytes.
pub fn size(path: &Path) -> Result<f64, Failure> {
    let length = fs::metadata(path)
        .map_err(|error| format!("{}: {error}", path.display()))?
        .len();
    u32::try_from(length)
        .map(f64::from)
        .map_err(|_| format!("{} is too large", path.display()).into())
}

/// The program's output goes nowhere: a terminal would take its time.
fn silent(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null())
}

/// `VmHWM:      4608 kB` (proc(5)).
fn high_water(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_of_memory_is_found() {
        let status = "Name:\tgraph-token\nVmPeak:\t   12000 kB\nVmHWM:\t    4608 kB\nVmRSS:\t    4600 kB\n";
        assert_eq!(high_water(status), Some(4608.0 * 1024.0));
    }
}
