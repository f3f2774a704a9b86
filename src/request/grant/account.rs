//! A user who signed in earlier, named by the account. A client gets the token from a cache, or with a refresh token.

use crate::base::digest::Digest;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::ACCOUNT;
use crate::base::pasted::unwrapped;
use crate::base::secret::Secret;
use crate::http::form::Form;
use crate::request::grant::Grant;

/// The name of an account. It proves nothing by itself: what a client may have depends on where it keeps accounts.
#[derive(Clone, Debug)]
pub struct Account(String);

impl Account {
    /// The account with this sign-in name, in any letter case, or with this home account id (`uid.utid`) or id in the
    /// tenant. White space and quotation marks around it are not part of it. An empty text stands for the only user of
    /// the application and tenant.
    ///
    /// # Errors
    /// `InvalidArgument` if it contains control characters.
    pub fn new(name: &str) -> Result<Self> {
        let name = unwrapped(name);
        if name.chars().any(char::is_control) {
            return Err(Error::new(
                Status::InvalidArgument,
                "The name of the account contains control characters.",
                format!("Check {ACCOUNT}. Use the user's sign-in name, such as alice@contoso.onmicrosoft.com."),
            ));
        }
        Ok(Self(name.to_owned()))
    }
}

impl Grant for Account {
    fn kind(&self) -> &'static str {
        "account"
    }

    /// It is never sent: the account's refresh token takes its place.
    fn add_to(&self, _: &mut Form) {}

    fn reserved_scopes(&self) -> &'static [&'static str] {
        &[]
    }

    fn secret(&self) -> Option<&Secret> {
        None
    }

    fn account(&self) -> Option<&str> {
        Some(&self.0)
    }

    fn digest(&self) -> Digest {
        Digest::of(&[self.kind().as_bytes(), self.0.as_bytes()])
    }
}
