//! Scopes: what a token is requested for (RFC 6749 section 3.3).

use std::sync::Arc;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::SCOPES;

/// The scopes that request an id token, a refresh token and the profile rather than a permission at the resource
/// ("Scopes and permissions in the Microsoft identity platform: OpenID Connect scopes").
pub const RESERVED: [&str; 3] = ["openid", "offline_access", "profile"];

/// A list of distinct scopes, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    list: Vec<String>,
    /// All scopes as one text, which the tokens issued for them share; `None` if the list is empty.
    text: Option<Arc<str>>,
}

impl Scopes {
    /// Parses scopes separated by white space. An empty text gives an empty list.
    pub fn parse(text: &str) -> Result<Self> {
        let mut scopes = Self::default();
        for scope in text.split_ascii_whitespace() {
            if let Some(bad) = scope.chars().find(|&c| !c.is_ascii_graphic() || c == '"' || c == '\\') {
                return Err(Error::new(
                    Status::InvalidArgument,
                    format!(
                        "A scope contains the character U+{:04X}, which is not allowed in scopes.",
                        u32::from(bad)
                    ),
                    format!(
                        "Check {SCOPES}. Write scopes such as https://graph.microsoft.com/.default or User.Read, separated by spaces."
                    ),
                ));
            }
            scopes.push(scope);
        }
        scopes.text = (!scopes.list.is_empty()).then(|| scopes.list.join(" ").into());
        Ok(scopes)
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The scopes separated by spaces; `None` if the list is empty.
    pub fn text(&self) -> Option<&Arc<str>> {
        self.text.as_ref()
    }

    /// The scopes.
    pub fn as_slice(&self) -> &[String] {
        &self.list
    }

    /// `first` and then these scopes, without duplicates, as the value of the `scope` field.
    pub fn joined_after(&self, first: &[&str]) -> String {
        let mut all = Self::default();
        for scope in first.iter().copied().chain(self.list.iter().map(String::as_str)) {
            all.push(scope);
        }
        all.list.join(" ")
    }

    /// A form that does not depend on order or letter case, for cache keys.
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
    fn repeated_scopes_are_requested_once_and_order_is_kept() {
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
    fn characters_outside_the_grammar_are_refused() {
        for text in ["User.Read\u{200e}", "a\"b", "a\\b", "\u{fc}"] {
            assert_eq!(Scopes::parse(text).unwrap_err().status(), Status::InvalidArgument);
        }
    }
}
