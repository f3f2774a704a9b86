//! Scopes: what a token is asked for (RFC 6749 section 3.3).

use std::sync::Arc;

use crate::base::error::{Error, Result, Status};

/// The scopes that ask for an id token, a refresh token and the profile, and not for anything at the resource
/// ("Scopes and permissions in the Microsoft identity platform: OpenID Connect scopes").
pub const RESERVED: [&str; 3] = ["openid", "offline_access", "profile"];

/// A list of scopes without repetition, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    list: Vec<String>,
    /// All of them, so that every token that was asked for with them can share it; `None` when there is none.
    text: Option<Arc<str>>,
}

impl Scopes {
    /// Reads scopes separated by white space; an empty text gives an empty list.
    pub fn parse(text: &str) -> Result<Self> {
        let mut scopes = Self::default();
        for scope in text.split_ascii_whitespace() {
            if let Some(bad) = scope.chars().find(|&c| !c.is_ascii_graphic() || c == '"' || c == '\\') {
                return Err(Error::new(
                    Status::InvalidArgument,
                    format!(
                        "A scope contains the character U+{:04X}, which scopes cannot contain.",
                        u32::from(bad)
                    ),
                    "Scopes look like https://graph.microsoft.com/.default or User.Read, separated by spaces.",
                ));
            }
            scopes.push(scope);
        }
        scopes.text = (!scopes.list.is_empty()).then(|| scopes.list.join(" ").into());
        Ok(scopes)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The scopes separated by spaces; `None` when there is none.
    pub fn text(&self) -> Option<&Arc<str>> {
        self.text.as_ref()
    }

    /// The scopes, each once.
    pub fn as_slice(&self) -> &[String] {
        &self.list
    }

    /// These scopes after `first`, each once, as the `scope` field has them.
    pub fn joined_after(&self, first: &[&str]) -> String {
        let mut all = Self::default();
        for scope in first.iter().copied().chain(self.list.iter().map(String::as_str)) {
            all.push(scope);
        }
        all.list.join(" ")
    }

    /// The same for every order and letter case, for cache keys.
    pub fn canonical(&self) -> String {
        let mut scopes: Vec<String> = self.list.iter().map(|scope| scope.to_ascii_lowercase()).collect();
        scopes.sort_unstable();
        scopes.join(" ")
    }

    fn push(&mut self, scope: &str) {
        if !self.list.iter().any(|known| known.eq_ignore_ascii_case(scope)) {
            self.list.push(scope.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_scopes_are_asked_for_once_and_order_is_kept() {
        let scopes = Scopes::parse("  User.Read\tMail.Read user.read\n").unwrap();
        assert_eq!(scopes.as_slice(), ["User.Read", "Mail.Read"]);
        assert_eq!(
            scopes.joined_after(&["openid", "mail.read"]),
            "openid mail.read User.Read"
        );
    }

    #[test]
    fn the_canonical_form_ignores_order_and_case() {
        let one = Scopes::parse("User.Read Mail.Read").unwrap();
        let other = Scopes::parse("mail.read user.read").unwrap();
        assert_eq!(one.canonical(), other.canonical());
    }

    #[test]
    fn characters_outside_of_the_grammar_are_refused() {
        for text in ["User.Read\u{200e}", "a\"b", "a\\b", "\u{fc}"] {
            assert_eq!(Scopes::parse(text).unwrap_err().status(), Status::InvalidArgument);
        }
    }
}
