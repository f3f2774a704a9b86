//! Programs that not every machine has.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::artifacts::{cargo, root};
use crate::process;

/// A program that something needs.
pub struct Tool {
    /// What it is called in messages.
    pub name: &'static str,
    /// How to get it.
    pub how: &'static str,
    is_there: fn() -> bool,
}

/// Whether and how memory is misused.
pub const VALGRIND: Tool = Tool {
    name: "valgrind",
    how: "apt-get install valgrind libc6-dbg",
    is_there: || find("valgrind").is_some(),
};

/// Shows manual pages.
pub const MAN: Tool = Tool {
    name: "man",
    how: "apt-get install man-db",
    is_there: || find("man").is_some(),
};

/// Makes keys and certificates.
pub const OPENSSL: Tool = Tool {
    name: "openssl",
    how: "apt-get install openssl",
    is_there: || find("openssl").is_some(),
};

/// Tokens in files, and what fills them.
pub const SOFTHSM2: Tool = Tool {
    name: "SoftHSM2 or OpenSC",
    how: "apt-get install softhsm2 opensc",
    is_there: || find("softhsm2-util").is_some() && find("pkcs11-tool").is_some(),
};

/// Lets .NET use keys of tokens, through OpenSSL.
pub const PKCS11_ENGINE: Tool = Tool {
    name: "OpenSSL's engine for PKCS#11",
    how: "apt-get install libengine-pkcs11-openssl",
    is_there: || process::capture(Command::new("openssl").args(["engine", "pkcs11"])).is_ok(),
};

/// Keeps records for many processes, and asks it what it has.
pub const REDIS: Tool = Tool {
    name: "redis-server",
    how: "apt-get install redis-server",
    is_there: || find("redis-server").is_some() && find("redis-cli").is_some(),
};

/// Makes certificates and PFX files as Firefox and Thunderbird do; `pk12util` is in the same package.
pub const NSS: Tool = Tool {
    name: "certutil",
    how: "apt-get install libnss3-tools",
    is_there: || find("certutil").is_some() && find("pk12util").is_some(),
};

/// Makes keystores as Java does.
pub const KEYTOOL: Tool = Tool {
    name: "keytool",
    how: "apt-get install default-jre-headless",
    is_there: || find("keytool").is_some(),
};

/// Makes keys and PFX files as programs with `GnuTLS` do.
pub const CERTTOOL: Tool = Tool {
    name: "certtool",
    how: "apt-get install gnutls-bin",
    is_there: || find("certtool").is_some(),
};

/// Makes keys as OpenSSH and `PuTTY` do.
pub const SSH_KEYS: Tool = Tool {
    name: "ssh-keygen or puttygen",
    how: "apt-get install openssh-client putty-tools",
    is_there: || find("ssh-keygen").is_some() && find("puttygen").is_some(),
};

/// Compiles C.
pub const CC: Tool = Tool {
    name: "cc",
    how: "apt-get install gcc libc6-dev",
    is_there: || find("cc").is_some(),
};

/// Finds misuse of memory and undefined behaviour in C programs.
pub const ADDRESS_SANITIZER: Tool = Tool {
    name: "gcc's AddressSanitizer",
    how: "apt-get install gcc",
    is_there: || has_gcc_library("libasan.so") && has_gcc_library("libubsan.so"),
};

/// Finds data races in C programs.
pub const THREAD_SANITIZER: Tool = Tool {
    name: "gcc's ThreadSanitizer",
    how: "apt-get install gcc",
    is_there: || has_gcc_library("libtsan.so"),
};

/// Compiles C++.
pub const CPP: Tool = Tool {
    name: "c++",
    how: "apt-get install g++",
    is_there: || find("c++").is_some(),
};

/// Builds and runs C#.
pub const DOTNET: Tool = Tool {
    name: "the .NET SDK 10",
    how: "https://learn.microsoft.com/dotnet/core/install/linux",
    is_there: has_dotnet,
};

/// Reads and writes token caches as MSAL does.
pub const MSAL_PYTHON: Tool = Tool {
    name: "MSAL Python",
    how: "pip install msal, or name a Python that has it in GRAPHTOKEN_TEST_MSAL_PYTHON",
    is_there: || process::capture(Command::new(python()).args(["-c", "import msal"])).is_ok(),
};

/// Compiles Rust for Windows.
pub const WINDOWS_CARGO: Tool = Tool {
    name: "Rust for x86_64-pc-windows-gnu",
    how: "rustup target add x86_64-pc-windows-gnu, or name a cargo that has it in GRAPHTOKEN_WINDOWS_CARGO",
    is_there: || env::var_os("GRAPHTOKEN_WINDOWS_CARGO").is_some() || has_windows_target(),
};

/// Compiles C for Windows.
pub const MINGW: Tool = Tool {
    name: "x86_64-w64-mingw32-gcc",
    how: "apt-get install gcc-mingw-w64-x86-64 nasm",
    is_there: || find("x86_64-w64-mingw32-gcc").is_some() && find("nasm").is_some(),
};

/// Runs Windows programs.
pub const WINE: Tool = Tool {
    name: "wine",
    how: "apt-get install wine64 wine, or name what runs a Windows program in GRAPHTOKEN_WINDOWS_RUNNER",
    is_there: || windows_runner().is_absolute(),
};

/// Runs PowerShell scripts.
pub const POWERSHELL: Tool = Tool {
    name: "pwsh",
    how: "https://learn.microsoft.com/powershell/scripting/install/installing-powershell",
    is_there: || powershell().is_some(),
};

/// Runs PowerShell scripts as Windows does.
pub const WINDOWS_POWERSHELL: Tool = Tool {
    name: "PowerShell for Windows",
    how: "name a program that takes the arguments of pwsh in GRAPHTOKEN_WINDOWS_POWERSHELL",
    is_there: || windows_powershell().is_some(),
};

/// Checks licences and sources of dependencies.
pub const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    how: "cargo install --locked cargo-deny",
    is_there: || find("cargo-deny").is_some(),
};

/// Finds advisories about dependencies.
pub const CARGO_AUDIT: Tool = Tool {
    name: "cargo-audit",
    how: "cargo install --locked cargo-audit",
    is_there: || find("cargo-audit").is_some(),
};

/// The advisories about crates, as files.
pub const ADVISORIES: Tool = Tool {
    name: "RustSec's advisory database",
    how: "git clone https://github.com/rustsec/advisory-db, and name its folder in GRAPHTOKEN_ADVISORY_DB",
    is_there: || advisories().is_some_and(|folder| folder.join("crates").is_dir()),
};

/// Runs Rust tests side by side.
pub const NEXTEST: Tool = Tool {
    name: "cargo-nextest",
    how: "cargo install --locked cargo-nextest",
    is_there: || find("cargo-nextest").is_some(),
};

impl Tool {
    /// Whether this machine has it.
    pub fn is_there(&self) -> bool {
        (self.is_there)()
    }
}

/// A PowerShell 7 host: `pwsh`, or a host named `gtpwsh` that takes the same arguments.
pub fn powershell() -> Option<PathBuf> {
    powershells().into_iter().next()
}

/// Every PowerShell 7 host: `pwsh`, and a host of the bare engine named `gtpwsh`.
pub fn powershells() -> Vec<PathBuf> {
    ["pwsh", "gtpwsh"].into_iter().filter_map(find).collect()
}

/// A PowerShell for Windows that runs here: the program that `GRAPHTOKEN_WINDOWS_POWERSHELL` names.
pub fn windows_powershell() -> Option<PathBuf> {
    env::var_os("GRAPHTOKEN_WINDOWS_POWERSHELL").map(PathBuf::from)
}

/// A Python for MSAL: that of `GRAPHTOKEN_TEST_MSAL_PYTHON`, or the first on the path.
pub fn python() -> PathBuf {
    let given = env::var_os("GRAPHTOKEN_TEST_MSAL_PYTHON").map(PathBuf::from);
    given.or_else(|| find("python3")).unwrap_or_default()
}

/// The folder with the advisories: that of `GRAPHTOKEN_ADVISORY_DB`.
pub fn advisories() -> Option<PathBuf> {
    env::var_os("GRAPHTOKEN_ADVISORY_DB").map(PathBuf::from)
}

/// The program cargo-fuzz, if it is on the path.
pub fn cargo_fuzz() -> Option<PathBuf> {
    find("cargo-fuzz")
}

/// A command of a cargo for Windows: that of `GRAPHTOKEN_WINDOWS_CARGO`, which adds the target by itself, or this one.
pub fn windows_cargo(command: &str, target: &str) -> Command {
    if let Some(program) = env::var_os("GRAPHTOKEN_WINDOWS_CARGO") {
        let mut cargo = Command::new(program);
        cargo.current_dir(root()).arg(command);
        cargo
    } else {
        cargo(&[command, "--target", target])
    }
}

/// What is put before a Windows program to run it: that of `GRAPHTOKEN_WINDOWS_RUNNER`, or `wine`.
pub fn windows_runner() -> PathBuf {
    let given = env::var_os("GRAPHTOKEN_WINDOWS_RUNNER").map(PathBuf::from);
    given.or_else(|| find("wine")).unwrap_or_default()
}

fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let directories = env::var_os("PATH")?;
    env::split_paths(&directories)
        .map(|directory| directory.join(&file))
        .find(|path| path.is_file())
}

/// gcc prints the path of a library that it has, and the bare name of another one.
fn has_gcc_library(name: &str) -> bool {
    let path = process::capture(Command::new("gcc").arg(format!("-print-file-name={name}")));
    path.is_ok_and(|path| Path::new(path.trim()).is_absolute())
}

fn has_windows_target() -> bool {
    let place = ["--print", "target-libdir", "--target", "x86_64-pc-windows-gnu"];
    let folder = process::capture(Command::new("rustc").args(place));
    folder.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn has_dotnet() -> bool {
    let sdks = process::capture(Command::new("dotnet").arg("--list-sdks"));
    sdks.is_ok_and(|list| {
        let majors = list.lines().filter_map(|line| line.split('.').next());
        majors
            .filter_map(|major| major.parse::<u32>().ok())
            .any(|major| major >= 10)
    })
}
