//! Whether a text shows a secret: as it is, in part, or in any encoding that can be undone.

mod reading;

use reading::{Reading, readings, visible};

/// This many consecutive characters of a secret betray it.
const WINDOW: usize = 8;

/// The secret of which a part can be read in `text`, in any form; `None` if there is none.
///
/// A secret is found by its ASCII characters that are visible. One with fewer than eight of them is not looked for.
pub fn shown_in<S: AsRef<str> + Copy>(text: &str, secrets: &[S]) -> Option<S> {
    let readings = readings(text);
    let is_shown = |secret: &S| readings.iter().any(|reading| is_in(reading, secret.as_ref()));
    secrets.iter().copied().find(is_shown)
}

/// Fails if a part of one of `secrets` can be read in `text`, or if one is too short to be recognised.
#[track_caller]
pub fn assert_hidden(text: &str, secrets: &[String], context: &str) {
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let is_long_enough = |secret: &&str| visible(secret.as_bytes()).len() >= WINDOW;
    assert!(secrets.iter().all(is_long_enough), "{secrets:?}");
    if let Some(secret) = shown_in(text, &secrets) {
        panic!("{context}: {secret:?} can be read in: {text}");
    }
}

fn is_in(reading: &Reading, secret: &str) -> bool {
    let secret = visible(secret.as_bytes());
    // The mark of a quotation is not a part of what is quoted.
    let mut windows = secret.windows(WINDOW).filter(|window| !window.contains(&b'"'));
    windows.any(|window| reading.has(window))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    const SECRET: &str = "mQ7$xRw4Zc<K&9+w \"Zp%4/Tb'8@vR2uY";

    #[test]
    fn a_secret_is_found_whole_or_in_part_and_in_each_encoding() {
        let bytes = SECRET.as_bytes();
        let each = |form: fn(&u8) -> String| bytes.iter().map(form).collect::<String>();
        for text in [
            format!("you sent {SECRET}, no"),
            "you sent mQ7$xRw4, no".to_owned(),
            "you sent \u{201c}m Q7$\nxRw4Zc\u{201d}".to_owned(),
            each(|byte| format!("%{byte:02X}")),
            each(|byte| format!("%{byte:02x}")),
            each(|byte| format!("&#{byte};")),
            each(|byte| format!("&#x{byte:X};")),
            each(|byte| format!("\\u{byte:04x}")),
            each(|byte| format!("{byte:02x}")),
            format!("f{}", each(|byte| format!("{byte:02X}"))),
            each(|byte| format!("{}\u{200b}", char::from(*byte))),
            "mQ7$xRw4Zc&lt;K&amp;9+w".to_owned(),
            format!("{bytes:?}"),
            format!("{SECRET:?}"),
            STANDARD.encode(bytes),
            STANDARD.encode(format!("x{SECRET}")),
            URL_SAFE_NO_PAD.encode(format!("xy{SECRET}")),
        ] {
            assert_eq!(shown_in(&text, &[SECRET]), Some(SECRET), "{text}");
        }
        for text in ["you sent mQ7$xRw, no", "", "mQ7$-xRw4-Zc<K"] {
            assert_eq!(shown_in(text, &[SECRET]), None, "{text}");
        }
    }
}
