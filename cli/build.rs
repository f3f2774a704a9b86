//! Gives the Windows program the facts that Explorer, inventories and crash reports show.

use std::env;

use winresource::WindowsResource;

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var_os("CARGO_CFG_WINDOWS").is_none() {
        return Ok(());
    }
    let mut resource = WindowsResource::new();
    for (name, value) in [
        ("ProductName", "GraphToken"),
        ("FileDescription", "graph-token: Microsoft Entra ID tokens for shells"),
        ("InternalName", "graph-token"),
        ("OriginalFilename", "graph-token.exe"),
        ("CompanyName", env!("CARGO_PKG_AUTHORS")),
        ("LegalCopyright", env!("CARGO_PKG_AUTHORS")),
    ] {
        resource.set(name, value);
    }
    resource.compile()
}
