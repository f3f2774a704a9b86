//! Scopes: what a token is requested for (RFC 6749 section 3.3).

use std::sync::Arc;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::SCOPES;
use crate::base::pasted::{unwrapped, without_guid_braces};
use crate::base::short_list;

/// The scopes that request an id token, a refresh token and the profile rather than a permission at the resource
/// ("Scopes and permissions in the Microsoft identity platform: OpenID Connect scopes").
pub const RESERVED: [&str; 3] = ["openid", "offline_access", "profile"];

/// How an authority is told what a token is for.
#[derive(Clone, Copy, Debug)]
pub struct ScopeTerms<'a> {
    /// What a request without scopes is for; empty if the authority decides.
    pub default_scope: &'a str,
    /// Whether the resource is a parameter of its own.
    pub separates_resource: bool,
    /// Whether accounts are identified by `client_info`.
    pub has_client_info: bool,
}

/// The first resource that `scope` names, and the scopes without it: `https://api.example/read` is the scope `read` of
/// the resource `https://api.example`, and `/.default` stands for no scope. `None` if no scope names a resource.
pub(super) fn separated(scope: &str) -> Option<(String, String)> {
    let mut resource = None;
    let mut names = Vec::new();
    for word in scope.split(' ') {
        let split = word.rsplit_once('/').filter(|(before, _)| {
            let is_uri = before.split_once("://").is_some_and(|(_, host)| !host.is_empty());
            is_uri || before.starts_with("urn:")
        });
        match split {
            Some((before, name)) if resource.is_none_or(|known| known == before) => {
                resource = Some(before);
                names.extend(Some(name).filter(|name| !name.is_empty() && *name != ".default"));
            }
            _ => names.push(word),
        }
    }
    resource.map(|resource| (resource.to_owned(), names.join(" ")))
}

/// A list of distinct scopes, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    list: Vec<String>,
    /// All scopes as one text, which the tokens issued for them share; `None` if the list is empty.
    text: Option<Arc<str>>,
}

impl Scopes {
    /// Parses scopes separated by white space. An empty text gives an empty list. Quotation marks and invisible
    /// characters around a scope, and braces around a GUID, are not part of it.
    pub fn parse(text: &str) -> Result<Self> {
        let mut scopes = Self::default();
        let text = without_guid_braces(text);
        for scope in text.split_whitespace().map(unwrapped).filter(|scope| !scope.is_empty()) {
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

    /// The distinct resources that the scopes are for, in their order. `default_scope` is of the resource of scopes
    /// that name none.
    pub fn resources<'a>(&'a self, default_scope: &'a str) -> Vec<&'a str> {
        let mut resources: Vec<&str> = Vec::new();
        for scope in self.permissions() {
            let of = |scope: &'a str| scope.rsplit_once('/').map(|(resource, _)| resource);
            let resource = of(scope).or_else(|| of(default_scope)).unwrap_or_default();
            if !resources.iter().any(|known| known.eq_ignore_ascii_case(resource)) {
                resources.push(resource);
            }
        }
        resources
    }

    /// Whether there are other permissions beside `<resource>/.default`, which stands for all of them.
    pub fn mixes_default_with_others(&self) -> bool {
        let is_default = |scope: &str| scope.to_ascii_lowercase().ends_with("/.default");
        self.permissions().any(is_default) && self.permissions().any(|scope| !is_default(scope))
    }

    fn permissions(&self) -> impl Iterator<Item = &str> {
        let scopes = self.list.iter().map(String::as_str);
        scopes.filter(|scope| !RESERVED.contains(scope) && *scope != "email")
    }

    /// A form that does not depend on order or letter case, for cache keys.
    pub fn canonical(&self) -> String {
        let mut scopes: Vec<String> = self.list.iter().map(|scope| scope.to_ascii_lowercase()).collect();
        short_list::sort(&mut scopes, |one, other| one < other);
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
    fn what_surrounds_a_pasted_scope_is_not_part_of_it() {
        let guid = "6f1a4b0e-0000-4000-8000-00000000abcd";
        for (text, scopes) in [
            ("\"User.Read Mail.Read\"", vec!["User.Read", "Mail.Read"]),
            ("'User.Read' 'Mail.Read'\r\n", vec!["User.Read", "Mail.Read"]),
            ("User.Read\u{a0}Mail.Read\u{200b}", vec!["User.Read", "Mail.Read"]),
            (&format!("{{{guid}}}/.default"), vec![&*format!("{guid}/.default")]),
            ("\"\"", vec![]),
        ] {
            assert_eq!(Scopes::parse(text).unwrap().as_slice(), scopes, "{text:?}");
        }
    }

    #[test]
    fn the_resources_of_scopes_are_told_apart() {
        const GRAPH: &str = "https://graph.microsoft.com/.default";
        for (text, resources) in [
            ("", vec![]),
            ("openid profile email", vec![]),
            ("User.Read offline_access", vec!["https://graph.microsoft.com"]),
            (
                "User.Read HTTPS://graph.microsoft.com/Mail.Read",
                vec!["https://graph.microsoft.com"],
            ),
            (
                "https://a.example/.default https://b.example/x https://a.example/y",
                vec!["https://a.example", "https://b.example"],
            ),
            (
                "User.Read https://vault.azure.net/.default",
                vec!["https://graph.microsoft.com", "https://vault.azure.net"],
            ),
        ] {
            assert_eq!(Scopes::parse(text).unwrap().resources(GRAPH), resources, "{text}");
        }
        let mixes = |text| Scopes::parse(text).unwrap().mixes_default_with_others();
        assert!(mixes("https://a.example/.default https://a.example/x"));
        assert!(!mixes("openid https://a.example/.default") && !mixes("User.Read Mail.Read"));
    }

    #[test]
    fn the_resource_is_separated_from_its_scopes() {
        for (scope, expected) in [
            ("https://api.example/.default", Some(("https://api.example", ""))),
            (
                "openid https://api.example/read write",
                Some(("https://api.example", "openid read write")),
            ),
            ("https://api.example/v1/read", Some(("https://api.example/v1", "read"))),
            ("urn:microsoft:userinfo/.default", Some(("urn:microsoft:userinfo", ""))),
            (
                "https://a.example/.default https://b.example/x",
                Some(("https://a.example", "https://b.example/x")),
            ),
            ("openid profile", None),
            ("https://api.example", None),
        ] {
            let found = separated(scope);
            let found = found
                .as_ref()
                .map(|(resource, rest)| (resource.as_str(), rest.as_str()));
            assert_eq!(found, expected, "{scope}");
        }
    }

    #[test]
    fn the_canonical_form_ignores_order_and_case() {
        let one = Scopes::parse("User.Read Mail.Read").unwrap();
        let other = Scopes::parse("mail.read user.read").unwrap();
        assert_eq!(one.canonical(), other.canonical());
    }

    #[test]
    fn characters_outside_the_grammar_are_refused() {
        for text in ["User\u{200e}.Read", "a\"b", "a\\b", "\u{fc}"] {
            assert_eq!(Scopes::parse(text).unwrap_err().status(), Status::InvalidArgument);
        }
    }
}
