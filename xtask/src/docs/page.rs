//! A document as a page of the book.

use std::collections::BTreeSet;

use test_support::markdown::{self, links};

use crate::process::Failure;

/// A document of the checkout.
pub struct Page {
    /// Its path from the root, with slashes.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl Page {
    /// The text of its first heading, by which the table of contents names it.
    pub fn title(&self) -> Result<String, Failure> {
        markdown::title(&self.text).ok_or_else(|| format!("{} has no heading", self.path).into())
    }

    /// The text with links that hold in the book, and the files that it links to and that are no pages.
    ///
    /// The book has the folders of the checkout, so a link from page to page holds as it is. Only a README becomes the
    /// index of its folder there. Any other file is copied with `.txt` behind its name, which every browser shows.
    pub fn in_book(&self, pages: &BTreeSet<String>) -> (String, BTreeSet<String>) {
        let (mut text, mut files) = (self.text.clone(), BTreeSet::new());
        // From the end on, so that the places of the others stay.
        for link in links(&self.text).iter().rev().filter(|link| !link.file().is_empty()) {
            let path = self.path_of(link.file());
            let target = if pages.contains(&path) {
                index_for_readme(&link.target)
            } else {
                let copy = format!("{}.txt", link.file());
                files.insert(path);
                copy
            };
            let start = link.place.start + text[link.place.clone()].rfind(&link.target).unwrap_or_default();
            text.replace_range(start..start + link.target.len(), &target);
        }
        (text, files)
    }

    /// The path from the root of what is at a path from this page.
    fn path_of(&self, relative: &str) -> String {
        let mut parts: Vec<&str> = self.path.split('/').collect();
        parts.pop();
        for part in relative.split('/') {
            match part {
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        parts.join("/")
    }
}

fn index_for_readme(target: &str) -> String {
    let (file, heading) = target
        .split_once('#')
        .map_or((target, ""), |(file, _)| (file, &target[file.len()..]));
    match file.strip_suffix("README.md") {
        Some(folder) => format!("{folder}index.md{heading}"),
        None => target.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_hold_in_the_book() {
        let page = Page {
            path: "docs/a.md".to_owned(),
            text: "[b](b.md#c), [top](../README.md#x), [d.rs](../src/d.rs \"title\"), [web](https://e.com), [f](#g)"
                .to_owned(),
        };
        let pages = ["README.md", "docs/a.md", "docs/b.md"].map(str::to_owned);
        let (text, files) = page.in_book(&BTreeSet::from(pages));
        assert_eq!(
            text,
            "[b](b.md#c), [top](../index.md#x), [d.rs](../src/d.rs.txt \"title\"), [web](https://e.com), [f](#g)"
        );
        assert_eq!(files, BTreeSet::from(["src/d.rs".to_owned()]));
    }
}
