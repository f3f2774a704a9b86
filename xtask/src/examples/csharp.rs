//! The examples in C#: the bodies of methods in one program.

use std::fs;
use std::process::Command;

use test_support::emulator::{CONFIDENTIAL, TENANT};
use test_support::fenced_block::{FencedBlock, to_run};

use super::stage;
use crate::artifacts::{release_library, root, target_directory};
use crate::dotnet;
use crate::process::{Failure, stream};

/// Compiles and runs them.
pub fn check() -> Result<(), Failure> {
    let stage = stage()?;
    let blocks = to_run("csharp");
    let source = target_directory().join("Examples.cs");
    fs::write(&source, program(&blocks)).map_err(|error| format!("{}: {error}", source.display()))?;
    let library = release_library();
    let environment = [
        ("GRAPHTOKEN_LIBRARY", library.as_path()),
        ("GRAPHTOKEN_EXAMPLES", &source),
    ];
    dotnet::build(PROJECT, "Release", &environment)?;
    let mut run = Command::new("dotnet");
    run.arg(root().join(PROJECT).join("bin/Release/net10.0/Examples.dll"))
        .args([&stage.authority(), CONFIDENTIAL])
        .current_dir(stage.path(""));
    let output = stream(&mut run)?;
    let ran = output.lines().filter(|line| line.ends_with(RAN)).count();
    if ran == blocks.len() {
        Ok(())
    } else {
        Err(format!("{ran} of {} examples ran", blocks.len()).into())
    }
}

const PROJECT: &str = "xtask/documents/csharp";

/// The end of the line that an example prints.
const RAN: &str = " got a token";

/// The tenant of the examples is replaced by the whole URL of the service's stand-in.
fn program(blocks: &[FencedBlock]) -> String {
    let methods = blocks.iter().enumerate().map(|(number, block)| {
        let (text, place) = (block.text.replace(&format!("\"{TENANT}\""), "authority"), block.place());
        let line = block.line + 1;
        format!(
            "await Example{number}();\n\
             async Task Example{number}()\n{{\n\
             #line {line} \"{}\"\n{text}\
             #line default\n\
             Console.WriteLine(token.GetPlainText().Split('.').Length == 3 ? \"{place}{RAN}\" : \"{place}: no token\");\n}}\n",
            root().join(&block.document).display()
        )
    });
    let variables = "\
using GraphToken;

string authority = args[0];
string clientId = args[1];
CancellationToken cancellationToken = default;
";
    variables.to_owned() + &methods.collect::<String>()
}
