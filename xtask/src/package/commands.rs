//! `dist/bin`: the commands of each platform as one compressed file.

use std::path::Path;

use super::Pack;
use super::archive::Entries;
use super::documents::Documents;
use super::native::COMMANDS;
use super::platform::Platform;
use crate::process::Failure;

/// Writes a file for each platform.
pub fn write(pack: &Pack, folder: &Path) -> Result<(), Failure> {
    pack.platforms
        .iter()
        .try_for_each(|platform| write_one(pack, platform, folder))
}

fn write_one(pack: &Pack, platform: &Platform, folder: &Path) -> Result<(), Failure> {
    let name = format!("graph-token-{}-{}", pack.version, platform.rid);
    let mut entries = Entries::default();
    for command in COMMANDS {
        let path = format!("{name}/{}", platform.command_name(command));
        entries.add_program(path, &platform.command(command))?;
    }
    let documents = Documents {
        readme: "packaging/commands/README.md",
        bill_of_materials: &pack.bill_of_materials,
    };
    documents.add_to(&mut entries, &name)?;
    pack.shell_files
        .add_completions(&mut entries, &format!("{name}/share/completions"));
    if platform.is_windows() {
        return entries.write_zip(&folder.join(format!("{name}.zip")), pack.time);
    }
    pack.shell_files
        .add_pages(&mut entries, &format!("{name}/share/man/man1"))?;
    entries.write_tarball(&folder.join(format!("{name}.tar.gz")), pack.time)
}
