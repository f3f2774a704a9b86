//! How long a command takes, as its words say it.

use std::time::Duration;

/// The time of `--minutes N` or `--seconds N`, and the words after that. Without them the time is `default`. `None` when
/// they make no sense.
pub fn of<'words, 'word>(words: &'words [&'word str], default: Duration) -> Option<(Duration, &'words [&'word str])> {
    let (number, unit, rest) = match words {
        ["--minutes", number, rest @ ..] => (number, 60, rest),
        ["--seconds", number, rest @ ..] => (number, 1, rest),
        rest => return Some((default, rest)),
    };
    let number: u64 = number.parse().ok().filter(|number| *number > 0)?;
    Some((Duration::from_secs(number.checked_mul(unit)?), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_and_the_rest_is_left() {
        let default = Duration::from_secs(600);
        assert_eq!(of(&[], default), Some((default, &[][..])));
        assert_eq!(of(&["a"], default), Some((default, &["a"][..])));
        assert_eq!(
            of(&["--minutes", "2", "a"], default),
            Some((Duration::from_secs(120), &["a"][..]))
        );
        assert_eq!(
            of(&["--seconds", "30"], default),
            Some((Duration::from_secs(30), &[][..]))
        );
        for number in ["0", "-1", "x", "18446744073709551615"] {
            assert_eq!(of(&["--minutes", number], default), None, "{number}");
        }
    }
}
