//! How a user is asked to sign in in a browser.

/// The settings of a sign-in in a browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInSettings {
    /// The port of this machine that the browser brings the answer to; any that is free if `None`.
    pub redirect_port: Option<u16>,
    /// The name by which the browser reaches this machine; that of the kind of authority if `None`.
    pub redirect_host: Option<RedirectHost>,
    /// The sign-in name of the user who is expected.
    pub login_hint: Option<String>,
    /// What the user is shown.
    pub prompt: Option<Prompt>,
}

/// A name of this machine (RFC 8252 section 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectHost {
    /// `localhost`, which Entra compares without its port.
    Localhost,
    /// `127.0.0.1`, which other services do.
    Ipv4,
}

impl RedirectHost {
    /// The name as it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Localhost => "localhost",
            Self::Ipv4 => "127.0.0.1",
        }
    }

    /// The host of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Localhost, Self::Ipv4]
            .into_iter()
            .find(|host| host.name().eq_ignore_ascii_case(name))
    }
}

/// What the user is shown (OpenID Connect Core 1.0 section 3.1.2.1; "Microsoft identity platform and OAuth 2.0
/// authorization code flow").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// The accounts, to select one.
    SelectAccount,
    /// The fields for name and password, although the user may be signed in.
    Login,
    /// What the application may do, although the user may have agreed before.
    Consent,
    /// Nothing: the sign-in succeeds without the user, or fails.
    None,
}

impl Prompt {
    /// The value of `prompt`.
    pub fn name(self) -> &'static str {
        match self {
            Self::SelectAccount => "select_account",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::None => "none",
        }
    }

    /// The prompt of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::SelectAccount, Self::Login, Self::Consent, Self::None]
            .into_iter()
            .find(|prompt| prompt.name().eq_ignore_ascii_case(name))
    }
}
