//! A machine with an identity of its own and one that is assigned to it, as an emulator plays it.

use crate::emulator::Emulator;

/// The client id of the assigned identity.
pub const CLIENT_ID: &str = "33333333-3333-3333-3333-333333333333";
/// Its object id.
pub const OBJECT_ID: &str = "44444444-4444-4444-4444-444444444444";
/// The id of its Azure resource.
pub const RESOURCE_ID: &str = "/subscriptions/s/resourcegroups/g/providers/p/userAssignedIdentities/i";
/// The secret that programs send to the platform.
pub const SECRET: &str = "h3ader/secret+value==";

/// The emulator of such a machine, with these arguments beside its own.
pub fn start(more: &[&str]) -> Emulator {
    let assigned = format!("{CLIENT_ID}:object={OBJECT_ID}:resource={RESOURCE_ID}");
    let own = [
        "--identity",
        "system",
        "--identity",
        &assigned,
        "--identity-header",
        SECRET,
    ];
    Emulator::start_with(&[&own, more].concat())
}
