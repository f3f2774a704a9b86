//! Linked lists of numbered places. Each place is in one list at most, and moves from one list to another in constant
//! time.

/// Lists and their places. A place in no list is a ring of its own.
#[derive(Debug)]
pub struct Rings {
    /// The heads of the lists, then the places. Each list is a ring that includes its head.
    nodes: Vec<Node>,
    lists: u32,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    before: u32,
    after: u32,
}

impl Rings {
    /// `lists` empty lists and no places.
    pub fn new(lists: u32) -> Self {
        let mut rings = Self {
            nodes: Vec::new(),
            lists,
        };
        for _ in 0..lists {
            rings.add_node();
        }
        rings
    }

    /// Adds the next place, which is in no list.
    pub fn add_place(&mut self) {
        self.add_node();
    }

    /// Takes `place` out of its list, if it is in one, and puts it first in `list`.
    pub fn put_first(&mut self, list: u32, place: u32) {
        let node = self.lists + place;
        self.unlink(node);
        let after = self.nodes[list as usize].after;
        self.nodes[node as usize] = Node { before: list, after };
        self.nodes[after as usize].before = node;
        self.nodes[list as usize].after = node;
    }

    /// Takes `place` out of its list, if it is in one.
    pub fn take_out(&mut self, place: u32) {
        self.unlink(self.lists + place);
    }

    /// The place that has been in `list` the longest.
    pub fn last(&self, list: u32) -> Option<u32> {
        self.nodes[list as usize].before.checked_sub(self.lists)
    }

    fn add_node(&mut self) {
        // Far fewer nodes exist than 32 bits can number.
        let node = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node {
            before: node,
            after: node,
        });
    }

    fn unlink(&mut self, node: u32) {
        let Node { before, after } = self.nodes[node as usize];
        self.nodes[before as usize].after = after;
        self.nodes[after as usize].before = before;
        self.nodes[node as usize] = Node {
            before: node,
            after: node,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(rings: &mut Rings, list: u32) -> Vec<u32> {
        let mut places = Vec::new();
        while let Some(place) = rings.last(list) {
            places.push(place);
            rings.take_out(place);
        }
        places
    }

    #[test]
    fn the_first_to_enter_is_last_and_a_place_is_in_one_list() {
        let mut rings = Rings::new(2);
        for place in 0..4 {
            rings.add_place();
            rings.put_first(0, place);
        }
        rings.put_first(0, 1);
        rings.put_first(1, 2);
        rings.take_out(3);
        rings.take_out(3);
        assert_eq!(drain(&mut rings, 0), [0, 1]);
        assert_eq!(drain(&mut rings, 1), [2]);
        assert_eq!(rings.last(0), None);
    }
}
