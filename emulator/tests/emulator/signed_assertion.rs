//! A client assertion under construction.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use test_support::answer::Answer;
use test_support::emulator::{CONFIDENTIAL, Emulator};
use test_support::key_pair::{KeyPair, PSS, Padding, REGISTERED};
use uuid::Uuid;

use crate::answer::TokenAnswer as _;
use crate::token_request::{GRAPH, TokenEndpoint as _};

pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A correct PS256 assertion for the v2 endpoint of an emulator, to be changed before it is signed.
pub struct SignedAssertion {
    pub header: Value,
    pub claims: Value,
    pub key: &'static KeyPair,
    pub padding: Padding,
}

impl SignedAssertion {
    pub fn new(emulator: &Emulator) -> Self {
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": REGISTERED.x5t_s256()});
        let claims = json!({
            "aud": emulator.endpoint(),
            "iss": CONFIDENTIAL,
            "sub": CONFIDENTIAL,
            "jti": Uuid::new_v4().to_string(),
            "nbf": now() - 60,
            "exp": now() + 600,
        });
        Self {
            header,
            claims,
            key: &REGISTERED,
            padding: PSS,
        }
    }

    /// The form of the hand-written scripts.
    pub fn rs256(emulator: &Emulator) -> Self {
        let header = json!({"alg": "RS256", "typ": "JWT", "x5t": REGISTERED.x5t()});
        Self {
            header,
            padding: Padding::Pkcs1,
            ..Self::new(emulator)
        }
    }

    pub fn with_header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    pub fn with_claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims[name] = value.into();
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        for part in [&mut self.header, &mut self.claims] {
            part.as_object_mut()
                .expect("header and claims are objects")
                .remove(name);
        }
        self
    }

    pub fn signed_by(mut self, key: &'static KeyPair) -> Self {
        self.key = key;
        self
    }

    pub fn padded(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }

    pub fn text(&self) -> String {
        let encode = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", encode(&self.header), encode(&self.claims));
        let signature = self.key.sign(self.padding, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Asks for a token with it.
    pub fn post(&self, emulator: &Emulator) -> Answer {
        emulator.post(&with_assertion(&self.text()))
    }
}

/// A request of the confidential client with an assertion.
pub fn with_assertion(assertion: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", CONFIDENTIAL),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
        ("scope", GRAPH),
        ("grant_type", "client_credentials"),
    ]
}

/// A name for the case, an assertion, and the AADSTS code and a part of the text that it must be refused with.
pub type Wrong = (&'static str, SignedAssertion, u32, &'static str);

pub fn assert_refused(emulator: &Emulator, wrong: Vec<Wrong>) {
    for (case, assertion, code, part) in wrong {
        let (status, error) = if code == 5_002_730 {
            (400, "invalid_request")
        } else {
            (401, "invalid_client")
        };
        assertion.post(emulator).assert_refused(case, status, error, code, part);
    }
}

pub fn now() -> i64 {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock is after 1970");
    i64::try_from(since_epoch.as_secs()).expect("the clock is before the year 292 billion")
}
