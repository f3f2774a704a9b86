//! Markdown: links and headings of documents, and text in tables. What stands in code is neither link nor heading.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A link to a file of this repository, or to a heading of one.
pub struct Link {
    /// The target as the document has it.
    pub target: String,
    /// The bytes of the document that the link takes, from its text to its target.
    pub place: Range<usize>,
}

impl Link {
    /// The path of the file, relative to the document; empty for the document itself.
    pub fn file(&self) -> &str {
        self.target.split('#').next().unwrap_or_default()
    }

    /// The anchor of the heading, if the link names one.
    pub fn heading(&self) -> Option<&str> {
        self.target.split_once('#').map(|(_, heading)| heading)
    }
}

/// The links of a document, without those to web addresses.
pub fn links(document: &str) -> Vec<Link> {
    let links = events(document).filter_map(|(event, place)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some((dest_url, place)),
        _ => None,
    });
    links
        .filter(|(target, _)| !target.contains("://"))
        .map(|(target, place)| Link {
            target: target.into_string(),
            place,
        })
        .collect()
}

/// The anchors of the headings, as GitHub and mdBook make them: lowercase words joined by hyphens, without other
/// characters, and with a number behind those that were there before.
pub fn anchors(document: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for heading in headings(document) {
        let anchor = anchor(&heading);
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let mut names = std::iter::once(anchor.clone()).chain(numbered);
        names.find(|name| anchors.insert(name.clone()));
    }
    anchors
}

/// The anchor of a heading that is the first of its name.
pub fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The text of the first heading.
pub fn title(document: &str) -> Option<String> {
    headings(document).into_iter().next()
}

/// Markdown in a cell of a table.
pub fn cell(markdown: &str) -> String {
    markdown.replace('|', "\\|").replace('\n', " ")
}

/// The texts of the headings, from top to bottom.
fn headings(document: &str) -> Vec<String> {
    let mut headings = Vec::new();
    let mut heading = None;
    for (event, _) in events(document) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => headings.extend(heading.take()),
            _ => {}
        }
    }
    headings
}

/// What the document consists of, each with its bytes.
pub(crate) fn events(document: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(document, Options::ENABLE_TABLES).into_offset_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
# The `gt_error` object

[a](b.md#c) and [web](https://example.com), `[code](d.md)`

```sh
# no heading
[no](link.md)
```

| x |
|---|
| [cell](#the-gt_error-object \"title\") |

## Twice
## Twice
";

    #[test]
    fn links_are_found_outside_of_code() {
        let links = links(DOCUMENT);
        let targets: Vec<&str> = links.iter().map(|link| link.target.as_str()).collect();
        assert_eq!(targets, ["b.md#c", "#the-gt_error-object"]);
        assert_eq!((links[0].file(), links[0].heading()), ("b.md", Some("c")));
        assert_eq!((links[1].file(), links[1].heading()), ("", Some("the-gt_error-object")));
        assert_eq!(&DOCUMENT[links[0].place.clone()], "[a](b.md#c)");
    }

    #[test]
    fn anchors_are_unique() {
        let expected = ["the-gt_error-object", "twice", "twice-1"].map(str::to_owned);
        assert_eq!(anchors(DOCUMENT), BTreeSet::from(expected));
    }

    #[test]
    fn the_title_is_without_its_marks() {
        assert_eq!(title(DOCUMENT).as_deref(), Some("The gt_error object"));
    }
}
