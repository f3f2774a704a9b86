//! What a server says when it refuses a command.

use crate::base::quote::quote;
use crate::base::secret::Secret;

/// The text of a refusal for a message, without `secrets` and without the arguments of the command, which servers
/// repeat. Of a text that still has a part of a secret, only the kind of the refusal remains, or nothing.
pub(super) fn shown(text: &str, secrets: &[&Secret]) -> String {
    let said = text.split(ARGUMENTS).next().unwrap_or_default();
    let kind = said.split(' ').next().unwrap_or_default();
    [said, kind]
        .into_iter()
        .map(|part| quote(part.trim_end_matches([',', ' ']), secrets))
        .find(|quoted| !secrets.iter().any(|secret| has_part(quoted, secret)))
        .unwrap_or_else(|| "***".to_owned())
}

/// What Redis writes before the arguments of a command that it does not know. It cuts them off after 128 characters, so
/// that a secret may be there in part.
const ARGUMENTS: &str = "with args beginning with";

/// The length in bytes from which on a part of a secret is one.
const PART: usize = 6;

fn has_part(text: &str, secret: &Secret) -> bool {
    let text = text.to_ascii_lowercase();
    let parts = secret.expose().windows(PART);
    parts.into_iter().any(|part| {
        let part = part.to_ascii_lowercase();
        text.as_bytes().windows(PART).any(|window| window == part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "correct horse battery";

    fn shown_text(text: &str) -> String {
        let [user, password] = ["application", PASSWORD].map(|text| Secret::copy_of(text.as_bytes()));
        shown(text, &[&user, &password])
    }

    #[test]
    fn a_refusal_is_told_without_the_arguments_of_the_command() {
        for (text, expected) in [
            (
                "WRONGPASS invalid username-password pair or user is disabled.",
                "WRONGPASS invalid username-password pair or user is disabled.",
            ),
            (
                "ERR unknown command 'AUTH', with args beginning with: 'application' 'correct horse battery' ",
                "ERR unknown command 'AUTH'",
            ),
            (
                "ERR unknown command `AUTH`, with args beginning with: `correct hor",
                "ERR unknown command `AUTH`",
            ),
        ] {
            assert_eq!(shown_text(text), expected);
        }
    }

    #[test]
    fn a_part_of_a_secret_is_not_told() {
        for (text, expected) in [
            ("ERR no: correct horse battery", "ERR no: ***"),
            ("ERR no: application", "ERR no: ***"),
            ("ERR no: 'correct ho'", "ERR"),
            ("ERR no: 'HORSE BATTERY'", "ERR"),
            ("ERR no: rse+battery", "ERR"),
            ("correct", "***"),
        ] {
            assert_eq!(shown_text(text), expected);
        }
    }
}
