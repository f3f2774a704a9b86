//! The order of short lists.

/// Sorts a list of few items: `is_before` says whether the first of two belongs before the second. Equal ones keep their
/// order.
///
/// It is an insertion sort. Those of the standard library are made for long lists, and take 6 KB of the library for each
/// kind of item (DESIGN.md, "Why is the library built for size?").
pub fn sort<T>(list: &mut [T], is_before: impl Fn(&T, &T) -> bool) {
    for end in 1..list.len() {
        let mut place = end;
        while place > 0 && is_before(&list[place], &list[place - 1]) {
            list.swap(place, place - 1);
            place -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_their_order() {
        for (list, sorted) in [
            (&[][..], &[][..]),
            (&["b"], &["b"]),
            (&["b", "a"], &["a", "b"]),
            (&["b2", "a2", "b1", "a1", "c"], &["a2", "a1", "b2", "b1", "c"]),
        ] {
            let mut list = list.to_vec();
            sort(&mut list, |one, other| one[..1] < other[..1]);
            assert_eq!(list, sorted);
        }
    }
}
