//! An emulator that a client reaches by the names of Microsoft's hosts.

use crate::emulator::Emulator;
use crate::folder::Folder;

/// A region, whose host the emulator serves.
pub const REGION: &str = "westeurope";

/// An external tenant, whose host the emulator serves.
pub const EXTERNAL: &str = "https://contoso.ciamlogin.com";

/// The user flows of a B2C tenant, whose host the emulator serves.
pub const USER_FLOW: &str = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_SignIn";

/// Stands in for `login.microsoftonline.com` in this region, but not for that host itself: a client that asks there
/// gets no answer. It is its own proxy, and the CA's certificate is in the folder.
pub fn start(folder: &Folder) -> Emulator {
    let ca = folder.path(CA_FILE).display().to_string();
    let regional = format!("{REGION}.login.microsoft.com");
    let hosts = [&*regional, "contoso.ciamlogin.com", "contoso.b2clogin.com"];
    let names = hosts.iter().flat_map(|host| ["--tls-name", host]);
    let own = [
        "--tls",
        "--ca-out",
        &ca,
        "--authority",
        "https://login.microsoftonline.com",
    ];
    Emulator::start_with(&own.into_iter().chain(names).collect::<Vec<_>>())
}

/// The file in the folder with the CA's certificate.
pub const CA_FILE: &str = "authorities-ca.pem";

/// The address of the emulator as a proxy.
pub fn proxy(emulator: &Emulator) -> String {
    format!("http://{}", emulator.host())
}
