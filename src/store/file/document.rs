//! A JSON document full of secrets: its texts are overwritten when they are dropped.

use std::io::{self, Write};

use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

/// The node of the file that is ours.
pub(super) const NODE: &str = "GraphToken";
/// Members of entries that are ours: the proof with which the token was obtained, what was asked for, and the digest of
/// the claims request.
pub(super) const PROOF: &str = "graphtoken_proof";
pub(super) const ASKED: &str = "graphtoken_asked";
pub(super) const CLAIMS: &str = "graphtoken_claims";

/// The object that is the document.
#[derive(Default)]
pub(super) struct Document(Map<String, Value>);

impl Document {
    /// Reads it. The error is a reason that repeats nothing of the text.
    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        match serde_json::from_slice(json) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(mut other) => {
                scrub(&mut other);
                Err("it is JSON, but not an object".to_owned())
            }
            Err(error) => Err(format!(
                "it is no JSON from line {}, column {} on",
                error.line(),
                error.column()
            )),
        }
    }

    /// Writes it.
    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        // A buffer that grows leaves copies of secrets behind.
        let mut length = Counter(0);
        let _ = serde_json::to_writer(&mut length, &self.0);
        let mut json = Zeroizing::new(Vec::with_capacity(length.0));
        let _ = serde_json::to_writer(&mut *json, &self.0);
        json
    }

    /// The entries of a node; none when it is not there.
    pub(super) fn entries(&self, node: &str) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
        let entries = self.0.get(node).and_then(Value::as_object).into_iter().flatten();
        entries.filter_map(|(key, entry)| Some((key.as_str(), entry.as_object()?)))
    }

    /// The members of a node, to be changed. What is no object makes room for one.
    pub(super) fn node_mut(&mut self, node: &str) -> &mut Map<String, Value> {
        object_in(&mut self.0, node)
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

/// The object at `name`. What is no object makes room for one.
pub(super) fn object_in<'a>(members: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let place = members.entry(name).or_insert_with(|| Value::Object(Map::new()));
    if !place.is_object() {
        scrub(place);
        *place = Value::Object(Map::new());
    }
    place.as_object_mut().expect("it has just been made one")
}

/// Sets a member and overwrites what it was before.
pub(super) fn set(members: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    if let Some(mut old) = members.insert(name.to_owned(), value.into()) {
        scrub(&mut old);
    }
}

/// Removes those members that are not to be kept, and overwrites what was in them.
pub(super) fn retain(members: &mut Map<String, Value>, mut keep: impl FnMut(&Map<String, Value>) -> bool) {
    members.retain(|_, value| {
        let kept = value.as_object().is_none_or(&mut keep);
        if !kept {
            scrub(value);
        }
        kept
    });
}

/// A text; empty when it is not there or something else.
pub(super) fn text<'a>(entry: &'a Map<String, Value>, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whole seconds since 1970, which MSAL writes as text.
pub(super) fn seconds(entry: &Map<String, Value>, name: &str) -> Option<i64> {
    match entry.get(name)? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
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
    fn unknown_content_survives_and_reasons_repeat_nothing() {
        let json = r#"{"AccessToken":{},"Unknown":[1,2.5,null,true,"x"]}"#;
        assert_eq!(*Document::parse(json.as_bytes()).unwrap().to_json(), json.as_bytes());
        for text in ["", "[\"secret\"]", "{\"secret\": secret", "secret"] {
            let reason = Document::parse(text.as_bytes()).err().unwrap();
            assert!(!reason.contains("secret"), "{reason}");
        }
    }
}
