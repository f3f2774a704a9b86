//! Tokens from a stand-in of the token service, the way each kind of user would get them.

mod request;
mod token;
mod way;

use std::time::Instant;

use test_support::emulator::{self, PASSWORD, USER};

use crate::artifacts::{build_demo, demo_command};
use crate::process::{Failure, Shown};
use crate::stage::Stage;
use crate::tool::{CC, OPENSSL};
use token::Token;
use way::Way;

/// Shows every way that this machine has the tools for, and says whether all of them got a token.
pub fn run() -> bool {
    perform().unwrap_or_else(|failure| {
        eprintln!("{failure}");
        false
    })
}

fn perform() -> Result<bool, Failure> {
    for tool in [&CC, &OPENSSL] {
        if !tool.is_there() {
            return Err(format!("the demo cannot start: {}", tool.absence()).into());
        }
    }
    build_demo()?;
    let program = demo_command("entra-emulator");
    let stage = Stage::set(&program, 1, |pairs| emulator::arguments(&pairs[0].certificate()))?;
    stage.write(way::PASSWORD_FILE, PASSWORD);
    println!(
        "\nentra-emulator at {} stands in for login.microsoftonline.com.",
        stage.address()
    );
    println!("It knows an application by a certificate made just now, and the user {USER}.");
    let mut well = true;
    for way in way::ALL {
        println!("\n== {}", way.name);
        if let Some(tool) = way.needs.iter().find(|tool| !tool.is_there()) {
            println!("left out: {}", tool.absence());
        } else if let Err(failure) = show(way, &stage) {
            println!("FAILED: {failure}");
            well = false;
        }
    }
    Ok(well)
}

fn show(way: &Way, stage: &Stage) -> Result<(), Failure> {
    let mut command = (way.prepare)(stage)?;
    stage.control().clear_journal()?;
    println!("$ {}", Shown(&command));
    let start = Instant::now();
    let output = command.output().map_err(|error| format!("does not start: {error}"))?;
    let took = start.elapsed();
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    let (remarks, token) = Token::in_output(stdout.trim_end());
    for line in stderr.lines().chain(remarks.lines()) {
        println!("  {line}");
    }
    if !output.status.success() {
        return Err(format!("the program ended with {}", output.status).into());
    }
    let token = token.ok_or_else(|| "the program printed no token".to_owned())?;
    println!("sent");
    for entry in stage.control().journal()?.iter().filter(|entry| request::is_one(entry)) {
        request::show(entry);
    }
    println!("received");
    token.show();
    println!(
        "took {:.1} ms from the start of the program to its end",
        took.as_secs_f64() * 1000.0
    );
    Ok(())
}
