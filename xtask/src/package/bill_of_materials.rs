//! The list of Rust crates in what is shipped, in the form of `CycloneDX`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};

use super::archive::read;
use crate::artifacts::{cargo, root};
use crate::process::{Failure, capture, stream};
use crate::tool::program;

/// Has `cargo cyclonedx` list the crates of the library and the commands, and makes one list of them that says nothing
/// of this machine.
pub fn make(created: &str) -> Result<Vec<u8>, Failure> {
    let mut cyclonedx = Command::new(program("cargo-cyclonedx").unwrap_or_default());
    cyclonedx
        .current_dir(root())
        .args([
            "cyclonedx",
            "--format",
            "json",
            "--target",
            "all",
            "--override-filename",
            NAME,
        ])
        .arg("--quiet");
    let listed = stream(&mut cyclonedx);
    let lists = PACKAGES.map(|folder| {
        let file = root().join(folder).join(format!("{NAME}.json"));
        let text = read(&file)?;
        serde_json::from_slice(&text).map_err(|error| Failure::from(format!("{}: {error}", file.display())))
    });
    let lists = lists.into_iter().collect::<Result<Vec<Value>, _>>();
    remove_lists()?;
    listed?;
    let merged = merge(&lists?, created);
    let text = serde_json::to_string_pretty(&merged).map_err(|error| error.to_string())?;
    let checkout = root().display().to_string();
    Ok(text.replace(&checkout, "").into_bytes())
}

/// Where the packages are whose crates are listed.
const PACKAGES: [&str; 3] = ["", "cli", "emulator"];

/// The tool writes a file of this name beside each manifest.
const NAME: &str = "graphtoken-materials";

fn remove_lists() -> Result<(), Failure> {
    let metadata = capture(&mut cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    for manifest in packages.filter_map(|package| package["manifest_path"].as_str()) {
        // What is not there need not be removed.
        let _ = fs::remove_file(Path::new(manifest).with_file_name(format!("{NAME}.json")));
    }
    Ok(())
}

/// One list with each crate once, without the number and the time that are new in each run.
fn merge(lists: &[Value], created: &str) -> Value {
    let mut merged = lists[0].clone();
    let members = merged.as_object_mut().expect("a list is an object");
    members.remove("serialNumber");
    members["metadata"]["timestamp"] = created.into();
    for (name, key) in [("components", "bom-ref"), ("dependencies", "ref")] {
        let all = lists.iter().filter_map(|list| list[name].as_array()).flatten();
        let once: Map<String, Value> = all
            .map(|entry| (entry[key].as_str().unwrap_or_default().to_owned(), entry.clone()))
            .collect();
        let mut entries: Vec<(String, Value)> = once.into_iter().collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        members.insert(name.to_owned(), entries.into_iter().map(|(_, entry)| entry).collect());
    }
    merged
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_become_one_in_which_each_crate_stands_once() {
        let list = |serial: &str, crates: &[&str]| {
            let components: Vec<_> = crates
                .iter()
                .map(|name| json!({"bom-ref": name, "name": name}))
                .collect();
            json!({"serialNumber": serial, "metadata": {"timestamp": serial}, "components": components})
        };
        let merged = merge(&[list("1", &["b", "a"]), list("2", &["c", "b"])], "then");
        let names: Vec<_> = merged["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| &entry["name"])
            .collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(merged["metadata"]["timestamp"], "then");
        assert!(merged.get("serialNumber").is_none());
    }
}
