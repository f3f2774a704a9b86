//! Calls that fail, at least one for each kind of error, with secrets in all their inputs.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use crate::echoing_proxy;
use crate::emulator::{CONFIDENTIAL, Emulator, TENANT, USER};
use crate::folder::Folder;
use crate::key_pair::{KeyPair, REGISTERED, STRANGER};

/// Each has every character that an encoding changes.
const CLIENT_SECRET: &str = "mQ7$xRw4Zc<K&9+w \"Zp%4/Tb'8@vR2uY";
const USER_PASSWORD: &str = "Jd3!kVt8Lh<N&5+f \"Bs%6/Gy'1@cX9eM";
const FILE_PASSWORD: &str = "Hw9?bNz2Qe<R&7+j \"Uc%1/Lx'5@gM4oS";
const PIN: &str = "Fk6*dPy1Ws<V&3+h \"Ea%8/Rn'2@iK7tB";
const PROXY_PASSWORD: &str = "Xg5~lTs7Ad<M&1+z \"Yo%2/Cv'9@nQ8kH";
const REDIS_PASSWORD: &str = "Pn2^rGu5Jf<B&8+d \"Ik%9/Ve'3@wS6yL";
const REFRESH_TOKEN: &str = "0.AX4AqZ8vTn2K-wLr_5HsYb.AgABAwEAAADn7Gf3Uj";
/// The claims are those of a token for another application.
const USER_ASSERTION: &str = "e30.eyJhdWQiOiJhcGk6Ly9vdGhlciJ9.Qk3vTn8Zr5Yw1Lc6Hb9Xd2Ms7Gf4Jp0AaUeViRoKtSy";
const CACHE_KEY: &[u8; 32] = b"a key of 32 bytes, as files need";

/// As long as that of a key with 2048 bits.
const SIGNATURE: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut byte: u8 = 0;
    while byte < u8::MAX {
        bytes[byte as usize] = byte.wrapping_mul(167);
        byte += 1;
    }
    bytes
};

/// Kinds of errors that no call of this list has, with the reason.
pub const ELSEWHERE: &[(&str, &str)] = &[
    ("NullPointer", "a mistake of C programs: tests/c/abi.c"),
    ("InvalidHandle", "a mistake of C programs: tests/c/handles.c"),
    ("InternalError", "a panic, which only test hooks cause"),
    ("NativeLibraryMismatch", "an error of the wrappers"),
    ("Cancelled", "a decision of the caller"),
    (
        "CacheLocked",
        "needs another process: tests/token_requests/hostile_folder.rs",
    ),
    ("PrivateKeyInaccessible", "needs a token: the tests with PKCS#11"),
    ("SigningFailed", "needs a signer of the caller: tests/c/signers.c"),
];

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A token is asked for.
    Get,
    /// The token cache file is read.
    ReadCache,
    /// The token cache file is removed.
    ClearCache,
}

/// A call that fails with this kind of error.
#[derive(Debug)]
pub struct FailingCall {
    /// As the table of errors names it.
    pub kind: &'static str,
    /// What is called.
    pub action: Action,
    /// In the words of `graph-token`.
    pub options: Options,
}

/// All of them, and what they need.
pub struct FailingCalls {
    /// Together with those [of Unix](Self::of_unix), at least one for each kind that is not [`ELSEWHERE`].
    pub calls: Vec<FailingCall>,
    folder: Folder,
    /// The certificate with its key.
    pfx: String,
    emulators: Vec<Emulator>,
}

/// Options of a call, each with its value.
pub type Options = Vec<(&'static str, String)>;

impl FailingCalls {
    /// Starts what the calls need that fail on every system.
    #[allow(clippy::new_without_default, reason = "it starts processes")]
    pub fn new() -> Self {
        let mut calls = Self::none();
        calls.add_services();
        calls.add_networks();
        calls.add_arguments();
        calls.add_certificates();
        calls.add_caches();
        calls
    }

    /// The calls that fail with these kinds of errors on Unix alone.
    pub fn of_unix() -> Self {
        let mut calls = Self::none();
        calls.add_devices();
        calls.add_locked_cache();
        calls.add_open_cache();
        calls
    }

    fn none() -> Self {
        let folder = Folder::new();
        Self {
            calls: Vec::new(),
            pfx: REGISTERED.pfx(&folder, FILE_PASSWORD),
            folder,
            emulators: Vec::new(),
        }
    }

    /// What no output may show.
    pub fn secrets(&self) -> Vec<String> {
        let given = [
            CLIENT_SECRET,
            USER_PASSWORD,
            FILE_PASSWORD,
            PIN,
            PROXY_PASSWORD,
            REDIS_PASSWORD,
            REFRESH_TOKEN,
        ];
        let key = REGISTERED.read("key.pem");
        let lines = key.lines().filter(|line| line.len() == 64);
        let signatures = [&assertion(), USER_ASSERTION].map(|token| token.rsplit('.').next().map(str::to_owned));
        let given = given.into_iter().chain(lines).map(str::to_owned);
        given
            .chain(signatures.into_iter().flatten())
            .chain([STANDARD.encode(CACHE_KEY)])
            .collect()
    }

    /// What the service answers, for each proof of an application and of a user.
    fn add_services(&mut self) {
        for (kind, fault) in [
            ("MalformedResponse", "body=echo"),
            ("ServiceUnavailable", "status=503,body=echo"),
            ("Throttled", "status=429,body=echo"),
            ("ConnectionFailed", "reset"),
            ("RequestTimeout", "delay-ms=600000"),
            ("ServiceRejected", "error=AADSTS700016"),
            ("ClientCredentialRejected", "error=AADSTS7000215"),
            ("UserCredentialRejected", "error=AADSTS50126"),
            ("InteractionRequired", "error=AADSTS50076,claims=present"),
        ] {
            let emulator = Emulator::with_faults(&[&format!("{fault},times=all")]);
            let redis = self.file("redis password", REDIS_PASSWORD);
            let key = self.file("cache key", &STANDARD.encode(CACHE_KEY));
            let more = [
                ("--authority", &*emulator.authority()),
                ("--redis", "redis://app@127.0.0.1:1"),
                ("--redis-password-file", &redis),
                ("--cache-key-file", &key),
            ];
            // A call that ends by its time limit takes that time.
            let proofs = if kind == "RequestTimeout" { 1 } else { usize::MAX };
            for proof in self.proofs().into_iter().take(proofs) {
                self.add(kind, proof, &more);
            }
            self.emulators.push(emulator);
        }
    }

    /// What is between here and the service.
    fn add_networks(&mut self) {
        let emulator = Emulator::with_tls(&self.folder.path("ca.pem"));
        let service = [
            ("--authority", &*emulator.authority()),
            ("--ca-file", &*self.folder.argument("ca.pem")),
        ];
        let stranger = [service[0], ("--ca-file", &STRANGER.certificate())];
        let login = format!("http://app:{}@", percent_encoded(PROXY_PASSWORD));
        let (refusing, absent) = (
            format!("{login}{}", echoing_proxy::start()),
            format!("{login}127.0.0.1:1"),
        );
        for proof in self.proofs() {
            self.add("TlsFailed", proof, &stranger);
        }
        let socks = login.replace("http:", "socks5:") + "127.0.0.1";
        for proxy in [&refusing, &absent, &socks] {
            self.add(
                "ProxyFailed",
                self.secret(),
                &[service[0], service[1], ("--proxy", proxy)],
            );
        }
        self.emulators.push(emulator);
    }

    /// What is not even sent.
    fn add_arguments(&mut self) {
        let here = ("--authority", "http://127.0.0.1:1/contoso.onmicrosoft.com");
        for proxy in [
            format!("http://app:{PROXY_PASSWORD}@127.0.0.1:1"),
            format!("app:{PROXY_PASSWORD}@127.0.0.1"),
            format!("http://app:{}@127.0.0.1:66000", percent_encoded(PROXY_PASSWORD)),
        ] {
            self.add("InvalidArgument", self.secret(), &[here, ("--proxy", &proxy)]);
        }
        let cut = self.folder.write("cut assertion", assertion().replace('.', "\n"));
        self.add("InvalidArgument", vec![("--client-assertion-file", cut)], &[here]);
        for authority in [
            format!("https://app:{}@127.0.0.1/{TENANT}", percent_encoded(USER_PASSWORD)),
            format!("app:{USER_PASSWORD}@{TENANT}"),
        ] {
            self.add("InvalidAuthority", self.secret(), &[("--authority", &authority)]);
        }
        let proxy = format!("http://app:{}@127.0.0.1:1", percent_encoded(PROXY_PASSWORD));
        self.add("CredentialMissing", Vec::new(), &[here, ("--proxy", &proxy)]);
    }

    fn add_certificates(&mut self) {
        let here = ("--authority", "http://127.0.0.1:1/contoso.onmicrosoft.com");
        let password = self.file("file password", FILE_PASSWORD);
        let password = ("--certificate-password-file", &*password);
        let key = REGISTERED.read("key.pem");
        let cut = self.file("cut.pem", &key[..key.len() / 2].replace('\n', " "));
        let labelled = self.file("labelled.pem", &format!("-----BEGIN {}-----\nAAAA\n", &key[100..160]));
        let other = Folder::new();
        let pfx = fs::read(REGISTERED.pfx(&other, "another password")).expect("openssl wrote it");
        let pfx = self.folder.write("other.pfx", pfx);
        let elliptic = KeyPair::generate(&["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
        let elliptic = self.file("elliptic.pem", &elliptic.read("both.pem"));
        let (certificate, stranger) = (REGISTERED.certificate(), STRANGER.key());
        let absent = self.folder.argument("absent.pem");
        for (kind, certificate, key) in [
            ("CertificateNotFound", &absent, None),
            ("CertificateUnreadable", &certificate, Some(&labelled)),
            ("CertificateUnreadable", &labelled, None),
            ("CertificateUnreadable", &certificate, Some(&cut)),
            ("CertificatePasswordIncorrect", &pfx, None),
            ("PrivateKeyMissing", &certificate, None),
            ("PrivateKeyMismatch", &certificate, Some(&stranger)),
            ("PrivateKeyUnsupported", &elliptic, None),
        ] {
            let mut options = vec![here, ("--certificate", certificate), password];
            options.extend(key.map(|key| ("--private-key", key.as_str())));
            self.add(kind, Vec::new(), &options);
        }
    }

    /// Windows has keys of devices in its certificate store.
    fn add_devices(&mut self) {
        let here = ("--authority", "http://127.0.0.1:1/contoso.onmicrosoft.com");
        let (module, pin) = (self.file("module.so", CLIENT_SECRET), self.file("pin", PIN));
        let with_pin = format!("pkcs11:token=app;pin-value={}", percent_encoded(PIN));
        for (kind, uri) in [
            ("InvalidArgument", &*with_pin),
            ("CertificateNotFound", "pkcs11:token=app"),
        ] {
            let device = [
                here,
                ("--pkcs11-module", &*module),
                ("--pkcs11-uri", uri),
                ("--pkcs11-pin-file", &pin),
            ];
            self.add(kind, Vec::new(), &device);
        }
    }

    fn add_caches(&mut self) {
        let key = self.file("cache key", &STANDARD.encode(CACHE_KEY));
        let folder = self.folder.argument("caches");
        fs::create_dir(&folder).expect("the folder can be written");
        // In plain text, where one that is encrypted is expected.
        let content = json!({ "AccessToken": { "secret": self.secrets() } }).to_string();
        fs::write(self.folder.path("caches/damaged.json"), &content).expect("the folder can be written");
        let in_folder = [
            ("--token-cache", "damaged"),
            ("--token-cache-folder", &*folder),
            ("--cache-key-file", &key),
        ];
        self.add_for_cache("CacheUnreadable", Action::ReadCache, &in_folder);
    }

    /// A folder in place of a lock file, which looks locked to Windows.
    fn add_locked_cache(&mut self) {
        let folder = self.folder.argument("locked");
        fs::create_dir_all(self.folder.path("locked/other.json.lockfile")).expect("the folder can be written");
        let content = json!({ "AccessToken": { "secret": self.secrets() } }).to_string();
        fs::write(self.folder.path("locked/other.json"), content).expect("the folder can be written");
        let key = self.file("cache key", &STANDARD.encode(CACHE_KEY));
        let options = [
            ("--token-cache", "other"),
            ("--token-cache-folder", &*folder),
            ("--cache-key-file", &key),
        ];
        self.add_for_cache("CacheUnwritable", Action::ClearCache, &options);
    }

    /// A folder that other users may write.
    fn add_open_cache(&mut self) {
        let folder = self.folder.argument("open");
        fs::create_dir(&folder).expect("the folder can be written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("the folder is ours");
        }
        let options = [
            ("--token-cache", "plain"),
            ("--token-cache-folder", &*folder),
            ("--token-cache-protection", "none"),
        ];
        self.add_for_cache("CacheProtectionUnavailable", Action::ReadCache, &options);
    }

    fn add(&mut self, kind: &'static str, mut options: Options, more: &[(&'static str, &str)]) {
        options.extend(owned(more));
        options.extend(owned(&[
            ("--client-id", CONFIDENTIAL),
            ("--timeout", "1"),
            ("--retries", "0"),
        ]));
        self.push(kind, Action::Get, options);
    }

    fn add_for_cache(&mut self, kind: &'static str, action: Action, options: &[(&'static str, &str)]) {
        self.push(kind, action, owned(options).collect());
    }

    fn push(&mut self, kind: &'static str, action: Action, options: Options) {
        self.calls.push(FailingCall { kind, action, options });
    }

    /// Options with each proof of an application, and with each proof of a user.
    fn proofs(&self) -> Vec<Options> {
        let (pfx, password) = (self.pfx.clone(), self.file("file password", FILE_PASSWORD));
        let mut user = self.secret();
        user.push(("--username", USER.to_owned()));
        user.push(("--password-file", self.file("user password", USER_PASSWORD)));
        let mut refresh = self.secret();
        refresh.push(("--refresh-token-file", self.file("refresh token", REFRESH_TOKEN)));
        let mut on_behalf = self.secret();
        on_behalf.push(("--user-assertion-file", self.file("user assertion", USER_ASSERTION)));
        vec![
            self.secret(),
            vec![("--certificate", pfx), ("--certificate-password-file", password)],
            vec![("--client-assertion-file", self.file("assertion", &assertion()))],
            user,
            refresh,
            on_behalf,
        ]
    }

    fn secret(&self) -> Options {
        vec![("--client-secret-file", self.file("client secret", CLIENT_SECRET))]
    }

    /// Writes a file, and returns its path.
    fn file(&self, name: &str, content: &str) -> String {
        self.folder.write(name, content)
    }
}

fn owned<'a>(options: &'a [(&'static str, &'a str)]) -> impl Iterator<Item = (&'static str, String)> + 'a {
    options.iter().map(|(name, value)| (*name, (*value).to_owned()))
}

/// A client assertion of somebody else.
fn assertion() -> String {
    let part = |content: &[u8]| URL_SAFE_NO_PAD.encode(content);
    let claims = br#"{"aud":"https://login.microsoftonline.com","exp":1900000000}"#;
    [part(br#"{"alg":"PS256"}"#), part(claims), part(&SIGNATURE)].join(".")
}

/// As a part of a URL.
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    encoded.collect()
}
