//! When the places of a shard expire: a hierarchical timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing
//! Wheels", 1987). Entering, leaving and expiring take constant time.

use crate::cache::ring::Rings;

/// Places by the second in which they expire.
#[derive(Debug)]
pub struct Wheel {
    rings: Rings,
    /// The last second that has been processed.
    now: u64,
}

/// The lists of each level. Those of the first level cover a second each, those of the next the whole first level each.
const LISTS: u64 = 64;
const BITS: u32 = LISTS.trailing_zeros();

/// Three levels reach three days. What expires later waits in the last list and is sorted again then.
const LEVELS: u32 = 3;

impl Wheel {
    /// A wheel without places at second `now`.
    pub fn new(now: u64) -> Self {
        Self {
            rings: Rings::new(LEVELS << BITS),
            now,
        }
    }

    /// Adds the next place, which does not expire yet.
    pub fn add_place(&mut self) {
        self.rings.add_place();
    }

    /// Lets `place` expire in second `expiry`.
    pub fn enter(&mut self, place: u32, expiry: u64) {
        let list = self.list(self.now + 1, expiry);
        self.rings.put_first(list, place);
    }

    /// Removes `place`: it does not expire any more.
    pub fn leave(&mut self, place: u32) {
        self.rings.take_out(place);
    }

    /// The next place that has expired by second `now`; `expiry` returns the second in which a place expires. The same
    /// place is returned until it leaves or enters again.
    ///
    /// A place that enters for a past second expires in the next one.
    pub fn expired(&mut self, now: u64, expiry: impl Fn(u32) -> u64) -> Option<u32> {
        loop {
            if let Some(place) = self.rings.last(Self::index(0, self.now)) {
                return Some(place);
            }
            if self.now >= now {
                return None;
            }
            self.now += 1;
            self.cascade(&expiry);
        }
    }

    /// Moves the places of a list of a higher level to lower levels when its time begins.
    fn cascade(&mut self, expiry: impl Fn(u32) -> u64) {
        for level in 1..LEVELS {
            if self.now & ((1 << (BITS * level)) - 1) != 0 {
                return;
            }
            let list = Self::index(level, self.now);
            let mut moved = Vec::new();
            while let Some(place) = self.rings.last(list) {
                self.rings.take_out(place);
                moved.push(place);
            }
            for place in moved {
                let list = self.list(self.now, expiry(place));
                self.rings.put_first(list, place);
            }
        }
    }

    /// The list for `expiry`, or for `earliest` if that is later.
    fn list(&self, earliest: u64, expiry: u64) -> u32 {
        let expiry = expiry.max(earliest);
        let mut level = 0;
        while level + 1 < LEVELS && (expiry >> (BITS * level)) - (self.now >> (BITS * level)) >= LISTS {
            level += 1;
        }
        let farthest = ((self.now >> (BITS * level)) + LISTS - 1) << (BITS * level);
        Self::index(level, expiry.min(farthest))
    }

    fn index(level: u32, second: u64) -> u32 {
        let within = (second >> (BITS * level)) & (LISTS - 1);
        // Less than `LISTS`.
        (level << BITS) + u32::try_from(within).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places that expire by each second, when all enter at `start`.
    fn expiries(start: u64, seconds: &[u64], until: u64) -> Vec<(u64, u32)> {
        let mut wheel = Wheel::new(start);
        for (place, second) in (0..).zip(seconds) {
            wheel.add_place();
            wheel.enter(place, *second);
        }
        let mut expired = Vec::new();
        for now in start..=until {
            while let Some(place) = wheel.expired(now, |place| seconds[place as usize]) {
                wheel.leave(place);
                expired.push((now, place));
            }
        }
        expired
    }

    #[test]
    fn each_place_expires_in_its_second_at_any_distance() {
        for start in [0, 5, 63, 4_095, 262_143, 1_000_003] {
            let distances = [1, 2, 63, 64, 65, 4_095, 4_096, 4_160, 262_143, 262_144, 270_000];
            let seconds: Vec<u64> = distances.iter().map(|distance| start + distance).collect();
            let expected: Vec<(u64, u32)> = seconds.iter().copied().zip(0..).collect();
            assert_eq!(expiries(start, &seconds, start + 280_000), expected, "{start}");
        }
    }

    #[test]
    fn a_place_for_a_past_second_expires_in_the_next_one() {
        assert_eq!(expiries(100, &[7, 100], 101), [(101, 0), (101, 1)]);
    }

    #[test]
    fn time_may_jump_and_places_may_leave_and_enter_again() {
        let mut wheel = Wheel::new(0);
        for place in 0..3 {
            wheel.add_place();
            wheel.enter(place, 3_600);
        }
        wheel.leave(0);
        wheel.enter(1, 90_000);
        let expiry = |place| if place == 1 { 90_000 } else { 3_600 };
        assert_eq!(wheel.expired(3_599, expiry), None);
        assert_eq!(wheel.expired(80_000, expiry), Some(2));
        wheel.leave(2);
        assert_eq!(wheel.expired(80_000, expiry), None);
        assert_eq!(wheel.expired(1_000_000, expiry), Some(1));
    }
}
