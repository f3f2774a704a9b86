//! Damaged files: loading always ends, either with an error or with a key that signs correctly.

use std::fs;

use graphtoken::base::algorithm::SignatureAlgorithm;
use graphtoken::base::error::Result;
use graphtoken::base::secret::Secret;
use graphtoken::certificate::signing::SigningCertificate;

use crate::folder;
use crate::row::Row;

#[test]
fn a_truncated_file_loads_or_is_refused() {
    for row in Row::all() {
        let content = row.last_file();
        for length in spread(content.len(), 16) {
            load(row, &content[..length]);
        }
    }
}

#[test]
fn a_file_with_a_changed_byte_loads_or_is_refused() {
    for row in Row::all() {
        let mut content = row.last_file();
        let length = content.len();
        // Tags, lengths and algorithms are at the beginning of a file, and at the end of a PFX.
        let mut places: Vec<usize> = (0..length.min(32)).collect();
        if !row.is_costly() {
            places.extend(length.saturating_sub(16)..length);
            places.extend(spread(length, 16));
        }
        for place in places {
            let changed_bit = 1 << (place % 8);
            content[place] ^= changed_bit;
            load(row, &content);
            content[place] ^= changed_bit;
        }
    }
}

impl Row {
    /// The content of the file to damage: the file of the private key, if it is a separate one.
    fn last_file(&self) -> Vec<u8> {
        fs::read(folder().join(self.key.as_ref().unwrap_or(&self.file))).unwrap()
    }

    /// Whether a load takes long: files from NSS and certtool need 600000 rounds of key derivation.
    fn is_costly(&self) -> bool {
        let is_of = |writer: &&str| self.writer.starts_with(*writer);
        ["NSS", "certtool"].iter().any(is_of) || self.protection.contains("000000 rounds")
    }
}

/// Loads `content` in place of the last file of the row. A key that loads must not make a wrong signature.
fn load(row: &Row, content: &[u8]) {
    const INPUT: &[u8] = b"header.claims";
    let password = row.password.text().map(|text| Secret::copy_of(text.as_bytes()));
    let loaded: Result<SigningCertificate> = match row.key {
        Some(_) => {
            let certificate = fs::read(folder().join(&row.file)).unwrap();
            SigningCertificate::from_bytes(&certificate, Some(content), password.as_ref())
        }
        None => SigningCertificate::from_bytes(content, None, password.as_ref()),
    };
    let Ok(loaded) = loaded else { return };
    if let Ok(signature) = loaded.sign(SignatureAlgorithm::Rs256, INPUT) {
        let is_good = loaded
            .certificate()
            .verify(SignatureAlgorithm::Rs256, INPUT, &signature);
        assert!(is_good, "{}: {loaded:?}", row.name());
    }
}

/// Positions in a file of this length, at irregular distances.
fn spread(length: usize, count: usize) -> impl Iterator<Item = usize> {
    let places = (0..count).map(move |step| length * step / count + step % 7);
    places.filter(move |place| *place < length)
}
