//! A claims request (OpenID Connect Core 1.0 section 5.5).

use serde_json::{Map, Value};

use crate::answer::refusal::Refusal;
use crate::clock::Moment;

/// What a client asks a token to say.
#[derive(Default)]
pub(crate) struct ClaimsRequest {
    access_token: Map<String, Value>,
}

impl ClaimsRequest {
    /// Reads the parameter `claims` strictly: an object of objects, in which each claim is null or an object whose
    /// members have the types of section 5.5.1.
    pub(crate) fn parse(text: &str, now: Moment) -> Result<Self, Refusal> {
        let refused = || Refusal::new(90100, &["claims"]);
        let mut members: Map<String, Value> = serde_json::from_str(text).map_err(|_| refused())?;
        let is_well_formed = members.values().all(|member| match member {
            Value::Object(claims) => claims.values().all(is_claim),
            member => member.is_null(),
        });
        let access_token = match members.remove("access_token") {
            Some(Value::Object(claims)) => claims,
            _ => Map::new(),
        };
        let request = Self { access_token };
        if is_well_formed && request.can_be_met(now) {
            Ok(request)
        } else {
            Err(refused())
        }
    }

    /// Whether the client says that it understands claims challenges (Microsoft: "Claims challenges, claims requests and
    /// client capabilities").
    pub(crate) fn handles_challenges(&self) -> bool {
        let values = self
            .access_token
            .get("xms_cc")
            .and_then(|claim| claim["values"].as_array());
        values.is_some_and(|values| values.iter().any(|value| value == "cp1"))
    }

    /// Whether it names no time before which no token is good enough, or one that has come: seconds as text, as
    /// challenges name it.
    fn can_be_met(&self, now: Moment) -> bool {
        let Some(value) = self.access_token.get("nbf").and_then(|claim| claim.get("value")) else {
            return true;
        };
        let start = value.as_str().and_then(|text| text.parse::<i64>().ok());
        start.is_some_and(|start| start <= now.unix())
    }
}

fn is_claim(claim: &Value) -> bool {
    match claim {
        Value::Object(members) => members.iter().all(|(name, value)| match name.as_str() {
            "essential" => value.is_boolean(),
            "values" => value.is_array(),
            // Others that are not understood are ignored, as the section says.
            _ => true,
        }),
        claim => claim.is_null(),
    }
}
