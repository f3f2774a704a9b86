//! The search for a certificate in the stores of an operating system, by thumbprint or by subject.
//!
//! This is the part that all systems have in common: which certificate is chosen, and the errors. The code that reads
//! the stores of a system calls
//!
//! 1. [`CertificateSearch::add`] for every certificate, beginning with the user's own store,
//! 2. [`CertificateSearch::searched`] for every store, including those that could not be opened,
//! 3. [`CertificateSearch::choose`], and then opens the private key of the chosen certificate,
//! 4. [`CertificateSearch::key_refused`] for the error if the operating system refuses access to the key.

use std::cmp::Reverse;
use std::time::SystemTime;

use crate::base::error::{Error, Result, Status};
use crate::base::invisible::without_invisible;
use crate::base::parameter::{SUBJECT_NAME, THUMBPRINT};
use crate::base::pasted::without_pairs_of_marks;
use crate::base::quote::quote;
use crate::base::shown_path::is_file_content;
use crate::certificate::Certificate;
use crate::certificate::distinguished_name::DistinguishedName;
use crate::certificate::store::candidate::{Candidate, list};
use crate::certificate::store::path::{MACHINE_STORE, StorePath, USER_STORE};
use crate::certificate::thumbprint::Thumbprint;

/// A search for one certificate.
#[derive(Debug)]
pub struct CertificateSearch {
    wanted: Wanted,
    /// The only store whose certificates count, if one was named.
    store: Option<&'static str>,
    places: Vec<Place>,
    candidates: Vec<Candidate>,
    /// How many certificates were added, including those that could not be read.
    added: usize,
}

/// The criterion of the search.
#[derive(Debug)]
enum Wanted {
    Thumbprint(Thumbprint),
    Subject {
        text: String,
        /// `None` if the text is not a distinguished name, but a common name.
        name: Option<DistinguishedName>,
    },
}

/// A store, and the reason if it could not be searched.
#[derive(Debug)]
struct Place {
    name: String,
    problem: Option<String>,
}

impl CertificateSearch {
    /// Searches for the certificate with this thumbprint: SHA-1 (40 hexadecimal digits) or SHA-256 (64), in upper or
    /// lower case. Spaces, colons, dashes and invisible characters are ignored. A path of PowerShell's drive `Cert:`,
    /// such as `Cert:\CurrentUser\My\A1B2...`, names the store as well.
    ///
    /// It also finds an expired certificate, because a thumbprint denotes exactly one.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`]. The message shows what is left of the text without separators.
    pub fn by_thumbprint(text: &str) -> Result<Self> {
        match StorePath::of(text) {
            Some(path) => Self::in_store(&path?),
            None => Thumbprint::parse(text).map(|thumbprint| Self::of(Wanted::Thumbprint(thumbprint))),
        }
    }

    /// Searches for the certificate with this path of PowerShell's drive `Cert:`; `None` if `text` is not such a path.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for a store that is not searched, and for a path without a thumbprint.
    pub fn by_store_path(text: &str) -> Option<Result<Self>> {
        StorePath::of_drive(text).map(|path| Self::in_store(&path?))
    }

    fn in_store(path: &StorePath) -> Result<Self> {
        let thumbprint = Thumbprint::parse(&path.thumbprint)?;
        Ok(Self {
            store: Some(path.store),
            ..Self::of(Wanted::Thumbprint(thumbprint))
        })
    }

    /// Searches for the newest valid certificate with this subject: the whole distinguished name, or the common name
    /// (`App` or `CN=App`).
    ///
    /// Letter case, spaces and the order of the attributes do not matter: the name may have the notation of .NET,
    /// Windows, OpenSSL or RFC 4514.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] if the text is empty.
    pub fn by_subject_name(text: &str) -> Result<Self> {
        let text = without_invisible(text);
        let text = without_pairs_of_marks(&text);
        if text.is_empty() {
            return Err(Error::new(
                Status::InvalidArgument,
                "The subject name is empty.",
                format!(
                    "Set {SUBJECT_NAME} to the certificate's subject, such as CN=App, O=Contoso, or to its common name \
                     alone."
                ),
            ));
        }
        let (text, name) = (text.to_owned(), DistinguishedName::parse(text));
        Ok(Self::of(Wanted::Subject { text, name }))
    }

    fn of(wanted: Wanted) -> Self {
        Self {
            wanted,
            store: None,
            places: Vec::new(),
            candidates: Vec::new(),
            added: 0,
        }
    }

    /// Adds a certificate (DER) of the store `place`, such as `CurrentUser\My`. Returns its index: 0 for the first, 1
    /// for the second, and so on. A damaged certificate has an index, too, but is never chosen.
    pub fn add(&mut self, place: &str, der: Vec<u8>, has_private_key: bool) -> usize {
        let index = self.added;
        self.added += 1;
        if !self.includes(place) {
            return index;
        }
        if let Ok(certificate) = Certificate::from_der(der) {
            self.candidates.push(Candidate {
                index,
                place: place.to_owned(),
                certificate,
                has_private_key,
            });
        }
        index
    }

    /// Whether certificates of the store `place` count: all do, unless the search names another store.
    pub(crate) fn includes(&self, place: &str) -> bool {
        let is_other = |store: &str| store != place && [USER_STORE, MACHINE_STORE].contains(&place);
        !self.store.is_some_and(is_other)
    }

    /// Records that the store `place` was searched, or the `problem` that prevented it.
    pub fn searched(&mut self, place: &str, problem: Option<&str>) {
        if !self.includes(place) {
            return;
        }
        self.places.push(Place {
            name: place.to_owned(),
            problem: problem.map(|problem| quote(problem, &[]).trim_end_matches('.').to_owned()),
        });
    }

    /// The index of the certificate that matches.
    ///
    /// By thumbprint, a certificate with a private key is preferred to one without. By subject, it is the one that
    /// became valid last among those that are valid at `now` and can sign. Among equals, it is the first.
    ///
    /// # Errors
    /// The message names each store that was searched. [`Status::CertificateNotFound`], with a list of the available
    /// certificates; [`Status::PrivateKeyMissing`] if the certificate has no private key in the store;
    /// [`Status::PrivateKeyUnsupported`] if its key is not an RSA key of 2048 to 8192 bits.
    pub fn choose(&self, now: SystemTime) -> Result<usize> {
        let matching: Vec<&Candidate> = self.candidates.iter().filter(|one| self.wanted.is(one)).collect();
        let (valid, invalid): (Vec<&Candidate>, Vec<&Candidate>) = matching
            .into_iter()
            .partition(|one| !self.wanted.must_be_valid() || one.certificate.validity_problem(now).is_none());
        let with_key = || valid.iter().copied().filter(|one| one.has_private_key);
        let usable = with_key().filter(|one| one.key_problem().is_none());
        if let Some(newest) = usable.max_by_key(|one| (one.certificate.not_before(), Reverse(one.index))) {
            Ok(newest.index)
        } else if let Some(unsupported) = with_key().find_map(Candidate::key_problem) {
            Err(unsupported)
        } else if let Some(keyless) = valid.first() {
            Err(self.key_missing(keyless))
        } else {
            Err(self.not_found(&invalid, now))
        }
    }

    /// The error if the operating system refuses this account the private key of the certificate at `index`:
    /// [`Status::PrivateKeyInaccessible`] with the system's `reason`. For an unknown index it is
    /// [`Status::InvalidArgument`].
    pub fn key_refused(&self, index: usize, reason: &str) -> Error {
        let Some(refused) = self.candidates.iter().find(|one| one.index == index) else {
            return Error::new(
                Status::InvalidArgument,
                format!("The search has no certificate with the index {index}."),
                "Correct the calling program: it must pass the index that the search has chosen.",
            );
        };
        let reason = quote(reason, &[]);
        let reason = reason.trim_end_matches('.');
        Error::new(
            Status::PrivateKeyInaccessible,
            format!(
                "This account cannot use the private key of the certificate {}: {reason}.",
                refused.name()
            ),
            format!(
                "Give the account that runs this program, which may be a group managed service account, read access to \
                 the private key (in certlm.msc: All Tasks, Manage Private Keys). Keys of LocalMachine may also need \
                 an elevated process. If the certificate has lost its key, run {}.",
                refused.repair()
            ),
        )
    }

    fn key_missing(&self, keyless: &Candidate) -> Error {
        Error::new(
            Status::PrivateKeyMissing,
            format!(
                "The certificate {} has no private key in its store (searched: {}).",
                keyless.name(),
                self.places()
            ),
            format!(
                "Import the PFX file with the private key for the account that runs this program; a .cer file contains \
                 no private key. If the key is on this Windows machine, but the certificate has lost its link to it, \
                 run {}.",
                keyless.repair()
            ),
        )
    }

    fn not_found(&self, invalid: &[&Candidate], now: SystemTime) -> Error {
        let wanted = match &self.wanted {
            Wanted::Thumbprint(thumbprint) => format!("the thumbprint {thumbprint}"),
            Wanted::Subject { text, .. } if is_file_content(text) => "the subject".to_owned(),
            Wanted::Subject { text, .. } => format!("the subject {}", quote(text, &[])),
        };
        let others: Vec<&Candidate> = self.candidates.iter().collect();
        let (problem, listed, hint) = if invalid.is_empty() {
            ("No certificate has", list(&others, now), INSTALL_HINT.to_owned())
        } else {
            ("No valid certificate has", list(invalid, now), renew_hint())
        };
        let message = format!("{problem} {wanted} (searched: {}).{listed}", self.places());
        Error::new(Status::CertificateNotFound, message, hint)
    }

    /// Each store, with the number of its certificates, or the reason why it was not searched.
    fn places(&self) -> String {
        if self.places.is_empty() {
            return "nothing".to_owned();
        }
        let places = self.places.iter().map(|place| {
            let count = self.candidates.iter().filter(|one| one.place == place.name).count();
            match (&place.problem, count) {
                (Some(problem), _) => format!("{}: {problem}", place.name),
                (None, 1) => format!("{}: 1 certificate", place.name),
                (None, count) => format!("{}: {count} certificates", place.name),
            }
        });
        places.collect::<Vec<String>>().join("; ")
    }
}

const INSTALL_HINT: &str = "Import the certificate with its private key for the account that runs this program: a \
                            service or a scheduled task does not see CurrentUser\\My of the user who set it up.";

fn renew_hint() -> String {
    format!(
        "Renew the certificate and register the new one with the application, or use {THUMBPRINT} to select one of the \
         candidates."
    )
}

impl Wanted {
    fn is(&self, candidate: &Candidate) -> bool {
        let certificate = &candidate.certificate;
        match self {
            Self::Thumbprint(thumbprint) => thumbprint.is_of(certificate),
            Self::Subject { text, name } => {
                let Some(subject) = DistinguishedName::from_der(certificate.subject_der()) else {
                    return false;
                };
                let common_name = name
                    .as_ref()
                    .map_or(Some(text.as_str()), DistinguishedName::only_common_name);
                name.as_ref() == Some(&subject) || common_name.is_some_and(|name| subject.has_common_name(name))
            }
        }
    }

    fn must_be_valid(&self) -> bool {
        matches!(self, Self::Subject { .. })
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use der::Encode;
    use x509_cert::name::Name;

    use super::*;
    use crate::base::clock::from_unix_seconds;

    const USER: &str = "CurrentUser\\My";
    const MACHINE: &str = "LocalMachine\\My";

    /// 2026-07-01T00:00:00Z.
    fn now() -> SystemTime {
        from_unix_seconds(1_782_864_000)
    }

    /// Both stores, each with certificates: subject, first and last year of validity, whether there is a private key.
    fn search(wanted: Result<CertificateSearch>, user: &[Entry<'_>], machine: &[Entry<'_>]) -> CertificateSearch {
        let mut search = wanted.unwrap();
        for (place, entries) in [(USER, user), (MACHINE, machine)] {
            for &(subject, first, last, has_key) in entries {
                search.add(place, certificate(subject, first, last, &RSA), has_key);
            }
            search.searched(place, None);
        }
        search
    }

    type Entry<'a> = (&'a str, u8, u8, bool);

    fn subject(text: &str) -> Result<CertificateSearch> {
        CertificateSearch::by_subject_name(text)
    }

    fn thumbprint_of(subject: &str, first: u8, last: u8) -> String {
        let certificate = Certificate::from_der(certificate(subject, first, last, &RSA)).unwrap();
        certificate.thumbprint_sha1_hex()
    }

    #[test]
    fn a_thumbprint_finds_its_certificate_in_either_store() {
        let machine = [("CN=b", 25, 27, true), ("CN=c", 25, 27, true)];
        let wanted = CertificateSearch::by_thumbprint(&thumbprint_of("CN=c", 25, 27).to_lowercase());
        assert_eq!(
            search(wanted, &[("CN=a", 25, 27, true)], &machine)
                .choose(now())
                .unwrap(),
            2
        );

        let der = certificate("CN=c", 25, 27, &RSA);
        let sha256 = Certificate::from_der(der).unwrap().thumbprint_sha256_hex();
        let wanted = CertificateSearch::by_thumbprint(&sha256);
        assert_eq!(search(wanted, &[], &machine).choose(now()).unwrap(), 1);
    }

    #[test]
    fn a_path_finds_its_certificate_in_its_store_only() {
        let entry = [("CN=a", 25, 27, true)];
        let thumbprint = thumbprint_of("CN=a", 25, 27);
        for (store, index) in [("CurrentUser", 0), ("LocalMachine", 1)] {
            let path = format!("Cert:\\{store}\\My\\{thumbprint}");
            let by_path = CertificateSearch::by_store_path(&path).unwrap();
            assert_eq!(search(by_path, &entry, &entry).choose(now()).unwrap(), index);
            let by_thumbprint = CertificateSearch::by_thumbprint(&path);
            assert_eq!(search(by_thumbprint, &entry, &entry).choose(now()).unwrap(), index);
        }
        let path = format!("cert:/LocalMachine/My/{thumbprint}");
        let error = search(CertificateSearch::by_thumbprint(&path), &entry, &[]).choose(now());
        assert_eq!(
            error.unwrap_err().message(),
            format!("No certificate has the thumbprint {thumbprint} (searched: LocalMachine\\My: 0 certificates).")
        );
        assert!(CertificateSearch::by_store_path(&thumbprint).is_none());
    }

    #[test]
    fn a_key_in_place_of_a_subject_is_not_shown() {
        let key = format!(
            "-----BEGIN PRIVATE KEY----- {} -----END PRIVATE KEY-----",
            "MIIE//".repeat(40)
        );
        let error = search(subject(&key), &[], &[]).choose(now()).unwrap_err();
        assert!(
            error
                .message()
                .starts_with("No certificate has the subject (searched: "),
            "{error}"
        );
    }

    #[test]
    fn a_thumbprint_finds_expired_certificates_and_prefers_those_with_a_key() {
        let expired = ("CN=a", 20, 21, true);
        let keyless = ("CN=a", 20, 21, false);
        let wanted = || CertificateSearch::by_thumbprint(&thumbprint_of("CN=a", 20, 21));
        assert_eq!(search(wanted(), &[expired], &[]).choose(now()).unwrap(), 0);
        assert_eq!(search(wanted(), &[keyless], &[expired]).choose(now()).unwrap(), 1);
        assert_eq!(search(wanted(), &[expired], &[expired]).choose(now()).unwrap(), 0);

        let error = search(wanted(), &[keyless], &[]).choose(now()).unwrap_err();
        assert_eq!(error.status(), Status::PrivateKeyMissing);
        let thumbprint = thumbprint_of("CN=a", 20, 21);
        assert_eq!(
            error.message(),
            format!(
                "The certificate CN=a (thumbprint {thumbprint}, CurrentUser\\My) has no private key in its \
                 store (searched: CurrentUser\\My: 1 certificate; LocalMachine\\My: 0 certificates)."
            )
        );
        let repair = format!("certutil -user -repairstore my {thumbprint}");
        assert!(error.hint().contains(&repair), "{}", error.hint());
    }

    #[test]
    fn an_unknown_thumbprint_lists_the_candidates() {
        let mut search = CertificateSearch::by_thumbprint(&"0".repeat(40)).unwrap();
        for year in 10..21 {
            search.add(USER, certificate("CN=old", year, year + 1, &RSA), true);
        }
        search.add(USER, certificate("CN=new", 25, 27, &RSA), true);
        search.add(USER, certificate("CN=Contoso Root", 25, 35, &RSA), false);
        search.add(USER, b"no certificate".to_vec(), true);
        search.searched(USER, None);
        search.searched(MACHINE, Some("Access is denied.\r\n"));
        let error = search.choose(now()).unwrap_err();
        assert_eq!(error.status(), Status::CertificateNotFound);
        let expected = format!(
            "No certificate has the thumbprint {} (searched: CurrentUser\\My: 13 certificates; LocalMachine\\My: \
             Access is denied). Candidates: CN=new (thumbprint {}, CurrentUser\\My, valid until \
             2027-01-01T00:00:00Z); CN=old (thumbprint {}, CurrentUser\\My, expired on 2021-01-01T00:00:00Z); ",
            "0".repeat(40),
            thumbprint_of("CN=new", 25, 27),
            thumbprint_of("CN=old", 20, 21),
        );
        assert!(error.message().starts_with(&expected), "{error}");
        assert!(error.message().ends_with("; and 3 more."), "{error}");
        assert!(error.hint().contains("scheduled task"), "{}", error.hint());
    }

    #[test]
    fn empty_stores_have_no_candidates() {
        let error = search(subject("App"), &[], &[]).choose(now()).unwrap_err();
        assert_eq!(error.status(), Status::CertificateNotFound);
        assert_eq!(
            error.message(),
            "No certificate has the subject App (searched: CurrentUser\\My: 0 certificates; LocalMachine\\My: 0 \
             certificates)."
        );
    }

    #[test]
    fn a_subject_finds_the_newest_valid_certificate_with_a_key() {
        let user = [
            ("CN=App,O=Contoso", 24, 28, true),
            ("CN=App,O=Contoso", 26, 27, true),
            ("CN=App,O=Contoso", 27, 29, true),
            ("CN=App,O=Contoso", 20, 26, true),
            ("CN=App 2,O=Contoso", 26, 28, true),
        ];
        let machine = [("CN=App,O=Contoso", 26, 28, false), ("CN=App,O=Contoso", 26, 27, true)];
        for text in ["App", "cn=app", "O=\"Contoso\"; CN=App", "CN=App, O=Contoso\u{200e}"] {
            assert_eq!(
                search(subject(text), &user, &machine).choose(now()).unwrap(),
                1,
                "{text}"
            );
        }
        assert_eq!(
            search(subject("CN=App 2,O=Contoso"), &user, &machine)
                .choose(now())
                .unwrap(),
            4
        );
        for other in ["CN=App,O=Fabrikam", "O=Contoso", "Ap", "CN=Ap"] {
            let error = search(subject(other), &user, &machine).choose(now()).unwrap_err();
            assert_eq!(error.status(), Status::CertificateNotFound, "{other}");
        }
    }

    #[test]
    fn a_subject_of_expired_certificates_lists_them() {
        let user = [
            ("CN=App", 20, 21, true),
            ("CN=App", 27, 28, true),
            ("CN=Other", 25, 28, true),
        ];
        let error = search(subject("App"), &user, &[]).choose(now()).unwrap_err();
        assert_eq!(error.status(), Status::CertificateNotFound);
        assert!(
            error.message().starts_with("No valid certificate has the subject App "),
            "{error}"
        );
        for reason in [
            "expired on 2021-01-01T00:00:00Z",
            "is not valid before 2027-01-01T00:00:00Z",
        ] {
            assert!(error.message().contains(reason), "{error}");
        }
        assert!(!error.message().contains("CN=Other"), "{error}");
    }

    #[test]
    fn a_subject_of_certificates_without_a_key_is_an_error() {
        let user = [("CN=App", 25, 28, false), ("CN=App", 20, 21, true)];
        let error = search(subject("App"), &user, &[]).choose(now()).unwrap_err();
        assert_eq!(error.status(), Status::PrivateKeyMissing);
    }

    #[test]
    fn certificates_whose_keys_cannot_sign_are_not_chosen() {
        let mut search = subject("App").unwrap();
        search.add(USER, certificate("CN=App", 26, 28, &EC), true);
        search.searched(USER, None);
        let error = search.choose(now()).unwrap_err();
        assert_eq!(error.status(), Status::PrivateKeyUnsupported);
        assert!(error.message().contains("elliptic-curve key"), "{error}");
        assert!(error.message().contains("(certificate CN=App (thumbprint "), "{error}");

        search.add(MACHINE, certificate("CN=App", 25, 27, &RSA), true);
        assert_eq!(search.choose(now()).unwrap(), 1);
    }

    #[test]
    fn the_error_for_a_refused_key_says_what_helps() {
        let search = search(subject("App"), &[("CN=App", 25, 28, true)], &[("CN=App", 25, 28, true)]);
        let error = search.key_refused(1, "Keyset does not exist");
        assert_eq!(error.status(), Status::PrivateKeyInaccessible);
        let thumbprint = thumbprint_of("CN=App", 25, 28);
        assert_eq!(
            error.message(),
            format!(
                "This account cannot use the private key of the certificate CN=App (thumbprint {thumbprint}, \
                 LocalMachine\\My): Keyset does not exist."
            )
        );
        let repair = format!("certutil -repairstore my {thumbprint}");
        for help in [
            "group managed service account",
            "Manage Private Keys",
            "elevated",
            &repair,
        ] {
            assert!(error.hint().contains(help), "{}", error.hint());
        }
        assert_eq!(search.key_refused(2, "").status(), Status::InvalidArgument);
    }

    #[test]
    fn an_empty_criterion_is_refused() {
        for empty in ["", " \u{200e}\r\n"] {
            assert_eq!(subject(empty).unwrap_err().status(), Status::InvalidArgument);
            let error = CertificateSearch::by_thumbprint(empty).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
        }
    }

    /// `AlgorithmIdentifier` of rsaEncryption.
    const RSA: [u8; 15] = *b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    /// `AlgorithmIdentifier` of id-ecPublicKey on P-256.
    const EC: [u8; 21] = *b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";

    /// A certificate in DER without a signature, valid from the beginning of 20`first` to the beginning of 20`last`.
    fn certificate(subject: &str, first: u8, last: u8, key_algorithm: &[u8]) -> Vec<u8> {
        let name = Name::from_str(subject).unwrap().to_der().unwrap();
        let times = [first, last].map(|year| tlv(0x17, &[format!("{year}0101000000Z").as_bytes()]));
        let modulus = tlv(0x02, &[&[0], &[0xc1; 256]]);
        let key = tlv(0x30, &[&modulus, &tlv(0x02, &[&[1, 0, 1]])]);
        let facts = [
            tlv(0x02, &[&[1]]),
            RSA.to_vec(),
            name.clone(),
            tlv(0x30, &[&times[0], &times[1]]),
            name,
            tlv(0x30, &[key_algorithm, &tlv(0x03, &[&[0], &key])]),
        ];
        let facts: Vec<&[u8]> = facts.iter().map(Vec::as_slice).collect();
        tlv(0x30, &[&tlv(0x30, &facts), &RSA, &tlv(0x03, &[&[0]])])
    }

    /// A value in DER: tag, length and content.
    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        let length = match content.len() {
            0..128 => vec![low],
            128..256 => vec![0x81, low],
            _ => vec![0x82, high, low],
        };
        [&[tag], &length[..], &content].concat()
    }
}
