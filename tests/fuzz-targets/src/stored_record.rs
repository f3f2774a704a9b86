//! Records of the store that processes share.

use graphtoken::Token;
use graphtoken::store::key::StoreKey;
use graphtoken::store::shared::cipher::RecordCipher;
use graphtoken::store::shared::format::{read, write};

/// A token as it is written into a record, and the record itself.
pub fn stored_record(input: &[u8]) {
    let key = StoreKey::from_bytes(&[7; 32]).expect("a key has 32 bytes");
    let cipher = RecordCipher::new(&key);
    assert!(cipher.open("name", input).is_none(), "a record was forged");
    if let Some(token) = read(input) {
        check(&cipher, &token);
    }
}

fn check(cipher: &RecordCipher, token: &Token) {
    let written = write(token);
    let again = read(&written).expect("what was written can be read");
    assert_eq!(*write(&again), *written);
    let mut record = cipher.seal("name", token).expect("there are random numbers");
    let opened = cipher.open("name", &record).expect("a sealed record opens");
    assert_eq!(*write(&opened), *written);
    assert!(
        cipher.open("another name", &record).is_none(),
        "a record opens under another name"
    );
    let last = record.len() - 1;
    record[last] ^= 1;
    assert!(cipher.open("name", &record).is_none(), "a changed record opens");
}
