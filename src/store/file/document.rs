//! A JSON document with secrets: its strings are overwritten when they are dropped.

use std::io::{self, Write};

use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

use crate::base::secret::Secret;
use crate::store::file::verbatim;

/// The node of the file for our own data.
pub(super) const NODE: &str = "GraphToken";
/// Our own members of entries: the proof of the caller that obtained the token, the scopes that it asked for, and the
/// capabilities of its client.
pub(super) const PROOF: &str = "graphtoken_proof";
pub(super) const ASKED: &str = "graphtoken_asked";
pub(super) const CAPABILITIES: &str = "graphtoken_capabilities";
/// Our own member of a user's access token: what a caller must show who names the account alone.
pub(super) const ACCOUNT_PROOF: &str = "graphtoken_account_proof";
/// MSAL's member of refresh tokens and of applications: the family of applications that share refresh tokens.
pub(super) const FAMILY: &str = "family_id";
/// MSAL's member that tells the tokens of the on-behalf-of grant apart: with another user assertion, the user may do
/// something else.
pub(super) const USER_ASSERTION_HASH: &str = "user_assertion_hash";

/// A document, which is a JSON object.
#[derive(Default)]
pub(super) struct Document(Map<String, Value>);

impl Document {
    /// Parses a document. The error is a reason for a message, and does not quote the text.
    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let concealed = verbatim::conceal(json);
        match serde_json::from_slice(concealed.as_ref().map_or(json, |text| text.as_slice())) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(mut other) => {
                scrub(&mut other);
                Err("it is JSON, but not an object".to_owned())
            }
            Err(error) => Err(format!(
                "it is not valid JSON at line {}, column {}",
                error.line(),
                error.column()
            )),
        }
    }

    /// The document as JSON text.
    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        // A growing buffer leaves copies of secrets in memory.
        let mut length = Counter(0);
        let _ = serde_json::to_writer(&mut length, &self.0);
        let mut json = Zeroizing::new(Vec::with_capacity(length.0));
        let _ = serde_json::to_writer(&mut *json, &self.0);
        verbatim::restore(json)
    }

    /// The entries of a node; none if it is missing.
    pub(super) fn entries(&self, node: &str) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
        let entries = self.0.get(node).and_then(Value::as_object).into_iter().flatten();
        entries.filter_map(|(key, entry)| Some((key.as_str(), entry.as_object()?)))
    }

    /// The members of a node, for changes. A value that is not an object is replaced by an empty one.
    pub(super) fn node_mut(&mut self, node: &str) -> &mut Map<String, Value> {
        object_in(&mut self.0, node)
    }

    /// Whether it has nothing besides the nodes of this name and those without members.
    pub(super) fn is_empty_besides(&self, nodes: &[&str]) -> bool {
        let is_empty = |node: &Value| node.as_object().is_some_and(Map::is_empty);
        self.0
            .iter()
            .all(|(name, node)| nodes.contains(&name.as_str()) || is_empty(node))
    }

    /// A member of a node.
    pub(super) fn member(&self, node: &str, name: &str) -> Option<&Value> {
        self.0.get(node)?.get(name)
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        self.0.values_mut().for_each(scrub);
    }
}

/// The object at `name`. A value that is not an object is replaced by an empty one.
pub(super) fn object_in<'a>(members: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let place = members.entry(name).or_insert_with(|| Value::Object(Map::new()));
    if !place.is_object() {
        scrub(place);
        *place = Value::Object(Map::new());
    }
    place.as_object_mut().expect("the value is an object now")
}

/// Sets a member, and overwrites its old value in memory.
pub(super) fn set(members: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    if let Some(mut old) = members.insert(name.to_owned(), value.into()) {
        scrub(&mut old);
    }
}

/// Removes a member, and overwrites its value in memory.
pub(super) fn remove(members: &mut Map<String, Value>, name: &str) {
    if let Some(mut old) = members.remove(name) {
        scrub(&mut old);
    }
}

/// Removes the objects that `keep` rejects, and overwrites their values in memory.
pub(super) fn retain(members: &mut Map<String, Value>, mut keep: impl FnMut(&Map<String, Value>) -> bool) {
    members.retain(|_, value| {
        let kept = value.as_object().is_none_or(&mut keep);
        if !kept {
            scrub(value);
        }
        kept
    });
}

/// The string at `name`; empty if there is none.
pub(super) fn text<'a>(entry: &'a Map<String, Value>, name: &str) -> &'a str {
    let text = entry.get(name).and_then(Value::as_str).unwrap_or_default();
    // A number in disguise, or nothing that we know.
    if text.starts_with(verbatim::MARK) { "" } else { text }
}

/// The seconds since 1970 at `name`, which MSAL writes as a string.
pub(super) fn seconds(entry: &Map<String, Value>, name: &str) -> Option<i64> {
    match entry.get(name)? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

/// Whether an entry may still be used. MSAL uses tokens beyond their expiry while the service is down.
pub(super) fn is_alive(entry: &Map<String, Value>, now: i64) -> bool {
    let ends = ["expires_on", "extended_expires_on", "ext_expires_on"].map(|name| seconds(entry, name));
    // An entry without a known expiry belongs to another program.
    ends[0].is_none() || ends.into_iter().flatten().any(|end| end > now)
}

/// Whether an entry has this secret.
pub(super) fn holds(entry: &Map<String, Value>, secret: &Secret) -> bool {
    text(entry, "secret").as_bytes() == secret.expose()
}

/// Whether the secret of an entry is one of these.
pub(super) fn holds_one_of(entry: &Map<String, Value>, secrets: &[Secret]) -> bool {
    secrets.iter().any(|secret| holds(entry, secret))
}

fn scrub(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(scrub),
        Value::Object(members) => members.values_mut().for_each(scrub),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_content_survives_and_reasons_quote_nothing() {
        let json = r#"{"AccessToken":{},"Unknown":[1,2.5,1e400,123456789012345678901234567890,null,true,"x"]}"#;
        assert_eq!(*Document::parse(json.as_bytes()).unwrap().to_json(), json.as_bytes());
        for text in ["", "[\"secret\"]", "{\"secret\": secret", "secret"] {
            let reason = Document::parse(text.as_bytes()).err().unwrap();
            assert!(!reason.contains("secret"), "{reason}");
        }
    }
}
