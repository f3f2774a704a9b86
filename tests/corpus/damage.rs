//! Damaged files: whatever is wrong with them, loading ends, with an error or with a key that signs.

use std::fs;

use graphtoken::base::algorithm::SignatureAlgorithm;
use graphtoken::base::error::Result;
use graphtoken::base::secret::Secret;
use graphtoken::certificate::signing::SigningCertificate;

use crate::folder;
use crate::row::Row;

#[test]
fn a_file_that_is_cut_off_anywhere_loads_or_is_refused() {
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
        // Tags, lengths and algorithms are at the beginning, and again at the end of a PFX.
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
    /// The file that is damaged: the private key's, where it has one of its own.
    fn last_file(&self) -> Vec<u8> {
        fs::read(folder().join(self.key.as_ref().unwrap_or(&self.file))).unwrap()
    }

    /// NSS and certtool ask for 600000 rounds of key derivation each time that a file is still whole enough.
    fn is_costly(&self) -> bool {
        ["NSS", "certtool"].iter().any(|writer| self.writer.starts_with(writer))
    }
}

/// Loads `content` in the place of the row's last file. A key that loads never gives a bad signature.
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

/// Places in a file of this length, some of them at odd distances.
fn spread(length: usize, count: usize) -> impl Iterator<Item = usize> {
    let places = (0..count).map(move |step| length * step / count + step % 7);
    places.filter(move |place| *place < length)
}
