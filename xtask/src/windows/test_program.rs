//! A program of xunit.v3 tests, built for Windows and run under Wine.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{limit, limited};
use crate::artifacts::root;
use crate::dotnet;
use crate::process::{Failure, both, stream};
use crate::tool::windows_runner;

pub struct TestProgram<'a> {
    /// The namespace of the tests is the same.
    name: &'a str,
    file: PathBuf,
    variables: &'a [(&'a str, PathBuf)],
}

impl<'a> TestProgram<'a> {
    /// Builds the project in this directory of the checkout; the variables hold for the build and for the tests.
    pub fn build(project: &'a str, variables: &'a [(&'a str, PathBuf)]) -> Result<Self, Failure> {
        let paths: Vec<(&str, &Path)> = variables.iter().map(|(name, path)| (*name, path.as_path())).collect();
        dotnet::build_for("win-x64", project, &paths)?;
        let (_, name) = project.rsplit_once('/').expect("a project is in a folder");
        let folder = root().join(project).join("bin/Debug/net10.0/win-x64");
        Ok(Self {
            name,
            file: folder.join(format!("{name}.exe")),
            variables,
        })
    }

    /// Runs what holds under Wine; what needs a process of its own comes after everything else.
    pub fn run(&self, suite: &str) -> Result<String, Failure> {
        let alone = || limit::alone(suite);
        let left_out = limit::of(suite).map(|limit| limit.test);
        let together = self.run_methods("-method-", left_out.chain(alone()));
        alone().fold(together, |before, test| {
            both(before, self.run_methods("-method", [test]))
        })
    }

    fn run_methods<'t>(&self, switch: &str, tests: impl IntoIterator<Item = &'t str>) -> Result<String, Failure> {
        let mut program = Command::new(windows_runner());
        program
            .arg(&self.file)
            .arg("-noColor")
            .env(WRITE_XOR_EXECUTE, "0")
            .envs(self.variables.iter().map(|(name, path)| (name, in_wine(path))));
        for test in tests {
            program.arg(switch).arg(format!("{}.{test}", self.name));
        }
        let mut outcome = stream(&mut limited(&program));
        for _ in 1..MOST_RUNS {
            if !ended_by_wine(&outcome) {
                break;
            }
            println!("Wine's ncrypt.dll ended the program; it runs again");
            outcome = stream(&mut limited(&program));
        }
        outcome
    }
}

/// How often a program is started that Wine ends.
const MOST_RUNS: usize = 3;

/// Whether the runtime ended where it frees the provider of a key that Wine has freed already. On Windows a key's
/// property "Provider Handle" is a reference of its own, which .NET releases with the key; Wine's `NCryptGetProperty`
/// hands out the address that the key was made with. About one run in six reads memory there that is gone.
fn ended_by_wine(outcome: &Result<String, Failure>) -> bool {
    let Err(failure) = outcome else { return false };
    let mut lines = failure.output.lines().skip_while(|line| *line != "Fatal error.");
    lines.nth(1) == Some("0xC0000005") && lines.next().is_some_and(|place| place.contains(FREEING_A_PROVIDER))
}

const FREEING_A_PROVIDER: &str = "SafeNCryptProviderHandle.ReleaseNativeHandle()";

/// A switch of the .NET runtime, off for Wine, under which the runtime otherwise ends with 0x80131506 when it frees a
/// method that was made at run time. So does a program without this library that compiles expressions and collects
/// garbage.
const WRITE_XOR_EXECUTE: &str = "DOTNET_EnableWriteXorExecute";

/// A path as Windows programs see it: Wine shows the file system as drive Z.
fn in_wine(path: &Path) -> String {
    format!("Z:{}", path.display().to_string().replace('/', "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_provider_freed_twice_is_laid_on_wine() {
        let ended = |output: &str| {
            let reason = "timeout ended with exit status: 2".to_owned();
            let output = output.to_owned();
            ended_by_wine(&Err(Failure { reason, output }))
        };
        let place = "   at Microsoft.Win32.SafeHandles.SafeNCryptProviderHandle.ReleaseNativeHandle()";
        assert!(ended(&format!("Starting\nFatal error.\n0xC0000005\n{place}\n   at X")));
        assert!(!ended(
            "Fatal error.\n0xC0000005\n   at GraphToken.Native.gt_client_free(IntPtr)"
        ));
        assert!(!ended(&format!("Fatal error.\n0xC0000409\n{place}")));
        assert!(!ended(place));
        assert!(!ended_by_wine(&Ok(format!("Fatal error.\n0xC0000005\n{place}"))));
    }
}
