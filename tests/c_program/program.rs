//! A C program, compiled against the library of this build.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub const HEADER: &str = "bindings/c/graphtoken.h";
const LIBRARY: &str = if cfg!(target_os = "macos") {
    "libgraphtoken.dylib"
} else {
    "libgraphtoken.so"
};

/// With an ending that Windows wants and other systems do not mind.
const PROGRAM: &str = "program.exe";

/// A compiled program, gone with its directory.
pub struct Program {
    directory: TempDir,
}

/// What a program did.
#[derive(Debug)]
pub struct Output {
    /// The exit code; `None` when a signal ended it.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Program {
    /// One of `bindings/c/examples`.
    pub fn example(name: &str) -> Self {
        Self::compile(&root().join(format!("bindings/c/examples/{name}.c")))
    }

    /// One of `tests/c`.
    pub fn test(name: &str) -> Self {
        Self::compile(&root().join(format!("tests/c/{name}.c")))
    }

    fn compile(source: &Path) -> Self {
        let directory = tempfile::tempdir().expect("there is a directory for temporary files");
        let library = library();
        let mut cc = compiler("cc", &["-std=c99"]);
        cc.args(["-g", "-pthread", "-o"])
            .arg(directory.path().join(PROGRAM))
            .arg(source);
        // By its path, so that no other build of it that lies in the search path is loaded.
        cc.arg(&library);
        if is_for_windows(&library) {
            // A Windows program loads the library that lies beside it, and needs no other.
            cc.args(["-static", "-lcrypt32"]);
            fs::copy(&library, directory.path().join("graphtoken.dll")).expect("the library can be copied");
        }
        cc.arg(concat!("-DVERSION=\"", env!("CARGO_PKG_VERSION"), "\""));
        if cfg!(feature = "test-hooks") {
            cc.arg("-DTEST_HOOKS");
        }
        let output = finish(&mut cc);
        assert_eq!(output.status, Some(0), "{}: {}", source.display(), output.stderr);
        Self { directory }
    }

    pub fn run<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Output {
        self.run_with(arguments, &[])
    }

    /// With these variables in its environment.
    pub fn run_with<Argument: AsRef<OsStr>>(&self, arguments: &[Argument], variables: &[(&str, String)]) -> Output {
        let variables = variables.iter().map(|(name, value)| (name, value));
        let output = finish(run(self.path()).args(arguments).envs(variables));
        // C writes lines on Windows as Windows has them.
        Output {
            stdout: output.stdout.replace("\r\n", "\n"),
            stderr: output.stderr.replace("\r\n", "\n"),
            ..output
        }
    }

    /// Ends with 99 when valgrind finds an error or a leak.
    pub fn run_under_valgrind<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Output {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--quiet", "--leak-check=full", "--error-exitcode=99"]);
        valgrind.arg("--errors-for-leak-kinds=definite,indirect,possible");
        let suppressions = root().join("tests/c/valgrind.supp");
        valgrind.arg(format!("--suppressions={}", suppressions.display()));
        finish(valgrind.arg(self.path()).args(arguments))
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join(PROGRAM)
    }
}

/// Compiles a source that includes the header twice and nothing before it.
pub fn compile_header(name: &str, language: &[&str]) {
    let directory = tempfile::tempdir().expect("there is a directory for temporary files");
    let source = directory.path().join("twice");
    fs::write(&source, "#include \"graphtoken.h\"\n#include \"graphtoken.h\"\n").expect("the directory can be written");
    let output = finish(compiler(name, language).arg("-fsyntax-only").arg(source));
    assert_eq!(output.status, Some(0), "{}", output.stderr);
}

/// The functions that a header declares.
pub fn functions(header: &str) -> BTreeSet<String> {
    let declarations = header
        .lines()
        .filter(|line| line.starts_with("int32_t gt_") || line.starts_with("void gt_"));
    let names = declarations.filter_map(|line| line.split(['(', ' ']).nth(1));
    names.map(str::to_owned).collect()
}

/// The words of a source that could be functions of the library.
pub fn words(source: &str) -> BTreeSet<String> {
    let words = source.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .filter(|word| word.starts_with("gt_"))
        .map(str::to_owned)
        .collect()
}

/// The names that the library gives to the linker and that begin with `gt_`.
pub fn exports() -> BTreeSet<String> {
    let output = finish(Command::new("nm").args(["-D", "--defined-only"]).arg(library()));
    assert_eq!(output.status, Some(0), "{}", output.stderr);
    words(&output.stdout)
}

pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("the file is in the checkout")
}

/// Where cargo puts everything that it builds for this test: the library and, one directory up, the commands.
pub fn library_directory() -> PathBuf {
    let test = std::env::current_exe().expect("a running program has a path");
    test.parent().expect("a program is in a directory").to_owned()
}

/// The library under test: this build's, or that of `GRAPHTOKEN_TEST_LIBRARY`, which may be for Windows: then
/// `GRAPHTOKEN_TEST_CC` compiles for Windows too, and `GRAPHTOKEN_TEST_RUNNER` runs the programs.
fn library() -> PathBuf {
    env::var_os("GRAPHTOKEN_TEST_LIBRARY").map_or_else(|| library_directory().join(LIBRARY), PathBuf::from)
}

/// Runs the command `graph-token` that `GRAPHTOKEN_TEST_COMMAND` names.
pub fn graph_token(arguments: &[&str]) -> Output {
    let program = env::var_os("GRAPHTOKEN_TEST_COMMAND").expect("the lane names the command");
    finish(run(program.into()).args(arguments))
}

/// A run of the program: by `GRAPHTOKEN_TEST_RUNNER` where it is for another system.
fn run(program: PathBuf) -> Command {
    match env::var_os("GRAPHTOKEN_TEST_RUNNER") {
        Some(runner) => {
            let mut command = Command::new(runner);
            command.arg(program);
            command
        }
        None => Command::new(program),
    }
}

fn is_for_windows(library: &Path) -> bool {
    library.extension().is_some_and(|extension| extension == "dll")
}

/// Runs a program to its end.
pub fn finish(command: &mut Command) -> Output {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", command.get_program().display()));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the programs write UTF-8");
    Output {
        status: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

fn compiler(name: &str, language: &[&str]) -> Command {
    let given = env::var_os("GRAPHTOKEN_TEST_CC").filter(|_| name == "cc");
    let mut command = Command::new(given.unwrap_or_else(|| name.into()));
    command
        .args(language)
        .args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-I"]);
    command.arg(root().join("bindings/c"));
    command
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
