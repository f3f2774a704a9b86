//! The rows with their values.

use super::measurements::Measurements;
use super::quantity::Quantity;
use super::row::{self, Goal, Row, SECTIONS};

/// What a run brought, as text for a terminal and for a document.
pub struct Table {
    lines: Vec<Line>,
    missing: Vec<&'static str>,
}

struct Line {
    /// The heading above it, where a new one begins.
    section: Option<&'static str>,
    cells: [String; 6],
}

const HEADINGS: [&str; 6] = ["operation", "GraphToken", "peer", "ratio", "bare limit", "goal"];

impl Table {
    pub fn of(measurements: &Measurements) -> Self {
        let lines = SECTIONS.into_iter().flat_map(|(section, rows)| {
            rows.iter().enumerate().map(move |(number, row)| Line {
                section: (number == 0).then_some(section),
                cells: cells(row, measurements),
            })
        });
        let lines = lines.collect();
        let names = row::all().filter(|row| !row.is_optional).flat_map(Row::names);
        let mut missing: Vec<_> = names.filter(|name| measurements.get(name).is_none()).collect();
        missing.sort_unstable();
        missing.dedup();
        Self { lines, missing }
    }

    /// What has no value and should have one.
    pub fn missing(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.missing.iter().copied()
    }

    /// For a terminal.
    pub fn as_text(&self) -> String {
        let headings = HEADINGS.map(str::to_owned);
        let all = || self.lines.iter().map(|line| &line.cells).chain([&headings]);
        let widths: Vec<usize> = (0..HEADINGS.len())
            .map(|column| {
                all()
                    .map(|cells| cells[column].chars().count())
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        let padded = |cells: &[String; 6]| {
            let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let mut text = padded(&headings);
        for line in &self.lines {
            if let Some(section) = line.section {
                text.extend(["\n\n", section]);
            }
            text += "\n";
            text += &padded(&line.cells);
        }
        text
    }

    /// For a document, with a heading for each section.
    pub fn as_markdown(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            if let Some(section) = line.section {
                text.extend(["\n## ", section, "\n\n| ", &HEADINGS.join(" | "), " |\n"]);
                text.extend(["|", &"---|".repeat(HEADINGS.len()), "\n"]);
            }
            text.extend(["| ", &line.cells.join(" | "), " |\n"]);
        }
        text
    }
}

fn cells(row: &Row, measurements: &Measurements) -> [String; 6] {
    let value = |name: Option<&str>| name.and_then(|name| measurements.get(name));
    let (ours, peer, limit) = (
        value(Some(row.ours)),
        value(row.peer),
        value(row.limit.map(|(name, _)| name)),
    );
    let show = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| row.quantity.show(value));
    let ratio = ours.zip(peer).filter(|(ours, _)| *ours > 0.0).map(|(ours, peer)| {
        let ratio = if row.quantity.is_better_when_larger() {
            ours / peer
        } else {
            peer / ours
        };
        Quantity::Factor.show(ratio)
    });
    let limit_text = limit
        .zip(row.limit)
        .map(|(value, (_, what))| format!("{}: {what}", row.quantity.show(value)));
    let dash = || "-".to_owned();
    [
        row.operation.to_owned(),
        show(ours),
        show(peer),
        ratio.unwrap_or_else(dash),
        limit_text.unwrap_or_else(dash),
        goal(row, ours, peer, limit, measurements).unwrap_or_else(dash),
    ]
}

/// The goal, and whether it was missed.
fn goal(
    row: &Row,
    ours: Option<f64>,
    peer: Option<f64>,
    limit: Option<f64>,
    measurements: &Measurements,
) -> Option<String> {
    let show = |value| row.quantity.show(value);
    let (text, is_met) = match row.goal? {
        Goal::AtMost(most) => (show(most), ours.map(|ours| ours <= most)),
        Goal::AtLeast(least) => (format!("at least {}", show(least)), ours.map(|ours| ours >= least)),
        Goal::OverLimit(more) => {
            let is_met = ours.zip(limit).map(|(ours, limit)| ours <= limit + more);
            (format!("limit + {}", show(more)), is_met)
        }
        Goal::FasterThanPeer(times) => {
            let is_met = ours.zip(peer).map(|(ours, peer)| ours * times <= peer);
            (format!("{times} x faster"), is_met)
        }
        Goal::Like(name, what) => {
            let is_met = ours
                .zip(measurements.get(name))
                .map(|(ours, other)| ours <= 2.0 * other);
            (format!("as {what}, within 2 x"), is_met)
        }
    };
    Some(match is_met {
        Some(true) => format!("{text}: met"),
        Some(false) => format!("{text}: missed"),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_measurements_are_those_of_a_part() {
        for name in row::all().flat_map(Row::names) {
            let mut prefixes = super::super::PARTS.iter().flat_map(|part| part.prefixes);
            assert!(prefixes.any(|prefix| name.starts_with(prefix)), "{name}");
        }
    }

    #[test]
    fn a_goal_says_whether_it_was_met() {
        let mut measurements = Measurements::default();
        measurements.put("abi-hit-1", 90e-9);
        measurements.put("msal-hit-1", 4.5e-6);
        measurements.put("limit-clocks", 40e-9);
        let text = Table::of(&measurements).as_text();
        let line = text.lines().find(|line| line.contains("90 ns")).unwrap();
        assert!(line.contains("50 x") && line.contains("100 ns: met"), "{line}");
        measurements.put("abi-hit-1", 110e-9);
        assert!(Table::of(&measurements).as_text().contains("100 ns: missed"));
    }
}
