//! A `redis-server` of Debian, with a socket in a folder of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::folder::Folder;

/// Ended when dropped.
pub struct RedisServer {
    process: Child,
    folder: Folder,
}

impl RedisServer {
    /// With its own settings.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more settings, each a name and its value.
    pub fn start_with(settings: &[&str]) -> Self {
        let folder = Folder::new();
        let process = run(&folder, settings);
        Self { process, folder }
    }

    /// The address of its socket.
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket())
    }

    /// What `redis-cli` prints for a command.
    pub fn ask(&self, command: &[&str]) -> String {
        let mut client = Command::new("redis-cli");
        let output = client
            .args(["-s", &self.socket()])
            .args(command)
            .output()
            .expect("redis-cli starts");
        let text = String::from_utf8(output.stdout).expect("redis-cli writes text");
        text.trim_end().to_owned()
    }

    /// The names of all that it keeps.
    pub fn names(&self) -> Vec<String> {
        self.ask(&["KEYS", "*"]).lines().map(str::to_owned).collect()
    }

    /// The only record's name.
    pub fn name(&self) -> String {
        let mut names = self.names();
        assert_eq!(names.len(), 1, "{names:?}");
        names.remove(0)
    }

    /// All that it keeps, as the server writes it to disk.
    pub fn dump(&self) -> Vec<u8> {
        assert_eq!(self.ask(&["SAVE"]), "OK");
        fs::read(self.folder.path("dump.rdb")).expect("the server wrote its data")
    }

    /// Ends it as a crash would.
    pub fn kill(&mut self) {
        self.process.kill().expect("the server runs");
        self.process.wait().expect("the server ends");
    }

    /// Starts it anew, without what it kept.
    pub fn restart(&mut self) {
        let _ = fs::remove_file(self.folder.path("dump.rdb"));
        self.process = run(&self.folder, &[]);
    }

    /// Stops it without ending it, so that it takes connections and answers nothing.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on, with all that was sent to it meanwhile.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    /// How often it was asked for a record.
    pub fn reads(&self) -> usize {
        let statistics = self.ask(&["INFO", "commandstats"]);
        let calls = statistics
            .split("cmdstat_get:calls=")
            .nth(1)
            .and_then(|rest| rest.split(',').next());
        calls.map_or(0, |calls| calls.parse().expect("the count is a number"))
    }

    fn signal(&self, signal: &str) {
        let process = self.process.id().to_string();
        let status = Command::new("kill").args([signal, &process]).status();
        assert!(status.expect("kill starts").success());
    }

    fn socket(&self) -> String {
        self.folder.argument("redis.sock")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a server and waits until it says that it is ready.
fn run(folder: &Folder, settings: &[&str]) -> Child {
    let socket = folder.argument("redis.sock");
    let fixed = [
        "--port",
        "0",
        "--unixsocket",
        &socket,
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
    ];
    let mut process = Command::new("redis-server")
        .args(fixed)
        .arg(folder.argument(""))
        .args(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-server starts");
    let mut lines = BufReader::new(process.stdout.take().expect("standard output is a pipe")).lines();
    let is_ready = lines.any(|line| line.is_ok_and(|line| line.contains("ready to accept connections at")));
    assert!(is_ready, "redis-server ended before it was ready");
    // Read to the end, so that the server never waits for somebody to read its messages.
    std::thread::spawn(move || lines.for_each(drop));
    process
}
