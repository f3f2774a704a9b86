//! No secret in any output but the one that was asked for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::program::Outcome;

use crate::call::Call;
use crate::failure_tests::FAULTS;

/// In one of these forms a secret would be seen.
fn forms(secret: &str) -> Vec<String> {
    let percent = |encode_space: &str| {
        let encoded = secret.bytes().map(|byte| match byte {
            b' ' => encode_space.to_owned(),
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        });
        encoded.collect::<String>()
    };
    vec![secret.to_owned(), percent("+"), percent("%20"), STANDARD.encode(secret)]
}

/// What must not be seen: the secrets, the lines of the key, and the beginning of every JWT.
struct Hidden(Vec<String>);

impl Hidden {
    fn new(refresh_token: &str) -> Self {
        let key = REGISTERED.read("key.pem");
        let key_lines = key.lines().filter(|line| !line.starts_with('-')).map(str::to_owned);
        let secrets = [SECRET, PASSWORD, refresh_token].into_iter().flat_map(forms);
        Self(secrets.chain(key_lines).chain(["eyJ".to_owned()]).collect())
    }

    fn assert_absent(&self, text: &str, context: &str) {
        for secret in &self.0 {
            assert!(!text.contains(secret), "{context}: {secret:?} is in {text}");
        }
    }
}

/// One call for each way of proving an application and a user.
fn calls(emulator: &Emulator, folder: &Folder, refresh_token: &str) -> Vec<Call> {
    let authority = emulator.authority();
    let client = ["assertion", "--authority", &authority, "--client-id", CONFIDENTIAL];
    let assertion = Call::new(&client).and(&["--certificate", &REGISTERED.both()]).succeed();
    let confidential = || Call::get(emulator, CONFIDENTIAL);
    vec![
        Call::with_certificate(emulator).and(&["--send-certificate-chain", "--algorithm", "RS256"]),
        confidential()
            .and_secret("--client-secret-file", folder, SECRET)
            .and(&["--username", USER])
            .and_secret("--password-file", folder, PASSWORD),
        confidential().and_secret("--client-assertion-file", folder, &assertion),
        Call::get(emulator, PUBLIC).and_secret("--refresh-token-file", folder, refresh_token),
    ]
}

fn refresh_token(emulator: &Emulator, folder: &Folder) -> String {
    let password = folder.write("password", PASSWORD);
    let answer = Call::with_password(emulator, &password).succeed_json();
    answer["refresh_token"]
        .as_str()
        .expect("users get a refresh token")
        .to_owned()
}

#[test]
fn no_error_shows_a_secret() {
    let folder = Folder::new();
    for (fault, code, _) in FAULTS {
        // The request for the refresh token comes first and meets a fault that changes nothing.
        let emulator = Emulator::with_faults(&["delay-ms=0", &format!("{fault},times=all")]);
        let token = refresh_token(&emulator, &folder);
        let hidden = Hidden::new(&token);
        for (number, call) in calls(&emulator, &folder, &token).into_iter().enumerate() {
            let format = if number % 2 == 0 {
                &["--verbose", "--timeout", "1"][..]
            } else {
                &["--verbose", "--timeout", "1", "--json"]
            };
            let outcome = call.and(format).run();
            assert_eq!(outcome.code, Some(code), "{fault}: {outcome:?}");
            assert!(outcome.stderr.contains("debug: asking"), "{fault}: {outcome:?}");
            assert_eq!(outcome.stdout, "", "{fault}");
            hidden.assert_absent(&outcome.stderr, fault);
        }
    }
}

#[test]
fn success_shows_no_secret_but_the_token() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let token = refresh_token(&emulator, &folder);
    let hidden = Hidden::new(&token);
    for call in calls(&emulator, &folder, &token) {
        let Outcome { code, stdout, stderr } = call.and(&["--verbose"]).run();
        assert_eq!(code, Some(0), "{stderr}");
        hidden.assert_absent(&stderr, "success");
        for secret in hidden.0.iter().filter(|secret| *secret != "eyJ") {
            assert!(!stdout.contains(secret), "{secret:?} is in {stdout}");
        }
    }
}
