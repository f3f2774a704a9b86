//! Plain text as Markdown.

/// The text with the names of parameters, paths, variables and placeholders in it as code.
pub fn markdown(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(word).collect();
    words.join(" ")
}

/// The text in a cell of a table.
pub fn cell(text: &str) -> String {
    test_support::markdown::cell(&markdown(text))
}

fn word(word: &str) -> String {
    const PUNCTUATION: &[char] = &['.', ',', ';', ':', '(', ')', '"', '\''];
    let bare = word.trim_matches(PUNCTUATION);
    let is_parameter = bare
        .strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(char::is_uppercase));
    let is_code = is_parameter || bare.contains(['\\', '_', '<', '*', '$', '|', '[']) || bare.contains("://");
    if is_code {
        word.replacen(bare, &format!("`{bare}`"), 1)
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_code() {
        assert_eq!(
            markdown("With -Scopes, HTTPS_PROXY\n (Cert:\\<x>): read-only."),
            "With `-Scopes`, `HTTPS_PROXY` (`Cert:\\<x>`): read-only."
        );
    }
}
