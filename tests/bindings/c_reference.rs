//! The page of the C interface in the reference, from the text of the header.

use std::fmt::Write as _;

use test_support::checkout::GENERATED_BY_TESTS;
use test_support::markdown::cell;

use crate::declaration::{Declaration, Kind, declarations};

/// The page: what the header declares, function by function below the object that they are about.
pub fn page(header: &str) -> String {
    let declared = declarations(header);
    let of_kind = |kind: Kind| declared.iter().filter(move |declaration| declaration.kind == kind);
    let mut page = format!("<!-- Generated from bindings/c/graphtoken.h; {GENERATED_BY_TESTS} -->\n\n# C\n\n");
    let _ = write!(
        page,
        "The interface that [graphtoken.h](../../bindings/c/graphtoken.h) declares.\n\n{}\n",
        rules(header)
    );
    page.push_str("\n## Constants\n\n| constant | value | meaning |\n|---|---|---|\n");
    for constant in of_kind(Kind::Constant) {
        let value = constant.text.rsplit(' ').next().unwrap_or_default();
        let _ = writeln!(page, "| `{}` | {value} | {} |", constant.name, cell(&constant.meaning));
    }
    page.push_str("\n## Types\n");
    for one in declared
        .iter()
        .filter(|one| matches!(one.kind, Kind::Enumeration | Kind::Structure))
    {
        let _ = write!(page, "\n### {}\n\n{}\n\n", one.name, one.meaning);
        page.push_str(if one.kind == Kind::Enumeration {
            "| constant | value | meaning |\n|---|---|---|\n"
        } else {
            "| field | type | meaning |\n|---|---|---|\n"
        });
        for member in one.members() {
            let _ = writeln!(
                page,
                "| `{}` | {} | {} |",
                member.name,
                member.value,
                cell(&member.meaning)
            );
        }
    }
    page.push_str("\n## Callbacks\n");
    of_kind(Kind::Callback).for_each(|callback| write_prototype(&mut page, callback));
    let objects: Vec<&Declaration> = of_kind(Kind::Object).collect();
    for object in &objects {
        let _ = write!(page, "\n## {}\n\n{}\n", object.name, object.meaning);
        of_kind(Kind::Function)
            .filter(|function| object_of(function, &objects) == Some(&object.name))
            .for_each(|function| write_prototype(&mut page, function));
    }
    page.push_str("\n## Other functions\n");
    of_kind(Kind::Function)
        .filter(|function| object_of(function, &objects).is_none())
        .for_each(|function| write_prototype(&mut page, function));
    linked(&page, &declared)
}

/// The rules for all functions, from the comment at the top of the header, with the names in them as code.
fn rules(header: &str) -> String {
    let (_, comment) = header.split_once("Rules that hold for every function:").unwrap();
    let (comment, _) = comment.split_once("*/").unwrap();
    let lines = comment.lines().map(|line| line.trim_start_matches(" *"));
    let lines = lines.map(|line| {
        let words: Vec<String> = line.strip_prefix(' ').unwrap_or(line).split(' ').map(word).collect();
        words.join(" ")
    });
    let lines: Vec<String> = lines.collect();
    format!("Rules that hold for every function:\n\n{}", lines.join("\n").trim())
}

fn word(word: &str) -> String {
    let name = word.trim_end_matches(['.', ',', ';']);
    if name.contains('_') || name == "GtStr" {
        word.replacen(name, &format!("`{name}`"), 1)
    } else {
        word.to_owned()
    }
}

fn write_prototype(page: &mut String, declaration: &Declaration) {
    let meaning = declaration.meaning.replace("# Safety", "**Safety:**");
    let _ = write!(
        page,
        "\n### {}\n\n```c\n{}\n```\n\n{meaning}\n",
        declaration.name, declaration.text
    );
}

/// The object that begins the name of a function; the longest one where several do.
fn object_of<'header>(function: &Declaration, objects: &[&'header Declaration]) -> Option<&'header String> {
    let names = objects.iter().map(|object| &object.name);
    names
        .filter(|name| {
            function
                .name
                .strip_prefix(name.as_str())
                .is_some_and(|rest| rest.starts_with('_'))
        })
        .max_by_key(|name| name.len())
}

/// The page, in which each name that the header declares and that stands in backticks leads to where it is explained.
fn linked(page: &str, declared: &[Declaration]) -> String {
    let has_heading = |name: &str| {
        declared
            .iter()
            .any(|one| one.name == name && one.kind != Kind::Constant)
    };
    let mut parts: Vec<String> = Vec::new();
    for (number, part) in page.split("```").enumerate() {
        let is_code = number % 2 == 1;
        parts.push(if is_code {
            part.to_owned()
        } else {
            with_links(part, has_heading)
        });
    }
    parts.join("```")
}

fn with_links(prose: &str, has_heading: impl Fn(&str) -> bool) -> String {
    let spans = prose.split('`').enumerate().map(|(number, span)| match number % 2 {
        0 => span.to_owned(),
        _ if has_heading(span) => format!("[`{span}`](#{})", span.to_lowercase()),
        _ => format!("`{span}`"),
    });
    spans.collect()
}
