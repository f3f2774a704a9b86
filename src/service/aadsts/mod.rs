//! What to do about each AADSTS number, in one sentence for an administrator.

pub mod b2c;
mod source;
#[expect(
    clippy::unreadable_literal,
    reason = "a number is searched for as the service writes it"
)]
mod table;

pub use source::Source;
pub use table::{TABLE, VARIANTS};

use crate::base::error::Status;
use crate::base::parameter;

/// What is known about one AADSTS number.
#[derive(Clone, Copy, Debug)]
pub struct ServiceCode {
    /// The number after `AADSTS`.
    pub code: u32,
    /// The kind of error, where it differs from what the OAuth `error` implies.
    pub status: Option<Status>,
    /// Whether the refresh token, or the session behind it, has ended. A refresh-token grant then needs the user;
    /// what another grant needs is decided by `status` and by the OAuth `error`.
    pub ends_refresh_token: bool,
    hint: &'static str,
    /// Where its meaning is published.
    #[cfg(feature = "internals")]
    pub source: Source,
}

/// Another meaning of a number, which the text of the refusal tells. Only a hint follows the text, because Microsoft
/// may change it at any time.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The number after `AADSTS`.
    pub code: u32,
    /// Words that the service's text has only with this meaning.
    pub words: &'static str,
    hint: &'static str,
    /// Where this meaning is published.
    #[cfg(feature = "internals")]
    pub source: Source,
}

/// The entry for `code`, if there is one.
pub fn lookup(code: u32) -> Option<&'static ServiceCode> {
    TABLE
        .binary_search_by_key(&code, |entry| entry.code)
        .ok()
        .map(|index| &TABLE[index])
}

impl ServiceCode {
    /// What to do, whatever the text of the refusal.
    pub fn hint(&self) -> String {
        with_parameters(self.hint)
    }

    /// What to do about a refusal with this text.
    pub fn hint_for(&self, description: &str) -> String {
        VARIANTS
            .iter()
            .find(|variant| variant.code == self.code && description.contains(variant.words))
            .map_or_else(|| self.hint(), Variant::hint)
    }

    const fn new(code: u32, hint: &'static str, source: Source) -> Self {
        #[cfg(not(feature = "internals"))]
        let _ = source;
        Self {
            code,
            status: None,
            ends_refresh_token: false,
            hint,
            #[cfg(feature = "internals")]
            source,
        }
    }

    /// Only the user can help, in an interactive sign-in.
    const fn interaction(self) -> Self {
        Self {
            status: Some(Status::InteractionRequired),
            ..self
        }
    }

    /// The refresh token has ended. Other grants have other reasons for the same number.
    const fn refresh_token(self) -> Self {
        Self {
            ends_refresh_token: true,
            ..self
        }
    }

    /// The user's session has ended, and the refresh token with it.
    const fn session(self) -> Self {
        self.interaction().refresh_token()
    }
}

impl Variant {
    /// What to do.
    pub fn hint(&self) -> String {
        with_parameters(self.hint)
    }

    const fn new(code: u32, words: &'static str, hint: &'static str, source: Source) -> Self {
        #[cfg(not(feature = "internals"))]
        let _ = source;
        Self {
            code,
            words,
            hint,
            #[cfg(feature = "internals")]
            source,
        }
    }
}

/// `hint` with the parameters that it names in braces.
fn with_parameters(hint: &str) -> String {
    parameter::ALL.iter().fold(hint.to_owned(), |hint, parameter| {
        hint.replace(&format!("{{{}}}", parameter.id()), &parameter.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(VARIANTS.windows(2).all(|pair| pair[0].code <= pair[1].code));
    }

    #[test]
    fn every_hint_is_a_sentence_that_names_existing_parameters() {
        let hints = TABLE.iter().map(|entry| (entry.code, entry.hint()));
        let variants = VARIANTS.iter().map(|variant| (variant.code, variant.hint()));
        for (code, hint) in hints.chain(variants) {
            assert!(hint.ends_with('.') && hint.len() > 20, "{code}: {hint}");
            assert!(hint.starts_with(char::is_uppercase), "{code}: {hint}");
            assert!(!hint.contains(['{', '}']), "{code}: {hint}");
        }
    }

    #[test]
    fn the_numbers_that_administrators_meet_are_known() {
        for code in [
            700_016, 700_027, 7_000_215, 7_000_222, 700_024, 50126, 50076, 50079, 50034, 50057, 50053, 65001, 90002,
            900_023, 70011, 500_011, 9_002_313, 50158, 53003, 5_002_730, 1_002_012,
        ] {
            assert!(lookup(code).is_some(), "{code}");
        }
        assert!(lookup(1).is_none());
    }

    #[test]
    fn policies_federation_and_pass_through_are_known() {
        for code in [
            53000, 53001, 53002, 53003, 53004, 53005, 53009, 53010, 53011, 530_002, 530_003, 530_004, 530_021, 530_031,
            530_032, 530_033, 530_034, 530_035, 530_036, 70021, 70025, 700_211, 700_212, 700_213, 700_222, 700_223,
            700_229, 700_236, 700_238, 80001, 80002, 80003, 80004, 80005, 80007, 80010, 80011, 80012, 80013, 80014,
            500_208, 650_052, 90072, 135_011, 50097, 399_284,
        ] {
            assert!(lookup(code).is_some(), "{code}");
        }
    }

    #[test]
    fn a_refresh_token_that_is_gone_is_told() {
        let gone = |code| lookup(code).map(|entry| (entry.ends_refresh_token, entry.status));
        for code in [70000, 70008, 70043, 700_082, 700_084] {
            assert_eq!(gone(code), Some((true, None)), "{code}: the grant decides");
        }
        for code in [50132, 50133, 50173] {
            assert_eq!(gone(code), Some((true, Some(Status::InteractionRequired))), "{code}");
        }
        for code in [50126, 700_027, 50076] {
            assert!(gone(code).is_some_and(|(ended, _)| !ended), "{code}");
        }
    }

    #[test]
    fn the_text_of_a_refusal_chooses_among_meanings() {
        let hint = |code, description: &str| {
            lookup(code)
                .map(|entry| entry.hint_for(description))
                .unwrap_or_default()
        };
        for (code, description, expected) in [
            (
                700_027,
                "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on \
                 application. [Reason - The key was not found., Thumbprint of key used by client: 'AB'",
                "Upload this certificate",
            ),
            (
                700_027,
                "AADSTS700027: Client assertion contains an invalid signature. [Reason - The key was found, but use of \
                 the key to verify the signature failed., Thumbprint of key used by client: 'AB'",
                "another key",
            ),
            (
                700_027,
                "AADSTS700027: Client assertion contains an invalid signature. [Reason - The key used is expired., \
                 Thumbprint of key used by client: 'AB'",
                "Replace the certificate",
            ),
            (
                50053,
                "AADSTS50053: Sign-in was blocked because it came from an IP address with malicious activity.",
                "another IP address",
            ),
            (
                50053,
                "AADSTS50053: You've tried to sign in too many times with an incorrect user ID or password.",
                "Wait",
            ),
            (
                70002,
                "AADSTS70002: The request body must contain the following parameter: 'client_secret or \
                 client_assertion'.",
                "Pass a certificate or secret",
            ),
        ] {
            let hint = hint(code, description);
            assert!(hint.contains(expected), "{code}: {hint}");
        }
    }

    #[test]
    fn a_text_without_known_words_gets_the_plain_hint() {
        let entry = lookup(700_027).expect("known");
        assert_eq!(entry.hint_for("AADSTS700027: Something new."), entry.hint());
    }

    #[test]
    fn what_is_not_found_may_be_in_another_cloud() {
        for code in [50001, 500_011, 700_016, 90002, 900_023] {
            let hint = lookup(code).map(ServiceCode::hint).unwrap_or_default();
            assert!(hint.contains(&parameter::CLOUD.to_string()), "{code}: {hint}");
        }
    }
}
