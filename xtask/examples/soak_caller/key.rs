//! One of the tokens that are asked for again and again.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use graphtoken::{AcquiredToken, Client, ClientCredentials, DecodedJwt, Options, Request, Scopes};
use serde_json::Value;

use crate::application;
use crate::caller::MINIMUM_LIFETIME;
use crate::setup::Setup;

/// An application and a resource, and what a token for them must say.
pub struct Key {
    /// The number of the application in the setup.
    pub application: usize,
    pub client: Client,
    pub tenant: String,
    pub client_id: String,
    pub resource: String,
}

impl Key {
    /// Every application with every resource.
    pub fn all(setup: &Setup) -> Result<Arc<[Self]>, String> {
        let mut keys = Vec::new();
        for (number, application) in setup.applications.iter().enumerate() {
            let client = application::client(setup, application).map_err(|error| error.to_string())?;
            keys.extend(setup.resources.iter().map(|resource| Self {
                application: number,
                client: client.clone(),
                tenant: application.tenant.clone(),
                client_id: application.client_id.clone(),
                resource: resource.clone(),
            }));
        }
        Ok(keys.into())
    }

    /// What to ask for. Where it lies in the emulator's journal is said by client and scope.
    pub fn request(&self, limit: Duration) -> Result<Request, String> {
        let mut options = Options::default();
        for (name, value) in [
            ("minimum_lifetime_seconds", MINIMUM_LIFETIME),
            ("timeout_seconds", limit),
        ] {
            options
                .set(name, &value.as_secs().to_string())
                .map_err(|error| error.to_string())?;
        }
        let scopes = Scopes::parse(&self.scope()).map_err(|error| error.to_string())?;
        Ok(Request::new(Arc::new(ClientCredentials), scopes, options.request))
    }

    pub fn scope(&self) -> String {
        format!("{}/.default", self.resource)
    }

    /// Why a token that a call got which began at `began` is not one for this key, or was over by then.
    pub fn fault_of(&self, token: &AcquiredToken, began: SystemTime) -> Option<String> {
        let Some(claims) = claims(token) else {
            return Some("it cannot be read".to_owned());
        };
        let text = |name: &str| claims[name].as_str().unwrap_or_default();
        for (name, expected) in [
            ("tid", &self.tenant),
            ("appid", &self.client_id),
            ("aud", &self.resource),
        ] {
            if text(name) != expected {
                return Some(format!("{name} is {:?} where {expected:?} was asked for", text(name)));
            }
        }
        if token.holder.client_id != self.client_id || token.holder.tenant_id != self.tenant {
            return Some("its holder is another application".to_owned());
        }
        let number = |name: &str| claims[name].as_i64().unwrap_or_default();
        let (issued, expires) = (number("iat"), number("exp"));
        let expires = expires - wrongness(issued);
        (expires <= unix_seconds(began)).then(|| {
            let late = unix_seconds(began) - expires;
            format!("it had been over for {late} s when the call for it began")
        })
    }
}

fn claims(token: &AcquiredToken) -> Option<Value> {
    let jwt = DecodedJwt::decode(token.access_token.expose_text()?).ok()?;
    serde_json::from_str(jwt.claims()).ok()
}

/// By how much the service's clock was wrong when it wrote the time `issued`: the faults are whole hours, and tokens
/// live for seconds.
fn wrongness(issued: i64) -> i64 {
    let ahead = issued - unix_seconds(SystemTime::now());
    (ahead + HOUR / 2).div_euclid(HOUR) * HOUR
}

const HOUR: i64 = 3600;

fn unix_seconds(time: SystemTime) -> i64 {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}
