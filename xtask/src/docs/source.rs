//! What mdBook builds the book from: copies of the documents, in the folders of the checkout.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::page::Page;
use super::summary::summary;
use crate::artifacts::{copy, root};
use crate::process::Failure;

/// The folder of the built book, below that of [`lay_out`].
pub const SITE: &str = "html";

const SOURCE: &str = "src";

const SETTINGS: &str = r#"[book]
title = "GraphToken"
src = "src"

[build]
build-dir = "html"
create-missing = false

[output.html]
# Two hyphens are those of an option.
smart-punctuation = false
no-section-label = true

[output.html.print]
enable = false
"#;

/// Writes the source into a folder, in place of what is there.
pub fn lay_out(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let source = folder.join(SOURCE);
    let pages = pages()?;
    let paths = pages.iter().map(|page| page.path.clone()).collect();
    let mut files = BTreeSet::new();
    for page in &pages {
        let (text, linked) = page.in_book(&paths);
        write(&source.join(&page.path), &text)?;
        files.extend(linked);
    }
    for file in files {
        copy(&root().join(&file), &source.join(format!("{file}.txt")))?;
    }
    write(&source.join("SUMMARY.md"), &summary(&pages)?)?;
    write(&folder.join("book.toml"), SETTINGS)
}

/// The documents in the order of the book: what it is, how to use it, the reference, how to change it.
fn pages() -> Result<Vec<Page>, Failure> {
    let mut paths = vec!["README.md".to_owned()];
    add_pages(&mut paths, "docs")?;
    let others = entries(root())?.into_iter().filter_map(|path| name_of_page(&path));
    paths.extend(others.filter(|name| name != "README.md"));
    let pages = paths.into_iter().map(|path| {
        let text = fs::read_to_string(root().join(&path)).map_err(|error| format!("{path}: {error}"))?;
        Ok(Page { path, text })
    });
    pages.collect()
}

/// The README of a folder, its other documents, and then those of its folders.
fn add_pages(paths: &mut Vec<String>, folder: &str) -> Result<(), Failure> {
    let entries = entries(&root().join(folder))?;
    let mut names: Vec<String> = entries.iter().filter_map(|path| name_of_page(path)).collect();
    names.sort_by_key(|name| name != "README.md");
    paths.extend(names.iter().map(|name| format!("{folder}/{name}")));
    for below in entries.iter().filter(|path| path.is_dir()) {
        let name = below.file_name().unwrap_or_default().display();
        add_pages(paths, &format!("{folder}/{name}"))?;
    }
    Ok(())
}

fn name_of_page(path: &Path) -> Option<String> {
    let is_page = path.extension().is_some_and(|extension| extension == "md");
    is_page.then(|| path.file_name().unwrap_or_default().display().to_string())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| format!("{}: {error}", folder.display());
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(failed)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    Ok(entries)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().expect("a file is in a folder");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("{}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_support::folder::Folder;
    use test_support::markdown::links;

    #[test]
    fn every_link_of_the_source_leads_to_a_file() {
        let folder = Folder::new();
        lay_out(&folder.path("book")).unwrap();
        let source = folder.path("book/src");
        let pages = pages().unwrap();
        assert!(pages.iter().any(|page| page.path == "docs/reference/c.md"));
        for Page { path, .. } in pages {
            let page = source.join(path);
            for link in links(&fs::read_to_string(&page).unwrap()) {
                // mdBook makes the index of a README.
                let file = link.file().replace("index.md", "README.md");
                let target = page.with_file_name(file);
                assert!(
                    link.file().is_empty() || target.is_file(),
                    "{}: {} is not in the book",
                    page.display(),
                    link.target
                );
            }
        }
    }
}
