//! A user with a web browser: signs in at an authorization endpoint, and brings the answer to the application.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::answer::Answer;
use crate::client::Client;
use crate::emulator::{PASSWORD, USER};

/// What the authority has the browser bring to the application.
#[derive(Clone, Debug)]
pub struct Response {
    /// The application's address.
    pub redirect_uri: String,
    /// `POST` for a form, `GET` for a query.
    pub method: &'static str,
    /// The parameters, in their order.
    pub fields: Vec<(String, String)>,
}

/// Signs in at the address as the user of [`crate::emulator`], and brings the answer. Returns the page on which the
/// sign-in ends.
pub fn sign_in(url: &str) -> Answer {
    signed_in(url).bring()
}

/// Declines to sign in, and brings the answer.
pub fn decline(url: &str) -> Answer {
    entered(url, USER, PASSWORD, "decline").bring()
}

/// Signs in without bringing the answer.
pub fn signed_in(url: &str) -> Response {
    entered(url, USER, PASSWORD, "sign-in")
}

/// Opens the page at the address and sends it with these entries.
pub fn entered(url: &str, username: &str, password: &str, action: &str) -> Response {
    let page = get(url);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("name=\"password\""), "{}", page.text());
    let answer = post(
        url,
        &[("username", username), ("password", password), ("action", action)],
    );
    Response::of(&answer)
}

/// Opens an address.
pub fn get(url: &str) -> Answer {
    let (host, path) = parts(url);
    let mut client = Client::connect(host).expect("the page is served");
    client.send("GET", &path, &[], b"").expect("the page answers")
}

/// Sends a form to an address.
pub fn post(url: &str, fields: &[(&str, &str)]) -> Answer {
    let (host, path) = parts(url);
    let mut client = Client::connect(host).expect("the page is served");
    let answer = client.send("POST", &path, &[FORM], encoded(fields).as_bytes());
    answer.expect("the page answers")
}

impl Response {
    /// Reads the answer of an authorization endpoint: a redirect, or a page with a form that sends itself.
    pub fn of(answer: &Answer) -> Self {
        if let Some(location) = answer.header("location") {
            let (redirect_uri, query) = location.split_once('?').expect("the answer is in the query");
            return Self {
                redirect_uri: redirect_uri.to_owned(),
                method: "GET",
                fields: fields_of_query(query),
            };
        }
        let page = answer.text();
        let redirect_uri = between(&page, "action=\"", "\"").unwrap_or_else(|| panic!("there is no form: {page}"));
        let fields = page.split("<input type=\"hidden\" ").skip(1).map(|input| {
            let attribute =
                |name: &str| between(input, &format!("{name}=\""), "\"").expect("it has a name and a value");
            (attribute("name"), attribute("value"))
        });
        Self {
            redirect_uri,
            method: "POST",
            fields: fields.collect(),
        }
    }

    /// The value of a parameter.
    pub fn field(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|(known, _)| known == name)?;
        Some(&field.1)
    }

    /// The same with another value of a parameter, or without it when that is empty.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.fields.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Brings it to the application.
    pub fn bring(&self) -> Answer {
        let fields: Vec<(&str, &str)> = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        match self.method {
            "POST" => post(&self.redirect_uri, &fields),
            _ => get(&format!("{}?{}", self.redirect_uri, encoded(&fields))),
        }
    }
}

/// The value of a parameter in the address that a user is sent to.
pub fn parameter(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let fields = fields_of_query(query);
    fields
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

/// Host and path with the query.
fn parts(url: &str) -> (&str, String) {
    let rest = url.strip_prefix("http://").expect("without TLS");
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let slash = if path.starts_with('/') { "" } else { "/" };
    (host, format!("{slash}{path}"))
}

fn fields_of_query(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8().expect("UTF-8").into_owned()
    };
    let fields = query.split('&').filter_map(|pair| pair.split_once('='));
    fields.map(|(name, value)| (decode(name), decode(value))).collect()
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    let (value, _) = rest.split_once(after)?;
    let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    Some(value.replace("&amp;", "&"))
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
