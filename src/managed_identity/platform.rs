//! The token service of a platform: where it is and what a request to it contains.

use std::path::PathBuf;

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::http::metadata::MetadataTrust;
use crate::managed_identity::endpoint::Endpoint;
use crate::managed_identity::key_file::KeyFolder;
use crate::managed_identity::settings::Identity;
use crate::managed_identity::source::Source;

/// A token service, and everything of a request to it but the resource.
pub struct Platform {
    pub(super) source: Source,
    pub(super) endpoint: Endpoint,
    /// The headers that show the service that no page in a browser and no proxy sends the request.
    pub(super) headers: Vec<(&'static str, Secret)>,
    /// `api-version`, and the parameter that chooses the identity.
    pub(super) parameters: Vec<(&'static str, String)>,
    /// Whether the parameters are sent in the body of a POST.
    pub(super) is_post: bool,
    /// How its certificate is checked, if it has one and a variable says so.
    pub(super) thumbprint: Option<[u8; 20]>,
    /// Where the keys are that answer its challenge, if it has one.
    pub(super) key_folder: Option<KeyFolder>,
}

impl Platform {
    /// A service that is asked with GET.
    pub(super) fn new(source: Source, endpoint: Endpoint) -> Self {
        Self {
            source,
            endpoint,
            headers: Vec::new(),
            parameters: Vec::new(),
            is_post: false,
            thumbprint: None,
            key_folder: None,
        }
    }

    /// Adds `Metadata: true`.
    pub(super) fn with_metadata_header(self) -> Self {
        self.with_header("Metadata", Secret::copy_of(b"true"))
    }

    pub(super) fn with_header(mut self, name: &'static str, value: Secret) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn with_parameter(mut self, name: &'static str, value: &str) -> Self {
        self.parameters.push((name, value.to_owned()));
        self
    }

    /// Which platform it is.
    pub fn source(&self) -> Source {
        self.source
    }

    /// Where requests are sent, without the query.
    pub fn endpoint(&self) -> String {
        self.endpoint.to_string()
    }

    /// How the connection is trusted. `ca_file` has the authorities for a service with an ordinary certificate.
    pub fn trust(&self, ca_file: Option<PathBuf>) -> MetadataTrust {
        match self.thumbprint {
            _ if !self.endpoint.is_https() => MetadataTrust::Address,
            Some(thumbprint) => MetadataTrust::Thumbprint(thumbprint),
            None => MetadataTrust::Authority(ca_file),
        }
    }

    /// The parameters of a request for `resource`.
    pub(super) fn form(&self, resource: &str) -> Form {
        let mut form = Form::default();
        let (version, others) = match self.parameters.split_first() {
            Some((version, others)) if version.0 == "api-version" => (Some(version), others),
            _ => (None, &self.parameters[..]),
        };
        if let Some((name, value)) = version {
            form.add(name, value);
        }
        form.add("resource", resource);
        for (name, value) in others {
            form.add(name, value);
        }
        form
    }

    /// What no message may quote.
    pub(super) fn secrets(&self) -> Vec<&Secret> {
        let is_secret = |(name, _): &&(&'static str, Secret)| *name != "Metadata";
        self.headers.iter().filter(is_secret).map(|(_, value)| value).collect()
    }
}

/// The error for an identity that a platform cannot choose.
pub(super) fn cannot_choose(source: Source, identity: &Identity, hint: &str) -> Error {
    let product = source.product();
    let by = match identity {
        Identity::System => "at all",
        Identity::ClientId(_) => "by client id",
        Identity::ObjectId(_) => "by object id",
        Identity::ResourceId(_) => "by resource id",
    };
    Error::new(
        Status::InvalidArgument,
        format!("A managed identity of {product} cannot be chosen {by}."),
        hint,
    )
}

/// A check that the machine's own identity is asked for.
pub(super) fn system_only(source: Source, identity: &Identity) -> Result<()> {
    match identity {
        Identity::System => Ok(()),
        other => Err(cannot_choose(
            source,
            other,
            "Leave out the id: the platform has one identity, and uses it.",
        )),
    }
}
