//! What a path leads to.

use super::token_endpoint::DEVICE_LOGIN;
use super::workload_tokens::WorkloadService;
use crate::identity::Platform;
use crate::request::authority::{Authority, Endpoint};

pub(super) enum Route<'path> {
    Journal,
    Faults,
    WorkloadToken,
    Workload(WorkloadService),
    Revocation,
    Resource,
    DeviceLogin,
    /// Which authorities are known (Microsoft: "Instance discovery" of its libraries).
    Instances,
    /// Whether a user's password is kept by Entra or by a federated server.
    UserRealm {
        user: &'path str,
    },
    Authority(Authority, Endpoint),
    Identity(&'static Platform),
    Region,
    Unknown,
}

impl<'path> Route<'path> {
    pub(super) fn of(path: &'path str, host: &str) -> Self {
        match path {
            "/_journal" => Self::Journal,
            "/_faults" => Self::Faults,
            "/_workload-token" => Self::WorkloadToken,
            "/_revocation" => Self::Revocation,
            "/_resource" => Self::Resource,
            "/common/discovery/instance" => Self::Instances,
            "/metadata/instance/compute" => Self::Region,
            DEVICE_LOGIN => Self::DeviceLogin,
            _ => {
                let realm = path.strip_prefix("/common/userrealm/");
                let realm = realm.map(|user| Self::UserRealm { user });
                let authority =
                    || Authority::at(path, host).map(|(authority, endpoint)| Self::Authority(authority, endpoint));
                let workload = || WorkloadService::at(path).map(Self::Workload);
                realm.or_else(authority).or_else(workload).unwrap_or(Self::Unknown)
            }
        }
    }
}
