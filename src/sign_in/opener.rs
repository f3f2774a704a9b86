//! Opens an address in the user's web browser, without a shell.

#[cfg(unix)]
use std::process::{Command, Stdio};
#[cfg(unix)]
use std::sync::mpsc;
#[cfg(unix)]
use std::thread;
#[cfg(unix)]
use std::time::Duration;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{DEVICE_CODE, NO_BROWSER};
use crate::sign_in::link::is_link;

/// Opens addresses.
pub trait BrowserOpener: Send + Sync {
    /// Opens an address of a sign-in.
    ///
    /// # Errors
    /// Why no browser can show it, in a few words.
    fn open(&self, url: &str) -> std::result::Result<(), String>;
}

/// The browser of the user who runs this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemBrowser;

/// Opens `url` with `opener`.
///
/// # Errors
/// `InteractionRequired` if there is no browser: the user has to open the address.
pub fn open(url: &str, opener: &dyn BrowserOpener) -> Result<()> {
    let outcome = if is_link(url) {
        opener.open(url)
    } else {
        Err("the address is not one of https".to_owned())
    };
    outcome.map_err(|reason| {
        Error::new(
            Status::InteractionRequired,
            format!("No web browser was opened: {reason}."),
            format!(
                "Open the address of the sign-in in a web browser on this machine ({NO_BROWSER}), or use {DEVICE_CODE}."
            ),
        )
    })
}

#[cfg(unix)]
impl BrowserOpener for SystemBrowser {
    fn open(&self, url: &str) -> std::result::Result<(), String> {
        let commands = Surroundings::of_process().commands(url)?;
        let mut failures = Vec::new();
        for command in commands {
            match run(&command) {
                Ok(()) => return Ok(()),
                Err(failure) => failures.push(failure),
            }
        }
        Err(failures.join(", "))
    }
}

#[cfg(windows)]
impl BrowserOpener for SystemBrowser {
    fn open(&self, url: &str) -> std::result::Result<(), String> {
        crate::os::windows::shell::open(url)
    }
}

/// What tells which browser there is.
#[cfg(unix)]
#[derive(Default)]
struct Surroundings {
    /// The user's choice (`BROWSER`): commands with colons between them.
    browser: String,
    has_display: bool,
    is_root: bool,
    /// Windows Subsystem for Linux.
    is_wsl: bool,
}

#[cfg(unix)]
impl Surroundings {
    fn of_process() -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            browser: std::env::var("BROWSER").unwrap_or_default(),
            has_display: is_set("DISPLAY") || is_set("WAYLAND_DISPLAY"),
            is_root: crate::os::unix::effective_user() == 0,
            is_wsl: is_set("WSL_DISTRO_NAME") || is_set("WSL_INTEROP"),
        }
    }

    /// The commands that may open the address, the best first. Each has the address in one of its arguments.
    fn commands(&self, url: &str) -> std::result::Result<Vec<Vec<String>>, String> {
        let chosen = self.browser.split(':').filter_map(|command| {
            let mut words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            if words.is_empty() {
                return None;
            }
            if words.iter().any(|word| word.contains("%s")) {
                for word in &mut words {
                    *word = word.replace("%s", url);
                }
            } else {
                words.push(url.to_owned());
            }
            Some(words)
        });
        let mut commands: Vec<Vec<String>> = chosen.collect();
        let found: &[&str] = match self {
            _ if self.is_root => &[],
            _ if cfg!(target_vendor = "apple") => &["/usr/bin/open"],
            Self {
                has_display: true,
                is_wsl: true,
                ..
            } => &["xdg-open", "wslview"],
            Self { has_display: true, .. } => &["xdg-open"],
            Self { is_wsl: true, .. } => &["wslview"],
            _ => &[],
        };
        commands.extend(found.iter().map(|program| vec![(*program).to_owned(), url.to_owned()]));
        match commands.as_slice() {
            [] if self.is_root => Err("this process runs as root".to_owned()),
            [] => Err("this session has no display".to_owned()),
            _ => Ok(commands),
        }
    }
}

/// How long a command may run before it counts as the browser itself, which runs on.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs a command. What it says goes nowhere: a token is to be read from this process's output alone.
#[cfg(unix)]
fn run(command: &[String]) -> std::result::Result<(), String> {
    use std::os::unix::process::CommandExt;

    let Some((program, arguments)) = command.split_first() else {
        return Err("there is no program".to_owned());
    };
    let mut child = Command::new(program);
    child
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl+C at this process must not end the browser.
        .process_group(0);
    let mut child = child.spawn().map_err(|error| format!("{program}: {error}"))?;
    let (ended, end) = mpsc::channel();
    let wait = move || {
        let _ = ended.send(child.wait());
    };
    if thread::Builder::new()
        .name("graphtoken-browser".to_owned())
        .spawn(wait)
        .is_err()
    {
        return Ok(());
    }
    match end.recv_timeout(PATIENCE) {
        Ok(Ok(status)) if !status.success() => Err(format!("{program}: {status}")),
        _ => Ok(()),
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://login.example/authorize?a=$(x)&b='; rm -rf \"";

    fn commands(surroundings: &Surroundings) -> Vec<Vec<String>> {
        surroundings.commands(URL).unwrap_or_default()
    }

    #[test]
    fn the_user_s_choice_comes_first_and_the_address_is_one_argument() {
        let surroundings = Surroundings {
            browser: "firefox --new-tab:chromium --app=%s::  ".to_owned(),
            has_display: true,
            ..Surroundings::default()
        };
        let app = format!("--app={URL}");
        let expected: [&[&str]; 3] = [&["firefox", "--new-tab", URL], &["chromium", &app], &["xdg-open", URL]];
        assert_eq!(commands(&surroundings), expected);
    }

    #[test]
    fn without_a_display_or_as_root_only_the_user_s_choice_is_run() {
        let of = |has_display, is_root, is_wsl| Surroundings {
            has_display,
            is_root,
            is_wsl,
            ..Surroundings::default()
        };
        for (surroundings, programs) in [
            (of(true, false, false), vec!["xdg-open"]),
            (of(true, false, true), vec!["xdg-open", "wslview"]),
            (of(false, false, true), vec!["wslview"]),
            (of(false, false, false), vec![]),
            (of(true, true, true), vec![]),
        ] {
            let found: Vec<String> = commands(&surroundings)
                .iter()
                .map(|command| command[0].clone())
                .collect();
            assert_eq!(found, programs);
        }
        let root = Surroundings {
            browser: "lynx".to_owned(),
            ..of(true, true, false)
        };
        assert_eq!(commands(&root), [["lynx", URL]]);
        assert!(of(true, true, false).commands(URL).unwrap_err().contains("root"));
        assert!(
            of(false, false, false)
                .commands(URL)
                .unwrap_err()
                .contains("no display")
        );
    }

    #[test]
    fn a_command_that_fails_or_is_missing_is_told() {
        let run = |command: &[&str]| run(&command.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert!(run(&["true"]).is_ok());
        assert!(run(&["false"]).unwrap_err().contains("false"));
        assert!(run(&["/nowhere/browser"]).unwrap_err().contains("/nowhere/browser"));
    }

    #[test]
    fn only_links_are_opened() {
        struct Refusing;
        impl BrowserOpener for Refusing {
            fn open(&self, _: &str) -> std::result::Result<(), String> {
                panic!("it must not be opened")
            }
        }
        for url in ["file:///etc/passwd", "http://login.example/", "javascript:alert(1)"] {
            let error = open(url, &Refusing).unwrap_err();
            assert_eq!(error.status(), Status::InteractionRequired);
        }
    }
}
