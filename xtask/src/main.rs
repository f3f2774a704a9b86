//! `cargo xtask`: the commands of this repository.

mod artifacts;
mod bench;
mod demo;
mod docs;
mod dotnet;
mod examples;
mod fuzz;
mod kept_library;
mod lane;
mod library;
mod module;
mod nextest;
mod package;
mod process;
mod soak;
mod stage;
mod suite;
mod tally;
mod time_limit;
mod tool;
mod version;
mod windows;

use std::env;
use std::process::ExitCode;

use bench::Extent;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo             gets tokens from a stand-in of the token service, the way each kind of user would
  test [--install] [--strict]
                   runs every test; what needs a missing tool is left out, which is a failure with --strict. With
                   --install it first says what is missing, and installs what it can
  soak [--minutes N | --seconds N]
                   has two processes ask for tokens while everything goes wrong (10 minutes), and says what came of it
  fuzz [--minutes N | --seconds N] [TARGET...]
                   runs the fuzz targets, or those that are named, with libFuzzer (10 minutes in all), prints how often
                   each ran, and keeps the inputs of those that crash in fuzz/artifacts
  windows          builds what is shipped for Windows and runs its tests under Wine
  package [--install] [--check] [--native FOLDER] [--without RID]...
                   builds everything that is published for every platform, and packs it into dist; a platform that
                   cannot be built here is left out by name. With --install it first installs what is missing, with
                   --native it takes the native files from FOLDER/RID instead of building them, with --check it
                   installs each package in an empty place and gets a token with it
  notices          writes THIRD-PARTY-NOTICES.txt anew
  version X.Y.Z    writes a new version wherever it stands
  module           builds the PowerShell module into dist/module/GraphToken
  docs [--install] builds a book of the documents and the reference into target/book/html, and checks its links; with
                   --install it first installs what is missing
  bench [--quick]  measures everything beside its peers and writes docs/benchmarks.md; with --quick it only shows that
                   everything can be measured, and writes nothing
";

/// Ends with 0 when all went well, with 1 when something failed, and with 2 for an unknown command.
fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let well = match words.as_slice() {
        ["demo"] => demo::run(),
        ["test", flags @ ..] if flags.iter().all(|flag| ["--install", "--strict"].contains(flag)) => {
            if flags.contains(&"--install") {
                tool::install(tool::FOR_TESTS);
            }
            suite::run(flags.contains(&"--strict"))
        }
        ["soak", words @ ..] => match soak::time(words) {
            Some(time) => soak::run(time),
            None => return show_usage(),
        },
        ["fuzz", words @ ..] => match fuzz::plan(words) {
            Some(plan) => fuzz::run(&plan),
            None => return show_usage(),
        },
        ["package", words @ ..] => {
            let install = words.contains(&"--install");
            let words: Vec<&str> = words.iter().copied().filter(|word| *word != "--install").collect();
            let Some(plan) = package::plan(&words) else {
                return show_usage();
            };
            if install {
                tool::install(&plan.tools());
            }
            package::run(&plan)
        }
        ["notices"] => package::notices::run(),
        ["version", version] => version::run(version),
        ["windows"] => windows::run(),
        ["module"] => module::run(),
        ["docs"] => docs::run(),
        ["docs", "--install"] => {
            tool::install(tool::FOR_DOCUMENTS);
            docs::run()
        }
        ["bench"] => bench::run(Extent::Full),
        ["bench", "--quick"] => bench::run(Extent::Quick),
        _ => return show_usage(),
    };
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn show_usage() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}
