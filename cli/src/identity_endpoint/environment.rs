//! The environment by which programs find the endpoint.

use std::env;
use std::ffi::OsString;

use zeroize::Zeroizing;

use super::IdentityEndpoint;

/// The header of a request that has the value of `IDENTITY_HEADER`.
pub const SECRET_HEADER: &str = "x-identity-header";

/// The variables of App Service.
pub struct Variables {
    url: String,
    secret: Zeroizing<String>,
    /// The host that no proxy is to be asked for.
    host: String,
}

/// What SDKs would use in place of the endpoint, or take for another platform. The secrets among them are what the
/// endpoint makes unnecessary.
const OTHER_SOURCES: [&str; 7] = [
    "IDENTITY_SERVER_THUMBPRINT",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_USERNAME",
    "AZURE_PASSWORD",
    "AZURE_FEDERATED_TOKEN_FILE",
];

/// What programs need to know of an endpoint.
pub fn variables(endpoint: &IdentityEndpoint) -> Variables {
    Variables {
        url: endpoint.url(),
        secret: Zeroizing::new(endpoint.secret().to_owned()),
        host: endpoint.address().ip().to_string(),
    }
}

/// The lines that set the variables in a shell. Neither value needs quotes.
pub fn exports(variables: &Variables) -> Zeroizing<String> {
    let Variables { url, secret, .. } = variables;
    let lines = format!("export IDENTITY_ENDPOINT={url}\nexport IDENTITY_HEADER={}", **secret);
    Zeroizing::new(lines)
}

impl Variables {
    /// Sets them for a program, which then takes its machine for App Service and for nothing else.
    pub fn set_for(&self, command: &mut tokio::process::Command) {
        command.env("IDENTITY_ENDPOINT", &self.url);
        command.env("IDENTITY_HEADER", &*self.secret);
        for name in OTHER_SOURCES {
            command.env_remove(name);
        }
        for (name, value) in self.without_proxy(|name| env::var_os(name).filter(|value| !value.is_empty())) {
            command.env(name, value);
        }
    }

    /// What keeps requests to the endpoint, with the secret, away from a proxy of the environment.
    fn without_proxy(&self, variable: impl Fn(&str) -> Option<OsString>) -> Vec<(&'static str, OsString)> {
        const PROXIES: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
        if PROXIES.iter().all(|name| variable(name).is_none()) {
            return Vec::new();
        }
        // Programs read one of both, and which one differs.
        let exceptions = ["no_proxy", "NO_PROXY"].map(|name| (name, variable(name)));
        let any = exceptions.iter().find_map(|(_, value)| value.clone());
        exceptions
            .into_iter()
            .map(|(name, value)| {
                let mut hosts = value.or_else(|| any.clone()).unwrap_or_default();
                if !hosts.is_empty() {
                    hosts.push(",");
                }
                hosts.push(&self.host);
                (name, hosts)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoint_is_never_asked_through_a_proxy() {
        let variables = Variables {
            url: String::new(),
            secret: Zeroizing::default(),
            host: "127.0.0.1".to_owned(),
        };
        for (set, expected) in [
            (&[][..], None),
            (&[("NO_PROXY", "a")], None),
            (&[("HTTP_PROXY", "http://p")], Some(["127.0.0.1", "127.0.0.1"])),
            (
                &[("all_proxy", "http://p"), ("NO_PROXY", "a,b")],
                Some(["a,b,127.0.0.1", "a,b,127.0.0.1"]),
            ),
            (
                &[("http_proxy", "http://p"), ("no_proxy", "a"), ("NO_PROXY", "b")],
                Some(["a,127.0.0.1", "b,127.0.0.1"]),
            ),
        ] {
            let found = variables.without_proxy(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            });
            let expected = expected.map_or(Vec::new(), |[small, capital]| {
                vec![
                    ("no_proxy", OsString::from(small)),
                    ("NO_PROXY", OsString::from(capital)),
                ]
            });
            assert_eq!(found, expected, "{set:?}");
        }
    }
}
