//! The bare signature, by OpenSSL.

use std::process::Command;

use super::Extent;
use super::measurements::Measurements;
use super::run::Run;
use crate::process::{Failure, capture};

pub fn measure(run: &Run) -> Result<Measurements, Failure> {
    let seconds = if run.extent == Extent::Full { "5" } else { "1" };
    let output = capture(Command::new("openssl").args(["speed", "-mr", "-seconds", seconds, "rsa2048"]))?;
    let signature = signature_time(&output).ok_or_else(|| format!("openssl speed printed no time:\n{output}"))?;
    let mut measurements = Measurements::default();
    measurements.put("openssl-rsa", signature);
    Ok(measurements)
}

/// Seconds, from `+F2:2:2048:4273.5:139726.7`: algorithm, bits, and how many signatures and verifications a second has.
fn signature_time(output: &str) -> Option<f64> {
    let line = output.lines().find_map(|line| line.strip_prefix("+F2:"))?;
    let signatures: f64 = line.split(':').nth(2)?.parse().ok()?;
    (signatures > 0.0).then(|| signatures.recip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_signature_is_found() {
        let output = "+DTP:2048:private:rsa:1\n+R1:4000:2048:1.00\n+F2:2:2048:4000.000000:59426.666667\n";
        assert_eq!(signature_time(output), Some(0.000_25));
    }
}
