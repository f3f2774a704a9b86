//! A C program, compiled against the library of this build.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use test_support::build;
use test_support::checkout::root;
use test_support::folder::Folder;
use test_support::program::{Outcome, under_test};

pub const HEADER: &str = "bindings/c/graphtoken.h";
const LIBRARY: &str = if cfg!(target_os = "macos") {
    "libgraphtoken.dylib"
} else {
    "libgraphtoken.so"
};

/// How C programs are compiled.
const C: [&str; 1] = ["-std=c99"];

/// With an ending that Windows wants and other systems do not mind.
const PROGRAM: &str = "program.exe";

/// A compiled program, gone with its directory.
pub struct Program {
    folder: Folder,
}

/// A sanitizer of gcc. It is compiled into the program; the library has none, but allocates through it.
#[derive(Clone, Copy)]
pub enum Sanitizer {
    /// Misuse of memory, leaks, and undefined behaviour of the C code.
    Address,
    /// Data races of the C code.
    Thread,
}

impl Program {
    /// One of `bindings/c/examples`.
    pub fn example(name: &str) -> Self {
        Self::compile(
            &root().join(format!("bindings/c/examples/{name}.c")),
            compiler("cc", &C),
        )
    }

    /// One of `tests/c`.
    pub fn test(name: &str) -> Self {
        Self::compile(&root().join(format!("tests/c/{name}.c")), compiler("cc", &C))
    }

    /// One of `tests/c` that includes files of this folder.
    pub fn test_with(name: &str, folder: &Folder) -> Self {
        let mut cc = compiler("cc", &C);
        cc.arg("-I").arg(folder.path(""));
        Self::compile(&root().join(format!("tests/c/{name}.c")), cc)
    }

    /// One of `tests/c` with a sanitizer.
    pub fn sanitized(name: &str, sanitizer: Sanitizer) -> Self {
        let mut gcc = compiler("gcc", &C);
        gcc.args(["-O1", "-fno-omit-frame-pointer", "-fno-sanitize-recover=all"]);
        gcc.arg(match sanitizer {
            Sanitizer::Address => "-fsanitize=address,undefined",
            Sanitizer::Thread => "-fsanitize=thread",
        });
        Self::compile(&root().join(format!("tests/c/{name}.c")), gcc)
    }

    fn compile(source: &Path, mut cc: Command) -> Self {
        let folder = Folder::new();
        let library = library();
        cc.args(["-g", "-pthread", "-o"]).arg(folder.path(PROGRAM)).arg(source);
        // By its path, so that no other build of it that lies in the search path is loaded.
        cc.arg(&library);
        if is_for_windows(&library) {
            // A Windows program loads the library that lies beside it, and needs no other.
            cc.args(["-static", "-lcrypt32"]);
            fs::copy(&library, folder.path("graphtoken.dll")).expect("the library can be copied");
        }
        cc.arg(concat!("-DVERSION=\"", env!("CARGO_PKG_VERSION"), "\""));
        if cfg!(feature = "test-hooks") {
            cc.arg("-DTEST_HOOKS");
        }
        let output = finish(&mut cc);
        assert_eq!(output.code, Some(0), "{}: {}", source.display(), output.stderr);
        Self { folder }
    }

    pub fn run<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Outcome {
        self.run_with(arguments, &[])
    }

    /// With these variables in its environment.
    pub fn run_with<Argument: AsRef<OsStr>>(&self, arguments: &[Argument], variables: &[(&str, String)]) -> Outcome {
        let variables = variables.iter().map(|(name, value)| (name, value));
        let output = finish(under_test(self.path()).args(arguments).envs(variables));
        // C writes lines on Windows as Windows has them.
        Outcome {
            stdout: output.stdout.replace("\r\n", "\n"),
            stderr: output.stderr.replace("\r\n", "\n"),
            ..output
        }
    }

    /// Starts it with pipes for its streams.
    pub fn start<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Child {
        self.start_with(arguments, &[])
    }

    /// The same with these variables in its environment.
    pub fn start_with<Argument: AsRef<OsStr>>(&self, arguments: &[Argument], variables: &[(&str, String)]) -> Child {
        let mut command = under_test(self.path());
        command
            .args(arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    }

    /// Ends with 99 when valgrind finds an error or a leak.
    pub fn run_under_valgrind<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Outcome {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--quiet", "--leak-check=full", "--error-exitcode=99"]);
        // The suppressions name callers that are far from the allocation.
        valgrind.arg("--num-callers=50");
        valgrind.arg("--errors-for-leak-kinds=definite,indirect,possible");
        let suppressions = root().join("tests/c/valgrind.supp");
        valgrind.arg(format!("--suppressions={}", suppressions.display()));
        finish(valgrind.arg(self.path()).args(arguments))
    }

    /// Ends with 99 when helgrind finds a data race or a misused lock.
    pub fn run_under_helgrind<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Outcome {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=helgrind", "--quiet", "--error-exitcode=99"]);
        let suppressions = root().join("tests/c/helgrind.supp");
        valgrind.arg(format!("--suppressions={}", suppressions.display()));
        finish(valgrind.arg(self.path()).args(arguments))
    }

    /// Ends with 99 when the sanitizer finds something.
    pub fn run_sanitized<Argument: AsRef<OsStr>>(&self, arguments: &[Argument]) -> Outcome {
        let mut program = Command::new(self.path());
        program.env("ASAN_OPTIONS", "exitcode=99");
        program.env("LSAN_OPTIONS", "exitcode=99");
        program.env("UBSAN_OPTIONS", "exitcode=99");
        // The library synchronizes by system calls that the sanitizer does not see.
        program.env("TSAN_OPTIONS", "exitcode=99:ignore_noninstrumented_modules=1");
        finish(program.args(arguments))
    }

    fn path(&self) -> PathBuf {
        self.folder.path(PROGRAM)
    }
}

/// Compiles a source that includes the header twice and nothing before it.
pub fn compile_header(name: &str, language: &[&str]) {
    let folder = Folder::new();
    let source = folder.write("twice", "#include \"graphtoken.h\"\n#include \"graphtoken.h\"\n");
    let output = finish(compiler(name, language).arg("-fsyntax-only").arg(source));
    assert_eq!(output.code, Some(0), "{}", output.stderr);
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
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    words(&output.stdout)
}

/// The library under test: this build's, or that of `GRAPHTOKEN_TEST_LIBRARY`, which may be for Windows: then
/// `GRAPHTOKEN_TEST_CC` compiles for Windows too, and `GRAPHTOKEN_TEST_RUNNER` runs the programs.
fn library() -> PathBuf {
    env::var_os("GRAPHTOKEN_TEST_LIBRARY").map_or_else(|| build::folder().join("deps").join(LIBRARY), PathBuf::from)
}

/// Runs the command `graph-token` that `GRAPHTOKEN_TEST_COMMAND` names.
pub fn graph_token(arguments: &[&str]) -> Outcome {
    let program = env::var_os("GRAPHTOKEN_TEST_COMMAND").expect("the lane names the command");
    finish(under_test(program).args(arguments))
}

fn is_for_windows(library: &Path) -> bool {
    library.extension().is_some_and(|extension| extension == "dll")
}

fn finish(command: &mut Command) -> Outcome {
    Outcome::of(command, b"")
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
