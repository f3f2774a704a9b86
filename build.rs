//! Adds version information to the Windows library, which Explorer, inventories and crash reports show.

use std::env;

use winresource::{VersionInfo, WindowsResource};

/// `VFT_DLL` (Microsoft, "VERSIONINFO resource").
const LIBRARY: u64 = 2;

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var_os("CARGO_CFG_WINDOWS").is_none() {
        return Ok(());
    }
    let mut resource = WindowsResource::new();
    resource.set_version_info(VersionInfo::FILETYPE, LIBRARY);
    for (name, value) in [
        ("ProductName", "GraphToken"),
        ("FileDescription", "GraphToken: Microsoft Entra ID token engine"),
        ("InternalName", "graphtoken"),
        ("OriginalFilename", "graphtoken.dll"),
        ("CompanyName", env!("CARGO_PKG_AUTHORS")),
        ("LegalCopyright", env!("CARGO_PKG_AUTHORS")),
    ] {
        resource.set(name, value);
    }
    resource.compile()
}
