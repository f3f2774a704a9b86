//! The table of contents, from which mdBook takes its chapters.

use std::fmt::Write as _;

use super::page::Page;
use crate::process::Failure;

/// A line for each page; those in a folder below `docs` stand under its README.
pub fn summary(pages: &[Page]) -> Result<String, Failure> {
    let mut summary = "# Summary\n\n".to_owned();
    for page in pages {
        let title = page.title()?;
        let _ = writeln!(summary, "{}- [{title}]({})", "  ".repeat(depth(&page.path)), page.path);
    }
    Ok(summary)
}

fn depth(path: &str) -> usize {
    let Some(path) = path.strip_prefix("docs/") else {
        return 0;
    };
    let folders = path.matches('/').count();
    if path.ends_with("/README.md") {
        folders - 1
    } else {
        folders
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_stand_under_the_readme_of_their_folder() {
        let pages = [
            ("README.md", "# Top"),
            ("docs/a.md", "# A"),
            ("docs/b/README.md", "# `B`"),
            ("docs/b/c.md", "# C"),
        ];
        let pages = pages.map(|(path, text)| Page {
            path: path.to_owned(),
            text: text.to_owned(),
        });
        assert_eq!(
            summary(&pages).unwrap(),
            "# Summary\n\n- [Top](README.md)\n- [A](docs/a.md)\n- [B](docs/b/README.md)\n  - [C](docs/b/c.md)\n"
        );
    }
}
