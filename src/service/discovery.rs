//! The metadata of an OpenID Connect issuer: where its endpoints are, and what they support (OpenID Connect Discovery 1.0
//! sections 3 and 4).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::base::clock::Clock;
use crate::base::error::{Error, Result, Status};
use crate::base::loopback::is_loopback;
use crate::base::parameter::{AUTHORITY, AUTHORITY_TYPE};
use crate::base::quote::quote;
use crate::http::HttpAnswer;
use crate::http::transport::Transport;
use crate::service::response::{Asked, Fields};
use crate::service::retry::{Next, Retries};

/// What an issuer says of itself.
#[derive(Debug)]
pub struct Metadata {
    members: Map<String, Value>,
}

impl Metadata {
    /// Reads the metadata of `issuer`, without a slash at its end.
    ///
    /// # Errors
    /// What is wrong with them, as the end of a sentence about them.
    #[cfg(any(test, feature = "internals"))]
    pub fn read(text: &str, issuer: &str) -> std::result::Result<Self, String> {
        match crate::base::json::parse(text) {
            Some(Value::Object(members)) => Self::of_members(members, issuer),
            _ => Err("are no JSON object".to_owned()),
        }
    }

    fn of_members(members: Map<String, Value>, issuer: &str) -> std::result::Result<Self, String> {
        let metadata = Self { members };
        let named = metadata.text("issuer").unwrap_or_default();
        if named.strip_suffix('/').unwrap_or(named) != issuer {
            return Err(format!("are those of another issuer: {:?}", quote(named, &[])));
        }
        if metadata.endpoint("token_endpoint").is_none() {
            return Err("name no token_endpoint".to_owned());
        }
        for name in ENDPOINTS {
            let Some(address) = metadata.members.get(name).filter(|value| !value.is_null()) else {
                continue;
            };
            let address = address
                .as_str()
                .ok_or_else(|| format!("have a {name} that is no text"))?;
            check_endpoint(address, issuer)
                .map_err(|problem| format!("name the {name} {:?}, which {problem}", quote(address, &[])))?;
        }
        Ok(metadata)
    }

    /// The address of an endpoint, such as `token_endpoint`.
    pub fn endpoint(&self, name: &str) -> Option<&str> {
        self.text(name)
    }

    /// Whether a list, such as `token_endpoint_auth_methods_supported`, has this value; `None` without such a list.
    pub fn supports(&self, list: &str, value: &str) -> Option<bool> {
        let list = self.members.get(list)?.as_array()?;
        Some(list.iter().any(|known| known.as_str() == Some(value)))
    }

    /// Whether the issuer says `true` to this.
    pub fn says(&self, name: &str) -> bool {
        self.members.get(name) == Some(&Value::Bool(true))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str().filter(|text| !text.is_empty())
    }
}

/// The addresses that are checked, whether or not they are used.
const ENDPOINTS: [&str; 5] = [
    "authorization_endpoint",
    "token_endpoint",
    "device_authorization_endpoint",
    "end_session_endpoint",
    "jwks_uri",
];

/// Credentials are sent there, so an endpoint has the scheme of its issuer: https, or http on this machine.
fn check_endpoint(address: &str, issuer: &str) -> std::result::Result<(), String> {
    let parts = |address: &str| -> Option<(String, String)> {
        let (scheme, rest) = address.split_once("://")?;
        let host = rest.split(['/', '?']).next()?.to_ascii_lowercase();
        Some((scheme.to_ascii_lowercase(), host))
    };
    let (scheme, authority) = parts(address).ok_or("is no address")?;
    let (of_issuer, own) = parts(issuer).unwrap_or_default();
    let is_printable = address.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_printable || address.contains(NEVER_IN_ENDPOINTS) || authority.contains('@') || !is_host(&authority) {
        return Err("has a host or a character that no endpoint has".to_owned());
    }
    if scheme != of_issuer || (scheme != "https" && !is_loopback(without_port(&authority))) {
        return Err(format!("is not an {of_issuer} address as the issuer is"));
    }
    if authority != own {
        log::info!("the issuer {issuer} has an endpoint at the host {authority}");
    }
    Ok(())
}

/// What no endpoint has, and what a shell would obey: wslview hands the address of a sign-in to one.
const NEVER_IN_ENDPOINTS: [char; 16] = [
    '#', '\\', '"', '<', '>', '$', '`', '(', ')', '\'', ';', '|', '^', '{', '}', '*',
];

fn without_port(authority: &str) -> &str {
    let end = authority.rfind(']').map_or(0, |end| end + 1);
    let port = authority[end..].find(':').map_or(authority.len(), |colon| end + colon);
    &authority[..port]
}

fn is_host(authority: &str) -> bool {
    let host = without_port(authority);
    let port = authority[host.len()..].strip_prefix(':');
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port != 0));
    let is_address = host.starts_with('[') && host.ends_with(']');
    let is_name = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    !host.is_empty() && is_port && (is_address || is_name)
}

/// An issuer's metadata, requested when they are needed and kept for as long as they say, a day at most.
pub struct Discovery {
    /// Without a slash at its end.
    issuer: String,
    url: String,
    kept: Mutex<Option<(Instant, Arc<Metadata>)>>,
}

/// How metadata are requested.
pub struct Request<'a> {
    /// Sends the request.
    pub transport: &'a dyn Transport,
    /// Measures time.
    pub clock: &'a dyn Clock,
    /// The id of the call.
    pub correlation_id: &'a str,
    /// When the call ends.
    pub deadline: Instant,
    /// How often the request is sent again after a transient failure.
    pub retries: u32,
}

impl Discovery {
    /// The metadata of `issuer` at `url`.
    pub fn new(issuer: &str, url: String) -> Self {
        Self {
            issuer: issuer.to_owned(),
            url,
            kept: Mutex::default(),
        }
    }

    /// The metadata that are kept, or that the issuer answers now.
    pub fn metadata(&self, request: &Request) -> Result<Arc<Metadata>> {
        let now = request.clock.monotonic();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, metadata)) = kept.as_ref().filter(|(end, _)| now < *end) {
            return Ok(Arc::clone(metadata));
        }
        let (metadata, life) = self.requested(request)?;
        *kept = Some((now + life, Arc::clone(&metadata)));
        Ok(metadata)
    }

    fn requested(&self, request: &Request) -> Result<(Arc<Metadata>, Duration)> {
        let mut retries = Retries::new(request.retries);
        loop {
            let error = match self.ask(request) {
                Ok(metadata) => return Ok(metadata),
                Err(error) => error,
            };
            match retries.next(&error, left(request)) {
                Next::Again(pause) => request.clock.sleep(pause),
                Next::NoTime => return Err(error.out_of_time()),
                Next::Never => return Err(error),
            }
        }
    }

    fn ask(&self, request: &Request) -> Result<(Arc<Metadata>, Duration)> {
        let mut url = self.url.clone();
        for _ in 0..=REDIRECTS {
            log::debug!("asking {url} for the issuer's metadata");
            let answer = request.transport.get(&url, request.correlation_id, left(request))?;
            match redirect(&answer, &url) {
                Some(Ok(target)) => url = target,
                Some(Err(target)) => {
                    let target = quote(&target, &[]);
                    return Err(refused(format!("{url} leads to another host: {target:?}.")));
                }
                None => return self.read(&answer, &url, request),
            }
        }
        Err(refused(format!("{} leads from one address to the next.", self.url)))
    }

    fn read(&self, answer: &HttpAnswer, url: &str, request: &Request) -> Result<(Arc<Metadata>, Duration)> {
        let asked = Asked {
            endpoint: url,
            correlation_id: request.correlation_id,
            secrets: &[],
            sent_refresh_token: false,
            now: request.clock.now(),
        };
        let members = Fields::read(answer, &asked)?.into_members();
        let metadata = Metadata::of_members(members, &self.issuer)
            .map_err(|problem| refused(format!("The metadata at {url} {problem}.")))?;
        Ok((Arc::new(metadata), life(answer.cache_control.as_deref())))
    }
}

fn left(request: &Request) -> Duration {
    request.deadline.saturating_duration_since(request.clock.monotonic())
}

fn refused(message: String) -> Error {
    Error::new(
        Status::MalformedResponse,
        message,
        format!("Check {AUTHORITY}: it must be the issuer as its metadata name it. Check {AUTHORITY_TYPE} too."),
    )
}

/// How many redirects are followed.
const REDIRECTS: u32 = 3;

/// Where a redirect leads: on the same host, or else to another. `None` if the answer is no redirect.
fn redirect(answer: &HttpAnswer, url: &str) -> Option<std::result::Result<String, String>> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let target = answer.location.clone().unwrap_or_default();
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let origin = url[start..].find('/').map_or(url, |path| &url[..start + path]);
    let is_path = target.starts_with('/') && !target.starts_with("//") && !target.contains('\\');
    let is_same = target.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'));
    Some(match (is_path, is_same) {
        (true, _) => Ok(format!("{origin}{target}")),
        (_, true) => Ok(target),
        _ => Err(target),
    })
}

/// How long metadata are kept, by the header `Cache-Control` (RFC 9111 section 5.2.2).
fn life(cache_control: Option<&str>) -> Duration {
    let mut life = LONGEST_LIFE;
    for directive in cache_control.unwrap_or_default().split(',').map(str::trim) {
        if directive.eq_ignore_ascii_case("no-store") || directive.eq_ignore_ascii_case("no-cache") {
            return Duration::ZERO;
        }
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        if name.eq_ignore_ascii_case("max-age") {
            let seconds = value.trim_matches('"').parse().map(Duration::from_secs);
            life = seconds.map_or(life, |seconds| seconds.min(LONGEST_LIFE));
        }
    }
    life
}

/// A day.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://issuer.example/a";

    fn read(members: &str) -> std::result::Result<Metadata, String> {
        Metadata::read(&format!("{{{members}}}"), ISSUER)
    }

    #[test]
    fn metadata_name_their_issuer_and_its_endpoints() {
        let metadata = read(
            r#""issuer":"https://issuer.example/a/","token_endpoint":"https://api.issuer.example:8443/t?x=%20",
               "token_endpoint_auth_methods_supported":["client_secret_post"],"jwks_uri":null"#,
        )
        .unwrap();
        assert_eq!(
            metadata.endpoint("token_endpoint"),
            Some("https://api.issuer.example:8443/t?x=%20")
        );
        assert_eq!(metadata.endpoint("device_authorization_endpoint"), None);
        let supports = |value| metadata.supports("token_endpoint_auth_methods_supported", value);
        assert_eq!(
            (supports("client_secret_post"), supports("x")),
            (Some(true), Some(false))
        );
        assert_eq!(metadata.supports("response_modes_supported", "form_post"), None);
    }

    #[test]
    fn metadata_of_another_issuer_and_odd_endpoints_are_refused() {
        for (issuer, endpoint, says) in [
            ("https://issuer.example", "https://issuer.example/t", "another issuer"),
            ("http://issuer.example/a", "https://issuer.example/t", "another issuer"),
            (ISSUER, "", "no token_endpoint"),
            (ISSUER, "http://issuer.example/t", "http://issuer.example/t"),
            (ISSUER, "http://127.0.0.1/t", "not an https address"),
            (ISSUER, "file:///etc/passwd", "file:///etc/passwd"),
            (ISSUER, "https://user@issuer.example/t", "token_endpoint"),
            (ISSUER, "https://issuer.example\\\\@evil.example/t", "token_endpoint"),
            (ISSUER, "https://issuer.example/t#x", "token_endpoint"),
            (ISSUER, "https://issuer.example/$(calc)", "token_endpoint"),
            (ISSUER, "https://issuer.example/t;calc", "token_endpoint"),
            (ISSUER, "https://issuer.example:0/t", "token_endpoint"),
            (ISSUER, "https:///t", "token_endpoint"),
            (ISSUER, "/t", "token_endpoint"),
        ] {
            let error = read(&format!(r#""issuer":"{issuer}","token_endpoint":"{endpoint}""#)).unwrap_err();
            assert!(error.contains(says), "{issuer} {endpoint}: {error}");
        }
        let other = r#""issuer":"https://issuer.example/a","token_endpoint":"https://issuer.example/t","jwks_uri":"#;
        for (value, says) in [(r#""http://issuer.example/k""#, "jwks_uri"), ("7", "no text")] {
            let error = read(&format!("{other}{value}")).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        assert!(Metadata::read("[]", ISSUER).is_err());
    }

    #[test]
    fn an_issuer_on_this_machine_may_use_http() {
        let text = r#"{"issuer":"http://127.0.0.1:8080","token_endpoint":"http://127.0.0.1:8080/t"}"#;
        assert!(Metadata::read(text, "http://127.0.0.1:8080").is_ok());
        let text = text.replace("8080/t", "8080.evil.example/t");
        assert!(Metadata::read(&text, "http://127.0.0.1:8080").is_err());
    }

    #[test]
    fn redirects_stay_on_the_host() {
        let of = |location: &str| {
            let answer = HttpAnswer {
                status: 302,
                location: Some(location.to_owned()),
                ..HttpAnswer::default()
            };
            redirect(&answer, "https://issuer.example/a/x").unwrap()
        };
        assert_eq!(of("/b"), Ok("https://issuer.example/b".to_owned()));
        assert_eq!(
            of("https://issuer.example/b"),
            Ok("https://issuer.example/b".to_owned())
        );
        for other in [
            "//evil.example/b",
            "/\\evil.example",
            "http://issuer.example/b",
            "https://issuer.example.evil.example/b",
            "https://issuer.example",
            "",
        ] {
            assert!(of(other).is_err(), "{other}");
        }
        assert!(redirect(&HttpAnswer::default(), "https://issuer.example/").is_none());
    }

    #[test]
    fn metadata_are_kept_for_a_day_at_most() {
        let day = 24 * 3600;
        for (header, seconds) in [
            (None, day),
            (Some("private"), day),
            (Some("public, max-age=60"), 60),
            (Some("max-age=999999999"), day),
            (Some("max-age=60, no-store"), 0),
            (Some("No-Cache"), 0),
            (Some("max-age=x"), day),
        ] {
            assert_eq!(life(header).as_secs(), seconds, "{header:?}");
        }
    }
}
