//! `dist/nuget`: the class library, with the native library of every platform.

use std::path::Path;

use test_support::folder::Folder;

use super::Pack;
use super::archive::Entries;
use super::documents::{BILL_OF_MATERIALS, NOTICES};
use super::open_packaging;
use crate::artifacts::root;
use crate::dotnet::dotnet;
use crate::process::{Failure, stream};

const PROJECT: &str = "bindings/csharp/GraphToken/GraphToken.csproj";

/// Writes the package and that of its symbols.
pub fn write(pack: &Pack, folder: &Path) -> Result<(), Failure> {
    let staged = Folder::new();
    let (native, packed) = (staged.path("native"), staged.path("packed"));
    native_files(pack)?.unpack(&native)?;
    let documents = staged.path("documents");
    let mut entries = Entries::default();
    entries.add(BILL_OF_MATERIALS, pack.bill_of_materials.as_slice());
    entries.unpack(&documents)?;
    let mut dotnet = dotnet(&["pack", PROJECT, "--configuration", "Release", "--nologo", "--output"]);
    dotnet
        .arg(&packed)
        .arg(format!("-property:NativeFiles={}", native.display()))
        .arg(format!(
            "-property:ThirdPartyNotices={}",
            root().join(NOTICES).display()
        ))
        .arg(format!(
            "-property:BillOfMaterials={}",
            documents.join(BILL_OF_MATERIALS).display()
        ));
    stream(&mut dotnet)?;
    for ending in ["nupkg", "snupkg"] {
        let name = format!("GraphToken.{}.{ending}", pack.version);
        open_packaging::normalize(&packed.join(&name))?.write_zip(&folder.join(name), pack.time)?;
    }
    Ok(())
}

fn native_files(pack: &Pack) -> Result<Entries, Failure> {
    let mut entries = Entries::default();
    for platform in &pack.platforms {
        let path = format!("{}/{}", platform.rid, platform.library_name());
        entries.add_file(path, &platform.library())?;
    }
    Ok(entries)
}
