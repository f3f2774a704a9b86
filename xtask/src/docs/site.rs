//! The built book: does every link in it lead somewhere?

use std::fs;
use std::path::Path;

use crate::process::Failure;

/// The links to files and headings that the book does not have, each with the page that it is on.
pub fn broken_links(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut broken = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        let is_page = path.extension().is_some_and(|extension| extension == "html");
        if path.is_dir() {
            broken.extend(broken_links(&path)?);
        } else if is_page && !path.ends_with(NOT_FOUND) {
            let page = read(&path)?;
            let is_broken = |link: &&str| !leads_somewhere(&path, &page, link);
            let links = links(&page).filter(is_broken);
            broken.extend(links.map(|link| format!("{}: {link} leads nowhere", path.display())));
        }
    }
    Ok(broken)
}

/// The page that a web server shows in place of any other, whose links therefore begin at the server's root.
const NOT_FOUND: &str = "404.html";

/// The targets inside of the book.
fn links(page: &str) -> impl Iterator<Item = &str> {
    const ATTRIBUTES: [&str; 2] = [" href=\"", " src=\""];
    let values = ATTRIBUTES
        .into_iter()
        .flat_map(|attribute| page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()));
    values.filter(|value| !value.contains(':'))
}

fn leads_somewhere(path: &Path, page: &str, link: &str) -> bool {
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    if file.is_empty() {
        return has_heading(page, heading);
    }
    let target = path.with_file_name(file);
    if heading.is_empty() {
        target.is_file()
    } else {
        read(&target).is_ok_and(|page| has_heading(&page, heading))
    }
}

fn has_heading(page: &str, heading: &str) -> bool {
    heading.is_empty() || page.contains(&format!(" id=\"{heading}\""))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_support::folder::Folder;

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let folder = Folder::new();
        fs::create_dir(folder.path("docs")).unwrap();
        folder.write("docs/b.html", "<h2 id=\"x\">X</h2>");
        let page = "<a href=\"docs/b.html#x\"></a> <a href=\"https://e.com/\"></a> <a href=\"#top\"></a> \
                    <a href=\"docs/b.html#y\"></a> <img src=\"c.png\">";
        folder.write("index.html", page);
        let broken = broken_links(&folder.path("")).unwrap();
        let targets: Vec<&str> = broken.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(targets, ["#top", "docs/b.html#y", "c.png"]);
    }
}
