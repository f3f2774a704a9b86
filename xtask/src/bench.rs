//! What GraphToken's parts take, beside what others take for the same, all in one run on one machine.

mod build;
mod command;
mod document;
mod dotnet;
mod engine;
mod limit;
mod machine;
mod measurements;
mod powershell;
mod quantity;
mod row;
mod run;
mod table;

use crate::process::Failure;
use crate::tool::{CC, DOTNET, OPENSSL, POWERSHELL, Tool};
use measurements::Measurements;
use run::Run;
use table::Table;

/// How much of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything, and the document is written.
    Full,
    /// As little as shows that everything can be measured. The values mean nothing.
    Quick,
}

/// Measures, prints the table, and says whether everything was measured that this machine has the tools for.
pub fn run(extent: Extent) -> bool {
    perform(extent).unwrap_or_else(|failure| {
        eprintln!("{failure}");
        false
    })
}

/// A part of the run.
struct Part {
    name: &'static str,
    /// What the names of its measurements begin with.
    prefixes: &'static [&'static str],
    needs: &'static [&'static Tool],
    measure: fn(&Run) -> Result<Measurements, Failure>,
}

const PARTS: [Part; 5] = [
    Part {
        name: "the machine",
        prefixes: &["openssl-"],
        needs: &[&OPENSSL],
        measure: limit::measure,
    },
    Part {
        name: "the engine and the C interface",
        prefixes: &["engine-", "abi-", "limit-"],
        needs: &[],
        measure: engine::measure,
    },
    Part {
        name: "the command and the library's file",
        prefixes: &["command-", "library-"],
        needs: &[],
        measure: command::measure,
    },
    Part {
        name: ".NET",
        prefixes: &["dotnet-", "msal-"],
        needs: &[&DOTNET],
        measure: dotnet::measure,
    },
    Part {
        name: "PowerShell",
        prefixes: &["powershell-"],
        needs: &[&DOTNET, &POWERSHELL],
        measure: powershell::measure,
    },
];

fn perform(extent: Extent) -> Result<bool, Failure> {
    for tool in [&CC, &OPENSSL] {
        if !tool.is_there() {
            return Err(format!("nothing can be measured: {}", tool.absence()).into());
        }
    }
    let (parts, left_out): (Vec<_>, Vec<_>) = PARTS
        .into_iter()
        .partition(|part| part.needs.iter().all(|tool| tool.is_there()));
    let run = Run::new(extent, build::make(extent)?)?;
    let mut all = Measurements::default();
    let mut well = true;
    for part in parts {
        println!("\n== {}", part.name);
        match (part.measure)(&run) {
            Ok(measurements) => all.add(measurements),
            Err(failure) => {
                println!("FAILED: {failure}");
                well = false;
            }
        }
    }
    let table = Table::of(&all);
    println!("\n{}", table.as_text());
    for part in &left_out {
        for tool in part.needs.iter().filter(|tool| !tool.is_there()) {
            println!("left out: {}; {}", part.name, tool.absence());
        }
    }
    let is_excused = |name: &str| {
        let mut prefixes = left_out.iter().flat_map(|part| part.prefixes);
        prefixes.any(|prefix| name.starts_with(prefix))
    };
    for name in table.missing().filter(|name| !is_excused(name)) {
        println!("not measured: {name}");
        well = false;
    }
    if extent == Extent::Full {
        println!("written: {}", document::write(&table)?.display());
    }
    Ok(well)
}
