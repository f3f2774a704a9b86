//! `dist/nuget`, from a folder in place of nuget.org: programs of each kind, built and published.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::emulator::{CONFIDENTIAL, SECRET};

use super::trial::Trial;
use crate::artifacts::root;
use crate::dotnet::dotnet;
use crate::package::Pack;
use crate::package::archive::Entries;
use crate::process::Failure;
use crate::tool::windows_runner;

/// How a program is made, what then starts it, and a file that must be in its folder.
struct Way {
    command: &'static str,
    framework: &'static str,
    runtime: Option<&'static str>,
    start: Start,
    file: &'static str,
}

enum Start {
    Dotnet,
    Program,
    Wine,
    Nothing,
}

/// The place of the library for Windows: beside `GraphToken.dll` it would have the same name.
const WINDOWS_LIBRARY: &str = "runtimes/win-x64/native/graphtoken.dll";

const WAYS: [Way; 8] = [
    Way::new(
        "build",
        "net10.0",
        None,
        Start::Dotnet,
        "runtimes/linux-x64/native/libgraphtoken.so",
    ),
    Way::new("publish", "net10.0", None, Start::Dotnet, WINDOWS_LIBRARY),
    Way::new(
        "build",
        "net10.0",
        Some("linux-x64"),
        Start::Program,
        "libgraphtoken.so",
    ),
    Way::new(
        "publish",
        "net10.0",
        Some("linux-x64"),
        Start::Program,
        "libgraphtoken.so",
    ),
    Way::new("build", "net10.0", Some("win-x64"), Start::Wine, WINDOWS_LIBRARY),
    Way::new("publish", "net10.0", Some("win-x64"), Start::Wine, WINDOWS_LIBRARY),
    // There is no .NET Framework here.
    Way::new("build", "net472", None, Start::Nothing, WINDOWS_LIBRARY),
    Way::new("publish", "net472", None, Start::Nothing, WINDOWS_LIBRARY),
];

impl Way {
    const fn new(
        command: &'static str,
        framework: &'static str,
        runtime: Option<&'static str>,
        start: Start,
        file: &'static str,
    ) -> Self {
        Self {
            command,
            framework,
            runtime,
            start,
            file,
        }
    }

    fn words(&self) -> Vec<&'static str> {
        let runtime = self.runtime.map(|runtime| ["-r", runtime, "--self-contained", "false"]);
        let runtime = runtime.iter().flatten().copied();
        [self.command, "-f", self.framework]
            .into_iter()
            .chain(runtime)
            .collect()
    }
}

/// Each way, from an empty cache of packages.
pub fn check(pack: &Pack) -> Result<(), Failure> {
    let trial = Trial::begin()?;
    let mut entries = Entries::default();
    entries.add_folder("use", &root().join("tests/packages/dotnet"))?;
    entries.unpack(&trial.path(""))?;
    publish(pack, &trial)?;
    WAYS.iter().enumerate().try_for_each(|(number, way)| {
        let output = trial.path(&format!("program{number}"));
        make(&trial, way, &output)?;
        if !output.join(way.file).is_file() {
            return Err(format!("dotnet {}: no {}", way.words().join(" "), way.file).into());
        }
        start(&trial, way, &output)
    })
}

/// Publishes the package to a folder, as one publishes it to nuget.org.
fn publish(pack: &Pack, trial: &Trial) -> Result<(), Failure> {
    let feed = trial.path("feed");
    fs::create_dir(&feed).map_err(|error| format!("{}: {error}", feed.display()))?;
    let mut push = dotnet(&["nuget", "push"]);
    push.arg(root().join(format!("dist/nuget/GraphToken.{}.nupkg", pack.version)));
    trial.run(push.arg("--source").arg(feed)).map(drop)
}

fn make(trial: &Trial, way: &Way, output: &Path) -> Result<(), Failure> {
    let mut dotnet = dotnet(&way.words());
    dotnet.arg("--nologo").arg("-o").arg(output);
    // The project's own configuration counts, which lists the folder and the source of everything else.
    dotnet
        .env_remove("RestoreConfigFile")
        .env("GRAPHTOKEN_TEST_FEED", trial.path("feed"))
        .env("GRAPHTOKEN_TEST_SDK_FEED", source_of_packages()?)
        .env("NUGET_PACKAGES", trial.path("packages"));
    trial.run_in("use/Console", &mut dotnet).map(drop)
}

fn start(trial: &Trial, way: &Way, output: &Path) -> Result<(), Failure> {
    let mut program = match way.start {
        Start::Dotnet => {
            let mut dotnet = Command::new("dotnet");
            dotnet.arg(output.join("Console.dll"));
            dotnet
        }
        Start::Program => Command::new(output.join("Console")),
        Start::Wine => {
            let mut wine = Command::new(windows_runner());
            wine.arg(output.join("Console.exe"));
            wine
        }
        Start::Nothing => return Ok(()),
    };
    program.args([&trial.authority(), CONFIDENTIAL, SECRET]);
    let said = trial.run(&mut program)?;
    let has = |words: &str| said.lines().any(|line| line.starts_with(words));
    if has(&format!("native {}", env!("CARGO_PKG_VERSION"))) && has("token of ") {
        Ok(())
    } else {
        Err(format!("dotnet {}: no token", way.words().join(" ")).into())
    }
}

/// Where all other packages come from: the first source of the configuration that `RestoreConfigFile` names, or
/// nuget.org.
fn source_of_packages() -> Result<String, Failure> {
    let Some(file) = env::var_os("RestoreConfigFile").map(PathBuf::from) else {
        return Ok("https://api.nuget.org/v3/index.json".to_owned());
    };
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let sources = text.split_once("<packageSources>").map_or("", |(_, sources)| sources);
    let value = sources
        .split_once("value=\"")
        .and_then(|(_, rest)| rest.split('"').next());
    Ok(value
        .ok_or_else(|| format!("{}: no source of packages", file.display()))?
        .to_owned())
}
