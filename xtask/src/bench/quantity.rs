//! A measured value as people read it.

/// What a value is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Seconds.
    Time,
    Bytes,
    Count,
    PerSecond,
    /// How many times as much.
    Factor,
}

impl Quantity {
    /// Whether more of it is better.
    pub fn is_better_when_larger(self) -> bool {
        matches!(self, Self::PerSecond | Self::Factor)
    }

    /// Three digits, with a unit in which they are easy to read.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Time => scaled(value, &[(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]),
            Self::Bytes => scaled(value, &[(1e6, "MB"), (1e3, "KB"), (1.0, "B")]),
            Self::Count => grouped(value),
            Self::PerSecond => format!("{}/s", grouped(rounded(value))),
            Self::Factor => format!("{} x", digits(value)),
        }
    }
}

fn scaled(value: f64, units: &[(f64, &str)]) -> String {
    let smallest = units[units.len() - 1];
    let is_large_enough = |unit: &&(f64, &str)| rounded(value.abs()) >= unit.0;
    let (size, name) = units.iter().find(is_large_enough).copied().unwrap_or(smallest);
    format!("{} {name}", digits(value / size))
}

fn digits(value: f64) -> String {
    let value = rounded(value);
    match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => grouped(value),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// To three digits.
fn rounded(value: f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let step = 10_f64.powf(value.abs().log10().floor() - 2.0);
    (value / step).round() * step
}

/// A whole number, with commas between thousands.
fn grouped(value: f64) -> String {
    let text = format!("{:.0}", value.abs());
    let mut grouped = String::from(if value < 0.0 { "-" } else { "" });
    for (place, digit) in text.chars().enumerate() {
        if place > 0 && (text.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_with_three_digits_and_a_fitting_unit() {
        for (quantity, value, shown) in [
            (Quantity::Time, 4.153e-6, "4.15 µs"),
            (Quantity::Time, 98.7e-9, "98.7 ns"),
            (Quantity::Time, 0.99999, "1 s"),
            (Quantity::Time, 0.2, "200 ms"),
            (Quantity::Bytes, 3_310_280.0, "3.31 MB"),
            (Quantity::Bytes, 312.4, "312 B"),
            (Quantity::Bytes, -12.0, "-12 B"),
            (Quantity::Count, 10_000.0, "10,000"),
            (Quantity::Count, 0.0, "0"),
            (Quantity::PerSecond, 12_345_678.0, "12,300,000/s"),
            (Quantity::Factor, 41.52, "41.5 x"),
        ] {
            assert_eq!(quantity.show(value), shown);
        }
    }
}
