//! The platforms that packages are made for.

use std::path::PathBuf;

use crate::artifacts::target_directory;

/// A platform by the name that .NET gives it ("RID").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Such as `linux-x64`.
    pub rid: &'static str,
    /// Rust's name of it.
    pub target: &'static str,
    /// How its files are built.
    pub builder: Builder,
    /// What a machine must have to run them.
    pub requires: &'static str,
    /// Debian's name of the processor, where there is a `.deb`.
    pub debian: Option<Debian>,
}

/// What links the files of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builder {
    /// Zig, against this version of glibc.
    Glibc(&'static str),
    /// Zig, against musl: static programs.
    Musl,
    /// What also builds for the Windows lanes.
    Windows,
    /// Nothing that runs on Linux: on a machine of that platform.
    Native,
}

/// Debian's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debian {
    /// Of the processor.
    pub architecture: &'static str,
    /// Of the folder for its libraries.
    pub triplet: &'static str,
}

const GLIBC: &str = "2.28";
const REQUIRES_GLIBC: &str = "glibc 2.28 or later (RHEL 8, Debian 10, Ubuntu 20.04, Amazon Linux 2023)";

/// All of them.
pub const PLATFORMS: [Platform; 7] = [
    Platform {
        rid: "linux-x64",
        target: "x86_64-unknown-linux-gnu",
        builder: Builder::Glibc(GLIBC),
        requires: REQUIRES_GLIBC,
        debian: Some(Debian {
            architecture: "amd64",
            triplet: "x86_64-linux-gnu",
        }),
    },
    Platform {
        rid: "linux-arm64",
        target: "aarch64-unknown-linux-gnu",
        builder: Builder::Glibc(GLIBC),
        requires: REQUIRES_GLIBC,
        debian: Some(Debian {
            architecture: "arm64",
            triplet: "aarch64-linux-gnu",
        }),
    },
    Platform {
        rid: "linux-musl-x64",
        target: "x86_64-unknown-linux-musl",
        builder: Builder::Musl,
        requires: "musl 1.2 or later (Alpine) for the library; the commands run on any Linux",
        debian: None,
    },
    Platform {
        rid: "win-x64",
        target: "x86_64-pc-windows-gnu",
        builder: Builder::Windows,
        requires: "Windows 10 or later, Windows Server 2016 or later",
        debian: None,
    },
    foreign("win-arm64", "aarch64-pc-windows-msvc", "Windows 11"),
    foreign("osx-arm64", "aarch64-apple-darwin", "macOS 11 or later"),
    foreign("osx-x64", "x86_64-apple-darwin", "macOS 10.13 or later"),
];

const fn foreign(rid: &'static str, target: &'static str, requires: &'static str) -> Platform {
    Platform {
        rid,
        target,
        builder: Builder::Native,
        requires,
        debian: None,
    }
}

impl Platform {
    /// The one with this name.
    pub fn named(rid: &str) -> Option<&'static Self> {
        PLATFORMS.iter().find(|platform| platform.rid == rid)
    }

    /// The one that this program runs on, as far as a package is made for it.
    pub fn of_this_machine() -> Option<&'static Self> {
        Self::named(&crate::dotnet::runtime_identifier())
    }

    pub fn is_windows(&self) -> bool {
        self.rid.starts_with("win-")
    }

    /// What the library is called in packages.
    pub fn library_name(&self) -> &'static str {
        match self.rid.split('-').next() {
            Some("win") => "graphtoken.dll",
            Some("osx") => "libgraphtoken.dylib",
            _ => "libgraphtoken.so",
        }
    }

    /// What the library is called in the PowerShell module, where its prefix is not expected.
    pub fn module_library_name(&self) -> &'static str {
        self.library_name().trim_start_matches("lib")
    }

    /// What a command is called.
    pub fn command_name(&self, name: &str) -> String {
        format!("{name}{}", if self.is_windows() { ".exe" } else { "" })
    }

    /// The library that is packed.
    pub fn library(&self) -> PathBuf {
        self.files().join(self.library_name())
    }

    /// What programs for Windows are linked with in place of the library; `None` elsewhere.
    pub fn import_library(&self) -> Option<PathBuf> {
        self.is_windows().then(|| self.files().join("libgraphtoken.dll.a"))
    }

    /// A command that is packed.
    pub fn command(&self, name: &str) -> PathBuf {
        self.files().join(self.command_name(name))
    }

    /// Where its files are before they are packed.
    fn files(&self) -> PathBuf {
        files_folder().join(self.rid)
    }
}

/// Where the files of each platform are before they are packed, in a folder of its name.
pub fn files_folder() -> PathBuf {
    target_directory().join("package/files")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_follow_the_system() {
        let names = |rid: &str| {
            let platform = Platform::named(rid).unwrap();
            (
                platform.library_name(),
                platform.module_library_name(),
                platform.command_name("graph-token"),
            )
        };
        assert_eq!(
            names("linux-musl-x64"),
            ("libgraphtoken.so", "graphtoken.so", "graph-token".to_owned())
        );
        assert_eq!(
            names("win-x64"),
            ("graphtoken.dll", "graphtoken.dll", "graph-token.exe".to_owned())
        );
        assert_eq!(names("osx-arm64").0, "libgraphtoken.dylib");
    }
}
