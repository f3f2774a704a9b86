//! The platforms of Azure that give machines an identity, and what each demands of a request.

use hyper::Method;

use super::assigned::Selector;
use super::failure::Shape;

/// The token service of a platform.
pub(crate) struct Platform {
    /// Where the emulator serves it. Only that of IMDS is the platform's own: variables name the others.
    pub(crate) path: &'static str,
    pub(super) method: Method,
    pub(super) demand: Demand,
    pub(super) parameters: Place,
    /// The api-versions; none for a service without them.
    pub(super) versions: &'static [&'static str],
    /// The parameters that choose a user-assigned identity.
    pub(super) selectors: &'static [(&'static str, Selector)],
    /// Whether a program may name the token that an API has refused, and say what it can do.
    pub(super) takes_refused_token: bool,
    pub(super) shape: Shape,
    pub(super) members: Members,
    pub(super) needs_tls: bool,
    /// Whether it answers with a challenge that only a reader of the agent's folder meets.
    pub(super) has_challenge: bool,
}

/// The header that a program must send, and a page in a browser cannot.
#[derive(Clone, Copy)]
pub(super) enum Demand {
    /// `Metadata: true`
    Metadata,
    /// The secret of the platform, in the header with this name.
    Secret(&'static str),
}

/// Where the parameters are.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Query,
    Body,
}

/// What stands beside the token.
#[derive(Clone, Copy)]
pub(super) enum Members {
    /// `expires_on` and `expires_in` as text.
    LifetimeToo,
    /// `expires_on` as text.
    TextEnd,
    /// `expires_on` as a number.
    NumberEnd,
}

impl Platform {
    /// The platform that is served at `path`.
    pub(super) fn at(path: &str) -> Option<&'static Self> {
        PLATFORMS.iter().find(|platform| platform.path == path)
    }
}

static PLATFORMS: [Platform; 6] = [
    // "How to use managed identities for Azure resources on an Azure VM to acquire an access token"
    Platform {
        path: "/metadata/identity/oauth2/token",
        method: Method::GET,
        demand: Demand::Metadata,
        parameters: Place::Query,
        versions: &["2018-02-01"],
        selectors: &[
            ("client_id", Selector::Client),
            ("object_id", Selector::Object),
            ("msi_res_id", Selector::Resource),
            ("mi_res_id", Selector::Resource),
        ],
        takes_refused_token: false,
        shape: Shape::OAuth,
        members: Members::LifetimeToo,
        needs_tls: false,
        has_challenge: false,
    },
    // "How to use managed identities for App Service and Azure Functions"
    Platform {
        path: "/app-service/msi/token",
        method: Method::GET,
        demand: Demand::Secret("x-identity-header"),
        parameters: Place::Query,
        versions: &["2019-08-01"],
        selectors: &[
            ("client_id", Selector::Client),
            ("object_id", Selector::Object),
            ("principal_id", Selector::Object),
            ("mi_res_id", Selector::Resource),
        ],
        takes_refused_token: false,
        shape: Shape::StatusCode,
        members: Members::TextEnd,
        needs_tls: false,
        has_challenge: false,
    },
    // "How to leverage a Service Fabric application's managed identity to access Azure services"
    Platform {
        path: "/service-fabric/token",
        method: Method::GET,
        demand: Demand::Secret("secret"),
        parameters: Place::Query,
        versions: &["2019-07-01-preview", "2020-05-01"],
        selectors: &[("principalId", Selector::Object)],
        takes_refused_token: true,
        shape: Shape::Object,
        members: Members::NumberEnd,
        needs_tls: true,
        has_challenge: false,
    },
    // The same page as App Service, with the api-version 2017-09-01
    Platform {
        path: "/machine-learning/msi/token",
        method: Method::GET,
        demand: Demand::Secret("secret"),
        parameters: Place::Query,
        versions: &["2017-09-01"],
        selectors: &[("clientid", Selector::Client)],
        takes_refused_token: false,
        shape: Shape::StatusCode,
        members: Members::TextEnd,
        needs_tls: false,
        has_challenge: false,
    },
    // "Acquire a token for user identity from Azure Cloud Shell"
    Platform {
        path: "/cloud-shell/oauth2/token",
        method: Method::POST,
        demand: Demand::Metadata,
        parameters: Place::Body,
        versions: &[],
        selectors: &[],
        takes_refused_token: false,
        shape: Shape::Object,
        members: Members::LifetimeToo,
        needs_tls: false,
        has_challenge: false,
    },
    // "Authenticate against Azure resources with Azure Arc-enabled servers"
    Platform {
        path: "/arc/metadata/identity/oauth2/token",
        method: Method::GET,
        demand: Demand::Metadata,
        parameters: Place::Query,
        versions: &["2020-06-01", "2019-11-01"],
        selectors: &[],
        takes_refused_token: false,
        shape: Shape::OAuth,
        members: Members::LifetimeToo,
        needs_tls: false,
        has_challenge: true,
    },
];
