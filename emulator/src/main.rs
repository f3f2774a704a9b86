//! The command `entra-emulator`.

use std::io::Write;
use std::process::ExitCode;

use entra_emulator::{Settings, StartError, run};

/// Exit codes: 0 ended as asked, 1 the system refused something, 2 an argument cannot be used.
fn main() -> ExitCode {
    let announce = |address: &str| {
        let mut output = std::io::stdout().lock();
        writeln!(output, "{address}")?;
        output.flush()
    };
    match run(&Settings::from_command_line(), announce) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("entra-emulator: {error}");
            ExitCode::from(match error {
                StartError::Usage(_) => 2,
                StartError::System(_) => 1,
            })
        }
    }
}
