//! The application's certificate.

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use graphtoken::{Options, Result};

use super::setting::{accepted_as, one_of, set_given};

/// The application's certificate, and the client assertions that it signs.
#[derive(Args)]
#[command(next_help_heading = "Certificate")]
#[command(group = ArgGroup::new("any_certificate").multiple(true)
    .args(["certificate", "pkcs11_module", "certificate_thumbprint", "certificate_subject_name"]))]
pub struct CertificateArguments {
    /// PFX or PEM file with the certificate and its private key, also in Base64; or - for standard input
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// SHA-1 or SHA-256 thumbprint of a certificate in the system's certificate store
    #[arg(long, value_name = "HEX")]
    #[arg(conflicts_with_all = ["certificate", "certificate_subject_name", "pkcs11_module"])]
    pub certificate_thumbprint: Option<String>,
    /// Subject or common name of a certificate in the system's certificate store; the newest valid one is used
    #[arg(long, value_name = "NAME", conflicts_with_all = ["certificate", "pkcs11_module"])]
    pub certificate_subject_name: Option<String>,
    /// File with the private key if --certificate has none, or - for standard input
    #[arg(long, value_name = "FILE", requires = "certificate")]
    #[arg(conflicts_with_all = ["certificate_thumbprint", "certificate_subject_name"])]
    pub private_key: Option<PathBuf>,
    /// File with the password of the certificate or key, or - for standard input [default: prompt if needed]
    #[arg(long, value_name = "FILE", requires = "certificate")]
    #[arg(conflicts_with_all = ["certificate_thumbprint", "certificate_subject_name"])]
    pub certificate_password_file: Option<PathBuf>,
    /// PKCS#11 module of the HSM or smart card with the private key; add --certificate if it holds no certificate
    #[arg(long, value_name = "FILE", conflicts_with_all = ["private_key", "certificate_password_file"])]
    pub pkcs11_module: Option<PathBuf>,
    /// Token, and certificate or key on it, as in 'pkcs11:token=LABEL;object=LABEL' [default: the only one]
    #[arg(long, value_name = "URI", requires = "pkcs11_module")]
    pub pkcs11_uri: Option<String>,
    /// File with the PIN of the token, or - for standard input [default: prompt if needed]
    #[arg(long, value_name = "FILE", requires = "pkcs11_module")]
    pub pkcs11_pin_file: Option<PathBuf>,
    /// Signature algorithm; auto is PS256, or RS256 where PS256 is not supported [default: auto]
    #[arg(long, ignore_case = true, requires = "any_certificate")]
    #[arg(value_parser = one_of(["auto", "PS256", "RS256"]))]
    pub algorithm: Option<String>,
    /// Send the certificate chain (x5c) for subject name and issuer authentication
    #[arg(long, requires = "any_certificate")]
    pub send_certificate_chain: bool,
    /// Lifetime of the client assertion, from its signing on [default: 540]
    #[arg(long, value_name = "SECONDS", requires = "any_certificate")]
    #[arg(value_parser = accepted_as("assertion.lifetime_seconds"))]
    pub assertion_lifetime: Option<String>,
    /// Audience of the client assertion [default: the token endpoint]
    #[arg(long, value_name = "URL", requires = "any_certificate")]
    pub audience: Option<String>,
}

impl CertificateArguments {
    /// Passes on to the engine how assertions are signed.
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

    /// The files that secrets are read from. The certificate's is one of them: it may hold the private key.
    pub fn secret_files(&self) -> Vec<&Path> {
        let files = [
            &self.certificate,
            &self.private_key,
            &self.certificate_password_file,
            &self.pkcs11_pin_file,
        ];
        files.into_iter().flatten().map(PathBuf::as_path).collect()
    }
}
