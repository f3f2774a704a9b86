//! The programs that the lanes need, and that nothing else brings along.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::process;
use crate::tool::{
    Source, Tool, advisories, find, has_dotnet, has_gcc_library, has_valgrind, has_windows_target, node_modules,
    powershell, program, python, windows_powershell, windows_runner, zig,
};

/// A constant for each tool, and the list of all.
macro_rules! tools {
    ($(#[$purpose:meta])* $list:ident: $($(#[$about:meta])* $name:ident: $tool:expr;)*) => {
        $($(#[$about])* pub const $name: Tool = $tool;)*

        $(#[$purpose])*
        pub const $list: &[&Tool] = &[$(&$name),*];
    };
}

tools! {
    /// What a whole run of the tests needs.
    FOR_TESTS:

    /// Whether and how memory is misused.
    VALGRIND: Tool {
        name: "valgrind",
        source: Source::Packages(&["valgrind", "libc6-dbg"]),
        is_there: has_valgrind,
    };

    /// Shows manual pages.
    MAN: Tool {
        name: "man",
        source: Source::Packages(&["man-db"]),
        is_there: || find("man").is_some(),
    };

    /// A browser that people use.
    CHROMIUM: Tool {
        name: "Chromium",
        source: Source::Packages(&["chromium"]),
        is_there: || find("chromium").is_some(),
    };

    /// Makes keys and certificates.
    OPENSSL: Tool {
        name: "openssl",
        source: Source::Packages(&["openssl"]),
        is_there: || find("openssl").is_some(),
    };

    /// Tokens in files, and what fills them.
    SOFTHSM2: Tool {
        name: "SoftHSM2 or OpenSC",
        source: Source::Packages(&["softhsm2", "opensc"]),
        is_there: || find("softhsm2-util").is_some() && find("pkcs11-tool").is_some(),
    };

    /// Lets .NET use keys of tokens, through OpenSSL.
    PKCS11_ENGINE: Tool {
        name: "OpenSSL's engine for PKCS#11",
        source: Source::Packages(&["libengine-pkcs11-openssl"]),
        is_there: || process::capture(Command::new("openssl").args(["engine", "pkcs11"])).is_ok(),
    };

    /// Keeps records for many processes, and asks it what it has.
    REDIS: Tool {
        name: "redis-server",
        source: Source::Packages(&["redis-server"]),
        is_there: || find("redis-server").is_some() && find("redis-cli").is_some(),
    };

    /// Makes certificates and PFX files as Firefox and Thunderbird do; `pk12util` is in the same package.
    NSS: Tool {
        name: "certutil",
        source: Source::Packages(&["libnss3-tools"]),
        is_there: || find("certutil").is_some() && find("pk12util").is_some(),
    };

    /// Makes keystores as Java does.
    KEYTOOL: Tool {
        name: "keytool",
        source: Source::Packages(&["default-jre-headless"]),
        is_there: || find("keytool").is_some(),
    };

    /// Makes keys and PFX files as programs with `GnuTLS` do.
    CERTTOOL: Tool {
        name: "certtool",
        source: Source::Packages(&["gnutls-bin"]),
        is_there: || find("certtool").is_some(),
    };

    /// Makes keys as OpenSSH and `PuTTY` do.
    SSH_KEYS: Tool {
        name: "ssh-keygen or puttygen",
        source: Source::Packages(&["openssh-client", "putty-tools"]),
        is_there: || find("ssh-keygen").is_some() && find("puttygen").is_some(),
    };

    /// Compiles C.
    CC: Tool {
        name: "cc",
        source: Source::Packages(&["gcc", "libc6-dev"]),
        is_there: || find("cc").is_some(),
    };

    /// Finds misuse of memory and undefined behaviour in C programs.
    ADDRESS_SANITIZER: Tool {
        name: "gcc's AddressSanitizer",
        source: Source::Packages(&["gcc"]),
        is_there: || has_gcc_library("libasan.so") && has_gcc_library("libubsan.so"),
    };

    /// Finds data races in C programs.
    THREAD_SANITIZER: Tool {
        name: "gcc's ThreadSanitizer",
        source: Source::Packages(&["gcc"]),
        is_there: || has_gcc_library("libtsan.so"),
    };

    /// Compiles C++.
    CPP: Tool {
        name: "c++",
        source: Source::Packages(&["g++"]),
        is_there: || find("c++").is_some(),
    };

    /// Builds and runs C#.
    DOTNET: Tool {
        name: "the .NET SDK 10",
        source: Source::ByHand("https://learn.microsoft.com/dotnet/core/install/linux"),
        is_there: has_dotnet,
    };

    /// Reads and writes token caches as MSAL does, and gets tokens from the emulator.
    MSAL_PYTHON: Tool {
        name: "MSAL Python and azure-identity (in the Python that GRAPHTOKEN_TEST_MSAL_PYTHON names)",
        source: Source::Python("msal==1.39.0 azure-identity==1.27.0"),
        is_there: || process::capture(Command::new(python()).args(["-c", "import msal, azure.identity"])).is_ok(),
    };

    /// Runs programs in JavaScript, and installs their packages.
    NODE: Tool {
        name: "Node.js and npm",
        source: Source::Packages(&["nodejs", "npm"]),
        is_there: || find("node").is_some() && find("npm").is_some(),
    };

    /// An OpenID Connect server, which gives tokens to our clients.
    OIDC_PROVIDER: Tool {
        name: "oidc-provider (in the folder that GRAPHTOKEN_TEST_NODE_MODULES names)",
        source: Source::Npm("oidc-provider@8.8.1"),
        is_there: || node_modules().join("oidc-provider").is_dir(),
    };

    /// Compiles Rust for Windows.
    WINDOWS_CARGO: Tool {
        name: "Rust for x86_64-pc-windows-gnu",
        source: Source::ByHand("rustup target add x86_64-pc-windows-gnu, or name a cargo that has it in GRAPHTOKEN_WINDOWS_CARGO"),
        is_there: || env::var_os("GRAPHTOKEN_WINDOWS_CARGO").is_some() || has_windows_target(),
    };

    /// Compiles C for Windows.
    MINGW: Tool {
        name: "x86_64-w64-mingw32-gcc",
        source: Source::Packages(&["gcc-mingw-w64-x86-64", "nasm"]),
        is_there: || find("x86_64-w64-mingw32-gcc").is_some() && find("nasm").is_some(),
    };

    /// Runs Windows programs.
    WINE: Tool {
        name: "wine (or what GRAPHTOKEN_WINDOWS_RUNNER names)",
        source: Source::Packages(&["wine64", "wine"]),
        is_there: || windows_runner().is_absolute(),
    };

    /// Runs PowerShell scripts.
    POWERSHELL: Tool {
        name: "pwsh",
        source: Source::ByHand("https://learn.microsoft.com/powershell/scripting/install/installing-powershell"),
        is_there: || powershell().is_some(),
    };

    /// Runs PowerShell scripts as Windows does.
    WINDOWS_POWERSHELL: Tool {
        name: "PowerShell for Windows",
        source: Source::ByHand("name a program that takes the arguments of pwsh in GRAPHTOKEN_WINDOWS_POWERSHELL"),
        is_there: || windows_powershell().is_some(),
    };

    /// Checks licences and sources of dependencies.
    CARGO_DENY: Tool {
        name: "cargo-deny",
        source: Source::Crate("cargo-deny", "0.20.2"),
        is_there: || program("cargo-deny").is_some(),
    };

    /// Finds advisories about dependencies.
    CARGO_AUDIT: Tool {
        name: "cargo-audit",
        source: Source::Crate("cargo-audit", "0.22.2"),
        is_there: || program("cargo-audit").is_some(),
    };

    /// The advisories about crates, as files.
    ADVISORIES: Tool {
        name: "RustSec's advisory database",
        source: Source::ByHand("git clone https://github.com/rustsec/advisory-db, and name its folder in GRAPHTOKEN_ADVISORY_DB"),
        is_there: || advisories().is_some_and(|folder| folder.join("crates").is_dir()),
    };
}

tools! {
    /// What building for every Linux needs, and for Windows beside it what the tests need.
    FOR_NATIVE_FILES:

    /// Compiles and links C for every Linux.
    ZIG: Tool {
        name: "zig",
        source: Source::Python("ziglang==0.17.1"),
        is_there: || zig().is_file(),
    };

    /// Has cargo compile with zig.
    CARGO_ZIGBUILD: Tool {
        name: "cargo-zigbuild",
        source: Source::Crate("cargo-zigbuild", "0.24.1"),
        is_there: || program("cargo-zigbuild").is_some(),
    };

    /// A Rust with the sources of its standard library, from which it is built for other platforms.
    RUST_SOURCES: Tool {
        name: "Rust with the sources of its standard library",
        source: Source::Packages(&["rustc-web", "cargo-web", "rust-web-src"]),
        is_there: || Path::new("/usr/lib/rustlib/src/rust/library").is_dir() && Path::new("/usr/bin/rustc").is_file(),
    };
}

tools! {
    /// What packing and trying the packages need, beside what the tests need.
    FOR_PACKAGES:

    /// Gathers the licences of crates.
    CARGO_ABOUT: Tool {
        name: "cargo-about",
        source: Source::CrateWithFeature("cargo-about", "0.9.3"),
        is_there: || program("cargo-about").is_some(),
    };

    /// Lists crates in the form of `CycloneDX`.
    CARGO_CYCLONEDX: Tool {
        name: "cargo-cyclonedx",
        source: Source::Crate("cargo-cyclonedx", "0.5.9"),
        is_there: || program("cargo-cyclonedx").is_some(),
    };

    /// Makes packages for Debian.
    DPKG_DEB: Tool {
        name: "dpkg-deb",
        source: Source::Packages(&["dpkg"]),
        is_there: || find("dpkg-deb").is_some(),
    };

    /// The certificate authorities that the container image trusts.
    CA_CERTIFICATES: Tool {
        name: "ca-certificates",
        source: Source::Packages(&["ca-certificates"]),
        is_there: || Path::new("/etc/ssl/certs/ca-certificates.crt").is_file(),
    };

    /// Finds C libraries as many builds do.
    PKG_CONFIG: Tool {
        name: "pkg-config",
        source: Source::Packages(&["pkg-config"]),
        is_there: || find("pkg-config").is_some(),
    };

    /// Builds C programs.
    CMAKE: Tool {
        name: "cmake and make",
        source: Source::Packages(&["cmake", "make"]),
        is_there: || find("cmake").is_some() && find("make").is_some(),
    };

    /// Compiles C for musl.
    MUSL_GCC: Tool {
        name: "musl-gcc",
        source: Source::Packages(&["musl-tools"]),
        is_there: || find("musl-gcc").is_some(),
    };

    /// Compiles C for 64-bit ARM.
    ARM_GCC: Tool {
        name: "aarch64-linux-gnu-gcc",
        source: Source::Packages(&["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"]),
        is_there: || find("aarch64-linux-gnu-gcc").is_some(),
    };

    /// Runs programs for 64-bit ARM.
    QEMU: Tool {
        name: "qemu-aarch64",
        source: Source::Packages(&["qemu-user"]),
        is_there: || find("qemu-aarch64").is_some(),
    };
}

tools! {
    /// What the book of the documents needs.
    FOR_DOCUMENTS:

    /// Builds books from Markdown.
    MDBOOK: Tool {
        name: "mdbook",
        source: Source::Crate("mdbook", "0.5.4"),
        is_there: || program("mdbook").is_some(),
    };
}
