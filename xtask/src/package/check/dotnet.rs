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
    /// The arguments of `dotnet`.
    line: &'static str,
    start: Start,
    file: &'static str,
}

enum Start {
    Dotnet,
    Program,
    Wine,
    Nothing,
}

const LINUX_LIBRARY: &str = "libgraphtoken.so";
/// The place of the library for Windows: beside `GraphToken.dll` it would have the same name.
const WINDOWS_LIBRARY: &str = "runtimes/win-x64/native/graphtoken.dll";

const WAYS: [Way; 13] = [
    Way::new(
        "build -f net10.0",
        Start::Dotnet,
        "runtimes/linux-x64/native/libgraphtoken.so",
    ),
    Way::new("publish -f net10.0", Start::Dotnet, WINDOWS_LIBRARY),
    Way::new(
        "build -f net10.0 -r linux-x64 --self-contained false",
        Start::Program,
        LINUX_LIBRARY,
    ),
    Way::new(
        "publish -f net10.0 -r linux-x64 --self-contained false",
        Start::Program,
        LINUX_LIBRARY,
    ),
    Way::new(
        "build -f net10.0 -r win-x64 --self-contained false",
        Start::Wine,
        WINDOWS_LIBRARY,
    ),
    Way::new(
        "publish -f net10.0 -r win-x64 --self-contained false",
        Start::Wine,
        WINDOWS_LIBRARY,
    ),
    // One file, with the library beside it and in it.
    Way::new(
        "publish -f net10.0 -r linux-x64 --self-contained false -p:PublishSingleFile=true",
        Start::Program,
        LINUX_LIBRARY,
    ),
    Way::new(
        "publish -f net10.0 -r linux-x64 --self-contained false -p:PublishSingleFile=true \
         -p:IncludeNativeLibrariesForSelfExtract=true",
        Start::Program,
        "Console",
    ),
    // The SDK refuses to compile ahead of time while the project names .NET Framework as well.
    Way::new(
        "publish -f net10.0 -p:TargetFrameworks=net10.0 -r linux-x64 -p:PublishAot=true",
        Start::Program,
        LINUX_LIBRARY,
    ),
    Way::new(
        "build -f net10.0 -p:ThroughLibrary=true",
        Start::Dotnet,
        "runtimes/linux-x64/native/libgraphtoken.so",
    ),
    // There is no .NET Framework here.
    Way::new("build -f net472", Start::Nothing, WINDOWS_LIBRARY),
    Way::new("publish -f net472", Start::Nothing, WINDOWS_LIBRARY),
    Way::new(
        "build -f net472 -p:ThroughLibrary=true",
        Start::Nothing,
        WINDOWS_LIBRARY,
    ),
];

impl Way {
    const fn new(line: &'static str, start: Start, file: &'static str) -> Self {
        Self { line, start, file }
    }
}

/// Each way, from an empty cache of packages.
pub fn check(pack: &Pack) -> Result<(), Failure> {
    let trial = Trial::begin()?;
    let mut entries = Entries::default();
    entries.add_folder("use", &root().join("tests/packages/dotnet"))?;
    entries.unpack(&trial.path(""))?;
    publish(pack, &trial)?;
    add_runtime_of_this_machine(&trial)?;
    for (number, way) in WAYS.iter().enumerate() {
        let output = trial.path(&format!("program{number}"));
        let words: Vec<&str> = way.line.split_whitespace().collect();
        make(&trial, "Console", dotnet(&words).arg("-o").arg(&output))?;
        expect_file(way.line, &output.join(way.file))?;
        start(&trial, way, &output)?;
    }
    check_classic(pack, &trial)
}

/// Publishes the package to a folder, as one publishes it to nuget.org.
fn publish(pack: &Pack, trial: &Trial) -> Result<(), Failure> {
    let feed = trial.path("feed");
    fs::create_dir(&feed).map_err(|error| format!("{}: {error}", feed.display()))?;
    let mut push = dotnet(&["nuget", "push"]);
    push.arg(root().join(format!("dist/nuget/GraphToken.{}.nupkg", pack.version)));
    trial.run(push.arg("--source").arg(feed)).map(drop)
}

/// What the SDK asks for when it publishes one file or compiles ahead of time. Where no source has it, it may lie in
/// this machine's own cache of packages; nothing else is taken from there.
fn add_runtime_of_this_machine(trial: &Trial) -> Result<(), Failure> {
    const NAME: &str = "microsoft.netcore.app.runtime.linux-x64";
    let Some(pack) = env::var_os("NUGET_PACKAGES").map(|folder| Path::new(&folder).join(NAME)) else {
        return Ok(());
    };
    if !pack.is_dir() {
        return Ok(());
    }
    let mut entries = Entries::default();
    entries.add_folder(NAME, &pack)?;
    entries.unpack(&trial.path("packages"))
}

/// A project in the form of Visual Studio 2015, with what `packages.config` brings into it.
fn check_classic(pack: &Pack, trial: &Trial) -> Result<(), Failure> {
    let package = trial.path(&format!("packages/graphtoken/{}", pack.version));
    let assemblies = trial.path("packages/microsoft.netframework.referenceassemblies.net472");
    let frameworks = only_version(&assemblies)?.join("build");
    let output = trial.path("classic");
    let property = |name: &str, folder: &Path| format!("-p:{name}={}", folder.display());
    let mut build = dotnet(&["msbuild"]);
    build.args([
        property("PackageFolder", &package),
        property("TargetFrameworkRootPath", &frameworks),
        // The classic targets put the name of a file after it as it is.
        property("OutputPath", &output.join("")),
    ]);
    make(trial, "Classic", &mut build)?;
    expect_file("msbuild", &output.join("Classic.exe"))?;
    expect_file("msbuild", &output.join(WINDOWS_LIBRARY))
}

/// The one version of a package that was restored.
fn only_version(folder: &Path) -> Result<PathBuf, Failure> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut versions = fs::read_dir(folder).map_err(failed)?;
    let version = versions.next().ok_or_else(|| format!("{}: empty", folder.display()))?;
    Ok(version.map_err(failed)?.path())
}

fn make(trial: &Trial, project: &str, dotnet: &mut Command) -> Result<(), Failure> {
    // The project's own configuration counts, which lists the folder and the source of everything else.
    dotnet
        .arg("--nologo")
        .env_remove("RestoreConfigFile")
        .env("GRAPHTOKEN_TEST_FEED", trial.path("feed"))
        .env("GRAPHTOKEN_TEST_SDK_FEED", source_of_packages()?)
        .env("NUGET_PACKAGES", trial.path("packages"));
    trial.run_in(&format!("use/{project}"), dotnet).map(drop)
}

fn expect_file(line: &str, file: &Path) -> Result<(), Failure> {
    if file.is_file() {
        Ok(())
    } else {
        Err(format!("dotnet {line}: no {}", file.display()).into())
    }
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
        Err(format!("dotnet {}: no token", way.line).into())
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
