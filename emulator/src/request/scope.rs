//! What a token is asked for.

use crate::answer::refusal::Refusal;

/// A resource and the permissions on it (Microsoft: "Scopes and permissions in the Microsoft identity platform").
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The token's audience.
    pub(crate) resource: String,
    /// As they were asked for, without the OpenID ones.
    pub(crate) permissions: Vec<String>,
    pub(crate) has_openid: bool,
    pub(crate) has_offline_access: bool,
}

impl Scope {
    /// The v2 `scope` of a user: permissions on one resource, plus the OpenID ones.
    pub(crate) fn for_user(text: &str) -> Result<Self, Refusal> {
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        let mut resource = None;
        for word in permissions(&words) {
            let found = resource_of(word).ok_or_else(|| unknown_shape(word))?;
            if resource.is_some_and(|known| known != found) {
                return Err(Refusal::new(28000, &[text]));
            }
            resource = Some(found);
        }
        let permissions: Vec<String> = permissions(&words).map(str::to_owned).collect();
        if permissions.len() > 1 && permissions.iter().any(|word| word.ends_with(DEFAULT_SUFFIX)) {
            let problem = format!(".default scope can't be combined with resource-specific scopes: {text}");
            return Err(Refusal::new(70011, &[&problem]));
        }
        Ok(Self {
            resource: resource.unwrap_or(GRAPH).to_owned(),
            permissions,
            has_openid: words.contains(&"openid"),
            has_offline_access: words.contains(&"offline_access"),
        })
    }

    /// The v2 `scope` of the application itself: all that is configured for one resource.
    pub(crate) fn for_application(text: &str) -> Result<Self, Refusal> {
        let resource = text
            .strip_suffix(DEFAULT_SUFFIX)
            .filter(|resource| !text.contains(' ') && is_resource(resource));
        let resource = resource.ok_or_else(|| Refusal::new(1_002_012, &[text]))?;
        Ok(Self::on(resource, vec![text.to_owned()], false, false))
    }

    /// The v1 `resource`; the v1 `scope` beside it can only ask for an ID token.
    pub(crate) fn of_resource(resource: &str, scope: &str, tenant: &str) -> Result<Self, Refusal> {
        if !is_resource(resource) {
            return Err(Refusal::new(500_011, &[resource, tenant]));
        }
        let has_openid = scope.split(' ').any(|word| word == "openid");
        Ok(Self::on(
            resource,
            vec!["user_impersonation".to_owned()],
            has_openid,
            true,
        ))
    }

    /// The scope at AD FS ("AD FS OpenID Connect/OAuth flows and application scenarios"): the resource has a parameter of
    /// its own, or stands before the names as in Entra. Without any, it is the one of AD FS itself.
    pub(crate) fn at_adfs(resource: Option<&str>, scope: &str) -> Result<Self, Refusal> {
        let words: Vec<&str> = scope.split(' ').filter(|word| !word.is_empty()).collect();
        let mut named = resource;
        let mut permissions = Vec::new();
        for word in self::permissions(&words) {
            match word.rsplit_once('/') {
                Some((before, name)) if is_resource(before) => {
                    if named.is_some_and(|known| known != before) {
                        return Err(Refusal::new(28000, &[scope]));
                    }
                    named = Some(before);
                    permissions.push(name.to_owned());
                }
                _ => permissions.push(word.to_owned()),
            }
        }
        let (has_openid, has_offline_access) = (words.contains(&"openid"), words.contains(&"offline_access"));
        Ok(Self {
            permissions,
            ..Self::on(named.unwrap_or(USERINFO), Vec::new(), has_openid, has_offline_access)
        })
    }

    /// The scope at an OpenID Connect issuer, whose one API has this name: any words (RFC 6749 section 3.3).
    pub(crate) fn at_issuer(api: &str, scope: &str) -> Self {
        let words: Vec<&str> = scope.split(' ').filter(|word| !word.is_empty()).collect();
        let names = permissions(&words).map(str::to_owned).collect();
        let (has_openid, has_offline_access) = (words.contains(&"openid"), words.contains(&"offline_access"));
        Self::on(api, names, has_openid, has_offline_access)
    }

    /// The permissions by their names alone, as the claim `scp` has them.
    pub(crate) fn permission_names(&self) -> String {
        let names = self
            .permissions
            .iter()
            .map(|word| word.rsplit('/').next().unwrap_or(word));
        names.collect::<Vec<_>>().join(" ")
    }

    fn on(resource: &str, permissions: Vec<String>, has_openid: bool, has_offline_access: bool) -> Self {
        Self {
            resource: resource.to_owned(),
            permissions,
            has_openid,
            has_offline_access,
        }
    }
}

const DEFAULT_SUFFIX: &str = "/.default";
const GRAPH: &str = "https://graph.microsoft.com";
const USERINFO: &str = "urn:microsoft:userinfo";
const OPENID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

fn permissions<'words>(words: &'words [&str]) -> impl Iterator<Item = &'words str> {
    words.iter().copied().filter(|word| !OPENID_SCOPES.contains(word))
}

/// The resource that a permission belongs to: what stands before its last `/`, or Graph. `None`: it is no permission.
fn resource_of(permission: &str) -> Option<&str> {
    let (resource, name) = permission.rsplit_once('/').unwrap_or((GRAPH, permission));
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    (is_name && is_resource(resource)).then_some(resource)
}

/// An application ID URI, or the GUID of an application.
fn is_resource(text: &str) -> bool {
    let is_uri = text.split_once("://").is_some_and(|(scheme, rest)| {
        let is_scheme = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_scheme && !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic())
    });
    is_uri || uuid::Uuid::try_parse(text).is_ok()
}

fn unknown_shape(word: &str) -> Refusal {
    Refusal::new(70011, &[&format!("The scope {word} is not valid.")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_keep_their_form_and_the_openid_ones_are_told_apart() {
        let scope = Scope::for_user("openid https://graph.microsoft.com/User.Read offline_access Mail.Read")
            .ok()
            .unwrap();
        assert_eq!(scope.resource, GRAPH);
        assert_eq!(
            scope.permissions,
            ["https://graph.microsoft.com/User.Read", "Mail.Read"]
        );
        assert_eq!(scope.permission_names(), "User.Read Mail.Read");
        assert!(scope.has_openid && scope.has_offline_access);
    }

    #[test]
    fn a_resource_may_end_with_a_slash_of_its_own() {
        let scope = Scope::for_application("https://management.azure.com//.default")
            .ok()
            .unwrap();
        assert_eq!(scope.resource, "https://management.azure.com/");
    }

    #[test]
    fn what_is_no_permission_is_refused() {
        for text in [
            "https://",
            "a/b",
            "User Read!",
            "api:///x y\u{e4}",
            "https://graph.microsoft.com/",
        ] {
            assert!(Scope::for_user(text).is_err(), "{text}");
        }
        for text in [
            "User.Read",
            "/.default",
            "https://a/.default https://b/.default",
            "https://graph.microsoft.com",
        ] {
            assert!(Scope::for_application(text).is_err(), "{text}");
        }
        assert!(Scope::of_resource("graph", "", "contoso.com").is_err());
    }
}
