//! A certificate in a store, and its description in messages.

use std::cmp::Reverse;
use std::time::SystemTime;

use crate::base::error::Error;
use crate::base::quote::quote;
use crate::base::short_list;
use crate::certificate::Certificate;

/// The most certificates that an error lists.
const LONGEST_LIST: usize = 10;

/// A certificate in a store.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) index: usize,
    pub(super) place: String,
    pub(super) certificate: Certificate,
    pub(super) has_private_key: bool,
}

impl Candidate {
    pub(super) fn name(&self) -> String {
        let thumbprint = self.certificate.thumbprint_sha1_hex();
        format!(
            "{} (thumbprint {thumbprint}, {})",
            quoted_subject(&self.certificate),
            self.place
        )
    }

    /// The entry in a list of certificates, with the reason why it cannot be used, if that is known.
    fn entry(&self, now: SystemTime) -> String {
        let validity = self.certificate.validity_problem(now);
        let validity = validity.unwrap_or_else(|| format!("valid until {}", self.certificate.not_after_text()));
        let key = if self.has_private_key {
            ""
        } else {
            ", without private key"
        };
        let thumbprint = self.certificate.thumbprint_sha1_hex();
        format!(
            "{} (thumbprint {thumbprint}, {}, {validity}{key})",
            quoted_subject(&self.certificate),
            self.place
        )
    }

    /// Why client assertions cannot be signed with a key of this kind or size.
    pub(super) fn key_problem(&self) -> Option<Error> {
        let error = self.certificate.signing_key().err()?;
        let cause = error.cause().trim_end_matches('.');
        Some(Error::new(
            error.status(),
            format!("{cause} (certificate {}).", self.name()),
            error.advice(),
        ))
    }

    /// The command that restores the link to the private key.
    pub(super) fn repair(&self) -> String {
        let user = if self.place.starts_with("CurrentUser") {
            "-user "
        } else {
            ""
        };
        format!(
            "certutil {user}-repairstore my {}",
            self.certificate.thumbprint_sha1_hex()
        )
    }
}

/// The end of a message that lists `candidates`: those with a private key first, and the newest first.
pub(super) fn list(candidates: &[&Candidate], now: SystemTime) -> String {
    if candidates.is_empty() {
        return String::new();
    }
    let mut sorted = candidates.to_vec();
    let key = |one: &&Candidate| Reverse((one.has_private_key, one.certificate.not_before(), Reverse(one.index)));
    short_list::sort(&mut sorted, |one, other| key(one) < key(other));
    let entries: Vec<String> = sorted.iter().take(LONGEST_LIST).map(|one| one.entry(now)).collect();
    let more = match sorted.len().saturating_sub(LONGEST_LIST) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!(" Candidates: {}{more}.", entries.join("; "))
}

fn quoted_subject(certificate: &Certificate) -> String {
    match certificate.subject() {
        "" => "without subject".to_owned(),
        subject => quote(subject, &[]),
    }
}
