//! The body of a token request: `application/x-www-form-urlencoded`.

use zeroize::Zeroizing;

use crate::base::percent_encoding::push_form_value;
use crate::base::secret::Secret;

/// Fields in the order in which they were added. Their memory is overwritten when they are dropped.
#[derive(Default)]
pub struct Form {
    body: Zeroizing<Vec<u8>>,
}

impl Form {
    /// The media type of the body.
    pub const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";

    /// Adds a field.
    pub fn add(&mut self, name: &str, value: &str) {
        self.add_bytes(name, value.as_bytes());
    }

    /// Adds a field whose value is secret.
    pub fn add_secret(&mut self, name: &str, value: &Secret) {
        self.add_bytes(name, value.expose());
    }

    /// The encoded body.
    pub fn as_bytes(&self) -> &[u8] {
        &self.body
    }

    fn add_bytes(&mut self, name: &str, value: &[u8]) {
        self.reserve(1 + name.len() + 1 + 3 * value.len());
        if !self.body.is_empty() {
            self.body.push(b'&');
        }
        self.body.extend_from_slice(name.as_bytes());
        self.body.push(b'=');
        push_form_value(&mut self.body, value);
    }

    /// Makes room by moving to a larger buffer. The smaller one is overwritten, which `Vec` would not do.
    fn reserve(&mut self, additional: usize) {
        if self.body.capacity() - self.body.len() >= additional {
            return;
        }
        let mut larger = Zeroizing::new(Vec::with_capacity(
            (self.body.len() + additional).max(2 * self.body.len()),
        ));
        larger.extend_from_slice(&self.body);
        self.body = larger;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(value: &str) -> String {
        let mut form = Form::default();
        form.add("v", value);
        String::from_utf8(form.as_bytes()[2..].to_vec()).unwrap()
    }

    #[test]
    fn values_may_contain_any_characters() {
        assert_eq!(encoded("p@ss w0rd&=+\u{e9}"), "p%40ss+w0rd%26%3D%2B%C3%A9");
        assert_eq!(encoded("100%~-_."), "100%25~-_.");
        assert_eq!(encoded("\u{1f511}\r\n\0"), "%F0%9F%94%91%0D%0A%00");
        assert_eq!(encoded(""), "");
    }

    #[test]
    fn fields_keep_their_order() {
        let mut form = Form::default();
        form.add("b", "1");
        form.add_secret("a", &Secret::copy_of(b"x y"));
        form.add("b", "2");
        assert_eq!(form.as_bytes(), b"b=1&a=x+y&b=2");
    }
}
