//! The resource that a token is for.

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::SCOPES;
use crate::request::scope::Scopes;

/// The resource in `scopes`, or in `default_scope` if there are none. Platforms know resources, not scopes.
///
/// # Errors
/// [`Status::InvalidArgument`] for several scopes, and for a scope that does not end in `/.default`.
pub(super) fn resource<'a>(scopes: &'a Scopes, default_scope: &'a str) -> Result<&'a str> {
    let scope = match scopes.as_slice() {
        [] => default_scope,
        [scope] => scope,
        _ => return Err(refused("A managed identity gets a token for one scope at a time.")),
    };
    match scope.strip_suffix("/.default") {
        Some(resource) if !resource.is_empty() => Ok(resource),
        _ => Err(refused(
            "A managed identity gets a token for the scope of a whole resource, which ends in /.default.",
        )),
    }
}

fn refused(message: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        message,
        format!("Set {SCOPES} to one scope such as https://graph.microsoft.com/.default."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_a_scope_without_its_end() {
        const DEFAULT: &str = "https://graph.microsoft.com/.default";
        for (text, expected) in [
            ("", Some("https://graph.microsoft.com")),
            ("https://vault.azure.net/.default", Some("https://vault.azure.net")),
            ("https://vault.azure.net//.default", Some("https://vault.azure.net/")),
            ("api://6f1a4b0e/.default", Some("api://6f1a4b0e")),
            ("User.Read", None),
            ("https://graph.microsoft.com/User.Read", None),
            ("/.default", None),
            (".default", None),
            ("https://a.example/.default https://b.example/.default", None),
            ("openid https://a.example/.default", None),
        ] {
            let scopes = Scopes::parse(text).unwrap();
            assert_eq!(resource(&scopes, DEFAULT).ok(), expected, "{text}");
        }
    }
}
