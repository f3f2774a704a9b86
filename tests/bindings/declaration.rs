//! What the header declares, with its documentation.

/// One declaration.
pub struct Declaration {
    pub kind: Kind,
    pub name: String,
    /// The comment, without its stars.
    pub meaning: String,
    /// As the header has it.
    pub text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Constant,
    Enumeration,
    Structure,
    /// A structure that only the library sees into.
    Object,
    Callback,
    Function,
}

/// A constant of an enumeration, or a field of a structure.
pub struct Member {
    pub name: String,
    /// The number of a constant, the type of a field.
    pub value: String,
    pub meaning: String,
}

/// All of them, from top to bottom.
pub fn declarations(header: &str) -> Vec<Declaration> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some((meaning, after)) = next_comment(rest) {
        let end = end_of_declaration(after);
        let text = after[..end].trim().to_owned();
        let kind = kind_of(&text);
        found.push(Declaration {
            kind,
            name: name_of(kind, &text),
            meaning,
            text,
        });
        rest = &after[end..];
    }
    found
}

impl Declaration {
    /// What is between the braces.
    pub fn members(&self) -> Vec<Member> {
        let mut members = Vec::new();
        let mut rest = self.text.as_str();
        while let Some((meaning, after)) = next_comment(rest) {
            let end = after.find([',', ';']).unwrap();
            let text = after[..end].trim();
            let (name, value) = if let Some((name, number)) = text.split_once(" = ") {
                (name, number.to_owned())
            } else {
                let start = text.rfind([' ', '*']).unwrap() + 1;
                (&text[start..], format!("`{}`", text[..start].trim()))
            };
            members.push(Member {
                name: name.to_owned(),
                value,
                meaning,
            });
            rest = &after[end..];
        }
        members
    }
}

/// The next comment that documents something, and what follows it.
fn next_comment(text: &str) -> Option<(String, &str)> {
    let (_, text) = text.split_once("/**")?;
    let (comment, after) = text.split_once("*/").unwrap();
    let lines: Vec<&str> = comment
        .lines()
        .map(|line| line.trim_start().trim_start_matches('*'))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    Some((lines.join("\n").trim().to_owned(), after))
}

/// Where a declaration ends: with its line for a `#define`, otherwise with a semicolon outside of braces.
fn end_of_declaration(text: &str) -> usize {
    let start = text.len() - text.trim_start().len();
    if text[start..].starts_with("#define") {
        return start + text[start..].find('\n').unwrap();
    }
    let mut depth = 0;
    for (place, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return place + 1,
            _ => {}
        }
    }
    panic!("a declaration has no end: {text}");
}

fn kind_of(text: &str) -> Kind {
    match text {
        _ if text.starts_with("#define") => Kind::Constant,
        _ if text.starts_with("typedef enum") => Kind::Enumeration,
        _ if text.starts_with("typedef struct") && text.contains('{') => Kind::Structure,
        _ if text.starts_with("typedef struct") => Kind::Object,
        _ if text.starts_with("typedef") => Kind::Callback,
        _ => Kind::Function,
    }
}

fn name_of(kind: Kind, text: &str) -> String {
    let name = match kind {
        Kind::Constant => text.split(' ').nth(1),
        Kind::Enumeration | Kind::Structure | Kind::Object => text.split(' ').nth(2),
        Kind::Callback => text.split("(*").nth(1).and_then(|rest| rest.split(')').next()),
        Kind::Function => text.split('(').next().and_then(|before| before.split(' ').next_back()),
    };
    name.unwrap().trim_end_matches(';').to_owned()
}
