//! The application, or the user, that the environment variables `AZURE_*` describe, as the Azure SDKs read them
//! ("`EnvironmentCredential` Class", azure-identity `environment.py`).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::authority::Authority;
use crate::base::clock::{Moment, SystemClock};
use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::FEDERATED_TOKEN_VARIABLE;
use crate::base::secret::Secret;
use crate::certificate::opening;
use crate::client::Client;
use crate::client::settings::ClientSettings;
use crate::credential::Credential;
use crate::http::https::HttpsTransport;
use crate::managed_identity::Variables;
use crate::request::Request;
use crate::request::grant::{Grant, Password};
use crate::service::application::Application;
use crate::service::issuer::Issuer;
use crate::token::Token;

const TENANT: &str = "AZURE_TENANT_ID";
const CLIENT_ID: &str = "AZURE_CLIENT_ID";
const CLIENT_SECRET: &str = "AZURE_CLIENT_SECRET";
const CERTIFICATE: &str = "AZURE_CLIENT_CERTIFICATE_PATH";
const CERTIFICATE_PASSWORD: &str = "AZURE_CLIENT_CERTIFICATE_PASSWORD";
const SEND_CHAIN: &str = "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN";
const USERNAME: &str = "AZURE_USERNAME";
const PASSWORD: &str = "AZURE_PASSWORD";
const AUTHORITY_HOST: &str = "AZURE_AUTHORITY_HOST";
const TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";

/// The tenant of a user whose tenant is not named: that of the sign-in name.
const ANY_TENANT: &str = "organizations";

/// Each way to describe a credential, in the order in which they are looked for.
const WAYS: [&[&str]; 3] = [
    &[TENANT, CLIENT_ID, CLIENT_SECRET],
    &[TENANT, CLIENT_ID, CERTIFICATE],
    &[CLIENT_ID, USERNAME, PASSWORD],
];

/// The names of the variables that describe an application or a user.
///
/// # Errors
/// As [`Client::from_environment`], but for what the variables say.
pub fn described(variables: &Variables) -> Result<&'static [&'static str]> {
    match way(variables)? {
        [] => Err(nothing_described(variables)?),
        way => Ok(way),
    }
}

/// The file with the token of a workload, if a variable names one.
///
/// # Errors
/// As [`Variables::get`].
pub fn token_file(variables: &Variables) -> Result<Option<PathBuf>> {
    Ok(optional(variables, TOKEN_FILE)?.map(PathBuf::from))
}

/// An application or a user of the environment.
pub(super) struct Environment {
    application: Application,
    /// The user for whom tokens are requested, in place of the application.
    user: Option<Password>,
    /// What the caller should know; empty if there is nothing.
    warning: String,
}

impl Environment {
    /// The application or user of `AZURE_CLIENT_SECRET`, `AZURE_CLIENT_CERTIFICATE_PATH` or `AZURE_PASSWORD`.
    ///
    /// # Errors
    /// As [`Client::from_environment`].
    pub(super) fn of_variables(settings: &ClientSettings) -> Result<Arc<Self>> {
        Described::read(&settings.identity.variables)?.connect(settings)
    }

    /// The workload whose platform has set `AZURE_FEDERATED_TOKEN_FILE`, `AZURE_TENANT_ID` and `AZURE_CLIENT_ID`
    /// ("Use Microsoft Entra Workload ID with Azure Kubernetes Service").
    ///
    /// # Errors
    /// [`Status::CredentialMissing`] if one of them is not set.
    pub(super) fn of_workload(settings: &ClientSettings) -> Result<Arc<Self>> {
        let variables = &settings.identity.variables;
        let missing = unset(variables, &[TOKEN_FILE, TENANT, CLIENT_ID])?;
        if !missing.is_empty() {
            let missing = missing.join(", ");
            return Err(Error::new(
                Status::CredentialMissing,
                format!("The environment variables describe no workload. Missing: {missing}."),
                "Run this in a pod whose service account uses Microsoft Entra Workload ID, which sets them.",
            ));
        }
        let file = text(variables, TOKEN_FILE)?;
        let credential = Credential::from_assertion_file(Path::new(&file), &FEDERATED_TOKEN_VARIABLE)?;
        let described = Described {
            tenant: text(variables, TENANT)?,
            send_chain: false,
            warning: credential.advice().unwrap_or_default(),
            proof: Proof::Application(credential),
        };
        described.connect(settings)
    }

    /// Whether tokens are requested for a user.
    pub(super) fn has_user(&self) -> bool {
        self.user.is_some()
    }

    pub(super) fn application(&self) -> &Application {
        &self.application
    }

    pub(super) fn warning(&self) -> &str {
        &self.warning
    }
}

impl Issuer for Environment {
    fn identity(&self) -> Digest {
        let application = self.application.identity();
        match &self.user {
            None => application,
            Some(user) => Digest::of(&[application.as_bytes(), user.digest().as_bytes()]),
        }
    }

    fn now(&self) -> Moment {
        self.application.now()
    }

    fn clock_skew(&self) -> i64 {
        self.application.clock_skew()
    }

    fn time_limit(&self, request: &Request) -> Duration {
        self.application.time_limit(request)
    }

    fn renews_by_itself(&self, request: &Request) -> bool {
        self.user.is_none() && self.application.renews_by_itself(request)
    }

    fn issue(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token> {
        let is_for_caller = grant.user_assertion().is_some() && self.user.is_none();
        if !grant.is_for_application() && !is_for_caller {
            return Err(user_refused(
                "The environment variables describe the application or the user",
            ));
        }
        match &self.user {
            None => self.application.issue(request, grant, began),
            Some(user) => self.application.issue(request, user, began),
        }
    }
}

/// The error for a user's credential where the credential comes from elsewhere.
pub(super) fn user_refused(why: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("{why}, and a user's credential was given as well."),
        "Leave out the user's credential, or use the client of an application.",
    )
}

/// What the variables describe.
struct Described {
    tenant: String,
    proof: Proof,
    send_chain: bool,
    warning: String,
}

enum Proof {
    Application(Credential),
    User(Password),
}

impl Described {
    fn read(variables: &Variables) -> Result<Self> {
        let way = described(variables)?;
        let mut described = Self {
            tenant: optional(variables, TENANT)?.unwrap_or_else(|| ANY_TENANT.to_owned()),
            proof: if way.contains(&PASSWORD) {
                Proof::User(Password::new(
                    &text(variables, USERNAME)?,
                    secret(variables, PASSWORD)?,
                )?)
            } else if way.contains(&CLIENT_SECRET) {
                Proof::Application(Credential::from_secret(secret(variables, CLIENT_SECRET)?)?)
            } else {
                return Self::with_certificate(variables);
            },
            send_chain: false,
            warning: String::new(),
        };
        if matches!(described.proof, Proof::User(_)) {
            described.warning = format!(
                "{PASSWORD} exposes the user's password to this program and fails if multi-factor authentication is \
                 required; Microsoft advises against it."
            );
        }
        Ok(described)
    }

    fn with_certificate(variables: &Variables) -> Result<Self> {
        let path = text(variables, CERTIFICATE)?;
        let password = variables.get(CERTIFICATE_PASSWORD)?;
        let certificate = opening::open(Path::new(&path), None, password.as_ref())?;
        let warning = certificate.certificate().validity_warning(SystemTime::now());
        let chain = optional(variables, SEND_CHAIN)?.unwrap_or_default();
        Ok(Self {
            tenant: text(variables, TENANT)?,
            proof: Proof::Application(Credential::from_certificate(Arc::new(certificate))),
            send_chain: chain == "1" || chain.eq_ignore_ascii_case("true"),
            warning: warning.unwrap_or_default(),
        })
    }

    fn connect(self, settings: &ClientSettings) -> Result<Arc<Environment>> {
        let variables = &settings.identity.variables;
        let authority = match &settings.authority {
            Some(given) => Some(given.clone()),
            None => optional(variables, AUTHORITY_HOST)?.map(|host| with_scheme(&host)),
        };
        let (kind, cloud) = (settings.authority_kind, settings.cloud);
        let authority = Authority::of_kind(kind, &self.tenant, authority.as_deref(), cloud).map_err(|error| {
            let hint = format!(
                "Correct the environment variables {TENANT} and {AUTHORITY_HOST}. {}",
                error.advice()
            );
            error.with_hint(hint)
        })?;
        let transport = HttpsTransport::shared(&settings.transport, authority.token_endpoint())?;
        let mut settings = settings.clone();
        settings.assertion.send_chain |= self.send_chain;
        let (credential, user) = match self.proof {
            Proof::Application(credential) => (Some(credential), None),
            Proof::User(user) => (None, Some(user)),
        };
        let client_id = text(variables, CLIENT_ID)?;
        let clock = Arc::new(SystemClock);
        let application = Client::application_of(authority, &client_id, credential, settings, transport, clock)?;
        Ok(Arc::new(Environment {
            application,
            user,
            warning: self.warning,
        }))
    }
}

/// The first way whose variables are all set; empty if there is none.
fn way(variables: &Variables) -> Result<&'static [&'static str]> {
    for way in WAYS {
        if unset(variables, way)?.is_empty() {
            return Ok(way);
        }
    }
    Ok(&[])
}

/// The error that says which variables are set and which lack.
fn nothing_described(variables: &Variables) -> Result<Error> {
    const ALL: [&str; 6] = [TENANT, CLIENT_ID, CLIENT_SECRET, CERTIFICATE, USERNAME, PASSWORD];
    let missing = unset(variables, &ALL)?;
    let there: Vec<&str> = ALL.into_iter().filter(|name| !missing.contains(name)).collect();
    if there.is_empty() {
        let all = ALL.join(", ");
        return Ok(incomplete(format!(
            "The environment variables describe no credential: none of {all} is set."
        )));
    }
    let begins = |way: &&&[&str]| {
        there
            .iter()
            .any(|name| ![TENANT, CLIENT_ID].contains(name) && way.contains(name))
    };
    let lacking = if let Some(way) = WAYS.iter().find(begins) {
        unset(variables, way)?.join(", ")
    } else {
        let of_application = unset(variables, &[TENANT, CLIENT_ID])?;
        let proof = format!("{CLIENT_SECRET} or {CERTIFICATE}");
        let all: Vec<&str> = of_application.into_iter().chain([&*proof]).collect();
        all.join(", ")
    };
    Ok(incomplete(format!(
        "The environment variables describe a credential incompletely. Set: {}. Missing: {lacking}.",
        there.join(", ")
    )))
}

fn incomplete(message: String) -> Error {
    Error::new(
        Status::CredentialMissing,
        message,
        format!("Set {TENANT}, {CLIENT_ID} and {CLIENT_SECRET}, or {CERTIFICATE} in place of the secret."),
    )
}

fn unset<'a>(variables: &Variables, names: &[&'a str]) -> Result<Vec<&'a str>> {
    let mut unset = Vec::new();
    for name in names {
        if variables.get(name)?.is_none() {
            unset.push(*name);
        }
    }
    Ok(unset)
}

fn optional(variables: &Variables, name: &str) -> Result<Option<String>> {
    let value = variables.get(name)?;
    Ok(value.as_ref().and_then(Secret::expose_text).map(str::to_owned))
}

fn secret(variables: &Variables, name: &str) -> Result<Secret> {
    Ok(variables.get(name)?.unwrap_or_default())
}

fn text(variables: &Variables, name: &str) -> Result<String> {
    Ok(optional(variables, name)?.unwrap_or_default())
}

/// Variables name the host alone, too.
fn with_scheme(host: &str) -> String {
    if host.contains("://") {
        host.to_owned()
    } else {
        format!("https://{host}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> ClientSettings {
        let block: String = variables
            .iter()
            .flat_map(|(name, value)| [*name, "=", *value, "\0"])
            .collect();
        let mut settings = ClientSettings::default();
        settings.identity.variables = Variables::parse(&block).unwrap();
        settings
    }

    const ID: &str = "11111111-1111-1111-1111-111111111111";
    const TENANT_AND_ID: [(&str, &str); 2] = [(TENANT, "contoso.example"), (CLIENT_ID, ID)];

    #[test]
    fn an_incomplete_description_names_what_is_set_and_what_lacks() {
        for (variables, says) in [
            (
                &[][..],
                "none of AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, ",
            ),
            (&[(TENANT, "")], "none of AZURE_TENANT_ID"),
            (
                &[(TENANT, "hunter22")],
                "Set: AZURE_TENANT_ID. Missing: AZURE_CLIENT_ID, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.",
            ),
            (
                &TENANT_AND_ID,
                "Set: AZURE_TENANT_ID, AZURE_CLIENT_ID. Missing: AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.",
            ),
            (
                &[(CLIENT_SECRET, "hunter22")],
                "Set: AZURE_CLIENT_SECRET. Missing: AZURE_TENANT_ID, AZURE_CLIENT_ID.",
            ),
            (
                &[(CERTIFICATE, "hunter22"), (CLIENT_ID, ID)],
                "Set: AZURE_CLIENT_ID, AZURE_CLIENT_CERTIFICATE_PATH. Missing: AZURE_TENANT_ID.",
            ),
            (
                &[(PASSWORD, "hunter22"), (CLIENT_ID, ID)],
                "Set: AZURE_CLIENT_ID, AZURE_PASSWORD. Missing: AZURE_USERNAME.",
            ),
        ] {
            let error = Client::from_environment(&settings(variables)).err().unwrap();
            assert_eq!(error.status(), Status::CredentialMissing, "{variables:?}");
            assert!(error.message().contains(says), "{error}");
            assert!(!format!("{error:?}").contains("hunter22"), "{error:?}");
        }
    }

    #[test]
    fn the_secret_is_taken_before_the_certificate_and_the_user() {
        let user = [(USERNAME, "alice@contoso.example"), (PASSWORD, "hunter22")];
        let secret = [(CLIENT_SECRET, "hunter22"), (CERTIFICATE, "/no/such/file.pem")];
        for (variables, has_user, is_read) in [
            ([&TENANT_AND_ID[..], &user, &secret].concat(), false, false),
            ([&TENANT_AND_ID[..], &user, &secret[1..]].concat(), false, true),
            ([&TENANT_AND_ID[..], &user].concat(), true, false),
            ([&TENANT_AND_ID[1..], &user].concat(), true, false),
        ] {
            match Environment::of_variables(&settings(&variables)) {
                Ok(environment) => {
                    assert_eq!(environment.user.is_some(), has_user, "{variables:?}");
                    assert_eq!(environment.warning().is_empty(), !has_user, "{variables:?}");
                }
                Err(error) => {
                    assert!(is_read, "{error}");
                    assert_eq!(error.status(), Status::CertificateNotFound, "{error}");
                }
            }
        }
        let client = Client::from_environment(&settings(&[&TENANT_AND_ID[1..], &user].concat())).unwrap();
        assert_eq!(client.tenant(), "organizations");
    }

    #[test]
    fn the_authority_is_https_and_may_be_a_host_alone() {
        let secret = [(CLIENT_SECRET, "hunter22")];
        for (host, endpoint) in [
            (
                "login.microsoftonline.us",
                "https://login.microsoftonline.us/contoso.example/",
            ),
            (
                "https://login.chinacloudapi.cn/",
                "https://login.chinacloudapi.cn/contoso.example/",
            ),
            ("http://127.0.0.1:1234", "http://127.0.0.1:1234/contoso.example/"),
            ("", "https://login.microsoftonline.com/contoso.example/"),
        ] {
            let host = [(AUTHORITY_HOST, host)];
            let client = Client::from_environment(&settings(&[&TENANT_AND_ID[..], &secret, &host].concat())).unwrap();
            assert!(
                client.token_endpoint().starts_with(endpoint),
                "{}",
                client.token_endpoint()
            );
        }
        for host in [
            "http://login.example",
            "ftp://login.example",
            "https://login.example/?x",
        ] {
            let host = [(AUTHORITY_HOST, host)];
            let client = Client::from_environment(&settings(&[&TENANT_AND_ID[..], &secret, &host].concat()));
            let error = client.err().unwrap();
            assert_eq!(error.status(), Status::InvalidAuthority, "{error}");
            assert!(error.hint().contains(AUTHORITY_HOST), "{}", error.hint());
        }
    }

    #[test]
    fn a_workload_needs_its_three_variables() {
        let file = [(TOKEN_FILE, "/no/such/token")];
        let missing = Environment::of_workload(&settings(&file)).err().unwrap();
        assert_eq!(missing.status(), Status::CredentialMissing);
        assert!(
            missing.message().contains("Missing: AZURE_TENANT_ID, AZURE_CLIENT_ID."),
            "{missing}"
        );
        let complete = settings(&[&TENANT_AND_ID[..], &file].concat());
        assert!(Environment::of_workload(&complete).is_ok(), "the file is read later");
    }
}
