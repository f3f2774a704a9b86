//! What a path leads to.

use super::token_endpoint::{AUTHORIZE, DEVICE_CODE, DEVICE_LOGIN, KEYS};
use super::workload_tokens::WorkloadService;
use crate::identity::Platform;
use crate::request::call::EndpointVersion;

pub(super) enum Route<'path> {
    Journal,
    Faults,
    WorkloadToken,
    Workload(WorkloadService),
    Revocation,
    Resource,
    Token {
        tenant: &'path str,
        version: EndpointVersion,
    },
    DeviceCode {
        tenant: &'path str,
    },
    DeviceLogin,
    Authorize {
        tenant: &'path str,
    },
    Discovery {
        tenant: &'path str,
    },
    Keys {
        tenant: &'path str,
    },
    Identity(&'static Platform),
    Unknown,
}

impl<'path> Route<'path> {
    pub(super) fn of(path: &'path str) -> Self {
        let (tenant, rest) = path
            .strip_prefix('/')
            .and_then(|path| path.split_once('/'))
            .unwrap_or_default();
        let versions = [EndpointVersion::V1, EndpointVersion::V2];
        match (path, versions.into_iter().find(|version| rest == version.path())) {
            ("/_journal", _) => Self::Journal,
            ("/_faults", _) => Self::Faults,
            (DEVICE_LOGIN, _) => Self::DeviceLogin,
            ("/_workload-token", _) => Self::WorkloadToken,
            ("/_revocation", _) => Self::Revocation,
            ("/_resource", _) => Self::Resource,
            (_, Some(version)) => Self::Token { tenant, version },
            _ if rest == "v2.0/.well-known/openid-configuration" => Self::Discovery { tenant },
            _ if rest == DEVICE_CODE => Self::DeviceCode { tenant },
            _ if rest == AUTHORIZE => Self::Authorize { tenant },
            _ if rest == KEYS => Self::Keys { tenant },
            _ => WorkloadService::at(path).map_or(Self::Unknown, Self::Workload),
        }
    }
}
