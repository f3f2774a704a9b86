//! The refresh tokens of users who signed out. A caller who still has one gets its tokens, but they are not kept: a
//! refresh must not sign the user in again.
//!
//! Their proofs are in our own node of the file, in the member `signed_out`, and go with the file.

use serde_json::{Value, json};

use crate::store::file::document::{Document, NODE};

/// The most tokens that are remembered. The oldest are dropped first.
const MOST: usize = 1_000;

const NAME: &str = "signed_out";

/// Remembers the refresh tokens with these proofs.
pub(super) fn remember(document: &mut Document, proofs: Vec<String>) {
    let known = document.node_mut(NODE).entry(NAME).or_insert_with(|| json!([]));
    if let Some(known) = known.as_array_mut() {
        known.extend(proofs.into_iter().map(Value::from));
        let surplus = known.len().saturating_sub(MOST);
        known.drain(..surplus);
    }
}

/// Whether the user of the refresh token with this proof has signed out.
pub(super) fn has(document: &Document, proof: &str) -> bool {
    let known = document.member(NODE, NAME).and_then(Value::as_array);
    known.is_some_and(|known| known.iter().any(|known| known == proof))
}
