//! Packages of `NuGet` are zip files of the Open Packaging Conventions, in which `NuGet` gives one part a new name, and the
//! relationships new identifiers, each time, and lists the types of the files in the order in which it met them.

use std::path::Path;

use super::archive::Entries;
use super::checksums::hexadecimal;
use crate::process::Failure;

const RELATIONSHIPS: &str = "_rels/.rels";
const CONTENT_TYPES: &str = "[Content_Types].xml";
const CORE_PROPERTIES: &str = "package/services/metadata/core-properties/";

/// The entries of a package, with names and an order that depend on its contents alone.
pub fn normalize(file: &Path) -> Result<Entries, Failure> {
    let entries = Entries::of_zip(file)?;
    let mut normal = Entries::default();
    let properties = entries.paths().find(|path| path.starts_with(CORE_PROPERTIES));
    let properties = properties.map(str::to_owned).unwrap_or_default();
    let content = entries.content(&properties).unwrap_or_default();
    let renamed = format!("{CORE_PROPERTIES}{}.psmdcp", &hexadecimal(content)[..32]);
    for path in entries.paths() {
        let content = entries.content(path).unwrap_or_default();
        match path {
            RELATIONSHIPS => {
                let text = String::from_utf8_lossy(content).replace(&properties, &renamed);
                normal.add(path, with_numbered_ids(&text));
            }
            CONTENT_TYPES => {
                normal.add(path, with_sorted_types(&String::from_utf8_lossy(content)));
            }
            path if path == properties => {
                normal.add(renamed.clone(), content);
            }
            path => {
                normal.add(path, content);
            }
        }
    }
    Ok(normal)
}

/// The types in the order of their lines.
fn with_sorted_types(types: &str) -> String {
    let is_type = |line: &&str| line.trim_start().starts_with("<Default") || line.trim_start().starts_with("<Override");
    let mut sorted: Vec<&str> = types.lines().filter(is_type).collect();
    sorted.sort_unstable();
    let mut sorted = sorted.into_iter();
    let lines = types.lines().map(|line| {
        if is_type(&line) {
            sorted.next().unwrap_or_default()
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The relationships with identifiers in order.
fn with_numbered_ids(relationships: &str) -> String {
    let mut parts = relationships.split(" Id=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    let numbered = (1..).zip(parts).map(|(number, part)| {
        let rest = part.split_once('"').map_or("", |(_, rest)| rest);
        format!(" Id=\"R{number}\"{rest}")
    });
    first + &numbered.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::archive::time_of;
    use test_support::folder::Folder;

    fn package(name: &str, id: &str, types: [&str; 2]) -> Entries {
        let folder = Folder::new();
        let file = folder.path("a.nupkg");
        let mut entries = Entries::default();
        let part = format!("{CORE_PROPERTIES}{name}.psmdcp");
        entries.add(
            RELATIONSHIPS,
            format!("<R><Relationship Target=\"/{part}\" Id=\"{id}\" /><Relationship Id=\"{id}2\"/></R>"),
        );
        let [one, other] = types.map(|extension| format!("  <Default Extension=\"{extension}\" />\n"));
        entries.add(CONTENT_TYPES, format!("<Types>\n{one}{other}</Types>"));
        entries
            .add(part, "<coreProperties/>")
            .add("GraphToken.nuspec", "<package/>");
        entries.write_zip(&file, time_of(1_000_000_000)).unwrap();
        normalize(&file).unwrap()
    }

    #[test]
    fn what_is_new_each_time_becomes_that_of_the_contents() {
        let (first, second) = (
            package("0a1b", "RA0", ["so", "md"]),
            package("ffff", "R77", ["md", "so"]),
        );
        let types = "<Types>\n  <Default Extension=\"md\" />\n  <Default Extension=\"so\" />\n</Types>";
        assert_eq!(first.content(CONTENT_TYPES), Some(types.as_bytes()));
        assert_eq!(second.content(CONTENT_TYPES), Some(types.as_bytes()));
        assert_eq!(first.paths().collect::<Vec<_>>(), second.paths().collect::<Vec<_>>());
        let relationships = String::from_utf8_lossy(first.content(RELATIONSHIPS).unwrap()).into_owned();
        assert_eq!(first.content(RELATIONSHIPS), second.content(RELATIONSHIPS));
        let part = first.paths().find(|path| path.ends_with(".psmdcp")).unwrap();
        assert!(
            relationships.contains(&format!("Target=\"/{part}\" Id=\"R1\"")),
            "{relationships}"
        );
        assert!(relationships.contains("Id=\"R2\"/>"), "{relationships}");
    }
}
