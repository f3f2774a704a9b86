//! Random delays. They keep processes that started together from retrying together.

use std::time::Duration;

use aws_lc_rs::rand;

/// A random duration from zero to `most`, uniformly distributed.
pub fn up_to(most: Duration) -> Duration {
    let mut bytes = [0; 4];
    // Without random numbers nothing is spread, which is better than an error.
    let part = rand::fill(&mut bytes).map_or(0, |()| u32::from_le_bytes(bytes));
    most.mul_f64(f64::from(part) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_stay_within_their_bounds_and_vary() {
        let second = Duration::from_secs(1);
        let drawn: Vec<Duration> = (0..100).map(|_| up_to(second)).collect();
        assert!(drawn.iter().all(|duration| *duration <= second));
        assert!(drawn.iter().any(|duration| *duration != drawn[0]));
        assert_eq!(up_to(Duration::ZERO), Duration::ZERO);
    }
}
