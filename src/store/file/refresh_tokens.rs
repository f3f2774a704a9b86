//! Refresh tokens that took each other's place: whoever has an old one gets the newest.
//!
//! Kept in the cache's own node: `refresh_tokens`, and in it an object for each line, with the proofs of its tokens
//! (`members`), the newest token itself, and the turn that everybody takes who has one of them.

use serde_json::{Map, Value, json};

use crate::base::secret::Secret;
use crate::store::file::document::{Document, NODE, object_in, retain, seconds, set, text};

/// Most tokens of one line that are remembered; the oldest go first.
const MEMBERS: usize = 64;

/// Most lines; the one that was not used for longest goes first.
const LINES: usize = 1_000;

const LINES_NODE: &str = "refresh_tokens";
const NEWEST: &str = "newest";
const TURN: &str = "turn";
const USED_ON: &str = "used_on";

/// A line of refresh tokens.
pub(super) struct Line<'a> {
    /// Its name: the proof of its first token.
    pub(super) id: &'a str,
    members: &'a Map<String, Value>,
}

impl<'a> Line<'a> {
    /// The line that a token with this proof belongs to.
    pub(super) fn of(document: &'a Document, proof: &str) -> Option<Self> {
        let lines = document.member(NODE, LINES_NODE)?.as_object()?;
        lines.iter().find_map(|(id, line)| {
            let members = line.as_object()?;
            is_in(members, proof).then_some(Self { id, members })
        })
    }

    /// The newest token.
    pub(super) fn newest(&self) -> Secret {
        Secret::copy_of(text(self.members, NEWEST).as_bytes())
    }

    /// The turn that everybody takes who has one of its tokens.
    pub(super) fn turn(&self) -> Option<u8> {
        self.members.get(TURN)?.as_u64()?.try_into().ok()
    }
}

/// A refresh token as it was answered, with the proofs of the one that was given for it and of itself.
pub(super) struct Replacement<'a> {
    pub(super) given: String,
    pub(super) next: String,
    pub(super) token: &'a Secret,
    pub(super) turn: u8,
    pub(super) now: i64,
}

impl Replacement<'_> {
    /// Lets the token follow the given one in its line, or begin a line with it. Returns the line's name.
    pub(super) fn keep(self, document: &mut Document) -> String {
        let known = Line::of(document, &self.given).or_else(|| Line::of(document, &self.next));
        let id = known.map_or_else(|| self.given.clone(), |line| line.id.to_owned());
        let lines = object_in(document.node_mut(NODE), LINES_NODE);
        let line = object_in(lines, &id);
        line.entry(TURN).or_insert_with(|| json!(self.turn));
        set(line, NEWEST, self.token.expose_text().unwrap_or_default());
        set(line, USED_ON, self.now.to_string());
        for proof in [self.given, self.next] {
            if !is_in(line, &proof) {
                let members = line.entry(MEMBERS_NAME).or_insert_with(|| json!([]));
                if let Some(members) = members.as_array_mut() {
                    members.push(proof.into());
                    let surplus = members.len().saturating_sub(MEMBERS);
                    members.drain(..surplus);
                }
            }
        }
        make_room(lines);
        id
    }
}

const MEMBERS_NAME: &str = "members";

/// Forgets a line.
pub(super) fn forget(document: &mut Document, id: &str) {
    let lines = object_in(document.node_mut(NODE), LINES_NODE);
    set(lines, id, Value::Null);
    lines.remove(id);
}

fn is_in(line: &Map<String, Value>, proof: &str) -> bool {
    let members = line.get(MEMBERS_NAME).and_then(Value::as_array);
    members.is_some_and(|members| members.iter().any(|member| member == proof))
}

fn make_room(lines: &mut Map<String, Value>) {
    while lines.len() > LINES {
        let last_use = |line: &Value| line.as_object().and_then(|line| seconds(line, USED_ON));
        let Some(oldest) = lines.values().map(last_use).min() else {
            return;
        };
        let mut is_gone = false;
        retain(lines, |line| {
            let goes = !is_gone && seconds(line, USED_ON) == oldest;
            is_gone |= goes;
            !goes
        });
        if !is_gone {
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
        Line::of(document, &format!("proof {proof}")).map(|line| line.newest())
    }

    #[test]
    fn an_old_token_leads_to_the_newest_until_the_line_is_forgotten() {
        let mut document = Document::default();
        let line = replace(&mut document, 0, 1, 10);
        assert_eq!(replace(&mut document, 1, 2, 11), line);
        replace(&mut document, 70, 71, 11);
        for proof in 0..3 {
            assert_eq!(newest(&document, proof), Some(Secret::copy_of(b"token 2")));
        }
        assert_eq!(Line::of(&document, "proof 2").unwrap().turn(), Some(7));
        forget(&mut document, &line);
        assert_eq!(newest(&document, 2), None);
        assert!(newest(&document, 70).is_some());
    }

    #[test]
    fn lines_and_their_members_are_bounded() {
        let mut document = Document::default();
        for number in 0..=MEMBERS {
            replace(&mut document, number, number + 1, 0);
        }
        assert_eq!(newest(&document, 1), None);
        assert!(newest(&document, 2).is_some() && newest(&document, MEMBERS + 1).is_some());
        for number in 0..LINES {
            replace(&mut document, 1_000_000 + 2 * number, 1_000_001 + 2 * number, 1);
        }
        assert_eq!(newest(&document, MEMBERS + 1), None);
        assert!(newest(&document, 1_000_000).is_some());
    }
}
