//! The command line.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use clap_mangen::Man;

/// A stand-in for the Microsoft Entra ID token endpoint, for demos, tests and continuous integration.
///
/// It takes what Entra takes, and with --strict only what the specifications allow.
/// The first line on standard output is its address. It ends on SIGTERM or SIGINT.
/// Beside the tenants of Entra at /TENANT it is an AD FS server at /adfs, Azure AD B2C at /TENANT/POLICY and
/// /tfp/TENANT/POLICY for every policy whose name has the prefix that B2C gives it, and an OpenID Connect issuer at /oidc.
/// By a host name that ends with .ciamlogin.com its tenants are those of External ID.
/// GET /_journal tells what was asked, and with ?after=NUMBER only what came later; DELETE /_journal forgets it. It
/// holds the last 10,000 requests, and of large ones as many as take 64 MiB of memory; older ones are forgotten.
/// POST /_faults adds faults, one SPEC per line; DELETE /_faults removes all. At most 10,000 faults of at most 4096
/// bytes wait; a POST that would add more adds none and gets status 413.
/// GET /_workload-token?issuer=URL&subject=TEXT gives a token of that issuer for a federated credential, with
/// audience=TEXT and lifetime=SECONDS on request: what Kubernetes writes into a file.
/// GET /_resource is an API that takes its access tokens. After POST /_revocation it refuses those that were issued
/// before: with a claims challenge if the client has the capability cp1, and as invalid if not.
/// Journal, faults, these tokens and revocation are for programs on the same machine: other addresses, foreign names in the header
/// Host and pages of other sites (header Origin) get status 403.
// No `Debug`: passwords and client secrets are among the values.
#[derive(Parser)]
#[command(name = "entra-emulator", version)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Settings {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Serve HTTPS with a certificate for localhost and its addresses, from a CA made at start
    #[arg(long)]
    pub tls: bool,
    /// Where to write that CA's certificate, as PEM
    #[arg(long, value_name = "FILE", requires = "tls", default_value = "entra-emulator-ca.pem")]
    pub ca_out: PathBuf,
    /// A tenant that exists (repeatable)
    #[arg(long = "tenant", value_name = "NAME_OR_GUID", required = true)]
    pub tenants: Vec<String>,
    /// An application, with its certificates (PEM or DER), secrets and federated credentials, whose audience is
    /// that of the worldwide cloud unless another is given; none of them makes it a public client, and family one of
    /// those that accept each other's refresh tokens. Browsers may bring its answers to its redirect URIs, or without
    /// any to this machine (localhost and 127.0.0.1); the port of one on this machine does not count (repeatable)
    #[arg(
        long = "app",
        value_name = "CLIENT_ID[:family][:cert=FILE][:secret=TEXT][:issuer=URL:subject=TEXT[:audience=TEXT]][:redirect=URI]",
        required = true
    )]
    pub apps: Vec<String>,
    /// A user (repeatable)
    #[arg(long = "user", value_name = "NAME:PASSWORD")]
    pub users: Vec<String>,
    /// A resource that exists, with the permissions that a user's token may have, by default any; without this option
    /// every resource exists (repeatable)
    #[arg(long = "resource", value_name = "URI[:PERMISSION,...]")]
    pub resources: Vec<String>,
    /// Be GitHub's token service too, at any path below /_apis/distributedtask/hubs/Actions/ that ends with /idtoken,
    /// for a workflow with this request token: its tokens have this subject and the https issuer
    /// token.actions.githubusercontent.com
    #[arg(long, value_name = "REQUEST_TOKEN:SUBJECT")]
    pub github_actions: Option<String>,
    /// Be the token service of Azure Pipelines too, at any path that ends with /oidctoken, for a job with this access
    /// token: its tokens have this subject and the https issuer vstoken.dev.azure.com/emulated
    #[arg(long, value_name = "ACCESS_TOKEN:SERVICE_CONNECTION_ID:SUBJECT")]
    pub azure_pipelines: Option<String>,
    /// An identity of the machine that it stands in for: its own (system), or one that is assigned to it (repeatable).
    ///
    /// Tokens for it come from IMDS at /metadata/identity/oauth2/token, Cloud Shell at /cloud-shell/oauth2/token, and
    /// with the two options below from App Service at /app-service/msi/token, Machine Learning at
    /// /machine-learning/msi/token, with --tls Service Fabric at /service-fabric/token, and Azure Arc at
    /// /arc/metadata/identity/oauth2/token.
    #[arg(long = "identity", value_name = "system|CLIENT_ID[:object=ID][:resource=ID]")]
    pub identities: Vec<String>,
    /// The secret that programs send to App Service, Machine Learning and Service Fabric
    #[arg(long, value_name = "TEXT", requires = "identities")]
    pub identity_header: Option<String>,
    /// The folder for the keys of Azure Arc's agent
    #[arg(long, value_name = "FOLDER", requires = "identities")]
    pub arc_key_folder: Option<PathBuf>,
    /// Where to write the SHA-1 thumbprint of the server's certificate, which clients of Service Fabric compare
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub thumbprint_out: Option<PathBuf>,
    /// The Azure region of the machine that it stands in for, which IMDS tells at /metadata/instance/compute
    #[arg(long, value_name = "NAME")]
    pub region: Option<String>,
    /// How applications prove themselves to the OpenID Connect issuer at /oidc, by default in any of these ways
    /// (repeatable)
    #[arg(long = "oidc-auth-method", value_name = "METHOD", value_parser = OIDC_AUTH_METHODS)]
    pub oidc_auth_methods: Vec<String>,
    /// A further host name that it serves: its certificate has it, and a client that takes the emulator for its HTTP
    /// proxy is led to the emulator by CONNECT NAME:443 (repeatable)
    #[arg(long = "tls-name", value_name = "NAME", requires = "tls")]
    pub tls_names: Vec<String>,
    /// The authority it stands in for, which assertions may name as their audience in place of its own address
    #[arg(long, value_name = "URL")]
    pub authority: Option<String>,
    /// Refuse what Entra takes from its own libraries although no specification allows it
    #[arg(long)]
    pub strict: bool,
    /// How long an access token is valid
    #[arg(long, value_name = "SECONDS", default_value_t = 3599)]
    pub token_lifetime: u32,
    /// How long a device code is valid
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    pub device_code_lifetime: u32,
    /// How long a device waits between two polls; with --strict, sooner is told to slow down
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub device_code_interval: u32,
    /// What to do wrong: a comma list of key=value, spent in the given order (repeatable)
    ///
    /// Keys: status=503, retry-after=7, retry-after=date:60, delay-ms=200, reset, truncate,
    /// body=empty|html|text|array|no-token|error-in-200|no-description|absurd-expiry|huge|bom|string-numbers|
    /// token-type-missing|token-type-wrong|no-expiry|form|line-break|echo,
    /// error=AADSTS50076 (or AADB2C90118) with suberror=TEXT and claims=present,
    /// date-skew=SECONDS, redirect=URL, times=N|all (default 1).
    #[arg(long = "fault", value_name = "SPEC", verbatim_doc_comment)]
    pub faults: Vec<String>,
    /// End when standard input is closed, so that a caller that dies leaves nothing behind
    #[arg(long)]
    pub exit_with_stdin: bool,
    /// Print the manual page, as groff reads it, and end
    #[arg(long, exclusive = true)]
    pub man_page: bool,
}

/// What the OpenID Connect issuer can take ("OAuth Token Endpoint Authentication Methods" of IANA).
const OIDC_AUTH_METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

impl Settings {
    /// The methods that the OpenID Connect issuer takes.
    pub(crate) fn oidc_methods(&self) -> Vec<String> {
        if self.oidc_auth_methods.is_empty() {
            return OIDC_AUTH_METHODS.map(str::to_owned).to_vec();
        }
        self.oidc_auth_methods.clone()
    }

    /// Reads the command line; ends the program with a message when it cannot be used, and without one when it asks for
    /// a text alone.
    pub fn from_command_line() -> Self {
        let is_key = |argument: &OsString| argument.to_string_lossy().contains("-----BEGIN");
        if env::args_os().any(|argument| is_key(&argument)) {
            // Any other message would repeat it.
            let message =
                "a certificate or private key was given as an argument; write it to a file, and name the file";
            Self::command().error(ErrorKind::InvalidValue, message).exit();
        }
        let settings = Self::parse();
        if settings.man_page {
            std::process::exit(print_man_page());
        }
        settings
    }
}

/// The exit code.
fn print_man_page() -> i32 {
    match write_man_page(&mut io::stdout().lock()) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("entra-emulator: cannot write to standard output: {error}");
            1
        }
    }
}

fn write_man_page(output: &mut dyn Write) -> io::Result<()> {
    let source = concat!("entra-emulator ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(Settings::command()).source(source).manual("GraphToken");
    man.render_title(output)?;
    // A line with one long list of keys cannot be stretched to the margin.
    output.write_all(b".ad l\n")?;
    man.render_name_section(output)?;
    man.render_synopsis_section(output)?;
    man.render_description_section(output)?;
    man.render_options_section(output)
}
