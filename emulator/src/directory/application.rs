//! A registered application.

use std::path::Path;

use super::certificate::RegisteredCertificate;
use super::federated_credential::FederatedCredential;
use super::redirect_uri::RedirectUri;
use super::secret_hash::SecretHash;

/// An application that the directory knows, with everything by which it can prove itself.
pub(crate) struct Application {
    pub(crate) client_id: String,
    pub(crate) certificates: Vec<RegisteredCertificate>,
    pub(crate) federated_credentials: Vec<FederatedCredential>,
    /// Whether it is one of the applications of Microsoft that accept each other's refresh tokens.
    pub(crate) is_of_family: bool,
    pub(crate) redirect_uris: Vec<RedirectUri>,
    secrets: Vec<SecretHash>,
}

impl Application {
    /// Reads `CLIENT_ID[:family][:cert=FILE][:secret=TEXT][:issuer=URL:subject=TEXT[:audience=TEXT]][:redirect=URI]`. A
    /// value may hold any `:` that does not begin one of the markers. The error never quotes what follows the client id.
    pub(crate) fn parse(spec: &str) -> Result<Self, String> {
        let end = next_marker(spec).unwrap_or(spec.len());
        let (client_id, mut rest) = spec.split_at(end);
        // A shell may have taken a part of a marker for its own.
        let is_id = |c: char| c.is_ascii_graphic() && !":=".contains(c);
        if client_id.is_empty() || !client_id.chars().all(is_id) {
            return Err(
                "an application is CLIENT_ID[:family][:cert=FILE][:secret=TEXT][:issuer=URL:subject=TEXT[:audience=TEXT]]\
                 [:redirect=URI]"
                    .to_owned(),
            );
        }
        let mut application = Self {
            client_id: client_id.to_owned(),
            certificates: Vec::new(),
            federated_credentials: Vec::new(),
            is_of_family: false,
            redirect_uris: Vec::new(),
            secrets: Vec::new(),
        };
        while !rest.is_empty() {
            // A marker begins with a one-byte colon, so the next one can be looked for right behind it.
            let end = next_marker(&rest[1..]).map_or(rest.len(), |index| index + 1);
            application
                .add(&rest[..end])
                .map_err(|problem| format!("application {client_id}: {problem}"))?;
            rest = &rest[end..];
        }
        if application.redirect_uris.is_empty() {
            let of_this_machine = ["http://localhost", "http://127.0.0.1"].map(RedirectUri::parse);
            application.redirect_uris.extend(of_this_machine.into_iter().flatten());
        }
        let has_no_subject = |known: &FederatedCredential| known.subject.is_empty();
        if application.federated_credentials.iter().any(has_no_subject) {
            return Err(format!("application {client_id}: an issuer has no subject"));
        }
        if application.is_of_family && !application.is_public() {
            return Err(format!(
                "application {client_id}: those of the family are public clients"
            ));
        }
        Ok(application)
    }

    /// Whether it has nothing to prove itself with (RFC 6749 section 2.1).
    pub(crate) fn is_public(&self) -> bool {
        self.certificates.is_empty() && self.secrets.is_empty() && self.federated_credentials.is_empty()
    }

    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.secrets.iter().any(|known| known.matches(secret))
    }

    fn add(&mut self, proof: &str) -> Result<(), String> {
        if let Some(file) = proof.strip_prefix(CERTIFICATE_MARKER) {
            self.certificates
                .extend(RegisteredCertificate::read_all(Path::new(file))?);
        } else if let Some(secret) = proof.strip_prefix(SECRET_MARKER) {
            if secret.is_empty() {
                return Err("the secret is empty".to_owned());
            }
            self.secrets.push(SecretHash::of(secret));
        } else if let Some(issuer) = proof.strip_prefix(ISSUER_MARKER) {
            if issuer.is_empty() {
                return Err("the issuer is empty".to_owned());
            }
            self.federated_credentials.push(FederatedCredential::of_issuer(issuer));
        } else if let Some(subject) = proof.strip_prefix(SUBJECT_MARKER) {
            subject.clone_into(&mut self.last_federated_credential()?.subject);
        } else if let Some(audience) = proof.strip_prefix(AUDIENCE_MARKER) {
            audience.clone_into(&mut self.last_federated_credential()?.audience);
        } else if let Some(rest) = proof.strip_prefix(FAMILY_MARKER) {
            if !rest.is_empty() {
                return Err("nothing follows family".to_owned());
            }
            self.is_of_family = true;
        } else if let Some(uri) = proof.strip_prefix(REDIRECT_MARKER) {
            self.redirect_uris.push(RedirectUri::parse(uri)?);
        }
        Ok(())
    }

    fn last_federated_credential(&mut self) -> Result<&mut FederatedCredential, String> {
        let last = self.federated_credentials.last_mut();
        last.ok_or_else(|| "a subject or an audience follows an issuer".to_owned())
    }
}

const CERTIFICATE_MARKER: &str = ":cert=";
const SECRET_MARKER: &str = ":secret=";
const ISSUER_MARKER: &str = ":issuer=";
const SUBJECT_MARKER: &str = ":subject=";
const AUDIENCE_MARKER: &str = ":audience=";
const FAMILY_MARKER: &str = ":family";
const REDIRECT_MARKER: &str = ":redirect=";

fn next_marker(text: &str) -> Option<usize> {
    [
        CERTIFICATE_MARKER,
        SECRET_MARKER,
        ISSUER_MARKER,
        SUBJECT_MARKER,
        AUDIENCE_MARKER,
        FAMILY_MARKER,
        REDIRECT_MARKER,
    ]
    .iter()
    .filter_map(|marker| text.find(marker))
    .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(spec: &str) -> String {
        Application::parse(spec).err().unwrap_or_default()
    }

    #[test]
    fn a_secret_may_hold_colons() {
        let application = Application::parse("id:secret=a:b::c:secret=second").ok().unwrap();
        assert_eq!(application.client_id, "id");
        assert!(application.has_secret("a:b::c") && application.has_secret("second"));
        assert!(!application.has_secret("a"));
        assert!(!application.is_public());
    }

    #[test]
    fn a_windows_path_is_one_file_name() {
        assert!(problem(r"id:cert=C:\no\such.pem:secret=hidden").contains(r"cannot read C:\no\such.pem:"));
    }

    #[test]
    fn federated_credentials_hold_colons() {
        let spec = "id:issuer=https://token.example:8443:subject=repo:a/b:ref:refs/heads/main:issuer=https://other:subject=b:\
                    audience=api://x";
        let application = Application::parse(spec).ok().unwrap();
        assert!(!application.is_public());
        let [first, second] = application.federated_credentials.as_slice() else {
            panic!("there are two");
        };
        assert_eq!(first.issuer, "https://token.example:8443");
        assert_eq!(first.subject, "repo:a/b:ref:refs/heads/main");
        assert_eq!(first.audience, "api://AzureADTokenExchange");
        assert_eq!((second.subject.as_str(), second.audience.as_str()), ("b", "api://x"));
        for (spec, part) in [
            ("id:issuer=https://a", "no subject"),
            ("id:issuer=:subject=a", "empty"),
            ("id:subject=a", "follows an issuer"),
        ] {
            assert!(problem(spec).contains(part), "{spec}: {}", problem(spec));
        }
    }

    #[test]
    fn no_proof_makes_a_public_client() {
        assert!(Application::parse("id").ok().unwrap().is_public());
        let of_family = Application::parse("id:family").ok().unwrap();
        assert!(of_family.is_public() && of_family.is_of_family);
        assert!(problem("id:family:secret=hidden").contains("public clients"));
        assert!(problem("id:familyname").contains("nothing follows"));
    }

    #[test]
    fn a_mistyped_marker_is_refused_without_quoting_the_secret() {
        for spec in [
            "id:secrt=hidden",
            ":secret=hidden",
            "",
            "id:hidden",
            "idert=hidden",
            "=hidden",
            "i d",
        ] {
            assert!(problem(spec).contains("CLIENT_ID"), "{spec}");
            assert!(!problem(spec).contains("hidden"), "{spec}");
        }
        assert_eq!(problem("id:secret="), "application id: the secret is empty");
    }
}
