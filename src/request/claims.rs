//! What a token must say: the claims parameter of a request (OpenID Connect Core section 5.5).

use serde_json::{Map, Value, json};

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::CAPABILITIES;
use crate::base::short_list;

/// What an API demands of the next token, from its header `WWW-Authenticate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimsChallenge {
    /// The claims: a JSON object.
    pub claims: String,
    /// The tenant in the address for signing in that the API names, if it names one tenant. Nothing is sent there: an
    /// API does not choose the authority.
    pub tenant: Option<String>,
}

/// What a client tells the service that it can do: `cp1` stands for answering claims challenges ("Claims challenges,
/// claims requests and client capabilities"). The service then issues tokens that APIs refuse as soon as a critical
/// event occurs, and that live longer (continuous access evaluation).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// In alphabetical order, each once.
    names: Vec<String>,
}

impl Capabilities {
    /// Reads names that are separated by spaces or commas.
    ///
    /// # Errors
    /// `InvalidArgument` for a name with other characters than letters, digits, `-`, `.` and `_`.
    pub fn parse(text: &str) -> Result<Self> {
        let is_name = |name: &&str| {
            name.len() <= 64
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        };
        let words = text.split([' ', ',', '\t']).filter(|name| !name.is_empty());
        let mut names: Vec<String> = words
            .map(|name| Some(name).filter(is_name).map(str::to_owned).ok_or_else(refused))
            .collect::<Result<_>>()?;
        short_list::sort(&mut names, |one, other| one < other);
        names.dedup();
        Ok(Self { names })
    }

    /// The names with spaces between them; empty if there are none.
    pub fn text(&self) -> String {
        self.names.join(" ")
    }

    fn claims(&self) -> Option<String> {
        let claim = json!({"access_token": {"xms_cc": {"values": self.names}}});
        (!self.names.is_empty()).then(|| claim.to_string())
    }
}

fn refused() -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("Invalid value for {CAPABILITIES}."),
        "Use the names of capabilities, such as cp1, with spaces between them.",
    )
}

/// The claims parameter for a client with these capabilities: what its caller asks for, and above that what a challenge
/// demands. One of them alone is sent as it is.
pub fn parameter(capabilities: &Capabilities, asked: Option<&str>, challenge: Option<&str>) -> Option<String> {
    let capabilities = capabilities.claims();
    let mut parts: Vec<&str> = [capabilities.as_deref(), asked, challenge]
        .into_iter()
        .flatten()
        .collect();
    if parts.len() < 2 {
        return parts.pop().map(str::to_owned);
    }
    let mut merged = Map::new();
    for members in parts.into_iter().filter_map(|part| serde_json::from_str(part).ok()) {
        merge(&mut merged, members);
    }
    Some(Value::Object(merged).to_string())
}

/// Adds `members`, which take precedence. The claims of a token are united.
fn merge(merged: &mut Map<String, Value>, members: Map<String, Value>) {
    for (name, member) in members {
        match (merged.get_mut(&name), member) {
            (Some(Value::Object(claims)), Value::Object(more)) => claims.extend(more),
            (_, member) => {
                merged.insert(name, member);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_source_alone_is_sent_as_it_is() {
        let none = Capabilities::default();
        let text = "{ \"access_token\" : {\"nbf\":1.0} }";
        assert_eq!(parameter(&none, None, None), None);
        assert_eq!(parameter(&none, Some(text), None).as_deref(), Some(text));
        assert_eq!(parameter(&none, None, Some(text)).as_deref(), Some(text));
        let cp1 = parameter(&Capabilities::parse("cp1").unwrap(), None, None);
        assert_eq!(cp1.unwrap(), r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#);
    }

    #[test]
    fn the_claims_of_a_token_are_united_and_the_challenge_wins() {
        let cp1 = Capabilities::parse("cp1").unwrap();
        let asked = r#"{"access_token":{"nbf":{"value":"1"},"a":null},"id_token":{"b":null},"userinfo":null}"#;
        let challenge = r#"{"access_token":{"nbf":{"essential":true,"value":"2"}},"id_token":{"c":{}}}"#;
        let merged: Value = serde_json::from_str(&parameter(&cp1, Some(asked), Some(challenge)).unwrap()).unwrap();
        let expected = json!({
            "access_token": {"xms_cc": {"values": ["cp1"]}, "nbf": {"essential": true, "value": "2"}, "a": null},
            "id_token": {"b": null, "c": {}},
            "userinfo": null,
        });
        assert_eq!(merged, expected);
    }

    #[test]
    fn capabilities_are_names_in_any_order() {
        let names = Capabilities::parse(" cp2,cp1  cp1 ").unwrap();
        assert_eq!(
            (names.text().as_str(), names == Capabilities::parse("cp1 cp2").unwrap()),
            ("cp1 cp2", true)
        );
        assert_eq!(Capabilities::parse("").unwrap(), Capabilities::default());
        let long = "x".repeat(65);
        for text in ["cp1;cp2", "{\"cp1\"}", "cp\u{e4}", &long] {
            let error = Capabilities::parse(text).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(!error.message().contains(text), "{error}");
        }
    }
}
