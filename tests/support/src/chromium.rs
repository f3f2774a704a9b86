//! A headless Chromium, driven by its debugging protocol over pipes.

use std::io::{BufRead, BufReader, Read as _, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::folder::Folder;

/// One window. Ended when dropped.
pub struct Chromium {
    process: Child,
    commands: Option<ChildStdin>,
    messages: BufReader<ChildStdout>,
    session: String,
    /// The number of the last command.
    last: u64,
    /// Its profile.
    _profile: Folder,
}

/// Nothing but this machine is reached, whatever a browser does on its own.
const ALONE: &str = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1";

impl Chromium {
    /// Starts it for a user who prefers these languages (`he-IL,he`).
    pub fn start(languages: &str) -> Self {
        let profile = Folder::new();
        let options = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--window-size=800,600",
            "--remote-debugging-pipe",
            ALONE,
            &format!("--accept-lang={languages}"),
            &format!("--user-data-dir={}", profile.argument("profile")),
            "about:blank",
        ];
        // It reads commands from descriptor 3 and writes to 4.
        let script = "exec chromium \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";
        let mut process = Command::new("sh")
            .args(["-c", script, "sh"])
            .args(options)
            .env("HOME", profile.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let (commands, messages) = (process.stdin.take(), process.stdout.take());
        let mut browser = Self {
            process,
            commands,
            messages: BufReader::new(messages.expect("it is a pipe")),
            session: String::new(),
            last: 0,
            _profile: profile,
        };
        let targets = browser.command("Target.getTargets", &json!({}));
        let page = targets["targetInfos"]
            .as_array()
            .and_then(|targets| targets.iter().find(|target| target["type"] == "page"))
            .expect("there is a window");
        let attached = browser.command(
            "Target.attachToTarget",
            &json!({"targetId": page["targetId"], "flatten": true}),
        );
        let session = attached["sessionId"].as_str().expect("it has an id");
        session.clone_into(&mut browser.session);
        browser.command("Page.enable", &json!({}));
        browser
    }

    /// Opens an address, and waits until it is shown.
    pub fn open(&mut self, url: &str) {
        self.command("Page.navigate", &json!({"url": url}));
        self.wait_until_loaded();
    }

    /// Waits until the next page is shown.
    pub fn wait_until_loaded(&mut self) {
        while self.message()["method"] != "Page.loadEventFired" {}
    }

    /// The value of an expression in the page.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self.command(
            "Runtime.evaluate",
            &json!({"expression": expression, "returnByValue": true, "userGesture": true}),
        );
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Types into the field that has the focus.
    pub fn enter(&mut self, text: &str) {
        self.command("Input.insertText", &json!({"text": text}));
    }

    /// Presses a key without a character, such as `Tab`.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            self.command("Input.dispatchKeyEvent", &event);
        }
    }

    /// What assistive technology is told: the role and the name of everything that has a name.
    pub fn accessible(&mut self) -> Vec<(String, String)> {
        self.command("Accessibility.enable", &json!({}));
        let tree = self.command("Accessibility.getFullAXTree", &json!({}));
        let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
        let text = |node: &Value, what: &str| node[what]["value"].as_str().unwrap_or_default().to_owned();
        let named = nodes.iter().map(|node| (text(node, "role"), text(node, "name")));
        named.filter(|(_, name)| !name.is_empty()).collect()
    }

    /// Writes what it shows into a PNG file.
    pub fn photograph(&mut self, path: &Path) {
        let shot = self.command("Page.captureScreenshot", &json!({"format": "png"}));
        let image = STANDARD.decode(shot["data"].as_str().expect("there is an image"));
        std::fs::write(path, image.expect("it is Base64")).expect("the file can be written");
    }

    /// Sends a command and waits for its answer.
    fn command(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": parameters});
        if !self.session.is_empty() {
            command["sessionId"] = self.session.as_str().into();
        }
        let pipe = self.commands.as_mut().expect("it is open until the end");
        write!(pipe, "{command}\0")
            .and_then(|()| pipe.flush())
            .expect("it reads");
        loop {
            let answer = self.message();
            if answer["id"] == self.last {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    fn message(&mut self) -> Value {
        let mut message = Vec::new();
        self.messages.read_until(0, &mut message).expect("it is alive");
        assert_eq!(message.pop(), Some(0), "Chromium has ended");
        serde_json::from_slice(&message).expect("it writes JSON")
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It ends when nobody commands it any longer, and writes its profile before.
        drop(self.commands.take());
        let _ = self.messages.read_to_end(&mut Vec::new());
        let _ = self.process.wait();
    }
}
