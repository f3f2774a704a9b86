//! No error shows a part of a key, whatever is wrong with its file.

use std::path::Path;

use graphtoken::base::error::Error;
use graphtoken::base::secret::Secret;
use graphtoken::base::surface::Surface;
use graphtoken::certificate::file::CertificateFile;
use graphtoken::certificate::opening;
use graphtoken::certificate::signing::SigningCertificate;
use graphtoken::certificate::store;
use graphtoken::certificate::store::search::CertificateSearch;
use test_support::malformed_key::MalformedKey;

use crate::directory::{Directory, PASSWORD};

#[test]
fn no_error_about_a_file_shows_a_part_of_it() {
    let directory = Directory::new();
    let key = MalformedKey::new(&String::from_utf8(directory.read("leaf.key")).unwrap());
    let certificate = directory.read("leaf.pem");
    let password = Secret::copy_of(PASSWORD.as_bytes());
    let mut refused = 0;
    for (form, content) in key.forms() {
        directory.write("malformed", &content);
        let path = directory.path("malformed");
        for password in [None, Some(&password)] {
            for result in [
                SigningCertificate::from_bytes(&certificate, Some(&content), password),
                SigningCertificate::from_bytes(&content, None, password),
                opening::open(&path, None, password),
                opening::open(&directory.path("leaf.pem"), Some(&path), password),
                CertificateFile::read_stream("standard input", content.as_slice())
                    .and_then(|file| SigningCertificate::from_contents(&file, None, password)),
            ] {
                match result {
                    Ok(loaded) => key.assert_absent(&format!("{loaded:?}"), &form),
                    Err(error) => {
                        refused += 1;
                        assert_clean(&key, &error, &form);
                    }
                }
            }
        }
    }
    assert!(refused > 100, "only {refused} forms were refused");
}

#[test]
fn no_error_about_a_path_thumbprint_or_subject_shows_a_key_that_was_given_instead() {
    let directory = Directory::new();
    let key = MalformedKey::new(&String::from_utf8(directory.read("leaf.key")).unwrap());
    for (form, content) in key.forms() {
        // A single line of the key may be a name; nothing tells the two apart.
        if form == "one line of it" {
            continue;
        }
        let Ok(text) = String::from_utf8(content) else { continue };
        let path = Path::new(&text);
        let results = [
            opening::open(path, None, None),
            opening::open(&Path::new("/home/app").join(path), None, None),
            opening::open(&directory.path("leaf.pem"), Some(path), None),
            CertificateSearch::by_thumbprint(&text).and_then(store::open),
            CertificateSearch::by_subject_name(&text).and_then(store::open),
        ];
        for result in results {
            assert_clean(&key, &result.unwrap_err(), &form);
        }
    }
}

fn assert_clean(key: &MalformedKey, error: &Error, form: &str) {
    for surface in Surface::all() {
        key.assert_absent(error.message_on(surface), form);
        key.assert_absent(error.hint_on(surface), form);
    }
    key.assert_absent(&format!("{error:?} {error}"), form);
}
