//! The members of a successful response.

use std::time::Duration;

use serde_json::{Map, Value};

use super::foreign::{cut_off, foreign};
use super::refusal::{self, refusal};
use super::{Asked, report};
use crate::base::error::{Error, Result};
use crate::base::json;
use crate::base::quote::quote;
use crate::base::secret::Secret;
use crate::http::HttpAnswer;
use crate::token::bad_character;

/// A successful response of the service as a JSON object.
pub struct Fields<'a> {
    members: Map<String, Value>,
    answer: &'a HttpAnswer,
    asked: &'a Asked<'a>,
    /// The secrets in it, which what is said beside them may repeat.
    issued: Vec<Secret>,
}

/// The members that are secrets.
const SECRETS: [&str; 4] = ["access_token", "refresh_token", "id_token", "device_code"];

/// The longest lifetime that is believed: ten years, in seconds.
const ABSURD_LIFETIME: u64 = 10 * 365 * 24 * 3600;

impl<'a> Fields<'a> {
    /// Reads a response. A refusal, and anything but a JSON object with status 200, becomes an error that describes it.
    pub fn read(answer: &'a HttpAnswer, asked: &'a Asked<'a>) -> Result<Self> {
        if let Some(reason) = &answer.cut_off {
            return Err(cut_off(answer, reason, asked));
        }
        let text = json::text_of(answer.body.expose());
        let members = match json::parse(&text) {
            Some(Value::Object(members)) => Some(members),
            Some(_) => None,
            None => refusal::of_damaged(&text),
        };
        let Some(members) = members else {
            return Err(foreign(&text, answer, asked));
        };
        let issued = SECRETS.iter().filter_map(|name| issued(&members, name)).collect();
        let fields = Self {
            members,
            answer,
            asked,
            issued,
        };
        if refusal::is_one(&fields.members) {
            Err(fields.with_secrets(|asked| refusal(&fields.members, answer, asked)))
        } else if answer.status == 200 {
            Ok(fields)
        } else {
            Err(fields.with_secrets(|asked| foreign(&text, answer, asked)))
        }
    }

    /// Takes a member that is a text and not empty.
    pub fn take_text(&mut self, name: &str) -> Option<String> {
        match self.members.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Takes a member that is a token or a code.
    pub fn take_secret(&mut self, name: &str) -> Result<Option<Secret>> {
        let Some(secret) = self.take_text(name).map(|text| Secret::new(text.into_bytes())) else {
            return Ok(None);
        };
        match bad_character(&secret) {
            None => Ok(Some(secret)),
            Some(byte) => Err(self.malformed(&format!(
                "has the byte 0x{byte:02X} in its {name}, which a token must not contain"
            ))),
        }
    }

    /// A member that is a positive whole number of seconds. Some services send it as a string.
    pub fn seconds(&self, name: &str) -> Result<Option<Duration>> {
        match self.members.get(name).unwrap_or(&Value::Null) {
            Value::Null => Ok(None),
            value => match self
                .number(name)
                .filter(|number| (1..=ABSURD_LIFETIME).contains(number))
            {
                Some(number) => Ok(Some(Duration::from_secs(number))),
                None => Err(self.malformed(&format!(
                    "has {name} = {}, which is not a lifetime in seconds",
                    self.quoted(&value.to_string())
                ))),
            },
        }
    }

    /// A member that is a whole number, or a text with one.
    pub fn number(&self, name: &str) -> Option<u64> {
        let value = self.members.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    }

    /// Every member that was not taken.
    #[cfg(feature = "flows")]
    pub fn into_members(self) -> Map<String, Value> {
        self.members
    }

    /// `text` of the service, without secrets, for a message.
    pub fn quoted(&self, text: &str) -> String {
        self.with_secrets(|asked| quote(text, asked.secrets))
    }

    /// The error for a response that `what` says is not as it should be.
    pub fn malformed(&self, what: &str) -> Error {
        let message = format!("The response from {} {what}.", self.asked.endpoint);
        self.with_secrets(|asked| report::malformed(&message, self.answer, asked))
    }

    /// What was asked, with the secrets of the response among those that no message may quote.
    fn with_secrets<T>(&self, describe: impl FnOnce(&Asked) -> T) -> T {
        let secrets: Vec<&Secret> = self.asked.secrets.iter().copied().chain(&self.issued).collect();
        describe(&Asked {
            secrets: &secrets,
            ..*self.asked
        })
    }
}

fn issued(members: &Map<String, Value>, name: &str) -> Option<Secret> {
    let token = members.get(name)?.as_str().filter(|token| !token.is_empty())?;
    Some(Secret::copy_of(token.as_bytes()))
}
