//! One list of options: its documentation is made from it, and every surface has every option or says why not.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use graphtoken::base::surface::Surface;
use graphtoken::client::options::{OptionRow, Options, ROWS, Scope};
use graphtoken::managed_identity::VARIABLE_NAMES;

/// Options that a surface does not have, and why.
const NOT_ON: &[(Surface, &str, &str)] = &[
    (
        Surface::PowerShell,
        "http.product",
        "The cmdlets send the module's own name.",
    ),
    (Surface::Command, "http.product", "The command sends its own name."),
    (
        Surface::PowerShell,
        "cache",
        "The cmdlets share the memory of the process.",
    ),
    (
        Surface::Dotnet,
        "identity.source",
        "The library finds the platform by its variables.",
    ),
    (
        Surface::PowerShell,
        "identity.source",
        "The cmdlets find the platform by its variables.",
    ),
    (
        Surface::Command,
        "identity.source",
        "The command finds the platform by its variables.",
    ),
    (
        Surface::Dotnet,
        "identity.variables",
        "The library passes the environment of .NET.",
    ),
    (
        Surface::PowerShell,
        "identity.variables",
        "The cmdlets pass the environment of PowerShell.",
    ),
    (
        Surface::Command,
        "identity.variables",
        "The command has the environment of its process.",
    ),
    (
        Surface::Dotnet,
        "developer_tool.tenant",
        "ForAzureCli and ForAzureDeveloperCli take the tenant.",
    ),
    (Surface::Command, "cache", "A process of the command gets one token."),
    (
        Surface::PowerShell,
        "cache.redis_password_file",
        "A script passes the password itself.",
    ),
    (
        Surface::PowerShell,
        "redirect.host",
        "The cmdlets use the name that Entra compares without its port.",
    ),
    (
        Surface::Dotnet,
        "federation.request_url",
        "FromGitHubActions and FromAzurePipelines read the variables of the process.",
    ),
    (
        Surface::PowerShell,
        "federation.request_url",
        "-GitHubActions and -AzurePipelines read the variables of the session.",
    ),
    (
        Surface::Command,
        "federation.request_url",
        "The command reads its environment.",
    ),
    (
        Surface::Dotnet,
        "federation.request_token",
        "FromGitHubActions and FromAzurePipelines read the variables of the process.",
    ),
    (
        Surface::PowerShell,
        "federation.request_token",
        "-GitHubActions and -AzurePipelines read the variables of the session.",
    ),
    (
        Surface::Command,
        "federation.request_token",
        "The command reads its environment.",
    ),
];

#[test]
fn the_documentation_is_that_of_the_list() {
    same_or_blessed("docs/options.md", &document());
}

#[test]
fn the_header_documents_every_option() {
    let path = "src/ffi/options.rs";
    let source = read(path);
    let (before, rest) = source.split_once(BEGIN).expect("the list begins");
    let (_, after) = rest.split_once(END).expect("the list ends");
    same_or_blessed(path, &format!("{before}{BEGIN}{}{END}{after}", doc_comment()));
}

#[test]
fn dotnet_passes_on_every_variable_that_the_engine_reads() {
    let source = read("bindings/csharp/GraphToken/Interop/PlatformEnvironment.cs");
    let (_, list) = source.split_once("Names =\n").expect("the list begins");
    let (list, _) = list.split_once("];").expect("the list ends");
    let names: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert_eq!(names, VARIABLE_NAMES);
}

#[test]
fn defaults_are_those_of_the_engine() {
    let unset = format!("{:?}", Options::default());
    for row in ROWS {
        let Some(default) = row
            .documentation
            .default
            .strip_prefix('`')
            .and_then(|text| text.split('`').next())
        else {
            continue;
        };
        let mut options = Options::default();
        options.set(row.key(), default).unwrap();
        let set = format!("{options:?}").replace("cloud: Some(Global)", "cloud: None");
        assert_eq!(set, unset, "{} is not {default} by default", row.key());
    }
}

#[test]
fn every_surface_has_every_option_or_a_reason() {
    for row in ROWS {
        for surface in [Surface::Dotnet, Surface::PowerShell, Surface::Command] {
            let reason = not_on(surface, row);
            match row.parameter.name_on(surface) {
                Some(name) => {
                    assert!(reason.is_none(), "{} is on {surface:?} after all", row.key());
                    assert!(
                        has(surface, name),
                        "{surface:?} does not declare {name} for {}",
                        row.key()
                    );
                }
                None => assert!(reason.is_some(), "{} is not on {surface:?}: why?", row.key()),
            }
        }
    }
}

fn not_on(surface: Surface, row: &OptionRow) -> Option<&'static str> {
    NOT_ON
        .iter()
        .find(|(absent, key, _)| *absent == surface && *key == row.key())
        .map(|(_, _, reason)| *reason)
}

/// Whether the sources of a surface declare what goes by this name there.
fn has(surface: Surface, name: &str) -> bool {
    match surface {
        Surface::C => true,
        Surface::Dotnet => {
            let member = name.rsplit('.').next().unwrap_or(name);
            let sources = sources("bindings/csharp/GraphToken", "cs");
            sources.contains(&format!(" {member}(")) || sources.contains(&format!(" {member} {{ get;"))
        }
        Surface::PowerShell => {
            let parameter = name.trim_start_matches('-');
            sources("powershell/GraphToken.PowerShell", "cs").contains(&format!(" {parameter} {{ get;"))
        }
        Surface::Command => {
            let field = name.trim_start_matches('-').replace('-', "_");
            let sources = sources("cli/src/arguments", "rs");
            sources.contains(&format!("pub {field}: ")) || sources.contains(&format!("long = \"{}\"", &name[2..]))
        }
    }
}

fn sources(folder: &str, extension: &str) -> String {
    let mut text = String::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let is_built = path.ends_with("bin") || path.ends_with("obj");
            if path.is_dir() && !is_built {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    text
}

fn document() -> String {
    let mut text = "\
# Options

An option has one meaning and one default on every surface. C programs set it by its key with `gt_options_set`.

This file is made from the engine's list of options by its tests.
"
    .to_owned();
    for (heading, scope) in [
        ("Clients", Scope::Client),
        ("Requests", Scope::Request),
        ("Sign-ins in a browser", Scope::SignIn),
    ] {
        let _ = write!(
            text,
            "\n## {heading}\n\n| key | meaning | values | default | .NET | PowerShell | `graph-token` | since |\n\
             |---|---|---|---|---|---|---|---|\n"
        );
        for row in ROWS.iter().filter(|row| row.documentation.scope == scope) {
            let name = |surface| {
                let name = row.parameter.name_on(surface);
                name.map_or_else(|| "-".to_owned(), |name| format!("`{name}`"))
            };
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} | {} | {} | {} | {} |",
                row.key(),
                row.documentation.meaning,
                row.documentation.values,
                row.documentation.default,
                name(Surface::Dotnet),
                name(Surface::PowerShell),
                name(Surface::Command),
                row.documentation.since
            );
        }
    }
    text.push_str("\n## Not on every surface\n\n| key | surface | reason |\n|---|---|---|\n");
    for (surface, key, reason) in NOT_ON {
        let surface = match surface {
            Surface::C => "C",
            Surface::Dotnet => ".NET",
            Surface::PowerShell => "PowerShell",
            Surface::Command => "`graph-token`",
        };
        let _ = writeln!(text, "| `{key}` | {surface} | {reason} |");
    }
    text
}

const BEGIN: &str = "/// Options of clients:\n";
const END: &str = "///\n/// # Safety\n/// `options` is a live handle";

/// The list as the documentation of `gt_options_set`, in lines of at most 120 characters.
fn doc_comment() -> String {
    let rows = |scope| ROWS.iter().filter(move |row| row.documentation.scope == scope);
    let clients = rows(Scope::Client).map(item).collect::<String>();
    let requests = rows(Scope::Request).map(item).collect::<String>();
    let sign_ins = rows(Scope::SignIn).map(item).collect::<String>();
    format!("{clients}///\n/// Options of requests:\n{requests}///\n/// Options of sign-ins in a browser:\n{sign_ins}")
}

fn item(row: &OptionRow) -> String {
    let text = format!(
        "`{}`: {} Values: {}. Default: {}.",
        row.key(),
        row.documentation.meaning,
        row.documentation.values,
        row.documentation.default
    );
    let mut lines = vec![String::from("/// -")];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a first line");
        if line.len() + 1 + word.len() > 120 {
            lines.push(format!("///   {word}"));
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.join("\n") + "\n"
}

/// Compares a committed file with what it should be; with `BLESS=1` in the environment writes it instead.
fn same_or_blessed(path: &str, expected: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join(path), expected).unwrap();
    }
    let found = fs::read_to_string(root().join(path)).unwrap_or_default();
    assert!(
        found == expected,
        "{path} is not what the list of options makes; run the tests with BLESS=1"
    );
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
