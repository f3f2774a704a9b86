//! Keys and certificates from the `openssl` command.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::build;
use crate::folder::Folder;
use crate::openssl::{openssl, openssl_with};
use crate::program::output_of;

/// The key and certificate of [`CONFIDENTIAL`](crate::emulator::CONFIDENTIAL), made today.
pub static REGISTERED: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::of_today("registered"));
/// A pair that the emulator does not know, made today.
pub static STRANGER: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::of_today("stranger"));

/// The common name of every certificate made here.
pub const SUBJECT_NAME: &str = "graph-token test";

/// How long certificates are valid after they were made.
pub const DAYS_VALID: i64 = 365;

/// A key (`key.pem`) and a self-signed certificate for it (`certificate.pem`), and both in one file (`both.pem`, key
/// first).
pub struct KeyPair {
    folder: PathBuf,
    /// Deletes the folder when dropped; `None` where other processes use the folder too.
    _temporary: Option<Folder>,
}

impl KeyPair {
    /// Valid from now on, for [`DAYS_VALID`]. `key` follows `-newkey`, and may add other options of `openssl req`.
    pub fn generate(key: &[&str]) -> Self {
        let folder = Folder::new();
        make_in(&folder, key);
        Self::of_folder(folder)
    }

    /// Valid from 2020 to 2049, and so at a service whose clock is hours behind, too. Returns why it cannot be made.
    pub fn valid_for_decades() -> Result<Self, String> {
        let folder = Folder::new();
        let [key, certificate, request] = [KEY, CERTIFICATE, "request"].map(|name| folder.argument(name));
        let settings = folder.write("settings", authority_settings(&folder));
        let subject = format!("/CN={SUBJECT_NAME}");
        let run = |arguments: &[&str]| output_of(Command::new("openssl").args(arguments), b"");
        let new_key = ["-newkey", "rsa:2048", "-nodes", "-keyout", &key];
        run(&[&["req", "-new", "-subj", &subject, "-out", &request], &new_key[..]].concat())?;
        // Before OpenSSL 3.4 only `ca` makes a certificate that begins in the past.
        let authority = [
            "ca",
            "-selfsign",
            "-batch",
            "-notext",
            "-config",
            &settings,
            "-keyfile",
            &key,
        ];
        let dates = ["-startdate", "20200101000000Z", "-enddate", "20491231235959Z"];
        run(&[&authority[..], &dates, &["-in", &request, "-out", &certificate]].concat())?;
        write_both(&folder);
        Ok(Self::of_folder(folder))
    }

    /// The file with both.
    pub fn both(&self) -> String {
        self.argument(BOTH)
    }

    /// A copy of that file in `folder`, which may outlive this.
    pub fn both_in(&self, folder: &Folder) -> String {
        folder.write(BOTH, self.read(BOTH))
    }

    /// The file with the key alone.
    pub fn key(&self) -> String {
        self.argument(KEY)
    }

    /// The file with the certificate alone.
    pub fn certificate(&self) -> String {
        self.argument(CERTIFICATE)
    }

    /// The text of one of the three files.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).expect("openssl wrote it as text")
    }

    /// Both in a PFX file in `folder`, protected with `password`.
    pub fn pfx(&self, folder: &Folder, password: &str) -> String {
        let (file, password) = (folder.argument("app.pfx"), folder.write("pfx password", password));
        let protection = format!("file:{password}");
        let export = ["pkcs12", "-export", "-in", &self.both(), "-passout", &protection];
        openssl(&[&export[..], &["-out", &file]].concat());
        file
    }

    /// A certificate for the same key that expired yesterday, and the key, in one file in `folder`.
    pub fn expired(&self, folder: &Folder) -> String {
        let (old, key) = (self.certificate(), self.key());
        let certificate = openssl(&["x509", "-in", &old, "-signkey", &key, "-days", "-1"]);
        folder.write("expired both.pem", [self.read(KEY).as_bytes(), &certificate].concat())
    }

    /// The certificate in DER.
    pub fn der(&self) -> Vec<u8> {
        openssl(&["x509", "-in", &self.certificate(), "-outform", "DER"])
    }

    /// The certificate's digest as `openssl` writes it: `AA:BB:CC`. `algorithm` is `-sha1` or `-sha256`.
    pub fn fingerprint(&self, algorithm: &str) -> String {
        let file = self.certificate();
        let output = openssl(&["x509", "-in", &file, "-noout", "-fingerprint", algorithm]);
        let text = String::from_utf8(output).expect("a fingerprint is text");
        text.trim().split_once('=').expect("NAME=AA:BB").1.to_owned()
    }

    /// The header parameter `x5t` (RFC 7515 section 4.1.7).
    pub fn x5t(&self) -> String {
        URL_SAFE_NO_PAD.encode(bytes(&self.fingerprint("-sha1")))
    }

    /// The header parameter `x5t#S256` (RFC 7515 section 4.1.8).
    pub fn x5t_s256(&self) -> String {
        URL_SAFE_NO_PAD.encode(bytes(&self.fingerprint("-sha256")))
    }

    /// An element of the header parameter `x5c` (RFC 7515 section 4.1.6).
    pub fn x5c(&self) -> String {
        STANDARD.encode(self.der())
    }

    /// A signature over the SHA-256 of `message`.
    pub fn sign(&self, padding: Padding, message: &[u8]) -> Vec<u8> {
        let salt_length = match padding {
            Padding::Pkcs1 => None,
            Padding::Pss { salt_length } => Some(format!("rsa_pss_saltlen:{salt_length}")),
        };
        let key = self.key();
        let mut arguments = vec!["dgst", "-sha256", "-sign", &key];
        if let Some(salt_length) = &salt_length {
            arguments.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", salt_length]);
        }
        openssl_with(&arguments, message)
    }

    /// A pair that all tests of a build share, though each may be a process of its own: making a key takes longer than
    /// most tests do.
    fn of_today(name: &str) -> Self {
        let (today, shared) = (days_since_1970(), build::folder().join("tmp/key-pairs"));
        let of_day = |day: u64| shared.join(format!("{name} {day}"));
        if !of_day(today).is_dir() {
            fs::create_dir_all(&shared).expect("the build's folder can be written");
            let made = Folder::below(&shared);
            make_in(&made, &["rsa:2048"]);
            // Fails when another process has been faster; its pair is as good.
            let _ = fs::rename(made.path(""), of_day(today));
            let _ = fs::remove_dir_all(of_day(today - 2));
        }
        Self {
            folder: of_day(today),
            _temporary: None,
        }
    }

    fn of_folder(folder: Folder) -> Self {
        Self {
            folder: folder.path(""),
            _temporary: Some(folder),
        }
    }

    fn argument(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

const KEY: &str = "key.pem";
const CERTIFICATE: &str = "certificate.pem";
const BOTH: &str = "both.pem";

/// How the digest is padded before an RSA key signs it.
#[derive(Clone, Copy)]
pub enum Padding {
    /// RSASSA-PKCS1-v1_5, as RS256 wants it.
    Pkcs1,
    /// RSASSA-PSS.
    Pss {
        /// In bytes.
        salt_length: u32,
    },
}

/// The padding of PS256 (RFC 7518 section 3.5).
pub const PSS: Padding = Padding::Pss { salt_length: 32 };

fn make_in(folder: &Folder, key: &[&str]) {
    let (subject, days) = (format!("/CN={SUBJECT_NAME}"), DAYS_VALID.to_string());
    let request = ["req", "-x509", "-nodes", "-days", &days, "-subj", &subject, "-newkey"];
    let files = ["-keyout", &folder.argument(KEY), "-out", &folder.argument(CERTIFICATE)];
    openssl(&[&request, key, &files].concat());
    write_both(folder);
}

fn write_both(folder: &Folder) {
    let read = |name| fs::read_to_string(folder.path(name)).expect("openssl wrote it as text");
    folder.write(BOTH, read(KEY) + &read(CERTIFICATE));
}

fn days_since_1970() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    since_epoch.expect("the clock is after 1970").as_secs() / (24 * 3600)
}

fn authority_settings(folder: &Folder) -> String {
    let (database, certificates) = (folder.write("index", ""), folder.argument(""));
    format!(
        "[ca]\ndefault_ca = authority\n\
         [authority]\ndatabase = {database}\nnew_certs_dir = {certificates}\nrand_serial = yes\ndefault_md = sha256\n\
         policy = anybody\n\
         [anybody]\ncommonName = supplied\n"
    )
}

fn bytes(fingerprint: &str) -> Vec<u8> {
    let pairs = fingerprint.split(':');
    pairs
        .map(|byte| u8::from_str_radix(byte, 16).expect("hexadecimal"))
        .collect()
}
