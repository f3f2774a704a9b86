//! The identities of the machine that the emulator stands in for, and the token services of Azure's platforms for them.

mod agent_keys;
mod assigned;
mod failure;
mod platform;

use std::collections::HashSet;

use hyper::header::AUTHORIZATION;
use hyper::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::answer::Answer;
use crate::clock::Moment;
use crate::request::form::Form;
use crate::settings::Settings;
use crate::start_error::StartError;
use agent_keys::AgentKeys;
use assigned::Assigned;
pub(crate) use assigned::AssignedIdentity;
use failure::Failure;
pub(crate) use platform::Platform;
use platform::{Demand, Members, Place};

/// What the machine has: its identities, the secret of its platform, and the folder of Azure Arc's keys.
pub(crate) struct MachineIdentity {
    assigned: Assigned,
    header: Option<String>,
    keys: Option<AgentKeys>,
    lifetime: u32,
}

/// A request to one of the token services.
pub(crate) struct IdentityRequest<'request> {
    pub(crate) method: &'request Method,
    pub(crate) headers: &'request HeaderMap,
    /// The query, read as a form; `None` if it is none.
    pub(crate) query: Option<&'request Form>,
    /// The body; `None` if it is no form.
    pub(crate) form: Option<&'request Form>,
    pub(crate) is_tls: bool,
    pub(crate) now: Moment,
}

impl MachineIdentity {
    pub(crate) fn new(settings: &Settings) -> Result<Self, StartError> {
        Ok(Self {
            assigned: Assigned::parse(&settings.identities).map_err(StartError::Usage)?,
            header: settings.identity_header.clone(),
            keys: settings.arc_key_folder.as_deref().map(AgentKeys::new),
            lifetime: settings.token_lifetime,
        })
    }

    /// The platform that serves `path`, if the machine stands in for it.
    pub(crate) fn platform(&self, path: &str) -> Option<&'static Platform> {
        let platform = Platform::at(path)?;
        let is_there = match platform.demand {
            Demand::Metadata => !platform.has_challenge || self.keys.is_some(),
            Demand::Secret(_) => self.header.is_some(),
        };
        (is_there && !self.assigned.is_empty()).then_some(platform)
    }

    /// The answer of `platform`. `sign` makes the access token of an identity for a resource.
    pub(crate) fn answer(
        &self,
        platform: &Platform,
        request: &IdentityRequest,
        sign: impl Fn(&AssignedIdentity, &str) -> String,
    ) -> Answer {
        let outcome = self.granted(platform, request);
        match outcome {
            Ok((identity, resource)) => {
                let token = sign(identity, resource);
                Answer::json(
                    StatusCode::OK,
                    &self.token(platform, request.now, identity, resource, &token),
                )
            }
            Err(failure) => failure.answer(platform.shape),
        }
    }

    /// The identity and the resource that the token is for.
    fn granted<'request>(
        &self,
        platform: &Platform,
        request: &IdentityRequest<'request>,
    ) -> Result<(&AssignedIdentity, &'request str), Failure> {
        if *request.method != platform.method {
            return Err(Failure::new(405, "method_not_allowed", "The method is not allowed."));
        }
        if platform.needs_tls && !request.is_tls {
            return Err(Failure::new(403, "InvalidRequest", "The request must use https."));
        }
        self.check_headers(platform, request.headers)?;
        let parameters = parameters(platform, request)?;
        check_names(platform, parameters)?;
        check_version(platform, parameters)?;
        check_refused_token(parameters)?;
        let resource = parameters.get("resource");
        let resource =
            resource.ok_or_else(|| Failure::bad("ArgumentNullOrEmpty", "The parameter resource is missing."))?;
        let wanted = platform
            .selectors
            .iter()
            .filter_map(|(name, selector)| Some((*selector, parameters.get(name)?)));
        let identity = self.assigned.find(&wanted.collect::<Vec<_>>())?;
        if platform.has_challenge {
            self.check_key(request.headers)?;
        }
        Ok((identity, resource))
    }

    fn check_headers(&self, platform: &Platform, headers: &HeaderMap) -> Result<(), Failure> {
        if headers.contains_key("x-forwarded-for") {
            let text = "A request that came through a proxy is refused (X-Forwarded-For).";
            return Err(Failure::new(403, "forbidden", text));
        }
        match platform.demand {
            Demand::Metadata if header(headers, "metadata") == "true" => Ok(()),
            Demand::Metadata => Err(Failure::bad(
                "bad_request_102",
                "Required metadata header not specified",
            )),
            Demand::Secret(name) => {
                let given = header(headers, name);
                let is_right = |secret: &String| bool::from(secret.as_bytes().ct_eq(given.as_bytes()));
                match given {
                    "" => Err(Failure::bad("SecretHeaderNotFound", "The secret header is missing.")),
                    _ if self.header.as_ref().is_some_and(is_right) => Ok(()),
                    _ => Err(Failure::new(401, "Unauthorized", "The secret header is wrong.")),
                }
            }
        }
    }

    /// The key in `Authorization`, which only a reader of the agent's folder knows.
    fn check_key(&self, headers: &HeaderMap) -> Result<(), Failure> {
        let keys = self.keys.as_ref().ok_or_else(Failure::internal)?;
        match header(headers, AUTHORIZATION.as_str()).split_once(' ') {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("basic") && keys.spend(key) => Ok(()),
            Some(_) => Err(Failure::new(401, "unauthorized", "The key is wrong.")),
            None => Err(keys
                .challenge()
                .map_or_else(|error| Failure::internal_of(&error), |path| Failure::challenge(&path))),
        }
    }

    fn token(
        &self,
        platform: &Platform,
        now: Moment,
        identity: &AssignedIdentity,
        resource: &str,
        token: &str,
    ) -> Value {
        let end = now.plus(self.lifetime.into()).unix();
        let mut body = json!({"access_token": token, "token_type": "Bearer", "resource": resource});
        match platform.members {
            Members::NumberEnd => body["expires_on"] = end.into(),
            Members::TextEnd | Members::LifetimeToo => {
                body["expires_on"] = end.to_string().into();
                body["not_before"] = now.unix().to_string().into();
                body["client_id"] = identity.client_id.to_string().into();
            }
        }
        if matches!(platform.members, Members::LifetimeToo) {
            body["expires_in"] = self.lifetime.to_string().into();
        }
        body
    }
}

/// The parameters: in the body of a POST, otherwise in the query.
fn parameters<'request>(platform: &Platform, request: &IdentityRequest<'request>) -> Result<&'request Form, Failure> {
    let parameters = match platform.parameters {
        Place::Query => request.query,
        Place::Body => request.form,
    };
    parameters.ok_or_else(|| Failure::bad("invalid_request", "The parameters cannot be read."))
}

/// What the program can do, and the SHA-256 of the token that an API has refused (MSAL.NET
/// `ManagedIdentitySourceExtensions.cs`, MSAL Python `managed_identity.py`).
const CAPABILITIES: &str = "xms_cc";
const REFUSED_TOKEN: &str = "token_sha256_to_refresh";

fn check_refused_token(parameters: &Form) -> Result<(), Failure> {
    let is_digest = |digest: &str| {
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        digest.len() == 64 && digest.chars().all(is_digit)
    };
    let is_right = parameters.get(REFUSED_TOKEN).is_none_or(is_digest)
        && parameters.get(CAPABILITIES).is_none_or(|names| names == "cp1");
    if is_right {
        return Ok(());
    }
    let text = format!("The value of {REFUSED_TOKEN} or {CAPABILITIES} is not valid.");
    Err(Failure::bad("InvalidParameter", &text))
}

fn check_names(platform: &Platform, parameters: &Form) -> Result<(), Failure> {
    let known: HashSet<&str> = platform.selectors.iter().map(|(name, _)| *name).collect();
    let is_known = |name: &str| {
        name == "resource"
            || name == "api-version"
            || known.contains(name)
            || platform.takes_refused_token && [CAPABILITIES, REFUSED_TOKEN].contains(&name)
    };
    if let Some(name) = parameters.names().find(|name| !is_known(name)) {
        let text = format!("The parameter {name} is not known.");
        return Err(Failure::bad("invalid_request", &text));
    }
    match parameters.duplicate() {
        Some(name) => Err(Failure::bad(
            "invalid_request",
            &format!("The parameter {name} is repeated."),
        )),
        None => Ok(()),
    }
}

fn check_version(platform: &Platform, parameters: &Form) -> Result<(), Failure> {
    match parameters.get("api-version") {
        None if platform.versions.is_empty() => Ok(()),
        None => Err(Failure::bad("bad_request", "The parameter api-version is missing.")),
        Some(version) if platform.versions.contains(&version) => Ok(()),
        Some(_) => Err(Failure::bad("InvalidApiVersion", "The api-version is not supported.")),
    }
}

fn header<'it>(headers: &'it HeaderMap, name: &str) -> &'it str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// An id that is made anew for each answer.
fn random_id() -> String {
    Uuid::new_v4().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_token_is_named_by_its_digest() {
        let digest = "0123456789abcdef".repeat(4);
        for (query, is_accepted) in [
            (String::new(), true),
            ("xms_cc=cp1".to_owned(), true),
            (format!("xms_cc=cp1&token_sha256_to_refresh={digest}"), true),
            ("xms_cc=cp2".to_owned(), false),
            ("token_sha256_to_refresh=abc".to_owned(), false),
            (
                format!("token_sha256_to_refresh={}", digest.to_ascii_uppercase()),
                false,
            ),
        ] {
            let parameters = Form::of_query(&query).unwrap();
            let outcome = check_refused_token(&parameters);
            assert_eq!(outcome.is_ok(), is_accepted, "{query}");
        }
        let fabric = Platform::at("/service-fabric/token").unwrap();
        let others = Platform::at("/app-service/msi/token").unwrap();
        let parameters = Form::of_query("xms_cc=cp1").unwrap();
        assert!(check_names(fabric, &parameters).is_ok());
        assert!(check_names(others, &parameters).is_err());
    }
}
