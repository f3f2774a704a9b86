//! What the Windows files have to be, whatever they do.

use std::fs;
use std::path::Path;

use object::LittleEndian as LE;
use object::pe::RT_VERSION;
use object::read::pe::{PeFile64, ResourceDirectoryEntryData};

use super::build::Build;
use crate::library;
use crate::process::Failure;

/// Checks the library and the command: what they load, their version, and of the library size and exports.
pub fn check(build: &Build) -> Result<(), Failure> {
    let exported = check_file(&build.library())?;
    library::check(&build.library(), &exported.into_iter().collect())?;
    check_file(&build.command("graph-token")).map(drop)
}

/// The libraries that come with every Windows.
const SYSTEM_LIBRARIES: [&str; 12] = [
    "advapi32.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "crypt32.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ncrypt.dll",
    "ntdll.dll",
    "secur32.dll",
    "user32.dll",
    "userenv.dll",
    "ws2_32.dll",
];

/// Returns the names that the file exports.
fn check_file(path: &Path) -> Result<Vec<String>, Failure> {
    let name = path.display();
    let content = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    let facts = Facts::of(&content).map_err(|error| format!("{name}: {error}"))?;
    println!("{name}: version {}, loads {}", facts.version, facts.imports.join(", "));
    let is_system = |library: &str| library.starts_with("api-ms-win-") || SYSTEM_LIBRARIES.contains(&library);
    if let Some(strange) = facts.imports.iter().find(|library| !is_system(library)) {
        return Err(format!("{name} needs {strange}, which not every Windows has").into());
    }
    if facts.version != env!("CARGO_PKG_VERSION") || facts.product != "GraphToken" {
        return Err(format!("{name} says that it is {} {}", facts.product, facts.version).into());
    }
    Ok(facts.exports)
}

struct Facts {
    /// In lower case.
    imports: Vec<String>,
    exports: Vec<String>,
    product: String,
    version: String,
}

impl Facts {
    fn of(content: &[u8]) -> object::read::Result<Self> {
        let file = PeFile64::parse(content)?;
        let mut imports = Vec::new();
        if let Some(table) = file.import_table()? {
            let mut descriptors = table.descriptors()?;
            while let Some(descriptor) = descriptors.next()? {
                imports.push(text(table.name(descriptor.name.get(LE))?).to_ascii_lowercase());
            }
        }
        imports.sort_unstable();
        imports.dedup();
        let mut exports = Vec::new();
        if let Some(table) = file.export_table()? {
            for export in table.exports()? {
                exports.extend(export.name.map(text));
            }
        }
        let version = version_resource(&file)?;
        Ok(Self {
            imports,
            exports,
            product: version_text(&version, "ProductName"),
            version: version_text(&version, "ProductVersion"),
        })
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The first resource of the type, in whatever language; empty when there is none.
fn version_resource(file: &PeFile64<'_>) -> object::read::Result<Vec<u16>> {
    let sections = file.section_table();
    let Some(directory) = file.data_directories().resource_directory(file.data(), &sections)? else {
        return Ok(Vec::new());
    };
    let root = directory.root()?;
    let mut entry = root
        .entries
        .iter()
        .find(|entry| entry.name_or_id().id() == Some(RT_VERSION));
    while let Some(found) = entry {
        match found.data(directory)? {
            ResourceDirectoryEntryData::Table(table) => entry = table.entries.first(),
            ResourceDirectoryEntryData::Data(data) => {
                let address = data.offset_to_data.get(LE);
                let bytes = sections.pe_data_at(file.data(), address).unwrap_or_default();
                let bytes = &bytes[..bytes.len().min(data.size.get(LE) as usize)];
                return Ok(bytes
                    .chunks_exact(2)
                    .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                    .collect());
            }
        }
    }
    Ok(Vec::new())
}

/// The value that follows a name in a version resource (Microsoft, "String structure"): both are UTF-16 and end with a
/// zero, and the value begins at a multiple of four bytes.
fn version_text(resource: &[u16], name: &str) -> String {
    let name: Vec<u16> = name.encode_utf16().chain([0]).collect();
    let Some(place) = resource.windows(name.len()).position(|window| window == name) else {
        return String::new();
    };
    let value = resource[place + name.len()..].iter().skip_while(|unit| **unit == 0);
    let value: Vec<u16> = value.take_while(|unit| **unit != 0).copied().collect();
    String::from_utf16_lossy(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_follows_its_name() {
        let resource: Vec<u16> = "x\0ProductName\0\0GraphToken\0\0ProductVersion\x001.2.3\0"
            .encode_utf16()
            .collect();
        assert_eq!(version_text(&resource, "ProductName"), "GraphToken");
        assert_eq!(version_text(&resource, "ProductVersion"), "1.2.3");
        assert_eq!(version_text(&resource, "CompanyName"), "");
    }
}
