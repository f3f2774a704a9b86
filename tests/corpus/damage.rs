//! Damaged files: whatever is wrong with them, loading ends, with an error or with a key that signs.

use std::fs;

use graphtoken::key::SignatureAlgorithm;
use graphtoken::secret::Secret;
use graphtoken::signing_certificate::SigningCertificate;

use crate::{folder, rows};

/// Damages of each kind per file. Which bytes they hit depends on the length of the file alone.
const DAMAGES: usize = 8;

#[test]
fn a_file_that_is_cut_off_anywhere_loads_or_is_refused() {
    for_each_file(|content, load| {
        for length in positions(content.len()) {
            load(&content[..length]);
        }
    });
}

#[test]
fn a_file_with_a_changed_byte_loads_or_is_refused() {
    for_each_file(|content, load| {
        let mut changed = content.to_vec();
        // Lengths, tags and algorithms are at the beginning, and again at the end of a PFX.
        let ends = (0..32).chain(content.len().saturating_sub(16)..content.len());
        for position in ends.chain(positions(content.len())) {
            let Some(byte) = changed.get_mut(position) else {
                continue;
            };
            let original = *byte;
            *byte ^= 1 << (position % 8);
            load(&changed);
            changed[position] = original;
        }
    });
}

/// Calls `damage` with the content of each file and with what loads a damaged one.
fn for_each_file(damage: impl Fn(&[u8], &dyn Fn(&[u8])) + Sync) {
    let rows = rows();
    std::thread::scope(|scope| {
        for part in rows.chunks(rows.len().div_ceil(4)) {
            let damage = &damage;
            scope.spawn(move || {
                for row in part {
                    let password = row.password.text().map(|text| Secret::copy_of(text.as_bytes()));
                    let certificate = fs::read(folder().join(&row.file)).unwrap();
                    match &row.key {
                        Some(key) => damage(&fs::read(folder().join(key)).unwrap(), &|key| {
                            check(SigningCertificate::from_bytes(
                                &certificate,
                                Some(key),
                                password.as_ref(),
                            ));
                        }),
                        None => damage(&certificate, &|content| {
                            check(SigningCertificate::from_bytes(content, None, password.as_ref()));
                        }),
                    }
                }
            });
        }
    });
}

/// A key that loaded never gives a bad signature.
fn check(loaded: graphtoken::error::Result<SigningCertificate>) {
    const INPUT: &[u8] = b"header.claims";
    let Ok(loaded) = loaded else { return };
    if let Ok(signature) = loaded.sign(SignatureAlgorithm::Rs256, INPUT) {
        assert!(
            loaded
                .certificate()
                .verify(SignatureAlgorithm::Rs256, INPUT, &signature),
            "{loaded:?}"
        );
    }
}

fn positions(length: usize) -> impl Iterator<Item = usize> {
    (0..DAMAGES)
        .map(move |step| length * step / DAMAGES + step % 7)
        .filter(move |position| *position < length)
}
