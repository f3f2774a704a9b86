//! Parses the values of options. No error quotes the value, because it could be a misplaced secret.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
#[cfg(feature = "flows")]
use uuid::Uuid;

use crate::authority::cloud::Cloud;
#[cfg(feature = "flows")]
use crate::authority::{kind::AuthorityKind, region::Region};
use crate::base::algorithm::SignatureAlgorithm;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{self, CHALLENGE, Parameter};
use crate::base::pasted;
use crate::client::settings::CachePlace;
#[cfg(feature = "flows")]
use crate::client::settings::RegionChoice;
use crate::credential::assertion::AlgorithmChoice;
use crate::http::proxy::{ProxyAddress, ProxyOrigin};
use crate::http::transport::{ProxyChoice, TrustChoice};
#[cfg(feature = "flows")]
use crate::managed_identity::{Source, Variables};
#[cfg(feature = "flows")]
use crate::request::sign_in::{Prompt, RedirectHost};
use crate::store::file::{CacheName, ProtectionChoice};
use crate::store::redis::settings::RedisAddress;

pub(super) fn cloud(text: &str) -> Result<Cloud> {
    Cloud::from_name(text).ok_or_else(|| refused(&parameter::CLOUD, "global, usgov, usgovdod or china"))
}

#[cfg(feature = "flows")]
pub(super) fn authority_kind(text: &str) -> Result<AuthorityKind> {
    AuthorityKind::from_name(text).ok_or_else(|| refused(&parameter::AUTHORITY_TYPE, "aad, adfs, b2c, ciam or oidc"))
}

#[cfg(feature = "flows")]
pub(super) fn region(text: &str) -> Result<Option<RegionChoice>> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.eq_ignore_ascii_case("auto") {
        return Ok(Some(RegionChoice::Auto { asks_imds: true }));
    }
    let accepted = "the name of a region, which has only letters and digits, such as westeurope, or auto";
    let region = Region::parse(text).ok_or_else(|| refused(&parameter::AZURE_REGION, accepted))?;
    Ok(Some(RegionChoice::Named(region)))
}

pub(super) fn algorithm(text: &str) -> Result<AlgorithmChoice> {
    match text.to_ascii_uppercase().as_str() {
        "AUTO" => Ok(AlgorithmChoice::Auto),
        "PS256" => Ok(AlgorithmChoice::Only(SignatureAlgorithm::Ps256)),
        "RS256" => Ok(AlgorithmChoice::Only(SignatureAlgorithm::Rs256)),
        _ => Err(refused(&parameter::ALGORITHM, "auto, PS256 or RS256")),
    }
}

pub(super) fn proxy(text: &str) -> Result<ProxyChoice> {
    if text.is_empty() {
        return Ok(ProxyChoice::Direct);
    }
    let of_variable = |name: &&'static str| Some((*name, text.strip_prefix(*name)?.strip_prefix('=')?));
    let (origin, address) = match ProxyOrigin::VARIABLES.iter().find_map(of_variable) {
        Some((name, address)) => (ProxyOrigin::Variable(name), address),
        None => (ProxyOrigin::Option, text),
    };
    ProxyAddress::parse(address, origin).map(ProxyChoice::Url)
}

pub(super) fn trust(text: &str) -> TrustChoice {
    if text.is_empty() {
        TrustChoice::System
    } else {
        TrustChoice::File(path(text))
    }
}

pub(super) fn path(text: &str) -> PathBuf {
    pasted::path(Path::new(text)).to_owned()
}

/// A name and version, in the form of a product in the `User-Agent` header (RFC 9110 section 10.1.5).
pub(super) fn product(text: &str) -> Result<String> {
    let token = |text: &str| {
        !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    match text.split_once('/') {
        Some((name, version)) if token(name) && token(version) => Ok(text.to_owned()),
        _ => Err(refused(
            &parameter::PRODUCT,
            "a name and version such as Contoso.Backup/1.0",
        )),
    }
}

pub(super) fn cache_place(text: &str) -> Result<CachePlace> {
    match text {
        "client" => Ok(CachePlace::Client),
        "process" => Ok(CachePlace::Process),
        "none" => Ok(CachePlace::None),
        _ => Err(refused(&parameter::CACHE, "client, process or none")),
    }
}

pub(super) fn cache_name(text: &str) -> Result<CacheName> {
    let accepted = "a name of up to 100 letters, digits, '.', '_' and '-' that neither begins nor ends with '.', does not \
                    end like the files beside a cache ('.new', '.lockfile', '.turn-7', '.damaged-...'), and is no device \
                    of Windows ('con', 'nul')";
    CacheName::parse(text).ok_or_else(|| refused(&parameter::CACHE_NAME, accepted))
}

pub(super) fn cache_protection(text: &str) -> Result<ProtectionChoice> {
    ProtectionChoice::from_name(text).ok_or_else(|| refused(&parameter::CACHE_PROTECTION, "user or none"))
}

pub(super) fn redis(text: &str) -> Result<Option<RedisAddress>> {
    if text.is_empty() {
        return Ok(None);
    }
    RedisAddress::parse(text).map(Some)
}

pub(super) fn claims(text: &str) -> Result<Option<String>> {
    if text.is_empty() {
        return Ok(None);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => Ok(Some(text.to_owned())),
        _ => Err(refused(
            &parameter::CLAIMS,
            &format!("a JSON object. {CHALLENGE} takes the header of a claims challenge"),
        )),
    }
}

#[cfg(feature = "flows")]
pub(super) fn guid(parameter: &Parameter, text: &str) -> Result<String> {
    let id = pasted::id(text);
    let is_guid = id.len() == 36 && Uuid::try_parse(&id).is_ok();
    is_guid.then_some(id).ok_or_else(|| refused(parameter, "a GUID"))
}

#[cfg(feature = "flows")]
pub(super) fn resource_id(text: &str) -> Result<String> {
    if text.starts_with('/') && text.chars().all(|c| !c.is_control()) {
        return Ok(text.to_owned());
    }
    let accepted = "the id of the identity's Azure resource, which begins with /subscriptions/";
    Err(refused(&parameter::IDENTITY_RESOURCE_ID, accepted))
}

#[cfg(feature = "flows")]
pub(super) fn identity_source(text: &str) -> Result<Option<Source>> {
    if text.eq_ignore_ascii_case("auto") {
        return Ok(None);
    }
    let accepted = "auto, service_fabric, app_service, machine_learning, cloud_shell, arc or imds";
    let source = Source::from_name(text).ok_or_else(|| refused(&parameter::IDENTITY_SOURCE, accepted));
    source.map(Some)
}

/// A tenant as it stands in a command line.
#[cfg(feature = "flows")]
pub(super) fn tool_tenant(text: &str) -> Result<String> {
    let tenant = pasted::id(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let is_tenant = tenant.chars().all(is_plain) && !tenant.starts_with('-');
    let tenant = Some(tenant).filter(|_| is_tenant);
    tenant.ok_or_else(|| refused(&parameter::TOOL_TENANT, "a GUID or a domain"))
}

#[cfg(feature = "flows")]
pub(super) fn variables(text: &str) -> Result<Variables> {
    Variables::parse(text).map_err(|accepted| refused(&parameter::IDENTITY_VARIABLES, accepted))
}

#[cfg(feature = "flows")]
pub(super) fn port(parameter: &Parameter, text: &str) -> Result<u16> {
    let port = whole_number(parameter, text, 1..=u16::MAX.into(), "")?;
    u16::try_from(port).map_err(|_| refused(parameter, "a port"))
}

#[cfg(feature = "flows")]
pub(super) fn redirect_host(text: &str) -> Result<RedirectHost> {
    RedirectHost::from_name(text).ok_or_else(|| refused(&parameter::REDIRECT_HOST, "localhost or 127.0.0.1"))
}

#[cfg(feature = "flows")]
pub(super) fn prompt(text: &str) -> Result<Prompt> {
    let accepted = "select_account, login, consent or none";
    Prompt::from_name(text).ok_or_else(|| refused(&parameter::PROMPT, accepted))
}

pub(super) fn seconds(parameter: &Parameter, text: &str, range: RangeInclusive<u32>) -> Result<Duration> {
    whole_number(parameter, text, range, " of seconds").map(|number| Duration::from_secs(number.into()))
}

pub(super) fn whole_number(parameter: &Parameter, text: &str, range: RangeInclusive<u32>, unit: &str) -> Result<u32> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let (start, end) = (range.start(), range.end());
        refused(parameter, &format!("a whole number{unit} from {start} to {end}"))
    })
}

pub(super) fn boolean(parameter: &Parameter, text: &str) -> Result<bool> {
    text.parse().map_err(|_| refused(parameter, "true or false"))
}

fn refused(parameter: &Parameter, accepted: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("Invalid value for {parameter}."),
        format!("Use {accepted}."),
    )
}
