//! The command line: what can be said, and what cannot be said together.
//!
//! What a value may be is the engine's knowledge ([`Options::set`]); here it is only asked, so that a value that does
//! not fit is a usage error that names the option. Secrets are never values: they come from files, standard input or
//! a prompt.

mod cache;

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{ArgGroup, Args, CommandFactory, Parser, Subcommand};
use graphtoken::authority::cloud::Cloud;
use graphtoken::base::error::Result;
use graphtoken::base::surface::Surface;
use graphtoken::client::options::Options;

pub use self::cache::{CacheArguments, CacheCommand, CacheListArguments, SharingArguments};
use crate::secret_input::{self, is_standard_input};

/// Gets tokens of Microsoft Entra ID for Microsoft Graph and other resources
#[derive(Parser)]
#[command(version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Get an access token and print it
    #[command(after_help = GET_EXAMPLES)]
    Get(Box<GetArguments>),
    /// Sign a client assertion and print it, without sending anything
    #[command(after_help = ASSERTION_EXAMPLES, mut_group("any_certificate", |group| group.required(true)))]
    Assertion(Box<AssertionArguments>),
    /// Show what is in a token, without verifying it
    #[command(after_help = DECODE_EXAMPLES)]
    Decode(DecodeArguments),
    /// Find out why there is no token: certificate, key, clock, proxy, TLS, tenant, application
    #[command(after_help = DOCTOR_EXAMPLES)]
    Doctor(Box<DoctorArguments>),
    /// Look into a token cache, or remove it
    #[command(subcommand)]
    Cache(CacheCommand),
}

/// The arguments of `get`.
#[derive(Args)]
pub struct GetArguments {
    #[command(flatten)]
    pub client: ClientArguments,
    #[command(flatten)]
    pub proof: ProofArguments,
    #[command(flatten)]
    pub user: UserArguments,
    #[command(flatten)]
    pub request: RequestArguments,
    #[command(flatten)]
    pub cache: CacheArguments,
    #[command(flatten)]
    pub sharing: SharingArguments,
    /// Print one JSON object in place of the bare token, and errors as JSON too
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// Say on standard error what the engine does; never shows a secret
    #[arg(long, help_heading = "Output")]
    pub verbose: bool,
}

/// The arguments of `doctor`.
#[derive(Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    pub client: ClientArguments,
    #[command(flatten)]
    pub proof: ProofArguments,
    #[command(flatten)]
    pub network: NetworkArguments,
    /// Print a JSON array of findings, and errors as JSON too
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// The arguments of `assertion`.
#[derive(Args)]
pub struct AssertionArguments {
    #[command(flatten)]
    pub client: ClientArguments,
    #[command(flatten)]
    pub certificate: CertificateArguments,
}

/// The arguments of `decode`.
#[derive(Args)]
pub struct DecodeArguments {
    /// File with the token; - or nothing for standard input
    #[arg(value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub file: PathBuf,
    /// Print one line of JSON, and errors as JSON too
    #[arg(long)]
    pub json: bool,
}

/// Where tokens are asked for, and which application asks.
#[derive(Args)]
#[command(next_help_heading = "Application")]
#[command(group = ArgGroup::new("place").args(["authority", "tenant"]).required(true).multiple(true))]
pub struct ClientArguments {
    /// Whole authority URL, or its base when --tenant is given too
    #[arg(long, value_name = "URL")]
    pub authority: Option<String>,
    /// Tenant: id, domain or whole authority URL
    #[arg(long)]
    pub tenant: Option<String>,
    /// National cloud [default: that of the authority, else global]
    #[arg(long, ignore_case = true, value_parser = PossibleValuesParser::new(Cloud::ALL.map(Cloud::name)))]
    pub cloud: Option<String>,
    /// Application (client) id
    #[arg(long, value_name = "ID")]
    pub client_id: String,
}

/// What proves who the application is.
#[derive(Args)]
#[command(next_help_heading = "Application")]
pub struct ProofArguments {
    #[command(flatten)]
    pub certificate: CertificateArguments,
    /// File with the client secret; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["any_certificate", "client_assertion_file"])]
    #[arg(help_heading = "Application")]
    pub client_secret_file: Option<PathBuf>,
    /// File with a client assertion that is signed already; - for standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "any_certificate",
        help_heading = "Application"
    )]
    pub client_assertion_file: Option<PathBuf>,
}

/// The application's certificate, and how assertions are made with it.
#[derive(Args)]
#[command(next_help_heading = "Application")]
#[command(group = ArgGroup::new("any_certificate").multiple(true)
    .args(["certificate", "pkcs11_module", "certificate_thumbprint", "certificate_subject_name"]))]
pub struct CertificateArguments {
    /// File with the certificate and its private key: PFX or PEM; - for standard input
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Thumbprint (SHA-1 or SHA-256) of a certificate in the system's store
    #[arg(long, value_name = "HEX")]
    #[arg(conflicts_with_all = ["certificate", "certificate_subject_name", "pkcs11_module"])]
    pub certificate_thumbprint: Option<String>,
    /// Subject of a certificate in the system's store, or its common name; the newest valid one is taken
    #[arg(long, value_name = "NAME", conflicts_with_all = ["certificate", "pkcs11_module"])]
    pub certificate_subject_name: Option<String>,
    /// File with the private key, when the certificate's has none; - for standard input
    #[arg(long, value_name = "FILE", requires = "certificate")]
    #[arg(conflicts_with_all = ["certificate_thumbprint", "certificate_subject_name"])]
    pub private_key: Option<PathBuf>,
    /// File with the password of the certificate or key; - for standard input; asked for when needed at a terminal
    #[arg(long, value_name = "FILE", requires = "certificate")]
    #[arg(conflicts_with_all = ["certificate_thumbprint", "certificate_subject_name"])]
    pub certificate_password_file: Option<PathBuf>,
    /// PKCS#11 module of the HSM or smart card with the private key; --certificate when the certificate is not there
    #[arg(long, value_name = "FILE", conflicts_with_all = ["private_key", "certificate_password_file"])]
    pub pkcs11_module: Option<PathBuf>,
    /// Which token, and which certificate or key on it: pkcs11:token=LABEL;object=LABEL [default: the only one]
    #[arg(long, value_name = "URI", requires = "pkcs11_module")]
    pub pkcs11_uri: Option<String>,
    /// File with the PIN of the token; - for standard input; asked for when needed at a terminal
    #[arg(long, value_name = "FILE", requires = "pkcs11_module")]
    pub pkcs11_pin_file: Option<PathBuf>,
    /// Signature algorithm: auto is PS256, or RS256 where the authority can do no better [default: auto]
    #[arg(long, ignore_case = true, requires = "any_certificate")]
    #[arg(value_parser = PossibleValuesParser::new(["auto", "PS256", "RS256"]))]
    pub algorithm: Option<String>,
    /// Send the certificate chain (x5c), for subject name and issuer authentication
    #[arg(long, requires = "any_certificate")]
    pub send_certificate_chain: bool,
    /// How long the client assertion is valid [default: 600]
    #[arg(long, value_name = "SECONDS", requires = "any_certificate")]
    #[arg(value_parser = accepted_as("assertion.lifetime_seconds"))]
    pub assertion_lifetime: Option<String>,
    /// Audience of the client assertion [default: the token endpoint]
    #[arg(long, value_name = "URL", requires = "any_certificate")]
    pub audience: Option<String>,
}

/// The user, when the token is for one.
#[derive(Args)]
#[command(next_help_heading = "User")]
pub struct UserArguments {
    /// Sign-in name for the password grant, which is discouraged
    #[arg(long, value_name = "NAME", conflicts_with = "refresh_token_file")]
    pub username: Option<String>,
    /// File with the user's password; - for standard input; asked for at the terminal when left out
    #[arg(long, value_name = "FILE", requires = "username")]
    pub password_file: Option<PathBuf>,
    /// File with a refresh token; - for standard input
    #[arg(long, value_name = "FILE")]
    pub refresh_token_file: Option<PathBuf>,
}

/// What is asked for, and how.
#[derive(Args)]
#[command(next_help_heading = "Request")]
pub struct RequestArguments {
    /// Scope, may be repeated [default: everything granted on Microsoft Graph]
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// Claims request or challenge: a JSON object
    #[arg(long, value_name = "JSON")]
    pub claims: Option<String>,
    /// Id to find the request by in the sign-in logs [default: a random one]
    #[arg(long, value_name = "GUID")]
    pub correlation_id: Option<String>,
    #[command(flatten)]
    pub network: NetworkArguments,
}

/// How the service is reached.
#[derive(Args)]
#[command(next_help_heading = "Request")]
pub struct NetworkArguments {
    /// Time limit of the whole call [default: 100]
    #[arg(long, value_name = "SECONDS", value_parser = accepted_as("timeout_seconds"))]
    pub timeout: Option<String>,
    /// Proxy, http://host:port [default: that of the environment]
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
}

impl Arguments {
    /// Reads this process's command line. The error is a usage error, or the help or version that was asked for.
    pub fn read() -> std::result::Result<Self, clap::Error> {
        let arguments = Self::try_parse()?;
        let secrets = arguments.command.secret_files();
        if secrets.iter().filter(|path| is_standard_input(path)).count() > 1 {
            return Err(Self::command().error(
                ErrorKind::ArgumentConflict,
                "standard input (-) can hold one secret only; give the others as files",
            ));
        }
        Ok(arguments)
    }
}

impl Command {
    /// Whether output and errors are for a machine.
    pub fn wants_json(&self) -> bool {
        match self {
            Self::Get(arguments) => arguments.json,
            Self::Decode(arguments) => arguments.json,
            Self::Doctor(arguments) => arguments.json,
            Self::Cache(CacheCommand::List(arguments)) => arguments.json,
            Self::Assertion(_) | Self::Cache(CacheCommand::Clear(_)) => false,
        }
    }

    /// The files that secrets come from; the certificate's is one, because it may hold the private key.
    fn secret_files(&self) -> Vec<&Path> {
        let (certificate, proof, get) = match self {
            Self::Get(arguments) => (&arguments.proof.certificate, Some(&arguments.proof), Some(arguments)),
            Self::Doctor(arguments) => (&arguments.proof.certificate, Some(&arguments.proof), None),
            Self::Assertion(arguments) => (&arguments.certificate, None, None),
            Self::Decode(_) | Self::Cache(_) => return Vec::new(),
        };
        let of_certificate = [
            &certificate.certificate,
            &certificate.private_key,
            &certificate.certificate_password_file,
            &certificate.pkcs11_pin_file,
        ];
        let of_proof = proof.map(|proof| [&proof.client_secret_file, &proof.client_assertion_file]);
        let of_get = get.map(|get| {
            [
                &get.user.password_file,
                &get.user.refresh_token_file,
                &get.cache.cache_key_file,
                &get.sharing.redis_password_file,
            ]
        });
        of_certificate
            .into_iter()
            .chain(of_proof.into_iter().flatten())
            .chain(of_get.into_iter().flatten())
            .flatten()
            .map(PathBuf::as_path)
            .collect()
    }
}

impl ClientArguments {
    /// Passes them on to the engine.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        options.set("http.product", concat!("graph-token/", env!("CARGO_PKG_VERSION")))?;
        options.set("cache", "none")?;
        set_given(options, "authority", self.authority.as_deref())?;
        set_given(options, "cloud", self.cloud.as_deref())
    }

    /// The tenant as the engine takes it: empty when the authority says it.
    pub fn tenant(&self) -> &str {
        self.tenant.as_deref().unwrap_or_default()
    }
}

impl CertificateArguments {
    /// Passes on to the engine how assertions are made.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        options.set(
            "assertion.send_chain",
            if self.send_certificate_chain { "true" } else { "false" },
        )?;
        set_given(options, "assertion.algorithm", self.algorithm.as_deref())?;
        set_given(
            options,
            "assertion.lifetime_seconds",
            self.assertion_lifetime.as_deref(),
        )?;
        set_given(options, "assertion.audience", self.audience.as_deref())
    }
}

impl RequestArguments {
    /// Passes on to the engine how the request is sent.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "claims", self.claims.as_deref())?;
        set_given(options, "correlation_id", self.correlation_id.as_deref())?;
        self.network.set_in(options)
    }
}

impl NetworkArguments {
    /// Passes on to the engine how the service is reached.
    pub fn set_in(&self, options: &mut Options) -> Result<()> {
        set_given(options, "timeout_seconds", self.timeout.as_deref())?;
        set_given(options, "http.proxy", self.proxy.as_deref())
    }
}

fn set_given(options: &mut Options, key: &str, value: Option<&str>) -> Result<()> {
    value.map_or(Ok(()), |value| options.set(key, value))
}

fn set_secret(options: &mut Options, key: &str, file: Option<&Path>, name: &str) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let secret = secret_input::read(file, name)?;
    options.set(key, secret.expose_text().unwrap_or_default())
}

/// A parser that takes the values that the engine takes for `key`, and otherwise gives the engine's hint.
fn accepted_as(key: &'static str) -> impl Fn(&str) -> std::result::Result<String, String> + Clone + Send + Sync {
    move |value| match Options::default().set(key, value) {
        Ok(()) => Ok(value.to_owned()),
        Err(error) => Err(error.hint_on(Surface::Command).into_owned()),
    }
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    the output could not be written
  2    usage
  3    an argument, file, certificate, key or password cannot be used
  4    the token service could not be reached
  5    TLS failed, most often a certificate that is not trusted
  6    the proxy failed
  7    the time limit passed
  8    the service refused the request, the application or the user
  9    the user must sign in interactively
  10   the service is throttling or unavailable; try again later
  11   the answer is not one of a token service
  12   the token cache cannot be used
  70   a defect of GraphToken
  130  ended by Ctrl+C (as shells report it)

Environment: HTTPS_PROXY, NO_PROXY; SSL_CERT_FILE, a PEM file with the only authorities to trust.";

const GET_EXAMPLES: &str = "\
Example: the application itself, with a certificate
  graph-token get --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pfx --certificate-password-file app.password

Example: with a key in an HSM or smart card
  graph-token get --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --pkcs11-module /usr/lib/softhsm/libsofthsm2.so --pkcs11-uri 'pkcs11:token=app' --pkcs11-pin-file app.pin

Example: use the token
  curl -H @- https://graph.microsoft.com/v1.0/users \\
    <<< \"Authorization: Bearer $(graph-token get --tenant contoso.onmicrosoft.com --client-id ID \\
    --client-secret-file app.secret)\"

Example: share tokens with other machines through Redis
  openssl rand -base64 32 > cache.key    # once; the same file on every machine
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --certificate app.pem \\
    --redis rediss://cache.contoso.com --redis-password-file redis.password --cache-key-file cache.key

The system's store is CurrentUser\\My, then LocalMachine\\My on Windows; on Linux it is the folder in which .NET keeps
CurrentUser\\My (~/.dotnet/corefx/cryptography/x509stores/my).

A secret file holds the secret as UTF-8 text; one line break at its end is not part of the secret.
With --json, an error (but for one of usage) is one JSON object on standard error, which holds the warnings too;
the lines of --verbose come before it.";

const DOCTOR_EXAMPLES: &str = "\
Example:
  graph-token doctor --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pfx --certificate-password-file app.password

Nothing is changed. With a credential, one token is requested and thrown away.
The exit code is 0 when no check failed, else that of the first failed check: what 'get' would end with because of it.";

const ASSERTION_EXAMPLES: &str = "\
Example:
  graph-token assertion --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pem --algorithm RS256";

const DECODE_EXAMPLES: &str = "\
Example:
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --certificate app.pem | graph-token decode

The token is never an argument, where other users of the machine could see it.";
