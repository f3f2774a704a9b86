//! What runs the programs of a platform on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::service::Service;

use crate::package::platform::{Builder, Platform};
use crate::process::Failure;
use crate::tool::windows_runner;

/// A program that stands before another one, with its arguments; or none.
pub struct Runner(Vec<String>);

impl Runner {
    /// That of a platform; `None` if its programs do not run here.
    pub fn of(platform: &Platform) -> Option<Self> {
        let here = Platform::of_this_machine()?;
        match platform.builder {
            _ if platform == here => Some(Self(Vec::new())),
            Builder::Musl if here.rid == "linux-x64" => Some(Self(Vec::new())),
            Builder::Glibc(_) if platform.rid == "linux-arm64" => Some(Self(
                ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]
                    .map(str::to_owned)
                    .to_vec(),
            )),
            Builder::Windows => Some(Self(vec![windows_runner().display().to_string()])),
            _ => None,
        }
    }

    /// A command that runs the program.
    pub fn command(&self, program: &Path) -> Command {
        match self.0.split_first() {
            None => Command::new(program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        }
    }

    /// The program as a service.
    pub fn service(&self, program: &Path, arguments: &[String]) -> Result<Service, Failure> {
        let mut words = self.0.clone();
        words.push(program.display().to_string());
        words.extend_from_slice(arguments);
        let first = PathBuf::from(words.remove(0));
        Ok(Service::start(&first, &words)?)
    }
}
