//! Certificate files that change while a program runs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use graphtoken::certificate::signing::SigningCertificate;
use graphtoken::client::Client;
use graphtoken::credential::Credential;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::token::jwt::DecodedJwt;
use serde_json::Value;
use test_support::folder::Folder;
use test_support::key_pair::{DAYS_VALID, KeyPair};

use crate::service::{Service, plain};

/// A key and its certificate in PEM.
struct Pair {
    key: Vec<u8>,
    certificate: Vec<u8>,
}

impl Pair {
    fn made() -> Self {
        let pair = KeyPair::generate(&["rsa:2048"]);
        let read = |name| pair.read(name).into_bytes();
        Self {
            key: read("key.pem"),
            certificate: read("certificate.pem"),
        }
    }

    /// The certificate and key in one file, which has the same length for every pair.
    fn both(&self) -> Vec<u8> {
        let mut both = [self.certificate.as_slice(), &self.key].concat();
        both.resize(8 * 1024, b'\n');
        both
    }

    /// The certificate's thumbprint, as in `x5t#S256`.
    fn thumbprint(&self) -> String {
        thumbprint_of(&client(SigningCertificate::from_bytes(&self.both(), None, None).unwrap()).0)
    }
}

/// The certificate before and after the change.
fn pairs() -> &'static (Pair, Pair) {
    static PAIRS: OnceLock<(Pair, Pair)> = OnceLock::new();
    PAIRS.get_or_init(|| (Pair::made(), Pair::made()))
}

/// A folder with the file `app.pem`.
struct Mount(Folder);

impl Mount {
    fn with(content: &[u8]) -> Self {
        let mount = Self(Folder::new());
        mount.write("app.pem", content);
        mount
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    fn client(&self) -> (Client, Arc<Service>) {
        client(SigningCertificate::from_files(&self.path("app.pem"), None, None).unwrap())
    }
}

/// A client whose clock shows the present, at which the certificates are valid.
fn client(certificate: SigningCertificate) -> (Client, Arc<Service>) {
    let service = Service::issuing();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    *service.now.lock().unwrap() = i64::try_from(now).unwrap();
    let client = service.client(Credential::from_certificate(Arc::new(certificate)), &[]);
    (client, service)
}

fn thumbprint_of(client: &Client) -> String {
    let assertion = client.assertion(None).unwrap();
    let jwt = DecodedJwt::decode(assertion.expose_text().unwrap()).unwrap();
    let header: Value = serde_json::from_str(jwt.header()).unwrap();
    header["x5t#S256"].as_str().unwrap().to_owned()
}

/// Sets the file's modification time, to hide a change.
fn date(path: &Path, modified: SystemTime) {
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(modified)
        .unwrap();
}

fn yesterday() -> SystemTime {
    SystemTime::now() - Duration::from_secs(24 * 3600)
}

#[test]
fn the_next_request_is_signed_with_the_new_certificate() {
    let (old, new) = pairs();
    let mount = Mount::with(&old.both());
    date(&mount.path("app.pem"), yesterday());
    let (client, _) = mount.client();
    assert_eq!(thumbprint_of(&client), old.thumbprint());
    mount.write("app.pem", &new.both());
    assert_eq!(thumbprint_of(&client), new.thumbprint());
}

#[test]
fn a_change_within_the_same_clock_tick_is_noticed() {
    let (old, new) = pairs();
    let mount = Mount::with(&old.both());
    let (client, _) = mount.client();
    mount.write("app.pem", &new.both());
    let written = fs::metadata(mount.path("app.pem")).unwrap().modified().unwrap();
    assert_eq!(thumbprint_of(&client), new.thumbprint());
    mount.write("app.pem", &old.both());
    date(&mount.path("app.pem"), written);
    assert_eq!(thumbprint_of(&client), old.thumbprint());
}

#[cfg(unix)]
#[test]
fn a_link_that_moves_to_another_folder_is_followed_as_for_mounted_secrets() {
    use std::os::unix::fs::symlink;
    let (old, new) = pairs();
    let mount = Mount(Folder::new());
    for (folder, pair) in [("first", old), ("second", new)] {
        fs::create_dir(mount.path(folder)).unwrap();
        mount.write(&format!("{folder}/app.pem"), &pair.both());
        date(&mount.path(&format!("{folder}/app.pem")), yesterday());
    }
    symlink("first", mount.path("current")).unwrap();
    symlink("current/app.pem", mount.path("app.pem")).unwrap();
    let (client, _) = mount.client();
    assert_eq!(thumbprint_of(&client), old.thumbprint());
    symlink("second", mount.path("next")).unwrap();
    fs::rename(mount.path("next"), mount.path("current")).unwrap();
    assert_eq!(thumbprint_of(&client), new.thumbprint());
}

#[test]
fn the_old_certificate_stays_in_use_until_both_files_have_changed() {
    let (old, new) = pairs();
    let mount = Mount::with(&old.certificate);
    mount.write("app.key", &old.key);
    let certificate =
        SigningCertificate::from_files(&mount.path("app.pem"), Some(&mount.path("app.key")), None).unwrap();
    let (client, _) = client(certificate);
    mount.write("app.pem", &new.certificate);
    assert_eq!(thumbprint_of(&client), old.thumbprint());
    mount.write("app.key", &new.key);
    assert_eq!(thumbprint_of(&client), new.thumbprint());
}

#[test]
fn the_old_certificate_stays_in_use_if_the_file_is_damaged_or_deleted() {
    let (old, new) = pairs();
    let mount = Mount::with(&old.both());
    let (client, _) = mount.client();
    mount.write("app.pem", &new.both()[..new.certificate.len() + 100]);
    assert_eq!(thumbprint_of(&client), old.thumbprint());
    fs::remove_file(mount.path("app.pem")).unwrap();
    assert_eq!(thumbprint_of(&client), old.thumbprint());
    mount.write("app.pem", &new.both());
    assert_eq!(thumbprint_of(&client), new.thumbprint());
}

#[test]
fn a_token_of_the_old_certificate_stays_cached() {
    let (old, new) = pairs();
    let mount = Mount::with(&old.both());
    let (client, service) = mount.client();
    let request = plain(ClientCredentials);
    client.acquire(&request, None).unwrap();
    mount.write("app.pem", &new.both());
    client.acquire(&request, None).unwrap();
    assert_eq!(service.sent().len(), 1);
}

#[test]
fn an_unnoticed_change_is_read_when_the_certificate_has_expired() {
    let (old, new) = pairs();
    let (mount, written) = (Mount::with(&old.both()), yesterday());
    date(&mount.path("app.pem"), written);
    let (client, service) = mount.client();
    mount.write("app.pem", &new.both());
    date(&mount.path("app.pem"), written);
    assert_eq!(thumbprint_of(&client), old.thumbprint());
    *service.now.lock().unwrap() += (DAYS_VALID + 1) * 24 * 3600;
    assert_eq!(thumbprint_of(&client), new.thumbprint());
}
