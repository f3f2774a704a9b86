//! `cargo xtask package`: everything that is published, in the form that each place takes.

mod archive;
mod bill_of_materials;
mod c_library;
mod check;
mod checksums;
mod commands;
mod debian;
mod documents;
mod elf;
mod image;
mod native;
pub mod notices;
mod nuget;
mod open_packaging;
mod platform;
mod powershell_gallery;
mod shell_files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::artifacts::root;
use crate::process::{Failure, capture};
use crate::tool::{FOR_NATIVE_FILES, FOR_PACKAGES, MINGW, Tool, WINDOWS_CARGO};
use platform::{Builder, PLATFORMS, Platform};
use shell_files::ShellFiles;

/// What is to be packed.
pub struct Plan {
    platforms: Vec<&'static Platform>,
    /// The folder of native files that were built before; `None` if they are to be built.
    native: Option<PathBuf>,
    /// Whether each package is tried afterwards.
    check: bool,
}

/// The plan in the words of the command line; `None` when they make no sense.
pub fn plan(words: &[&str]) -> Option<Plan> {
    let mut plan = Plan {
        platforms: PLATFORMS.iter().collect(),
        native: None,
        check: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--without" => {
                let left_out = Platform::named(words.next()?)?;
                plan.platforms.retain(|platform| *platform != left_out);
            }
            "--native" => plan.native = Some(PathBuf::from(words.next()?)),
            "--check" => plan.check = true,
            _ => return None,
        }
    }
    Some(plan)
}

impl Plan {
    /// What it needs, each tool once.
    pub fn tools(&self) -> Vec<&'static Tool> {
        let builds = |builder| self.platforms.iter().any(|platform| platform.builder == builder);
        let mut tools = FOR_PACKAGES.to_vec();
        if self.native.is_none() {
            tools.extend(FOR_NATIVE_FILES);
            if builds(Builder::Windows) {
                tools.extend(FOR_WINDOWS);
            }
        }
        if self.check {
            let is_new = |tool: &&&Tool| tools.iter().all(|known| known.name != tool.name);
            let more: Vec<&Tool> = check::TOOLS.iter().filter(is_new).copied().collect();
            tools.extend(more);
        }
        tools
    }
}

/// Compiles for Windows, as the tests do.
const FOR_WINDOWS: &[&Tool] = &[&WINDOWS_CARGO, &MINGW];

/// Builds everything, packs it into `dist`, tries it if that is planned, and says whether all went well.
pub fn run(plan: &Plan) -> bool {
    let missing: Vec<&Tool> = plan.tools().into_iter().filter(|tool| !tool.is_there()).collect();
    for tool in &missing {
        eprintln!("{}", tool.absence());
    }
    if !missing.is_empty() {
        eprintln!("or have them installed: cargo xtask package --install");
        return false;
    }
    match pack(plan) {
        Ok(pack) => !plan.check || check::run(&pack),
        Err(failure) => {
            eprintln!("{failure}");
            false
        }
    }
}

/// Where something is published: a folder of `dist`, and what writes into it.
struct Place {
    name: &'static str,
    write: fn(&Pack, &Path) -> Result<(), Failure>,
}

const PLACES: [Place; 6] = [
    Place {
        name: "bin",
        write: commands::write,
    },
    Place {
        name: "c",
        write: c_library::write,
    },
    Place {
        name: "debian",
        write: debian::write,
    },
    Place {
        name: "nuget",
        write: nuget::write,
    },
    Place {
        name: "oci",
        write: image::write,
    },
    Place {
        name: "psgallery",
        write: powershell_gallery::write,
    },
];

/// What the packages have in common.
struct Pack {
    version: &'static str,
    platforms: Vec<&'static Platform>,
    /// The time of the commit, which every file in every archive gets.
    time: SystemTime,
    /// The same as RFC 3339 writes it.
    created: String,
    bill_of_materials: Vec<u8>,
    shell_files: ShellFiles,
}

fn pack(plan: &Plan) -> Result<Pack, Failure> {
    notices::check()?;
    if plan.native.is_none() {
        plan.platforms
            .iter()
            .try_for_each(|platform| native::check_builder(platform))?;
    }
    for platform in &plan.platforms {
        match &plan.native {
            Some(folder) => native::take(platform, folder)?,
            None => native::build(platform)?,
        }
        native::check(platform)?;
    }
    let pack = Pack::prepare(plan)?;
    for place in &PLACES {
        let folder = root().join("dist").join(place.name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        (place.write)(&pack, &folder)?;
        if folder.exists() {
            checksums::write_for(&folder)?;
            println!("{}", folder.display());
        }
    }
    Ok(pack)
}

impl Pack {
    fn prepare(plan: &Plan) -> Result<Self, Failure> {
        let here = Platform::of_this_machine().filter(|here| plan.platforms.contains(here));
        let here = here.ok_or_else(|| {
            "the platform of this machine cannot be left out: its command writes the manual".to_owned()
        })?;
        let seconds = of_commit("%ct")?.parse();
        let seconds = seconds.map_err(|_| "git does not tell the time of the commit".to_owned())?;
        let created = of_commit("%cd")?;
        Ok(Self {
            version: env!("CARGO_PKG_VERSION"),
            platforms: plan.platforms.clone(),
            time: archive::time_of(seconds),
            bill_of_materials: bill_of_materials::make(&created)?,
            created,
            shell_files: ShellFiles::of(&here.command("graph-token"), &here.command("entra-emulator"))?,
        })
    }
}

/// What git says of the commit that is packed.
fn of_commit(format: &str) -> Result<String, Failure> {
    let mut git = Command::new("git");
    git.current_dir(root()).env("TZ", "UTC");
    git.args([
        "log",
        "-1",
        "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
        &format!("--format={format}"),
    ]);
    Ok(capture(&mut git)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_left_out_by_name() {
        let all = plan(&[]).unwrap().platforms;
        let some = plan(&["--without", "win-arm64", "--without", "osx-x64"])
            .unwrap()
            .platforms;
        assert_eq!(all.len(), PLATFORMS.len());
        assert!(
            some.iter()
                .all(|platform| !["win-arm64", "osx-x64"].contains(&platform.rid))
        );
        assert_eq!(some.len(), all.len() - 2);
        for words in [
            &["--without"][..],
            &["--without", "linux-x86"],
            &["--native"],
            &["--with"],
        ] {
            assert!(plan(words).is_none(), "{words:?}");
        }
    }
}
