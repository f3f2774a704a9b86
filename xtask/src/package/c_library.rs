//! `dist/c`: the library of each platform with its header, for pkg-config and `CMake`.

use std::path::Path;

use super::Pack;
use super::archive::Entries;
use super::documents::{Documents, template};
use super::native::SONAME;
use super::platform::Platform;
use crate::artifacts::root;
use crate::process::Failure;

/// Writes a file for each platform.
pub fn write(pack: &Pack, folder: &Path) -> Result<(), Failure> {
    pack.platforms
        .iter()
        .try_for_each(|platform| write_one(pack, platform, folder))
}

fn write_one(pack: &Pack, platform: &Platform, folder: &Path) -> Result<(), Failure> {
    let name = format!("graphtoken-{}-{}", pack.version, platform.rid);
    let below = |path: &str| format!("{name}/{path}");
    let mut entries = Entries::default();
    let tree = Tree {
        include: below("include"),
        libraries: below("lib"),
        // Wherever the folder is unpacked.
        prefix: "${pcfiledir}/../..",
        libdir: "${prefix}/lib",
        to_prefix: "../../..",
    };
    tree.add_to(&mut entries, pack, platform)?;
    let documents = Documents {
        readme: "packaging/c/README.md",
        bill_of_materials: &pack.bill_of_materials,
    };
    documents.add_to(&mut entries, &name)?;
    entries.add_file(
        below("share/doc/graphtoken/get_token.c"),
        &root().join("bindings/c/examples/get_token.c"),
    )?;
    if platform.is_windows() {
        entries.add_program(below("bin/graphtoken.dll"), &platform.library())?;
        return entries.write_zip(&folder.join(format!("{name}.zip")), pack.time);
    }
    entries.write_tarball(&folder.join(format!("{name}.tar.gz")), pack.time)
}

/// Where the parts of a C library are.
pub struct Tree<'a> {
    /// The folder of the header.
    pub include: String,
    /// The folder of the library.
    pub libraries: String,
    /// The folder of all, as pkg-config is told.
    pub prefix: &'a str,
    /// That of the library, as pkg-config is told.
    pub libdir: &'a str,
    /// The way from `CMake`'s files to the folder of all.
    pub to_prefix: &'a str,
}

impl Tree<'_> {
    /// Adds the header, the library, and what describes them.
    pub fn add_to(&self, entries: &mut Entries, pack: &Pack, platform: &Platform) -> Result<(), Failure> {
        entries.add_file(
            format!("{}/graphtoken.h", self.include),
            &root().join("bindings/c/graphtoken.h"),
        )?;
        let place = |name: &str| format!("{}/{name}", self.libraries);
        if let Some(import_library) = platform.import_library() {
            entries.add_file(place("libgraphtoken.dll.a"), &import_library)?;
        } else if platform.rid.starts_with("linux-") {
            entries.add_program(place(SONAME), &platform.library())?;
            entries.add_link(place("libgraphtoken.so"), SONAME);
        } else {
            entries.add_program(place(platform.library_name()), &platform.library())?;
        }
        self.add_descriptions(entries, pack)
    }

    fn add_descriptions(&self, entries: &mut Entries, pack: &Pack) -> Result<(), Failure> {
        let mut numbers = pack.version.split('.');
        let mut number = || numbers.next().unwrap_or_default();
        let values = [
            ("VERSION", pack.version),
            ("MAJOR", number()),
            ("MINOR", number()),
            ("PREFIX", self.prefix),
            ("LIBDIR", self.libdir),
            ("TO_PREFIX", self.to_prefix),
            ("SONAME", SONAME),
        ];
        for (file, place) in [
            ("graphtoken.pc", "pkgconfig"),
            ("GraphTokenConfig.cmake", "cmake/GraphToken"),
            ("GraphTokenConfigVersion.cmake", "cmake/GraphToken"),
        ] {
            let text = template(&format!("c/{file}"), &values)?;
            entries.add(format!("{}/{place}/{file}", self.libraries), text);
        }
        Ok(())
    }
}
