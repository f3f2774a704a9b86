//! The names that stand for the tenants of all users, in place of a tenant (Microsoft: "Microsoft identity platform
//! protocols", endpoints).

use super::grant::Grant;
use crate::answer::refusal::Refusal;

/// Whether `name` stands for several tenants.
pub(crate) fn is_shared(name: &str) -> bool {
    named(name, &["common", "organizations", CONSUMERS, PERSONAL])
}

/// Refuses a grant that needs a tenant, if the address of the call names none.
pub(crate) fn check(name: &str, grant: Grant) -> Result<(), Refusal> {
    match grant {
        _ if !is_shared(name) => Ok(()),
        Grant::ClientCredentials | Grant::OnBehalfOf => Err(Refusal::new(50059, &[])),
        // A password is one of a work account.
        Grant::Password if named(name, &["common", CONSUMERS, PERSONAL]) => Err(Refusal::new(9_001_023, &[])),
        Grant::Password | Grant::RefreshToken | Grant::DeviceCode | Grant::AuthorizationCode => Ok(()),
    }
}

const CONSUMERS: &str = "consumers";
/// The tenant of personal accounts.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

fn named(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
