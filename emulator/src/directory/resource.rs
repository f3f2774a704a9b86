//! A resource that tokens are for.

/// An API that the directory knows, with the permissions on it.
pub(crate) struct Resource {
    uri: String,
    /// `None` stands for all.
    permissions: Option<Vec<String>>,
}

impl Resource {
    /// Reads `URI[:PERMISSION,...]`. Permissions begin with a letter, which no part of a URI behind a colon does.
    pub(crate) fn parse(spec: &str) -> Result<Self, String> {
        let split = spec
            .rsplit_once(':')
            .filter(|(_, names)| names.starts_with(|c: char| c.is_ascii_alphabetic()));
        let (uri, names) = split.map_or((spec, None), |(uri, names)| (uri, Some(names)));
        let names: Option<Vec<String>> = names.map(|names| names.split(',').map(str::to_owned).collect());
        let has_empty_name = names.iter().flatten().any(String::is_empty);
        if uri.is_empty() || has_empty_name {
            return Err(format!("the resource '{spec}' is not URI[:PERMISSION,...]"));
        }
        Ok(Self {
            uri: trimmed(uri).to_owned(),
            permissions: names,
        })
    }

    /// Whether `uri` names it, with or without a slash at the end.
    pub(crate) fn is_named(&self, uri: &str) -> bool {
        self.uri.eq_ignore_ascii_case(trimmed(uri))
    }

    /// Whether a user's token may have this permission. `.default` stands for those that it has.
    pub(crate) fn has(&self, permission: &str) -> bool {
        let is_known = |names: &Vec<String>| names.iter().any(|name| name.eq_ignore_ascii_case(permission));
        permission == ".default" || self.permissions.as_ref().is_none_or(is_known)
    }
}

fn trimmed(uri: &str) -> &str {
    uri.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_last_colon_are_permissions() {
        let graph = Resource::parse("https://graph.microsoft.com/:User.Read,Mail.Read")
            .ok()
            .unwrap();
        assert!(graph.is_named("https://graph.microsoft.com") && graph.is_named("HTTPS://graph.microsoft.com/"));
        assert!(graph.has("User.Read") && graph.has("mail.read") && graph.has(".default"));
        assert!(!graph.has("Files.Read"));
        let whole = Resource::parse("https://localhost:8443").ok().unwrap();
        assert!(whole.is_named("https://localhost:8443") && whole.has("anything"));
        assert!(Resource::parse("api://1111").ok().unwrap().is_named("api://1111/"));
    }

    #[test]
    fn what_is_no_resource_is_refused() {
        for spec in ["", ":User.Read", "api://x:a,,b"] {
            assert!(Resource::parse(spec).is_err(), "{spec}");
        }
    }
}
