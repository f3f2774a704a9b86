//! The texts that the engine shows: side by side in one file, and free of names that belong to another surface.

mod source;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use graphtoken::base::parameter::{self, Parameter};
use graphtoken::base::surface::Surface;
use graphtoken::client::options::ROWS;
use source::{is_test, root, sources};
use syn::visit::{self, Visit};
use test_support::checkout::read;
use test_support::fenced_block::{QUOTATIONS, TEXT, blocks_of};

/// Commands of other programs, whose options look like those of a surface.
const OTHER_PROGRAMS: &[&str] = &[
    "pkcs11-tool --init-pin",
    "pkcs11-tool --list-objects --login",
    "puttygen FILE -O",
];

#[test]
fn every_text_stands_in_the_document() {
    let path = root().join("docs/messages.md");
    let expected = document();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/messages.md is not what the sources say; run the tests with BLESS=1"
    );
}

/// `...` in a quotation stands for what is known only when the text is shown.
#[test]
fn what_troubleshooting_quotes_stands_in_the_document() {
    let texts = read("docs/messages.md").replace("\r\n", "\n");
    let blocks = blocks_of(QUOTATIONS);
    let quoted: Vec<&str> = blocks
        .iter()
        .filter(|block| block.language == TEXT)
        .flat_map(|block| block.text.lines())
        .flat_map(|line| line.split("..."))
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|part| !part.is_empty())
        .collect();
    assert!(!quoted.is_empty(), "no text is quoted");
    for part in quoted {
        assert!(part.contains(' '), "one word is in too many texts: {part}");
        assert!(texts.contains(part), "docs/messages.md does not have: {part}");
    }
}

#[test]
fn no_surface_shows_the_names_of_another() {
    let mut wrong = Vec::new();
    for (file, texts) in texts() {
        for text in texts {
            for surface in Surface::all().into_iter().filter(|surface| can_show(*surface, &text)) {
                let shown = on(surface, &text);
                let foreign = names_in(&shown).into_iter().filter(|(owner, _)| *owner != surface);
                wrong.extend(foreign.map(|(_, name)| format!("{file}: {name} on {surface:?}: {shown}")));
            }
        }
    }
    assert!(wrong.is_empty(), "names of other surfaces:\n{}", wrong.join("\n"));
}

#[test]
fn names_are_found_and_told_apart() {
    let found = |text| {
        names_in(text)
            .into_iter()
            .map(|(surface, _)| surface)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("Use --timeout."), [Surface::Command]);
    assert_eq!(found("Use -TimeoutSeconds."), [Surface::PowerShell]);
    assert_eq!(found("Use gt_options_set."), [Surface::C]);
    assert_eq!(found("Use option http.timeout_seconds."), [Surface::C]);
    assert_eq!(found("Use WithTimeout."), [Surface::Dotnet]);
    assert!(found("Run certutil -dump x; With care - or not.").is_empty());
}

/// A text about a parameter that a surface does not have is never shown there.
fn can_show(surface: Surface, text: &str) -> bool {
    let named = |parameter: &&&Parameter| text.contains(&format!("{{{}}}", parameter.id()));
    parameter::ALL
        .iter()
        .filter(named)
        .all(|parameter| parameter.name_on(surface).is_some())
}

/// `text` with its parameters named for a surface.
fn on(surface: Surface, text: &str) -> String {
    parameter::ALL.iter().fold(text.to_owned(), |text, parameter| {
        let shown = parameter::text_on(surface, &parameter.to_string());
        text.replace(&format!("{{{}}}", parameter.id()), &shown)
    })
}

/// The names in a text that only one surface has.
fn names_in(text: &str) -> Vec<(Surface, String)> {
    let text = OTHER_PROGRAMS
        .iter()
        .fold(text.to_owned(), |text, other| text.replace(other, ""));
    let is_part = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    text.split(|c: char| !is_part(c))
        .map(|word| word.trim_end_matches('.'))
        .filter_map(|word| owner_of(word).map(|owner| (owner, word.to_owned())))
        .collect()
}

fn owner_of(word: &str) -> Option<Surface> {
    let begins = |rest: &str, with: fn(char) -> bool| rest.chars().next().is_some_and(with);
    if word
        .strip_prefix("--")
        .is_some_and(|rest| begins(rest, |c| c.is_ascii_lowercase()))
    {
        Some(Surface::Command)
    } else if word
        .strip_prefix('-')
        .is_some_and(|rest| begins(rest, |c| c.is_ascii_uppercase()))
    {
        Some(Surface::PowerShell)
    } else if word.starts_with("gt_") || ROWS.iter().any(|row| row.key() == word && word.contains(['.', '_'])) {
        Some(Surface::C)
    } else if word
        .strip_prefix("With")
        .is_some_and(|rest| begins(rest, |c| c.is_ascii_uppercase()))
    {
        Some(Surface::Dotnet)
    } else {
        None
    }
}

fn document() -> String {
    let mut document = "\
# Texts of the engine

Every text that the engine may show, file by file, as the source has it: messages, hints, and the parts that they are
made of. `{...}` stands for what is known only when it is shown; a name in capital letters is a parameter, which each
surface names in its own words (the table at the end). This file is made from the sources by a test.
"
    .to_owned();
    let mut used = BTreeSet::new();
    for (file, texts) in texts() {
        let _ = write!(document, "\n## {file}\n\n");
        for text in texts {
            let shown = text.replace('\n', "\\n").replace('|', "\\|").replace('<', "\\<");
            let _ = writeln!(document, "- {shown}");
            used.extend(
                parameter::ALL
                    .iter()
                    .filter(|one| text.contains(&format!("{{{}}}", one.id())))
                    .map(|one| one.id()),
            );
        }
    }
    document.push_str("\n## Parameters\n\n| text | C | .NET | PowerShell | `graph-token` |\n|---|---|---|---|---|\n");
    for parameter in parameter::ALL.iter().filter(|parameter| used.contains(parameter.id())) {
        let names = Surface::all().map(|surface| parameter::text_on(surface, &parameter.to_string()));
        let _ = writeln!(document, "| {{{}}} | {} |", parameter.id(), names.join(" | "));
    }
    document
}

/// The texts of each file of the engine that has any.
fn texts() -> Vec<(String, Vec<String>)> {
    sources("src")
        .into_iter()
        .map(|(path, file)| {
            let mut found = Texts::default();
            found.visit_file(&file);
            let path = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            (path, found.0)
        })
        .filter(|(_, texts)| !texts.is_empty())
        .collect()
}

/// The literals of a file that are texts for people: of two words or more, outside of tests, logs and assertions.
#[derive(Default)]
struct Texts(Vec<String>);

impl<'ast> Visit<'ast> for Texts {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(module) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        let text = literal.value();
        let words = text
            .split_whitespace()
            .filter(|word| word.chars().any(char::is_alphabetic));
        if words.count() > 1 && !self.0.contains(&text) {
            self.0.push(text);
        }
    }

    /// What the service says is looked for, not shown.
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let is_quotation = matches!(&*call.func, syn::Expr::Path(function) if function.path.is_ident("says"));
        if !is_quotation {
            visit::visit_expr_call(self, call);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "expect" {
            self.visit_expr(&call.receiver);
        } else {
            visit::visit_expr_method_call(self, call);
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        let is_for_developers = call.path.segments.first().is_some_and(|first| first.ident == "log")
            || [
                "assert",
                "assert_eq",
                "assert_ne",
                "debug_assert",
                "panic",
                "unreachable",
            ]
            .contains(&name.as_str());
        let arguments =
            call.parse_body_with(syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated);
        if !is_for_developers {
            arguments
                .iter()
                .flatten()
                .for_each(|argument| self.visit_expr(argument));
        }
    }
}
