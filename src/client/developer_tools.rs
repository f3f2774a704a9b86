//! Tokens of the user who is signed in to a tool for developers: the Azure CLI or the Azure Developer CLI (azure-identity
//! `azure_cli.py` and `azd_cli.py`). The tool runs as a child process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::base::clock::{Clock, Moment, SystemClock};
use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::SCOPES;
use crate::base::secret::Secret;
use crate::client::child_process::{self, Failure};
use crate::client::environment::user_refused;
use crate::client::settings::ClientSettings;
use crate::client::tool::Tool;
use crate::client::tool_output::ToolOutput;
use crate::managed_identity::Variables;
use crate::request::Request;
use crate::request::grant::Grant;
use crate::service::issuer::Issuer;
use crate::token::{Holder, Token};

/// How long a tool may take, as in the Azure SDKs.
const LIMIT: Duration = Duration::from_secs(10);

/// A developer tool, as an issuer of tokens.
pub(super) struct DeveloperTool {
    tool: Tool,
    /// The tenant that was asked for; empty for the tool's own.
    tenant: String,
    default_scope: String,
    timeout: Duration,
    variables: Variables,
    clock: SystemClock,
    identity: Digest,
}

impl DeveloperTool {
    /// # Errors
    /// As [`Variables::get`].
    pub(super) fn new(tool: Tool, settings: &ClientSettings) -> Result<Self> {
        let variables = settings.identity.variables.clone();
        let (tenant, default_scope) = (settings.tool_tenant.clone(), settings.default_scope());
        let mut parts = vec![Digest::of(&[
            tool.name().as_bytes(),
            tenant.as_bytes(),
            default_scope.as_bytes(),
        ])];
        for name in PASSED_ON {
            let value = variables.get(name)?.unwrap_or_default();
            parts.push(Digest::of_secret(name.as_bytes(), &value));
        }
        let parts: Vec<&[u8]> = parts.iter().map(Digest::as_bytes).collect();
        Ok(Self {
            identity: Digest::of(&parts),
            tool,
            tenant,
            default_scope,
            timeout: settings.transport.timeout,
            variables,
            clock: SystemClock,
        })
    }

    pub(super) fn tenant(&self) -> &str {
        &self.tenant
    }
}

/// The variables by which the tool finds its own programs and its configuration. Those that were set inside a .NET
/// process do not reach its children by themselves.
const PASSED_ON: [&str; 3] = ["PATH", "AZURE_CONFIG_DIR", "AZD_CONFIG_DIR"];

impl Issuer for DeveloperTool {
    fn identity(&self) -> Digest {
        self.identity
    }

    fn now(&self) -> Moment {
        Moment {
            wall: self.clock.now(),
            monotonic: self.clock.monotonic(),
        }
    }

    fn clock_skew(&self) -> i64 {
        0
    }

    fn time_limit(&self, request: &Request) -> Duration {
        request.settings().timeout.unwrap_or(self.timeout)
    }

    fn renews_by_itself(&self, _: &Request) -> bool {
        true
    }

    fn issue(&self, request: &Request, grant: &dyn Grant, began: Instant) -> Result<Token> {
        let (tool, product) = (self.tool, self.tool.product());
        if !grant.is_for_application() {
            return Err(user_refused(&format!("{product} gives the token of its own user")));
        }
        if request.settings().claims.is_some() || request.settings().challenge.is_some() {
            return Err(Error::new(
                Status::InteractionRequired,
                format!("{product} issues no token for a claims challenge."),
                format!(
                    "Sign in again with `{}`, and follow the challenge there.",
                    tool.sign_in()
                ),
            ));
        }
        let arguments = self.arguments(request)?;
        let program = tool.find(&self.variables)?.ok_or_else(|| not_installed(tool))?;
        let left = (began + self.time_limit(request)).saturating_duration_since(self.clock.monotonic());
        let limit = left.min(LIMIT);
        let mut variables = Vec::new();
        for name in PASSED_ON {
            variables.push((name, self.variables.get(name)?));
        }
        let set = |(name, value): &'_ (&'static str, Option<Secret>)| {
            Some((*name, value.as_ref()?.expose_text()?.to_owned()))
        };
        let variables: Vec<(&str, String)> = variables.iter().filter_map(set).collect();
        let own = [("AZURE_CORE_NO_COLOR", "true"), ("NO_COLOR", "true")];
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain(own)
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        log::debug!("running {} {}", program.display(), arguments.join(" "));
        let ended = child_process::run(&program, &arguments, &variables, limit);
        let ended = ended.map_err(|failure| not_ended(tool, &failure, limit))?;
        Ok(self.token(ToolOutput::read(tool, &ended)?, request))
    }
}

impl DeveloperTool {
    /// The command line without the program. Each part that the caller has given is checked, so that none is taken for
    /// an option.
    fn arguments(&self, request: &Request) -> Result<Vec<String>> {
        let default = [self.default_scope.clone()];
        let scopes = match request.scopes().as_slice() {
            [] => &default,
            scopes => scopes,
        };
        let is_plain = |scope: &String| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
            scope.chars().all(is_plain) && !scope.starts_with('-')
        };
        if !scopes.iter().all(is_plain) {
            return Err(Error::new(
                Status::InvalidArgument,
                format!(
                    "A scope has characters that are not passed on to {}.",
                    self.tool.product()
                ),
                format!("Check {SCOPES}: use letters, digits and -_.:/ only."),
            ));
        }
        let (begin, tenant): (&[&str], _) = match self.tool {
            Tool::AzureCli => (&["account", "get-access-token", "--output", "json"], "--tenant"),
            Tool::AzureDeveloperCli => (&["auth", "token", "--output", "json"], "--tenant-id"),
        };
        let mut arguments: Vec<String> = begin.iter().map(|word| (*word).to_owned()).collect();
        match (self.tool, scopes) {
            (Tool::AzureCli, [scope]) if scope.ends_with("/.default") => {
                arguments.push("--resource".to_owned());
                arguments.push(scope.trim_end_matches("/.default").to_owned());
            }
            (Tool::AzureCli, scopes) => {
                arguments.push("--scope".to_owned());
                arguments.extend_from_slice(scopes);
            }
            (Tool::AzureDeveloperCli, scopes) => {
                arguments.extend(scopes.iter().flat_map(|scope| ["--scope".to_owned(), scope.clone()]));
            }
        }
        if !self.tenant.is_empty() {
            arguments.extend([tenant.to_owned(), self.tenant.clone()]);
        }
        Ok(arguments)
    }

    fn token(&self, output: ToolOutput, request: &Request) -> Token {
        let scopes = request.scopes().text();
        Token {
            access_token: output.access_token,
            scopes: scopes.map_or_else(|| self.default_scope.as_str().into(), Arc::clone),
            holder: Arc::new(Holder {
                tenant_id: output.tenant.unwrap_or_else(|| self.tenant.clone()),
                client_id: String::new(),
            }),
            user: None,
            expires_on: output.expires_on,
            refresh_on: None,
            correlation_id: None,
        }
    }
}

fn not_installed(tool: Tool) -> Error {
    let (product, name) = (tool.product(), tool.name());
    Error::new(
        Status::CredentialMissing,
        format!("{product} is not installed: no folder of PATH has `{name}`."),
        format!("Install {product}, and sign in with `{}`.", tool.sign_in()),
    )
}

fn not_ended(tool: Tool, failure: &Failure, limit: Duration) -> Error {
    let product = tool.product();
    match failure {
        Failure::NotStarted(error) => Error::new(
            Status::InvalidArgument,
            format!("Cannot start {product}: {error}."),
            format!("Check that `{}` runs in a terminal.", tool.name()),
        ),
        Failure::TimedOut => Error::new(
            Status::RequestTimeout,
            format!("{product} did not end within {} s.", limit.as_secs_f32()),
            format!("Check that `{}` runs in a terminal and asks for nothing.", tool.name()),
        )
        .out_of_time(),
    }
}
