//! Families of refresh tokens: each token replaced the one before it, and a caller with an old token gets the newest.
//!
//! They are in our own node of the file, in the member `refresh_tokens`. It has an object for each family, with the
//! proofs of its tokens (`members`), the newest token, and the number of the turn that callers with one of the tokens
//! take.

use serde_json::{Map, Value, json};

use crate::base::secret::Secret;
use crate::store::file::document::{Document, NODE, object_in, retain, seconds, set, text};

/// The most tokens of one family that are remembered. The oldest are dropped first.
const MEMBERS: usize = 64;

/// The most families. The least recently used one is dropped first.
const FAMILIES: usize = 1_000;

const FAMILIES_NAME: &str = "refresh_tokens";
const NEWEST: &str = "newest";
const TURN: &str = "turn";
const USED_ON: &str = "used_on";

/// A family of refresh tokens, each of which replaced the one before (refresh token rotation, RFC 9700 section 4.14.2).
pub(super) struct Family<'a> {
    /// Its id: the proof of its first token.
    pub(super) id: &'a str,
    members: &'a Map<String, Value>,
}

impl<'a> Family<'a> {
    /// The family of the token with this proof.
    pub(super) fn of(document: &'a Document, proof: &str) -> Option<Self> {
        let families = document.member(NODE, FAMILIES_NAME)?.as_object()?;
        families.iter().find_map(|(id, family)| {
            let members = family.as_object()?;
            is_in(members, proof).then_some(Self { id, members })
        })
    }

    /// The newest token.
    pub(super) fn newest(&self) -> Secret {
        Secret::copy_of(text(self.members, NEWEST).as_bytes())
    }

    /// The number of the turn that callers with one of its tokens take.
    pub(super) fn turn(&self) -> Option<u8> {
        self.members.get(TURN)?.as_u64()?.try_into().ok()
    }
}

/// A refresh token from a response, with its own proof and that of the token it replaces.
pub(super) struct Replacement<'a> {
    pub(super) given: String,
    pub(super) next: String,
    pub(super) token: &'a Secret,
    pub(super) turn: u8,
    pub(super) now: i64,
}

impl Replacement<'_> {
    /// Adds the token to the family of the given one, or starts a family with both. Returns the id of the family.
    pub(super) fn keep(self, document: &mut Document) -> String {
        let known = Family::of(document, &self.given).or_else(|| Family::of(document, &self.next));
        let id = known.map_or_else(|| self.given.clone(), |family| family.id.to_owned());
        let families = object_in(document.node_mut(NODE), FAMILIES_NAME);
        let family = object_in(families, &id);
        family.entry(TURN).or_insert_with(|| json!(self.turn));
        set(family, NEWEST, self.token.expose_text().unwrap_or_default());
        set(family, USED_ON, self.now.to_string());
        for proof in [self.given, self.next] {
            if !is_in(family, &proof) {
                let members = family.entry(MEMBERS_NAME).or_insert_with(|| json!([]));
                if let Some(members) = members.as_array_mut() {
                    members.push(proof.into());
                    let surplus = members.len().saturating_sub(MEMBERS);
                    members.drain(..surplus);
                }
            }
        }
        make_room(families);
        id
    }
}

const MEMBERS_NAME: &str = "members";
const OWNER: &str = "home_account_id";

/// Records whose tokens a family has.
pub(super) fn set_owner(document: &mut Document, id: &str, home_account_id: &str) {
    let families = object_in(document.node_mut(NODE), FAMILIES_NAME);
    set(object_in(families, id), OWNER, home_account_id);
}

/// The proofs of all tokens in the families of an account.
pub(super) fn members_of_owner(document: &Document, home_account_id: &str) -> Vec<String> {
    let families = document.member(NODE, FAMILIES_NAME).and_then(Value::as_object);
    let families = families.into_iter().flat_map(Map::values).filter_map(Value::as_object);
    families
        .filter(|family| text(family, OWNER).eq_ignore_ascii_case(home_account_id))
        .filter_map(|family| family.get(MEMBERS_NAME)?.as_array())
        .flatten()
        .filter_map(|proof| proof.as_str().map(str::to_owned))
        .collect()
}

/// Removes the families of an account.
pub(super) fn forget_owner(document: &mut Document, home_account_id: &str) {
    let families = object_in(document.node_mut(NODE), FAMILIES_NAME);
    retain(families, |family| {
        !text(family, OWNER).eq_ignore_ascii_case(home_account_id)
    });
}

/// Replaces a token where it is the newest of its family.
#[cfg(feature = "flows")]
pub(super) fn replace_newest(document: &mut Document, used: &Secret, next: &Secret) {
    let families = object_in(document.node_mut(NODE), FAMILIES_NAME);
    for family in families.values_mut().filter_map(Value::as_object_mut) {
        if text(family, NEWEST).as_bytes() == used.expose() {
            set(family, NEWEST, next.expose_text().unwrap_or_default());
        }
    }
}

/// Removes a family.
pub(super) fn forget(document: &mut Document, id: &str) {
    let families = object_in(document.node_mut(NODE), FAMILIES_NAME);
    // `set` overwrites the token in memory.
    set(families, id, Value::Null);
    families.remove(id);
}

/// Removes the families whose newest token is one of these.
pub(super) fn forget_newest(document: &mut Document, tokens: &[String]) {
    let families = object_in(document.node_mut(NODE), FAMILIES_NAME);
    retain(families, |family| {
        !tokens.iter().any(|token| token == text(family, NEWEST))
    });
}

fn is_in(family: &Map<String, Value>, proof: &str) -> bool {
    let members = family.get(MEMBERS_NAME).and_then(Value::as_array);
    members.is_some_and(|members| members.iter().any(|member| member == proof))
}

fn make_room(families: &mut Map<String, Value>) {
    while families.len() > FAMILIES {
        let last_use = |family: &Value| family.as_object().and_then(|family| seconds(family, USED_ON));
        let Some(oldest) = families.values().map(last_use).min() else {
            return;
        };
        let mut is_removed = false;
        retain(families, |family| {
            let is_oldest = !is_removed && seconds(family, USED_ON) == oldest;
            is_removed |= is_oldest;
            !is_oldest
        });
        if !is_removed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(document: &mut Document, given: usize, next: usize, now: i64) -> String {
        let token = Secret::new(format!("token {next}").into_bytes());
        let replacement = Replacement {
            given: format!("proof {given}"),
            next: format!("proof {next}"),
            token: &token,
            turn: 7,
            now,
        };
        replacement.keep(document)
    }

    fn newest(document: &Document, proof: usize) -> Option<Secret> {
        Family::of(document, &format!("proof {proof}")).map(|family| family.newest())
    }

    #[test]
    fn an_old_token_leads_to_the_newest_until_its_family_is_forgotten() {
        let mut document = Document::default();
        let family = replace(&mut document, 0, 1, 10);
        assert_eq!(replace(&mut document, 1, 2, 11), family);
        replace(&mut document, 70, 71, 11);
        for proof in 0..3 {
            assert_eq!(newest(&document, proof), Some(Secret::copy_of(b"token 2")));
        }
        assert_eq!(Family::of(&document, "proof 2").unwrap().turn(), Some(7));
        forget(&mut document, &family);
        assert_eq!(newest(&document, 2), None);
        assert!(newest(&document, 70).is_some());
    }

    #[test]
    fn families_and_their_members_are_bounded() {
        let mut document = Document::default();
        for number in 0..=MEMBERS {
            replace(&mut document, number, number + 1, 0);
        }
        assert_eq!(newest(&document, 1), None);
        assert!(newest(&document, 2).is_some() && newest(&document, MEMBERS + 1).is_some());
        for number in 0..FAMILIES {
            replace(&mut document, 1_000_000 + 2 * number, 1_000_001 + 2 * number, 1);
        }
        assert_eq!(newest(&document, MEMBERS + 1), None);
        assert!(newest(&document, 1_000_000).is_some());
    }
}
