//! The authorization request: what a browser brings from an application (RFC 6749 section 4.1.1; OpenID Connect Core 1.0
//! section 3.1.2.1; Microsoft: "Microsoft identity platform and OAuth 2.0 authorization code flow").

use super::form::Form;
use crate::answer::refusal::Refusal;

/// How the answer comes to the application.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    /// In the address that the browser is sent to.
    Query,
    /// In a form that the browser sends (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl ResponseMode {
    /// The default of the code flow is the query (OAuth 2.0 Multiple Response Type Encoding Practices, section 5).
    pub(crate) fn of(form: &Form) -> Result<Self, Refusal> {
        match form.get("response_mode") {
            None | Some("query") => Ok(Self::Query),
            Some("form_post") => Ok(Self::FormPost),
            Some(other) => Err(Refusal::new(
                90013,
                &[&format!("The response mode '{other}' is not supported.")],
            )),
        }
    }
}

/// What the user is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// As little as is needed.
    AsNeeded,
    /// The page, whoever has signed in before.
    Page,
    /// Nothing.
    None,
}

/// What is asked for.
pub(crate) struct AuthorizationRequest<'form> {
    pub(crate) nonce: Option<&'form str>,
    /// The SHA-256 of the verifier that the code has to be exchanged with, in base64url (RFC 7636 section 4.2).
    pub(crate) challenge: Option<&'form str>,
    pub(crate) prompt: Prompt,
    pub(crate) login_hint: Option<&'form str>,
}

impl<'form> AuthorizationRequest<'form> {
    /// `needs_challenge`: a request without PKCE is refused (RFC 9700 section 2.1.1).
    pub(crate) fn parse(form: &'form Form, needs_challenge: bool) -> Result<Self, Refusal> {
        match form.get("response_type") {
            Some("code") => {}
            Some(other) => return Err(Refusal::new(700_051, &[other])),
            None => return Err(Refusal::missing("response_type")),
        }
        Ok(Self {
            nonce: form.get("nonce"),
            challenge: challenge(form, needs_challenge)?,
            prompt: prompt(form)?,
            login_hint: form.get("login_hint"),
        })
    }
}

fn challenge(form: &Form, is_needed: bool) -> Result<Option<&str>, Refusal> {
    match (form.get("code_challenge"), form.get("code_challenge_method")) {
        (None, None) if is_needed => Err(Refusal::new(9_002_325, &[])),
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) if is_digest(challenge) => Ok(Some(challenge)),
        _ => Err(Refusal::new(50147, &[])),
    }
}

/// Whether it has the form of a SHA-256 in base64url.
fn is_digest(text: &str) -> bool {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.len() == 43 && text.bytes().all(is_base64url)
}

fn prompt(form: &Form) -> Result<Prompt, Refusal> {
    match form.get("prompt") {
        None => Ok(Prompt::AsNeeded),
        Some("login" | "select_account" | "consent" | "create") => Ok(Prompt::Page),
        Some("none") => Ok(Prompt::None),
        Some(other) => Err(Refusal::new(
            90013,
            &[&format!("The prompt '{other}' is not supported.")],
        )),
    }
}
