//! Values by name, as the programs of a run report them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::process::Failure;

/// In seconds, bytes, or as it is counted.
#[derive(Default)]
pub struct Measurements {
    values: BTreeMap<String, f64>,
}

impl Measurements {
    /// Reads lines such as `measured engine-memory 2.5e2` of a program's output.
    pub fn of_output(output: &str) -> Self {
        let mut measurements = Self::default();
        for line in output.lines().filter_map(|line| line.strip_prefix("measured ")) {
            if let Some((name, value)) = line.trim_end().split_once(' ')
                && let Ok(value) = value.parse()
            {
                measurements.put(name, value);
            }
        }
        measurements
    }

    /// Reads the medians that criterion has left in this folder.
    pub fn of_criterion(folder: &Path) -> Result<Self, Failure> {
        let mut measurements = Self::default();
        let unreadable = |error: &dyn ToString| Failure::from(format!("{}: {}", folder.display(), error.to_string()));
        for entry in fs::read_dir(folder).map_err(|error| unreadable(&error))? {
            let entry = entry.map_err(|error| unreadable(&error))?;
            let Ok(text) = fs::read_to_string(entry.path().join("new/estimates.json")) else {
                continue;
            };
            let estimates: Value = serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
            if let Some(nanoseconds) = estimates["median"]["point_estimate"].as_f64() {
                measurements.put(&entry.file_name().to_string_lossy(), nanoseconds / 1e9);
            }
        }
        Ok(measurements)
    }

    pub fn put(&mut self, name: &str, value: f64) {
        self.values.insert(name.to_owned(), value);
    }

    /// The middle one of several; of two the upper, and of none nothing.
    pub fn put_median(&mut self, name: &str, mut values: Vec<f64>) {
        values.sort_by(f64::total_cmp);
        if let Some(median) = values.get(values.len() / 2) {
            self.put(name, *median);
        }
    }

    pub fn add(&mut self, other: Self) {
        self.values.extend(other.values);
    }

    pub fn get(&self, name: &str) -> Option<f64> {
        self.values.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_measurements_are_found_among_others() {
        let output = "Benchmarking x\nmeasured a-b 1.5e-7\r\nmeasured c 12\nmeasured d lost\nmeasured e\n";
        let measurements = Measurements::of_output(output);
        assert_eq!(measurements.get("a-b"), Some(1.5e-7));
        assert_eq!(measurements.get("c"), Some(12.0));
        assert_eq!(measurements.get("d"), None);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let mut measurements = Measurements::default();
        measurements.put_median("three", vec![3.0, 1.0, 2.0]);
        measurements.put_median("none", Vec::new());
        assert_eq!(measurements.get("three"), Some(2.0));
        assert_eq!(measurements.get("none"), None);
    }
}
