//! What a Linux file asks of the system.

use std::path::Path;

use object::elf::FileHeader64;
use object::read::elf::{Dyn, ElfFile64, FileHeader};
use object::{Endianness, Object, elf};

use super::archive::read;
use crate::process::Failure;

/// The facts about a program or library.
#[derive(Debug)]
pub struct Elf {
    /// The names that it exports.
    pub exports: Vec<String>,
    /// The versions of symbols that it takes from other libraries, such as `GLIBC_2.28`.
    pub versions: Vec<String>,
    /// The libraries that it loads.
    pub needed: Vec<String>,
    /// The name under which programs that are linked with it look for it.
    pub soname: Option<String>,
}

impl Elf {
    /// Reads a file.
    pub fn of(file: &Path) -> Result<Self, Failure> {
        Self::parse(&read(file)?).map_err(|error| format!("{}: {error}", file.display()).into())
    }

    fn parse(data: &[u8]) -> object::read::Result<Self> {
        let file = ElfFile64::<Endianness>::parse(data)?;
        let exports = file
            .exports()?
            .map(|export| Ok(text(export?.name().name().unwrap_or_default())));
        let mut facts = Self {
            exports: exports.collect::<object::read::Result<_>>()?,
            versions: versions(data)?,
            needed: Vec::new(),
            soname: None,
        };
        let header = FileHeader64::<Endianness>::parse(data)?;
        let endian = header.endian()?;
        let sections = header.sections(endian, data)?;
        let Some((entries, link)) = sections.dynamic(endian, data)? else {
            return Ok(facts);
        };
        let strings = sections.strings(endian, data, link)?;
        for entry in entries {
            let value = || entry.string(endian, strings).map(text);
            match entry.tag(endian) {
                elf::DT_NEEDED => facts.needed.push(value()?),
                elf::DT_SONAME => facts.soname = Some(value()?),
                _ => {}
            }
        }
        Ok(facts)
    }

    /// Refuses a file that needs a later glibc than this one.
    pub fn check_glibc(&self, latest: &str) -> Result<(), String> {
        let too_late = |version: &&String| {
            let number = version.strip_prefix("GLIBC_");
            number.is_some_and(|number| numbers(number) > numbers(latest))
        };
        match self.versions.iter().find(too_late) {
            Some(version) => Err(format!("it needs {version}, which is later than {latest}")),
            None => Ok(()),
        }
    }
}

fn versions(data: &[u8]) -> object::read::Result<Vec<String>> {
    let header = FileHeader64::<Endianness>::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    let mut versions = Vec::new();
    if let Some((mut libraries, link)) = sections.gnu_verneed(endian, data)? {
        let strings = sections.strings(endian, data, link)?;
        while let Some((_, mut needed)) = libraries.next()? {
            while let Some(version) = needed.next()? {
                versions.push(text(version.name(endian, strings)?));
            }
        }
    }
    Ok(versions)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|number| number.parse().ok()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needing(version: &str) -> Elf {
        Elf {
            exports: Vec::new(),
            versions: ["GCC_3.0", "GLIBC_2.2.5", version].map(str::to_owned).to_vec(),
            needed: Vec::new(),
            soname: None,
        }
    }

    #[test]
    fn a_file_that_needs_a_later_glibc_is_refused() {
        for version in ["GLIBC_2.4", "GLIBC_2.28", "GLIBC_2.3.4"] {
            needing(version).check_glibc("2.28").unwrap();
        }
        for version in ["GLIBC_2.34", "GLIBC_2.28.1", "GLIBC_3.0", "GLIBC_2.100"] {
            let reason = needing(version).check_glibc("2.28").unwrap_err();
            assert!(reason.contains(version), "{reason}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_s_versions_and_libraries_are_those_that_readelf_shows() {
        let program = std::env::current_exe().unwrap();
        let facts = Elf::of(&program).unwrap();
        let shown = std::process::Command::new("readelf")
            .args(["--dynamic", "--version-info", "--wide"])
            .arg(&program)
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(facts.versions.iter().any(|version| version.starts_with("GLIBC_")));
        for version in &facts.versions {
            assert!(
                shown.contains(&format!("Name: {version} ")),
                "{version} is not in {shown}"
            );
        }
        assert!(facts.needed.iter().any(|library| library.starts_with("libc.")));
        for library in &facts.needed {
            assert!(
                shown.contains(&format!("Shared library: [{library}]")),
                "{library} is not in {shown}"
            );
        }
    }
}
