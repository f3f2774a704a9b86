//! `dist/debian`, installed by dpkg below a folder.

use std::fs;
use std::process::Command;

use super::trial::Trial;
use crate::artifacts::root;
use crate::package::Pack;
use crate::package::platform::Platform;
use crate::process::Failure;

/// The package for this machine gets a token; those for others are well made.
pub fn check(pack: &Pack) -> Result<(), Failure> {
    for platform in &pack.platforms {
        let Some(debian) = platform.debian else { continue };
        let file = format!("dist/debian/graphtoken_{}_{}.deb", pack.version, debian.architecture);
        let file = root().join(file);
        let trial = Trial::begin()?;
        let contents = trial.run(Command::new("dpkg-deb").arg("--contents").arg(&file))?;
        for part in [
            "./usr/bin/graph-token",
            "./usr/include/graphtoken.h",
            "man1/graph-token.1",
            "root/root",
        ] {
            if !contents.contains(part) {
                return Err(format!("{}: {part} is missing", file.display()).into());
            }
        }
        if Some(*platform) == Platform::of_this_machine() {
            install(&trial, &file)?;
        }
    }
    Ok(())
}

fn install(trial: &Trial, file: &std::path::Path) -> Result<(), Failure> {
    let system = trial.path("system");
    for folder in [
        "var/lib/dpkg/info",
        "var/lib/dpkg/updates",
        "var/lib/dpkg/triggers",
        "var/log",
    ] {
        fs::create_dir_all(system.join(folder)).map_err(|error| error.to_string())?;
    }
    fs::write(system.join("var/lib/dpkg/status"), "").map_err(|error| error.to_string())?;
    let dpkg = |words: &[&str]| {
        let mut dpkg = Command::new("dpkg");
        dpkg.arg(format!("--root={}", system.display()));
        // Neither libc6 nor its ldconfig is below the folder.
        dpkg.args(["--force-depends", "--force-not-root"]).args(words);
        dpkg
    };
    trial.run(&mut dpkg(&["--install", &file.display().to_string()]))?;
    trial.get_token(&mut Command::new(system.join("usr/bin/graph-token")))?;
    trial.run(&mut dpkg(&["--purge", "graphtoken"]))?;
    if system.join("usr/bin/graph-token").exists() {
        return Err("the package leaves its command behind".to_owned().into());
    }
    Ok(())
}
