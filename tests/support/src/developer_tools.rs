//! `az` and `azd`, as scripts of the shell that say what a test wants.

use std::fs;
use std::path::PathBuf;

use crate::folder::Folder;

/// The token that they give.
pub const TOKEN: &str = "Jd3kVt8LhN5fBs6Gy1Qx.Wm4Zc7Rp2Kv9Tn5Hb8Xs1Lf6Jq3Gd7Yw4Ce0Ua5Mi2Ro8Pk6Zt1Vn9.Bx4Hs7Qw2";
/// When it ends, in seconds since 1970.
pub const EXPIRES_ON: i64 = 4_102_444_800;
/// Whose it is.
pub const TENANT: &str = "22222222-2222-2222-2222-222222222222";

/// A folder with such programs, and nothing else. On a search path of it alone no other program is found.
pub struct DeveloperTools(Folder);

impl DeveloperTools {
    /// A folder with none.
    #[allow(clippy::new_without_default, reason = "it makes something on disk")]
    pub fn new() -> Self {
        Self(Folder::new())
    }

    /// With an `az` whose user has signed in.
    #[must_use]
    pub fn with_az(self) -> Self {
        let output = format!(
            r#"{{"accessToken": "{TOKEN}", "expiresOn": "2100-01-01 01:00:00.000000", "expires_on": {EXPIRES_ON},
                "subscription": "{TENANT}", "tenant": "{TENANT}", "tokenType": "Bearer"}}"#
        );
        self.with("az", &output, "", 0)
    }

    /// With an `azd` whose user has signed in.
    #[must_use]
    pub fn with_azd(self) -> Self {
        self.with(
            "azd",
            &format!(r#"{{"token": "{TOKEN}", "expiresOn": "2100-01-01T00:00:00Z"}}"#),
            "",
            0,
        )
    }

    /// With a tool that says this and ends with this code.
    #[must_use]
    pub fn with(self, name: &str, stdout: &str, stderr: &str, code: i32) -> Self {
        for (end, text) in [("out", stdout), ("err", stderr)] {
            self.0.write(&format!("{name}.{end}"), text);
        }
        let folder = self.path();
        self.with_script(
            name,
            &format!("/bin/cat '{folder}/{name}.out'; /bin/cat '{folder}/{name}.err' >&2; exit {code}"),
        )
    }

    /// With a tool that runs this.
    ///
    /// # Panics
    /// If the folder cannot be written.
    #[must_use]
    pub fn with_script(self, name: &str, script: &str) -> Self {
        let log = self.0.argument(&format!("{name}.log"));
        let file = self
            .0
            .write(name, format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{log}'\n{script}\n"));
        make_runnable(&PathBuf::from(file));
        self
    }

    /// The folder, as the value of `PATH`.
    pub fn path(&self) -> String {
        self.0.argument("").trim_end_matches('/').to_owned()
    }

    /// The arguments of each run of a tool.
    pub fn runs(&self, name: &str) -> Vec<String> {
        let log = fs::read_to_string(self.0.path(&format!("{name}.log"))).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

#[cfg(unix)]
fn make_runnable(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("the file is ours");
}

#[cfg(not(unix))]
fn make_runnable(_: &std::path::Path) {}
