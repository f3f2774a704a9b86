//! `dist/debian`: a package for Debian, Ubuntu and their relatives.

use std::path::Path;
use std::process::Command;

use test_support::folder::Folder;

use super::Pack;
use super::archive::{Entries, read, seconds};
use super::c_library::Tree;
use super::documents::{BILL_OF_MATERIALS, NOTICES, template};
use super::native::COMMANDS;
use super::platform::{Builder, Debian, Platform};
use crate::artifacts::root;
use crate::process::{Failure, stream};

/// Writes a file for each platform that Debian has.
pub fn write(pack: &Pack, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for platform in &pack.platforms {
        if let (Some(debian), Builder::Glibc(glibc)) = (platform.debian, platform.builder) {
            write_one(pack, platform, debian, glibc, folder)?;
        }
    }
    Ok(())
}

fn write_one(pack: &Pack, platform: &Platform, debian: Debian, glibc: &str, folder: &Path) -> Result<(), Failure> {
    let mut entries = content(pack, platform, debian)?;
    let size = entries.size() / 1024 + 1;
    let values = [
        ("VERSION", pack.version),
        ("ARCHITECTURE", debian.architecture),
        ("GLIBC", glibc),
        ("SIZE", &size.to_string()),
    ];
    entries.add("DEBIAN/control", template("debian/control", &values)?);
    entries.add("DEBIAN/triggers", template("debian/triggers", &[])?);
    let staged = Folder::new();
    let tree = staged.path("tree");
    entries.unpack(&tree)?;
    let file = folder.join(format!("graphtoken_{}_{}.deb", pack.version, debian.architecture));
    let mut dpkg = Command::new("dpkg-deb");
    // It gives every file this time.
    dpkg.env("SOURCE_DATE_EPOCH", seconds(pack.time).to_string());
    stream(dpkg.args(["--root-owner-group", "--build"]).arg(&tree).arg(&file)).map(drop)
}

fn content(pack: &Pack, platform: &Platform, debian: Debian) -> Result<Entries, Failure> {
    let mut entries = Entries::default();
    let libraries = format!("usr/lib/{}", debian.triplet);
    let tree = Tree {
        include: "usr/include".to_owned(),
        libraries: libraries.clone(),
        prefix: "/usr",
        libdir: &format!("/{libraries}"),
        to_prefix: "../../../..",
    };
    tree.add_to(&mut entries, pack, platform)?;
    for command in COMMANDS {
        entries.add_program(format!("usr/bin/{command}"), &platform.command(command))?;
    }
    pack.shell_files.add_pages(&mut entries, "usr/share/man/man1")?;
    for (shell, place) in [
        ("bash", "usr/share/bash-completion/completions"),
        ("zsh", "usr/share/zsh/vendor-completions"),
        ("fish", "usr/share/fish/vendor_completions.d"),
    ] {
        pack.shell_files.add_completion(&mut entries, shell, place);
    }
    let documents = "usr/share/doc/graphtoken";
    entries
        .add(format!("{documents}/copyright"), copyright()?)
        .add(
            format!("{documents}/{BILL_OF_MATERIALS}"),
            pack.bill_of_materials.as_slice(),
        )
        .add_file(
            format!("{documents}/README.md"),
            &root().join("packaging/debian/README.md"),
        )?
        .add_file(
            format!("{documents}/examples/get_token.c"),
            &root().join("bindings/c/examples/get_token.c"),
        )?;
    Ok(entries)
}

/// Our licence and those of others, in the file where Debian looks for both.
fn copyright() -> Result<Vec<u8>, Failure> {
    let mut text = read(&root().join("LICENSE"))?;
    text.push(b'\n');
    text.extend(read(&root().join(NOTICES))?);
    Ok(text)
}
