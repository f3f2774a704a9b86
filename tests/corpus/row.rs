//! A row of the table: a file, its description, and the expected result of loading it.

use std::fs;
use std::sync::{LazyLock, OnceLock};
use std::time::SystemTime;

use graphtoken::base::algorithm::SignatureAlgorithm;
use graphtoken::base::error::Error;
use graphtoken::base::secret::Secret;
use graphtoken::certificate::signing::SigningCertificate;

use crate::folder;

pub struct Row {
    pub file: String,
    /// The second file, with the private key.
    pub key: Option<String>,
    pub format: String,
    pub writer: String,
    pub protection: String,
    pub password: Password,
    /// The expected [`Row::outcome`].
    pub result: String,
    subject: String,
    outcome: OnceLock<String>,
}

pub enum Password {
    /// Nothing in the file is protected.
    Irrelevant,
    /// The file is protected with the empty password, or with none at all.
    Empty,
    Text(String),
}

impl Row {
    /// All rows of the table, read once.
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Row>> = LazyLock::new(|| {
            let table = fs::read_to_string(folder().join("table.tsv")).unwrap();
            table.lines().skip(1).map(Row::read).collect()
        });
        &ALL
    }

    fn read(line: &str) -> Self {
        let cells: Vec<&str> = line.split('\t').collect();
        let [file, key, format, writer, protection, password, result, subject] = cells[..] else {
            panic!("not a row: {line}");
        };
        Self {
            file: file.to_owned(),
            key: (key != "-").then(|| key.to_owned()),
            format: format.to_owned(),
            writer: writer.to_owned(),
            protection: protection.to_owned(),
            password: match password {
                "-" => Password::Irrelevant,
                "\"\"" => Password::Empty,
                text => Password::Text(text.to_owned()),
            },
            result: if result.starts_with("signs") {
                result.to_owned()
            } else {
                format!("`{result}`")
            },
            subject: subject.to_owned(),
            outcome: OnceLock::new(),
        }
    }

    pub fn name(&self) -> String {
        self.key
            .as_ref()
            .map_or_else(|| self.file.clone(), |key| format!("{} {key}", self.file))
    }

    /// Whether the file should load and sign.
    pub fn signs(&self) -> bool {
        self.result.starts_with("signs")
    }

    pub fn load(&self, password: Option<&str>) -> Result<SigningCertificate, Error> {
        let secret = password.map(|text| Secret::copy_of(text.as_bytes()));
        let key = self.key.as_ref().map(|key| folder().join(key));
        SigningCertificate::from_files(&folder().join(&self.file), key.as_deref(), secret.as_ref())
    }

    /// The result of loading the file with its password: `signs`, `signs, with a warning`, or the kind of the error.
    pub fn outcome(&self) -> &str {
        self.outcome.get_or_init(|| match self.load(self.password.text()) {
            Ok(certificate) => self.check(&certificate),
            Err(error) => format!("`{}`", error.status().name()),
        })
    }

    fn check(&self, loaded: &SigningCertificate) -> String {
        const INPUT: &[u8] = b"eyJhbGciOiJQUzI1NiJ9.e30";
        let certificate = loaded.certificate();
        if certificate.subject() != self.subject {
            return format!("the certificate of {}", certificate.subject());
        }
        for algorithm in [SignatureAlgorithm::Ps256, SignatureAlgorithm::Rs256] {
            let signature = loaded.sign(algorithm, INPUT).unwrap();
            assert!(certificate.verify(algorithm, INPUT, &signature), "{}", self.name());
        }
        match certificate.validity_warning(SystemTime::now()) {
            None => "signs".to_owned(),
            Some(_) => "signs, with a warning".to_owned(),
        }
    }
}

impl Password {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Irrelevant => None,
            Self::Empty => Some(""),
            Self::Text(text) => Some(text),
        }
    }

    /// The kind of password, for the document.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Irrelevant => "none",
            Self::Empty => "empty",
            Self::Text(text) if text.is_ascii() => "ASCII",
            Self::Text(text) if text.chars().all(|c| u16::try_from(u32::from(c)).is_ok()) => "not ASCII",
            Self::Text(_) => "with an emoji",
        }
    }
}
