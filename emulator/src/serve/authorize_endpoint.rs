//! The authorization endpoint: a user signs in in a browser, and the browser takes a code to the application.

use hyper::header::SET_COOKIE;
use uuid::Uuid;

use super::sign_in_page;
use super::token_endpoint::{TokenEndpoint, claims_of, user_scope};
use crate::answer::Answer;
use crate::answer::refusal::Refusal;
use crate::answer::trace::Trace;
use crate::clock::Moment;
use crate::directory::application::Application;
use crate::directory::{Tenant, User};
use crate::issue::authorization_code::Binding;
use crate::issue::subject::Subject;
use crate::issue::token::client_info;
use crate::request::authority::Authority;
use crate::request::authorization::{AuthorizationRequest, Prompt, ResponseMode};
use crate::request::form::{Form, FormError};

/// A browser at the authorization endpoint.
pub(super) struct Visit<'it> {
    /// Scheme and host as the browser sees them.
    pub(super) origin: String,
    pub(super) authority: Authority,
    /// What the application asks for.
    pub(super) query: Result<Form, FormError>,
    /// What the user entered, if the page was sent.
    pub(super) entries: Option<Form>,
    /// The browser's cookies.
    pub(super) cookies: &'it str,
    pub(super) now: Moment,
}

/// The application that asked, and where its answer goes.
struct Asker<'it> {
    tenant: &'it Tenant,
    application: &'it Application,
    redirect_uri: &'it str,
    query: &'it Form,
}

enum Outcome {
    /// The user has to sign in, and is expected to be this one.
    Ask(String),
    WrongPassword(String),
    /// The user with a code, who has signed in on the page or before.
    Signed {
        user: User,
        code: String,
        is_new: bool,
    },
}

impl TokenEndpoint {
    pub(super) fn authorize(&self, visit: &Visit, trace: &Trace) -> Answer {
        let asker = match self.asker(visit) {
            Ok(asker) => asker,
            Err(refusal) => return sign_in_page::refused(&refusal, trace),
        };
        let issuer = visit.authority.issuer(&visit.origin, &asker.tenant.id.to_string());
        let (mode, outcome) = match ResponseMode::of(asker.query) {
            Ok(mode) => (mode, self.outcome(&asker, visit)),
            Err(refusal) => (ResponseMode::Query, Err(refusal)),
        };
        let mut session = None;
        let mut parameters = match outcome {
            Ok(Outcome::Ask(hint)) => return sign_in_page::form(&hint),
            Ok(Outcome::WrongPassword(name)) => return sign_in_page::wrong_password(&name),
            Ok(Outcome::Signed { user, code, is_new }) => {
                session = is_new.then(|| self.browser_sessions.begin(&user));
                let mut parameters = vec![("code", code), ("session_state", Uuid::new_v4().to_string())];
                if asker.query.get("client_info") == Some("1") {
                    let client_info = client_info(&visit.authority, &user, asker.tenant);
                    parameters.extend(client_info.map(|text| ("client_info", text)));
                }
                parameters
            }
            Err(refusal) => {
                let body = refusal.json(trace);
                let text = |name| (name, body[name].as_str().unwrap_or_default().to_owned());
                vec![text("error"), text("error_description")]
            }
        };
        parameters.extend(asker.query.get("state").map(|state| ("state", state.to_owned())));
        // RFC 9207 section 2.
        parameters.push(("iss", issuer));
        let mut answer = sign_in_page::answer(asker.redirect_uri, mode, &parameters);
        if let Some(session) = session {
            answer.set_header(SET_COOKIE, &session);
        }
        answer
    }

    /// Who asks. As long as that is not known, no error may leave for an address that stands in the request.
    fn asker<'it>(&'it self, visit: &'it Visit) -> Result<Asker<'it>, Refusal> {
        let malformed = |_| Refusal::new(9_002_313, &[]);
        let query = visit.query.as_ref().map_err(malformed)?;
        if let Some(name) = query.duplicate() {
            return Err(Refusal::new(
                9_002_313,
                &[&format!("The parameter '{name}' is repeated.")],
            ));
        }
        let tenant = self.tenant(&visit.authority)?;
        let application = self.known_application(query.get("client_id"), tenant)?;
        let redirect_uri = query
            .get("redirect_uri")
            .ok_or_else(|| Refusal::missing("redirect_uri"))?;
        if !application.redirect_uris.iter().any(|known| known.is(redirect_uri)) {
            return Err(Refusal::new(50011, &[redirect_uri, &application.client_id]));
        }
        Ok(Asker {
            tenant,
            application,
            redirect_uri,
            query,
        })
    }

    fn outcome(&self, asker: &Asker, visit: &Visit) -> Result<Outcome, Refusal> {
        let request = AuthorizationRequest::parse(asker.query, self.rules.is_strict)?;
        user_scope(&visit.authority, &visit.origin, asker.query)?;
        claims_of(asker.query, visit.now)?;
        let Some(entries) = &visit.entries else {
            let known = self.browser_sessions.user(visit.cookies).filter(|user| {
                let hint = request.login_hint;
                hint.is_none_or(|hint| hint.eq_ignore_ascii_case(&user.name))
            });
            return match (request.prompt, known) {
                (Prompt::AsNeeded | Prompt::None, Some(user)) => self.signed(asker, visit, &request, &user, false),
                (Prompt::None, None) => Err(Refusal::new(50058, &[]).with_error("login_required")),
                _ => Ok(Outcome::Ask(request.login_hint.unwrap_or_default().to_owned())),
            };
        };
        if entries.get("action") == Some("decline") {
            return Err(Refusal::new(65004, &[]).with_error("access_denied"));
        }
        let field = |name| entries.get(name).unwrap_or_default();
        let Some(user) = self
            .directory
            .user(field("username"))
            .filter(|user| user.has_password(field("password")))
        else {
            return Ok(Outcome::WrongPassword(field("username").to_owned()));
        };
        self.signed(asker, visit, &request, user, true)
    }

    fn signed(
        &self,
        asker: &Asker,
        visit: &Visit,
        request: &AuthorizationRequest,
        user: &User,
        is_new: bool,
    ) -> Result<Outcome, Refusal> {
        let scope = user_scope(&visit.authority, &visit.origin, asker.query)?;
        let subject = Subject::new(Some(user.clone()), scope);
        self.check_scope(&subject, &visit.authority, asker.tenant, asker.application)?;
        let binding = Binding {
            client_id: asker.application.client_id.clone(),
            redirect_uri: asker.redirect_uri.to_owned(),
            challenge: request.challenge.map(str::to_owned),
        };
        let nonce = request.nonce.map(str::to_owned);
        let code = self.authorization_codes.issue(binding, subject, nonce);
        Ok(Outcome::Signed {
            user: user.clone(),
            code,
            is_new,
        })
    }
}
