//! A private key in forms that damaged files have, for tests that look for it in messages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A PEM text with a private key, and what must not be seen of it.
pub struct MalformedKey {
    pem: String,
    base64: String,
}

impl MalformedKey {
    /// `pem` is a key in PEM, unencrypted.
    pub fn new(pem: &str) -> Self {
        let lines = pem.lines().filter(|line| !line.starts_with('-'));
        Self {
            pem: pem.to_owned(),
            base64: lines.collect(),
        }
    }

    /// The key in every form, each with a name. Some of them can still be read.
    pub fn forms(&self) -> Vec<(String, Vec<u8>)> {
        let (pem, base64) = (&self.pem, &self.base64);
        let mut forms: Vec<(String, Vec<u8>)> = Vec::new();
        for between in [
            "", " ", "  ", "\r", "\t", "\\n", "\\\\n", "`n", "%0A", "\u{a0}", ", ", "\u{2028}",
        ] {
            forms.push((format!("{between:?} between lines"), pem.replace('\n', between).into()));
        }
        let begin = "-----BEGIN PRIVATE KEY-----";
        let end = "-----END PRIVATE KEY-----";
        let texts = [
            ("no beginning", format!("{base64}\n{end}\n")),
            ("no end", format!("{begin}\n{base64}\n")),
            ("no end and no lines", format!("{begin}{base64}")),
            (
                "beginning without its end",
                format!("-----BEGIN PRIVATE KEY{base64}{end}"),
            ),
            (
                "beginning without its end, with a space",
                format!("-----BEGIN PRIVATE KEY {base64} {end}"),
            ),
            (
                "end without its end",
                format!("{begin}\n{base64}\n-----END PRIVATE KEY"),
            ),
            (
                "key in the label",
                format!("-----BEGIN {base64}-----\nAAAA\n-----END {base64}-----\n"),
            ),
            (
                "short key in the label",
                format!("-----BEGIN {}-----\nAAAA\n", &base64[100..150]),
            ),
            (
                "key in the last label",
                format!("{begin}\nAAAA\n-----END {}-----\n", &base64[100..150]),
            ),
            (
                "key as the name of a private key",
                format!("-----BEGIN {} PRIVATE KEY-----\nAAAA\n", &base64[100..150]),
            ),
            ("four hyphens", pem.replace("-----", "----")),
            ("dashes", pem.replace("-----", "\u{2014}")),
            (
                "two beginnings",
                format!("{begin}\n{base64}\n{begin}\n{base64}\n{end}\n"),
            ),
            ("wrong end", format!("{begin}\n{base64}\n-----END CERTIFICATE-----\n")),
            ("header", format!("{begin} Comment: {base64} {end}")),
            (
                "cipher",
                format!("{begin}\nProc-Type: 4,ENCRYPTED\nDEK-Info: {base64}\n\nAAAA\n{end}\n"),
            ),
            (
                "cipher and vector",
                format!("{begin}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,{base64}\n\nAAAA\n{end}\n"),
            ),
            (
                "headers on one line",
                format!("{begin} Proc-Type: 4,ENCRYPTED DEK-Info: {base64} {base64} {end}"),
            ),
            ("stray character", pem.replacen(&base64[64..70], "******", 1)),
            ("Base64 alone", base64.clone()),
            ("Base64 that is cut off", base64[..base64.len() - 30].to_owned()),
            ("Base64 of the text", STANDARD.encode(pem)),
            ("JSON", format!("{{\"key\":\"{base64}\"}}")),
            ("XML", format!("<key>{base64}</key>")),
            ("one line of it", base64[64..128].to_owned()),
        ];
        forms.extend(texts.map(|(name, text)| (name.to_owned(), text.into_bytes())));
        let utf16: Vec<u8> = pem
            .replace('\n', " ")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        forms.push((
            "UTF-16 without line breaks".to_owned(),
            [&[0xff, 0xfe], &utf16[..]].concat(),
        ));
        let der = STANDARD.decode(base64).expect("PEM is Base64");
        forms.push(("DER that is cut off".to_owned(), der[..der.len() - 20].to_vec()));
        for eighth in 1..8 {
            let text = pem.replace('\n', " ");
            forms.push((
                format!("{eighth}/8 of one line"),
                text[..text.len() * eighth / 8].into(),
            ));
        }
        forms
    }

    /// Fails if `text` shows a part of the key, as it is in the file or in hexadecimal digits.
    #[track_caller]
    pub fn assert_absent(&self, text: &str, context: &str) {
        const SHOWN: usize = 12;
        let seen = |secret: &str| {
            let windows = (0..=secret.len() - SHOWN).map(|start| &secret[start..start + SHOWN]);
            windows.into_iter().any(|window| text.contains(window))
        };
        let der = STANDARD.decode(&self.base64).expect("PEM is Base64");
        let digit = |value: u8| char::from_digit(value.into(), 16).expect("a half of a byte");
        let hex: String = der
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect();
        let is_seen = seen(&self.base64) || seen(&hex) || seen(&hex.to_uppercase());
        assert!(!is_seen, "{context}: a part of the key is in {text}");
    }
}
