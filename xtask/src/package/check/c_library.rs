//! `dist/c`, unpacked: a program of its own finds the library by pkg-config and by `CMake`.

use std::path::Path;
use std::process::Command;

use super::runner::Runner;
use super::trial::Trial;
use crate::artifacts::root;
use crate::package::Pack;
use crate::package::elf::Elf;
use crate::package::native::SONAME;
use crate::package::platform::{Builder, Platform};
use crate::process::Failure;

/// Each library that programs on this machine can be linked with.
pub fn check(pack: &Pack) -> Result<(), Failure> {
    for platform in &pack.platforms {
        let compiler = match platform.builder {
            Builder::Glibc(_) if Some(*platform) == Platform::of_this_machine() => "cc",
            Builder::Glibc(_) if platform.rid == "linux-arm64" => "aarch64-linux-gnu-gcc",
            Builder::Musl => "musl-gcc",
            _ => {
                println!("{}: no program is linked with it here", platform.rid);
                continue;
            }
        };
        check_one(pack, platform, compiler)?;
    }
    Ok(())
}

fn check_one(pack: &Pack, platform: &Platform, compiler: &str) -> Result<(), Failure> {
    let trial = Trial::begin()?;
    let file = format!("dist/c/graphtoken-{}-{}.tar.gz", pack.version, platform.rid);
    let folder = trial.unpack(&root().join(file))?;
    let runner = Runner::of(platform).ok_or_else(|| format!("{}: does not run here", platform.rid))?;
    by_pkg_config(&trial, &folder, compiler, &runner)?;
    by_cmake(&trial, pack, &folder, compiler, &runner)
}

fn by_pkg_config(trial: &Trial, folder: &Path, compiler: &str, runner: &Runner) -> Result<(), Failure> {
    let mut pkg_config = Command::new("pkg-config");
    pkg_config
        .args(["--cflags", "--libs", "graphtoken"])
        .env("PKG_CONFIG_PATH", folder.join("lib/pkgconfig"));
    let flags = trial.run(&mut pkg_config)?;
    let mut compile = Command::new(compiler);
    compile
        .args(["-std=c99", "-O2"])
        .arg(folder.join("share/doc/graphtoken/get_token.c"))
        .args(flags.split_whitespace())
        .arg(format!("-Wl,-rpath,{}", folder.join("lib").display()))
        .args(["-o", "by_pkg_config"]);
    trial.run(&mut compile)?;
    run_program(trial, runner, "by_pkg_config")
}

fn by_cmake(trial: &Trial, pack: &Pack, folder: &Path, compiler: &str, runner: &Runner) -> Result<(), Failure> {
    let source = root().join("tests/packages/c");
    let mut configure = Command::new("cmake");
    configure
        .arg("-S")
        .arg(&source)
        .args(["-B", "cmake"])
        .arg(format!("-DCMAKE_C_COMPILER={compiler}"))
        .arg(format!("-DVERSION={}", pack.version))
        .arg(format!("-DCMAKE_PREFIX_PATH={}", folder.display()))
        .arg(format!(
            "-DSOURCE={}",
            folder.join("share/doc/graphtoken/get_token.c").display()
        ));
    trial.run(&mut configure)?;
    trial.run(Command::new("cmake").args(["--build", "cmake"]))?;
    run_program(trial, runner, "cmake/get_token")
}

/// The program looks for the library under its SONAME, and gets a token.
fn run_program(trial: &Trial, runner: &Runner, name: &str) -> Result<(), Failure> {
    let program = trial.path(name);
    let needed = Elf::of(&program)?.needed;
    if !needed.iter().any(|library| library == SONAME) {
        return Err(format!("{name} loads {} and not {SONAME}", needed.join(", ")).into());
    }
    trial.get_token_in_c(&mut runner.command(&program))
}
