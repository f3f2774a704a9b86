//! All parts have the same version. `tests/c/abi.c` checks `gt_version`.

use test_support::checkout::read;

/// The version of the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn every_package_has_the_version_of_the_workspace() {
    for manifest in [
        "Cargo.toml",
        "benches/canned-service/Cargo.toml",
        "cli/Cargo.toml",
        "emulator/Cargo.toml",
        "tests/fuzz-targets/Cargo.toml",
        "tests/support/Cargo.toml",
        "xtask/Cargo.toml",
    ] {
        assert!(read(manifest).contains("\nversion.workspace = true\n"), "{manifest}");
    }
}

#[test]
fn the_powershell_module_has_the_version_of_the_workspace() {
    let manifest = read("powershell/GraphToken/GraphToken.psd1");
    let line = manifest
        .lines()
        .find(|line| line.trim_start().starts_with("ModuleVersion"));
    let version = line.and_then(|line| line.split('\'').nth(1));
    assert_eq!(version, Some(VERSION));
}

/// The C# projects read the version from the first line of the workspace's manifest that begins with `version`.
#[test]
fn the_dotnet_library_reads_the_version_of_the_workspace() {
    let manifest = read("Cargo.toml");
    let line = manifest.lines().find(|line| line.starts_with("version = \""));
    assert_eq!(line.and_then(|line| line.split('"').nth(1)), Some(VERSION));
    for project in [
        "bindings/csharp/GraphToken/GraphToken.csproj",
        "powershell/GraphToken.PowerShell/GraphToken.PowerShell.csproj",
    ] {
        assert!(
            !read(project).contains("<Version>"),
            "{project} has a version of its own"
        );
    }
}

/// README names files that `cargo xtask package` writes.
#[test]
fn the_files_to_install_have_the_version_of_the_workspace() {
    let readme = read("README.md");
    for (before, after) in [("graph-token-", "-"), ("graphtoken_", "_")] {
        let rest = readme.split(before).skip(1);
        let versions: Vec<&str> = rest
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            .filter_map(|rest| rest.split(after).next())
            .collect();
        assert!(!versions.is_empty(), "{before}");
        assert!(versions.iter().all(|version| *version == VERSION), "{versions:?}");
    }
}

#[test]
fn the_changelog_has_a_section_for_unreleased_changes() {
    assert!(read("CHANGELOG.md").contains("\n## Unreleased\n"));
}
