//! Whether a process keeps growing.

/// A line through the sizes of a process after it has warmed up.
pub struct Memory {
    /// In KiB.
    pub start: f64,
    pub end: f64,
    /// In KiB a minute.
    pub slope: f64,
}

/// This much of the time is for warming up.
const WARM_UP: usize = 3;

/// In KiB: what the allocator keeps a little more or less of, whatever the program does.
const NOISE: f64 = 4096.0;

impl Memory {
    /// From sizes in KiB, one each second; the line comes closest to all of them (least squares).
    pub fn of(sizes: &[f64]) -> Self {
        let sizes = &sizes[sizes.len() / WARM_UP..];
        let seconds = || (0_u32..).map(f64::from);
        let count = seconds().nth(sizes.len()).unwrap_or_default().max(1.0);
        let mean_size = sizes.iter().sum::<f64>() / count;
        let mean_time = (count - 1.0) / 2.0;
        let (mut together, mut alone) = (0.0, 0.0);
        for (time, size) in seconds().zip(sizes) {
            together += (time - mean_time) * (size - mean_size);
            alone += (time - mean_time) * (time - mean_time);
        }
        let slope = if alone > 0.0 { together / alone } else { 0.0 };
        Self {
            start: mean_size - slope * mean_time,
            end: mean_size + slope * mean_time,
            slope: slope * 60.0,
        }
    }

    /// Whether the growth is within a tenth of the size, or within what means nothing.
    pub fn is_flat(&self) -> bool {
        self.end - self.start <= NOISE.max(self.start / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_grows_after_its_start_is_not_flat() {
        let settled = |second: u32| if second < 100 { 10_000.0 } else { 30_000.0 };
        let growing = |second: u32| 30_000.0 + 100.0 * f64::from(second);
        let memory = Memory::of(&(0..300).map(settled).collect::<Vec<_>>());
        assert!(memory.is_flat() && memory.slope.abs() < 0.001, "{}", memory.slope);
        let memory = Memory::of(&(0..300).map(growing).collect::<Vec<_>>());
        assert!(
            !memory.is_flat() && (memory.slope - 6000.0).abs() < 0.001,
            "{}",
            memory.slope
        );
        assert!(Memory::of(&[]).is_flat());
    }
}
