//! What exists: tenants, applications, users and resources.

pub(crate) mod application;
pub(crate) mod certificate;
pub(crate) mod federated_credential;
pub(crate) mod redirect_uri;
pub(crate) mod resource;
mod secret_hash;

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::settings::Settings;
use crate::start_error::StartError;
use application::Application;
use resource::Resource;
use secret_hash::SecretHash;

/// The tenants, applications and users that the emulator was started with. Every application and user is in every
/// tenant.
pub(crate) struct Directory {
    tenants: Vec<Tenant>,
    applications: Vec<Application>,
    users: Vec<User>,
    /// None of them stands for all.
    resources: Vec<Resource>,
}

pub(crate) struct Tenant {
    /// As it was given: a GUID or a domain name.
    pub(crate) name: String,
    pub(crate) id: Uuid,
}

#[derive(Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) object_id: Uuid,
    password: SecretHash,
}

impl Directory {
    pub(crate) fn new(settings: &Settings) -> Result<Self, StartError> {
        let usage = |problem: String| StartError::Usage(problem);
        Ok(Self {
            tenants: settings
                .tenants
                .iter()
                .map(|name| Tenant::parse(name))
                .collect::<Result<_, _>>()
                .map_err(usage)?,
            applications: settings
                .apps
                .iter()
                .map(|spec| Application::parse(spec))
                .collect::<Result<_, _>>()
                .map_err(usage)?,
            users: settings
                .users
                .iter()
                .map(|spec| User::parse(spec))
                .collect::<Result<_, _>>()
                .map_err(usage)?,
            resources: settings
                .resources
                .iter()
                .map(|spec| Resource::parse(spec))
                .collect::<Result<_, _>>()
                .map_err(usage)?,
        })
    }

    pub(crate) fn tenant(&self, name: &str) -> Option<&Tenant> {
        self.tenants
            .iter()
            .find(|tenant| tenant.name.eq_ignore_ascii_case(name))
    }

    /// The tenant of users who name none in the address of the service: the first.
    pub(crate) fn home_tenant(&self) -> &Tenant {
        &self.tenants[0]
    }

    /// Whether it lists the resources that exist, in place of all.
    pub(crate) fn lists_resources(&self) -> bool {
        !self.resources.is_empty()
    }

    pub(crate) fn resource(&self, uri: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.is_named(uri))
    }

    pub(crate) fn application(&self, client_id: &str) -> Option<&Application> {
        self.applications
            .iter()
            .find(|application| application.client_id.eq_ignore_ascii_case(client_id))
    }

    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name.eq_ignore_ascii_case(name))
    }
}

impl Tenant {
    /// Whether `name` could be a tenant at all: a GUID or a domain name.
    pub(crate) fn is_name(name: &str) -> bool {
        let is_label = |label: &str| {
            let ends_well = !label.starts_with('-') && !label.ends_with('-');
            !label.is_empty() && ends_well && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        name.split('.').all(is_label)
    }

    fn parse(name: &str) -> Result<Self, String> {
        if !Self::is_name(name) {
            return Err(format!("the tenant '{name}' is neither a GUID nor a domain name"));
        }
        Ok(Self {
            name: name.to_owned(),
            id: Uuid::try_parse(name).unwrap_or_else(|_| stable_id("tenant", name)),
        })
    }
}

impl User {
    pub(crate) fn has_password(&self, password: &str) -> bool {
        self.password.matches(password)
    }

    /// Reads `NAME:PASSWORD`, split at the first colon. The error never quotes the password.
    fn parse(spec: &str) -> Result<Self, String> {
        match spec.split_once(':') {
            Some((name, password)) if !name.is_empty() && !password.is_empty() => Ok(Self {
                name: name.to_owned(),
                object_id: stable_id("user", name),
                password: SecretHash::of(password),
            }),
            _ => Err("a user is NAME:PASSWORD, with neither of them empty".to_owned()),
        }
    }
}

/// The same name gets the same identifier in every run.
fn stable_id(kind: &str, name: &str) -> Uuid {
    let digest = Sha256::digest(format!("{kind}:{}", name.to_ascii_lowercase()));
    let (bytes, _) = digest.split_first_chunk::<16>().expect("a SHA-256 has 32 bytes");
    Builder::from_custom_bytes(*bytes).into_uuid()
}
