//! The first of several clients that can issue a token, as `DefaultAzureCredential` of the Azure SDKs ("Credential chains
//! in the Azure Identity library").
//!
//! A link *does not apply* if its variables are missing, nothing answers, or its tool is not installed or not signed in;
//! then the next one is tried. A link that applies and is refused *fails*, and so does the chain: another identity than
//! the configured one would hide the mistake.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::base::clock::{Clock, Moment, SystemClock};
use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::client::developer_tools::DeveloperTool;
use crate::client::environment::{Environment, user_refused};
use crate::client::settings::ClientSettings;
use crate::client::tool::Tool;
use crate::http::metadata::DirectTransport;
use crate::managed_identity::{self, ManagedIdentity, Variables};
use crate::request::Request;
use crate::request::grant::Grant;
use crate::service::issuer::Issuer;
use crate::token::Token;

/// Chooses among the links, as for the Azure SDKs.
const FILTER: &str = "AZURE_TOKEN_CREDENTIALS";

/// A link of the chain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Environment,
    Workload,
    ManagedIdentity,
    Tool(Tool),
}

impl Kind {
    /// Every link, in the order in which they are tried.
    const ALL: [Self; 5] = [
        Self::Environment,
        Self::Workload,
        Self::ManagedIdentity,
        Self::Tool(Tool::AzureCli),
        Self::Tool(Tool::AzureDeveloperCli),
    ];

    /// In messages and as the choice.
    const fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Workload => "workload identity",
            Self::ManagedIdentity => "managed identity",
            Self::Tool(tool) => tool.product(),
        }
    }

    /// Its name in `AZURE_TOKEN_CREDENTIALS`: that of a class of the Azure SDKs.
    const fn sdk_name(self) -> &'static str {
        match self {
            Self::Environment => "EnvironmentCredential",
            Self::Workload => "WorkloadIdentityCredential",
            Self::ManagedIdentity => "ManagedIdentityCredential",
            Self::Tool(Tool::AzureCli) => "AzureCliCredential",
            Self::Tool(Tool::AzureDeveloperCli) => "AzureDeveloperCliCredential",
        }
    }

    /// Whether `AZURE_TOKEN_CREDENTIALS` with this value leaves it in the chain.
    fn is_in(self, filter: &str) -> bool {
        match filter.to_ascii_lowercase().as_str() {
            "" => true,
            "dev" => matches!(self, Self::Tool(_)),
            "prod" => !matches!(self, Self::Tool(_)),
            name => self.sdk_name().eq_ignore_ascii_case(name),
        }
    }
}

/// The clients of the chain, of which one is chosen by the first token.
pub(super) struct Chain {
    links: Vec<Link>,
    /// The lines for the links that were known not to apply when the chain was made.
    absent: Vec<String>,
    choice: OnceLock<Choice>,
    /// Held while one is chosen.
    choosing: Mutex<()>,
    timeout: Duration,
    identity: Digest,
}

struct Link {
    kind: Kind,
    source: LinkSource,
    facts: Facts,
}

enum LinkSource {
    Environment(Arc<Environment>),
    Machine(ManagedIdentity),
    Tool(DeveloperTool),
}

/// What a link tells about itself.
pub(super) struct Facts {
    pub(super) token_endpoint: String,
    pub(super) tenant: String,
    pub(super) client_id: String,
    pub(super) warning: String,
}

struct Choice {
    link: usize,
    /// A line for each link before it.
    passed_over: String,
}

impl Chain {
    /// # Errors
    /// As [`Client::for_chain`](crate::client::Client::for_chain).
    pub(super) fn new(settings: &ClientSettings) -> Result<Self> {
        let variables = &settings.identity.variables;
        let filter = filter(variables)?;
        let (mut links, mut absent) = (Vec::<Link>::new(), Vec::new());
        for kind in Kind::ALL {
            if !kind.is_in(&filter) {
                absent.push(format!("{}: {FILTER} leaves it out.", kind.name()));
                continue;
            }
            match Link::new(kind, settings) {
                Ok(link) => links.push(link),
                Err(error) if error.status() == Status::CredentialMissing => absent.push(line(kind, &error)),
                Err(error) => return Err(error),
            }
            if matches!(kind, Kind::Environment | Kind::Workload) && !links.is_empty() {
                // It applies, so nothing after it is ever tried.
                break;
            }
        }
        let digests: Vec<Digest> = links.iter().map(|link| link.issuer().identity()).collect();
        let mut parts = vec![&b"chain"[..]];
        parts.extend(digests.iter().map(Digest::as_bytes));
        Ok(Self {
            identity: Digest::of(&parts),
            links,
            absent,
            choice: OnceLock::new(),
            choosing: Mutex::default(),
            timeout: settings.transport.timeout,
        })
    }

    /// The name of the chosen link.
    pub(super) fn chosen(&self) -> Option<&'static str> {
        Some(self.link()?.kind.name())
    }

    /// What the chosen link tells about itself.
    pub(super) fn facts(&self) -> Option<&Facts> {
        Some(&self.link()?.facts)
    }

    /// Why the links before the chosen one do not apply.
    pub(super) fn passed_over(&self) -> &str {
        self.choice.get().map_or("", |choice| &choice.passed_over)
    }

    fn link(&self) -> Option<&Link> {
        self.links.get(self.choice.get()?.link)
    }

    fn choose(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token> {
        let mut lines = self.absent.clone();
        for (index, link) in self.links.iter().enumerate() {
            let name = link.kind.name();
            match link.issue(request, grant, began) {
                Ok(token) => {
                    for line in &lines {
                        log::info!("the chain passes over {line}");
                    }
                    log::info!("the chain uses {name}");
                    // Only this thread chooses.
                    let _ = self.choice.set(Choice {
                        link: index,
                        passed_over: lines.join("\n"),
                    });
                    return Ok(token);
                }
                Err(error) if link.does_not_apply(&error) => lines.push(line(link.kind, &error)),
                Err(error) => {
                    log::info!("the chain ends at {name}, which applies and fails");
                    return Err(error);
                }
            }
        }
        Err(Error::new(
            Status::CredentialMissing,
            format!("No credential of the chain applies here.\n{}", lines.join("\n")),
            "Set the variables of one, run this where a managed identity is, or sign in with `az login`.",
        ))
    }
}

impl Issuer for Chain {
    fn identity(&self) -> Digest {
        self.identity
    }

    fn now(&self) -> Moment {
        let of_machine = || Moment {
            wall: SystemClock.now(),
            monotonic: SystemClock.monotonic(),
        };
        self.link().map_or_else(of_machine, |link| link.issuer().now())
    }

    fn clock_skew(&self) -> i64 {
        self.link().map_or(0, |link| link.issuer().clock_skew())
    }

    fn time_limit(&self, request: &Request) -> Duration {
        request.settings().timeout.unwrap_or(self.timeout)
    }

    fn renews_by_itself(&self, request: &Request) -> bool {
        self.link().is_none_or(|link| link.issuer().renews_by_itself(request))
    }

    fn reissue(&self, request: &Request, grant: &dyn Grant, began: Instant, refused: &Secret) -> Result<Token> {
        match self.link() {
            Some(link) => link.issuer().reissue(request, grant, began, refused),
            None => self.issue(request, grant, began),
        }
    }

    fn issue(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token> {
        if !grant.is_for_application() {
            return Err(user_refused("A chain has its own credentials"));
        }
        if let Some(link) = self.link() {
            return link.issuer().issue(request, grant, began);
        }
        let _turn = self.choosing.lock().unwrap_or_else(PoisonError::into_inner);
        match self.link() {
            Some(link) => link.issuer().issue(request, grant, began),
            None => self.choose(request, grant, began),
        }
    }
}

impl Link {
    /// # Errors
    /// [`Status::CredentialMissing`] if it does not apply; otherwise what is wrong with its variables.
    fn new(kind: Kind, settings: &ClientSettings) -> Result<Self> {
        let source = match kind {
            Kind::Environment => LinkSource::Environment(Environment::of_variables(settings)?),
            Kind::Workload => LinkSource::Environment(Environment::of_workload(settings)?),
            Kind::ManagedIdentity => LinkSource::Machine(machine(settings)?),
            Kind::Tool(tool) => LinkSource::Tool(DeveloperTool::new(tool, settings)?),
        };
        let mut facts = Facts {
            token_endpoint: String::new(),
            tenant: String::new(),
            client_id: String::new(),
            warning: String::new(),
        };
        match &source {
            LinkSource::Environment(environment) => {
                let application = environment.application();
                application
                    .authority()
                    .token_endpoint()
                    .clone_into(&mut facts.token_endpoint);
                application.authority().tenant().clone_into(&mut facts.tenant);
                application.client_id().clone_into(&mut facts.client_id);
                environment.warning().clone_into(&mut facts.warning);
            }
            LinkSource::Machine(identity) => {
                identity.endpoint().clone_into(&mut facts.token_endpoint);
                identity.client_id().clone_into(&mut facts.client_id);
            }
            LinkSource::Tool(_) => {}
        }
        Ok(Self { kind, source, facts })
    }

    fn issuer(&self) -> &dyn Issuer {
        match &self.source {
            LinkSource::Environment(environment) => &**environment,
            LinkSource::Machine(identity) => identity,
            LinkSource::Tool(tool) => tool,
        }
    }

    fn issue(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token> {
        if let LinkSource::Machine(identity) = &self.source {
            identity.probe(request)?;
        }
        self.issuer().issue(request, grant, began)
    }

    /// Whether its error says that the link does not apply here.
    fn does_not_apply(&self, error: &Error) -> bool {
        match self.source {
            LinkSource::Environment(_) => false,
            LinkSource::Machine(_) => error.status() == Status::ConnectionFailed,
            LinkSource::Tool(_) => error.status() == Status::CredentialMissing,
        }
    }
}

/// The managed identity of this machine: the one that `AZURE_CLIENT_ID` names, as in the Azure SDKs, or its own.
fn machine(settings: &ClientSettings) -> Result<ManagedIdentity> {
    let mut identity = settings.identity.clone();
    let client_id = identity.variables.get("AZURE_CLIENT_ID")?;
    identity.client_id = client_id.as_ref().and_then(Secret::expose_text).map(str::to_owned);
    let platform = managed_identity::platform(&identity)?;
    let trust = platform.trust(settings.transport.trust.ca_file());
    let transport = DirectTransport::new(settings.transport.product.clone(), &trust)?;
    Ok(ManagedIdentity::new(
        platform,
        &identity.client_id.unwrap_or_default(),
        &settings.default_scope(),
        (settings.retries, settings.transport.timeout),
        Arc::new(transport),
        Arc::new(SystemClock),
    ))
}

/// The value of `AZURE_TOKEN_CREDENTIALS`; empty if it is not set. It is not quoted: something else may be in it.
fn filter(variables: &Variables) -> Result<String> {
    let value = variables.get(FILTER)?;
    let value = value.as_ref().and_then(Secret::expose_text).unwrap_or_default();
    if value.is_empty() || Kind::ALL.iter().any(|kind| kind.is_in(value)) {
        return Ok(value.to_owned());
    }
    let names = Kind::ALL.map(Kind::sdk_name).join(", ");
    Err(Error::new(
        Status::InvalidArgument,
        format!("The value of the environment variable {FILTER} is not known."),
        format!("Set {FILTER} to prod, dev or one of {names}, or unset it."),
    ))
}

fn line(kind: Kind, error: &Error) -> String {
    format!("{}: {}", kind.name(), error.cause())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_knows_the_names_of_the_azure_sdks() {
        let kept = |filter: &str| -> Vec<&str> {
            Kind::ALL
                .into_iter()
                .filter(|kind| kind.is_in(filter))
                .map(Kind::name)
                .collect()
        };
        assert_eq!(kept("").len(), 5);
        assert_eq!(kept("Dev"), ["Azure CLI", "Azure Developer CLI"]);
        assert_eq!(kept("prod"), ["environment", "workload identity", "managed identity"]);
        for (name, link) in [
            ("EnvironmentCredential", "environment"),
            ("workloadidentitycredential", "workload identity"),
            ("ManagedIdentityCredential", "managed identity"),
            ("AzureCliCredential", "Azure CLI"),
            ("AzureDeveloperCliCredential", "Azure Developer CLI"),
        ] {
            assert_eq!(kept(name), [link]);
        }
        let given = |value: &str| filter(&Variables::parse(&format!("{FILTER}={value}\0")).unwrap());
        assert_eq!(given("").unwrap(), "");
        let error = given("hunter22").unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(!format!("{error:?}").contains("hunter22"), "{error:?}");
    }
}
