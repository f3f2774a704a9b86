//! A cmdlet in the module's help (MAML).

use std::fmt::Write as _;

use roxmltree::{Document, Node};
use test_support::checkout::root;

use crate::prose::{cell, markdown};

/// The element `command:command`.
pub struct Cmdlet<'help>(Node<'help, 'help>);

impl<'help> Cmdlet<'help> {
    /// All cmdlets, in the order of the help.
    pub fn all(help: &'help Document<'help>) -> impl Iterator<Item = Self> {
        help.root_element()
            .children()
            .filter(|node| is(*node, "command"))
            .map(Self)
    }

    pub fn name(&self) -> String {
        text(self.0, &["details", "name"])
    }

    /// What it does, in one sentence.
    pub fn synopsis(&self) -> String {
        text(self.0, &["details", "description"])
    }

    /// The page, after the line that says what it is generated from.
    pub fn page(&self, first_line: &str) -> String {
        let mut page = format!("{first_line}\n# {}\n\n{}\n", self.name(), markdown(&self.synopsis()));
        self.write_syntax(&mut page);
        page.push_str("\n## Description\n");
        write_paragraphs(&mut page, self.0);
        self.write_examples(&mut page);
        self.write_parameters(&mut page);
        write_types(&mut page, "Input", nodes(self.0, &["inputTypes", "inputType"]));
        write_types(&mut page, "Output", nodes(self.0, &["returnValues", "returnValue"]));
        page.push_str("\n## Notes\n");
        for alert in nodes(self.0, &["alertSet", "alert"]) {
            let _ = write!(page, "\n{}\n", markdown(&text(alert, &[])));
        }
        page.push_str("\n## Related\n\n");
        for link in nodes(self.0, &["relatedLinks", "navigationLink"]) {
            let name = text(link, &["linkText"]);
            let _ = writeln!(page, "- [{name}]({name}.md)");
        }
        page
    }

    fn write_syntax(&self, page: &mut String) {
        page.push_str("\n## Syntax\n\n```text\n");
        for item in nodes(self.0, &["syntax", "syntaxItem"]) {
            let mut line = text(item, &["name"]);
            // In place of a cmdlet's name it may say which parameters follow.
            if line.ends_with(':') {
                let _ = writeln!(page, "{line}");
                line = String::from("   ");
            }
            for parameter in nodes(item, &["parameter"]) {
                let word = usage(parameter);
                if line.len() + 1 + word.len() > LONGEST_LINE {
                    let _ = writeln!(page, "{line}");
                    line = format!("    {word}");
                } else {
                    let _ = write!(line, " {word}");
                }
            }
            let _ = writeln!(page, "{line}");
        }
        page.push_str("```\n");
    }

    fn write_examples(&self, page: &mut String) {
        page.push_str("\n## Examples\n");
        for example in nodes(self.0, &["examples", "example"]) {
            let code = nodes(example, &["code"]).next().and_then(|code| code.text());
            let _ = write!(
                page,
                "\n### {}\n\n```powershell\n{}\n```\n\n{}\n",
                text(example, &["title"]),
                code.unwrap_or_default().replace("\r\n", "\n").trim_end(),
                markdown(&text(example, &["remarks"]))
            );
        }
    }

    fn write_parameters(&self, page: &mut String) {
        page.push_str("\n## Parameters\n");
        for parameter in nodes(self.0, &["parameters", "parameter"]) {
            let attribute = |name| parameter.attribute(name).unwrap_or_default();
            let _ = write!(page, "\n### -{}\n", text(parameter, &["name"]));
            write_paragraphs(page, parameter);
            let _ = write!(
                page,
                "\n| type | required | position | default | from the pipeline | aliases |\n\
                 |---|---|---|---|---|---|\n| {} | {} | {} | {} | {} | {} |\n",
                type_link(&text(parameter, &["type", "name"])),
                yes_or_no(attribute("required")),
                attribute("position"),
                cell(&text(parameter, &["defaultValue"])),
                yes_or_no(attribute("pipelineInput")),
                attribute("aliases"),
            );
        }
    }
}

const LONGEST_LINE: usize = 100;

/// A parameter in a line of the syntax: `[-Name <Type>]`.
fn usage(parameter: Node) -> String {
    let name = text(parameter, &["name"]);
    let value = match text(parameter, &["parameterValue"]) {
        value if value.is_empty() => String::new(),
        value => format!(" <{value}>"),
    };
    if parameter.attribute("required") == Some("true") {
        format!("-{name}{value}")
    } else {
        format!("[-{name}{value}]")
    }
}

/// `True (ByValue)` becomes `yes, ByValue`.
fn yes_or_no(attribute: &str) -> String {
    let (word, way) = attribute.split_once(" (").unwrap_or((attribute, ""));
    let word = if word.eq_ignore_ascii_case("true") { "yes" } else { "no" };
    match way.trim_end_matches(')') {
        "" => word.to_owned(),
        way => format!("{word}, {way}"),
    }
}

/// A type of the class library leads to its page. Each public type there has a file of its name.
fn type_link(name: &str) -> String {
    if root().join(format!("bindings/csharp/GraphToken/{name}.cs")).is_file() {
        format!("[{name}](../dotnet/{name}.md)")
    } else {
        format!("`{name}`")
    }
}

fn write_types<'help>(page: &mut String, heading: &str, types: impl Iterator<Item = Node<'help, 'help>>) {
    let mut types = types.peekable();
    if types.peek().is_none() {
        return;
    }
    let _ = write!(page, "\n## {heading}\n\n| type | meaning |\n|---|---|\n");
    for one in types {
        let _ = writeln!(
            page,
            "| `{}` | {} |",
            text(one, &["type", "name"]),
            cell(&text(one, &["description"]))
        );
    }
}

fn write_paragraphs(page: &mut String, of: Node) {
    for paragraph in nodes(of, &["description", "para"]) {
        let _ = write!(page, "\n{}\n", markdown(&text(paragraph, &[])));
    }
}

/// The elements at the end of a path of names.
fn nodes<'help>(from: Node<'help, 'help>, path: &[&'static str]) -> impl Iterator<Item = Node<'help, 'help>> {
    let mut found = vec![from];
    for &name in path {
        found = found
            .into_iter()
            .flat_map(|node| node.children().filter(move |child| is(*child, name)))
            .collect();
    }
    found.into_iter()
}

/// The text of the first element at the end of a path, with single spaces.
fn text(from: Node, path: &[&'static str]) -> String {
    let texts = nodes(from, path).next().into_iter().flat_map(|node| node.descendants());
    let texts: Vec<&str> = texts
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .flat_map(str::split_whitespace)
        .collect();
    texts.join(" ")
}

/// The namespaces differ only by prefix, so the local name tells the element.
fn is(node: Node, name: &str) -> bool {
    node.tag_name().name() == name
}
