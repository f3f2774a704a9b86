//! Changes to inputs, the same ones in each run.

/// Changes inputs at random, but always in the same way for the same number.
pub struct Mutator<'a> {
    state: u64,
    seeds: &'a [Vec<u8>],
    dictionary: &'a [Vec<u8>],
}

/// The longest input, in bytes.
const LONGEST: usize = 64 * 1024;

/// Bytes that mean something in one of the formats, or are at the edge of a range.
const SPECIAL: &[u8] = b"\0\n\r\t \"#%&'+,-./:;<=>?@[\\]^{}~\x1b\x7f\x80\xff";

impl<'a> Mutator<'a> {
    /// The changes with this number.
    pub fn new(number: usize, seeds: &'a [Vec<u8>], dictionary: &'a [Vec<u8>]) -> Self {
        Self {
            state: 0x9e37_79b9_7f4a_7c15 ^ number as u64,
            seeds,
            dictionary,
        }
    }

    /// `input` with one to four changes.
    pub fn change(&mut self, input: &[u8]) -> Vec<u8> {
        let mut changed = input.to_owned();
        for _ in 0..=self.below(4) {
            self.change_once(&mut changed);
        }
        changed.truncate(LONGEST);
        changed
    }

    fn change_once(&mut self, input: &mut Vec<u8>) {
        let place = self.below(input.len() + 1);
        let end = (place + 1 + self.below(16)).min(input.len());
        match self.below(8) {
            0 if place < input.len() => input[place] ^= 1 << self.below(8),
            1 if place < input.len() => input[place] = self.special(),
            2 => input.insert(place, self.special()),
            3 => drop(input.drain(place..end)),
            4 => {
                let again = input[place..end].to_owned();
                drop(input.splice(place..place, again));
            }
            5 => input.truncate(place),
            6 => {
                let other = &self.seeds[self.below(self.seeds.len())];
                let from = self.below(other.len() + 1);
                input.truncate(place);
                input.extend_from_slice(&other[from..]);
            }
            _ => {
                let word = &self.dictionary[self.below(self.dictionary.len())];
                drop(input.splice(place..place, word.iter().copied()));
            }
        }
    }

    fn special(&mut self) -> u8 {
        SPECIAL[self.below(SPECIAL.len())]
    }

    /// A number from 0 to `limit` - 1 (Marsaglia, "Xorshift RNGs").
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap_or_default() % limit.max(1)
    }
}
