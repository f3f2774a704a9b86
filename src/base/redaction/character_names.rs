//! The names that HTML has for characters (WHATWG, "HTML", section 13.5): those of ASCII, Latin-1 and Windows-1252, as
//! `htmlentities` and its like write them. Numbers stand for all others.

/// The character with a name.
pub(super) fn named_character(name: &str) -> Option<char> {
    let latin_1 = LATIN_1.iter().position(|known| *known == name);
    let latin_1 = latin_1.and_then(|place| u8::try_from(place).ok());
    let others = || {
        OTHERS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, character)| *character)
    };
    latin_1.map(|place| char::from(0xA0 + place)).or_else(others)
}

/// From U+00A0 to U+00FF.
#[rustfmt::skip]
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not",
    "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1",
    "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring",
    "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde",
    "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute",
    "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute",
    "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde",
    "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

#[rustfmt::skip]
const OTHERS: [(&str, char); 77] = [
    ("excl", '!'), ("quot", '"'), ("QUOT", '"'), ("num", '#'), ("dollar", '$'), ("percnt", '%'), ("amp", '&'),
    ("AMP", '&'), ("apos", '\''), ("lpar", '('), ("rpar", ')'), ("ast", '*'), ("midast", '*'), ("plus", '+'),
    ("comma", ','), ("period", '.'), ("sol", '/'), ("colon", ':'), ("semi", ';'), ("lt", '<'), ("LT", '<'),
    ("equals", '='), ("gt", '>'), ("GT", '>'), ("quest", '?'), ("commat", '@'), ("lsqb", '['), ("lbrack", '['),
    ("bsol", '\\'), ("rsqb", ']'), ("rbrack", ']'), ("Hat", '^'), ("lowbar", '_'), ("UnderBar", '_'), ("grave", '`'),
    ("DiacriticalGrave", '`'), ("lcub", '{'), ("lbrace", '{'), ("vert", '|'), ("verbar", '|'), ("VerticalLine", '|'),
    ("rcub", '}'), ("rbrace", '}'), ("NewLine", '\n'), ("Tab", '\t'), ("euro", '\u{20ac}'), ("ndash", '\u{2013}'),
    ("mdash", '\u{2014}'), ("lsquo", '\u{2018}'), ("rsquo", '\u{2019}'), ("ldquo", '\u{201c}'),
    ("rdquo", '\u{201d}'), ("bull", '\u{2022}'), ("hellip", '\u{2026}'), ("trade", '\u{2122}'), ("OElig", '\u{152}'),
    ("oelig", '\u{153}'), ("Scaron", '\u{160}'), ("scaron", '\u{161}'), ("Yuml", '\u{178}'), ("fnof", '\u{192}'),
    ("circ", '\u{2c6}'), ("tilde", '\u{2dc}'), ("hyphen", '\u{2010}'), ("dagger", '\u{2020}'),
    ("Dagger", '\u{2021}'), ("permil", '\u{2030}'), ("lsaquo", '\u{2039}'), ("rsaquo", '\u{203a}'),
    ("sbquo", '\u{201a}'), ("bdquo", '\u{201e}'), ("ensp", '\u{2002}'), ("emsp", '\u{2003}'), ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200c}'), ("zwj", '\u{200d}'), ("ZeroWidthSpace", '\u{200b}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_html() {
        for (name, character) in [
            ("nbsp", '\u{a0}'),
            ("shy", '\u{ad}'),
            ("sect", '\u{a7}'),
            ("uuml", '\u{fc}'),
            ("yuml", '\u{ff}'),
            ("euro", '\u{20ac}'),
            ("dollar", '$'),
            ("bsol", '\\'),
        ] {
            assert_eq!(named_character(name), Some(character), "{name}");
        }
        assert_eq!(named_character("unknown"), None);
    }
}
