//! A token: a smart card, or a partition of an HSM.

use std::fmt;

use cryptoki::error::{Error as Cryptoki, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::RawAuthPin;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::PKCS11_PIN;
use crate::base::secret::Secret;
use crate::certificate::pkcs11::failure::{failed, reason};
use crate::certificate::pkcs11::module::Module;
use crate::certificate::pkcs11::uri::{Pkcs11Uri, TokenFacts, encode};

/// A token in its slot, and its description at the time of the query.
pub(super) struct Token {
    pub(super) slot: Slot,
    pub(super) info: TokenInfo,
}

impl Token {
    /// The tokens of `module` that are present and initialised.
    pub(super) fn all_of(module: &Module) -> Result<Vec<Self>> {
        let slots = module.slots()?.into_iter();
        Ok(slots.map(|(slot, info)| Self { slot, info }).collect())
    }

    /// The same token in its present state, wherever it is plugged in.
    pub(super) fn find_again(&self, module: &Module) -> Result<Self> {
        let found = Self::all_of(module)?.into_iter().find(|other| other.is_same(self));
        found.ok_or_else(|| {
            Error::new(
                Status::CertificateNotFound,
                format!("The token {self} is no longer present."),
                "Plug the token in again, or start again with the one that replaced it.",
            )
        })
    }

    /// Opens a session without a login.
    pub(super) fn open_session(&self, module: &Module) -> Result<Session> {
        module.open_session(self.slot).map_err(|error| {
            let action = format!("open a session with the token {self}");
            failed(Status::PrivateKeyInaccessible, &action, &error)
        })
    }

    pub(super) fn matches(&self, uri: &Pkcs11Uri) -> bool {
        uri.allows_token(&TokenFacts {
            label: self.info.label(),
            serial: self.info.serial_number(),
            manufacturer: self.info.manufacturer_id(),
            model: self.info.model(),
            slot: self.slot.id(),
        })
    }

    /// Whether `other` is this token, perhaps in another slot.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let facts = |token: &Self| {
            let info = &token.info;
            [info.serial_number(), info.label(), info.model(), info.manufacturer_id()].map(str::to_owned)
        };
        facts(self) == facts(other)
    }

    /// Whether private keys are visible only after a login with a PIN from the caller.
    pub(super) fn needs_pin(&self) -> bool {
        self.info.login_required() && !self.info.protected_authentication_path()
    }

    /// Logs the user in. The PIN is tried only once, because a token locks itself after a few wrong PINs.
    ///
    /// The login holds for all sessions of this process. If there has been one already, the PIN is ignored.
    ///
    /// # Errors
    /// [`Status::CertificatePasswordIncorrect`] if the PIN is wrong or missing, [`Status::PrivateKeyInaccessible`] if
    /// the token does not accept a login.
    pub(super) fn log_in(&self, module: &Module, session: &Session, pin: Option<&Secret>) -> Result<()> {
        if !self.info.login_required() {
            return Ok(());
        }
        if self.info.user_pin_locked() {
            return Err(self.locked());
        }
        if self.needs_pin() && pin.is_none() {
            return Err(self.pin_missing());
        }
        match authenticate(session, UserType::User, pin) {
            Ok(()) | Err(Cryptoki::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(error) => Err(self.refused(module, &error)),
        }
    }

    /// The error for a login that the token refused.
    pub(super) fn refused(&self, module: &Module, error: &Cryptoki) -> Error {
        // The flags for the remaining attempts are up to date only after the login failed.
        let now = self.find_again(module);
        let token = now.as_ref().unwrap_or(self);
        match error {
            Cryptoki::Pkcs11(RvError::PinLocked, _) => token.locked(),
            Cryptoki::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
                token.pin_wrong()
            }
            Cryptoki::Pkcs11(RvError::PinExpired | RvError::UserPinNotInitialized, _) => self.inaccessible(
                &format!("does not accept a PIN yet: {}", reason(error)),
                "Set the user PIN of the token with the tools of its vendor, or with pkcs11-tool --init-pin.",
            ),
            _ => self.inaccessible(
                &format!("refused the login: {}", reason(error)),
                "Check that no other user is logged in to the token, and that its own tools can log in.",
            ),
        }
    }

    fn pin_wrong(&self) -> Error {
        let (left, hint) = if self.info.user_pin_locked() {
            (
                "; the token is now locked",
                "Unlock it with the PUK or the security officer's PIN.",
            )
        } else if self.info.user_pin_final_try() {
            (
                "; one attempt is left before the token locks itself",
                "Find out the correct PIN before you try again.",
            )
        } else if self.info.user_pin_count_low() {
            (
                "; the token locks itself after a few wrong PINs",
                "Check the PIN before you try again.",
            )
        } else {
            ("", "Check the PIN; a PIN file must contain nothing else.")
        };
        Error::new(
            Status::CertificatePasswordIncorrect,
            format!("The PIN for the token {self} is incorrect{left}."),
            hint,
        )
    }

    fn pin_missing(&self) -> Error {
        Error::new(
            Status::CertificatePasswordIncorrect,
            format!("The token {self} needs a PIN, but none was given."),
            format!("Use {PKCS11_PIN} to give its PIN."),
        )
    }

    fn locked(&self) -> Error {
        self.inaccessible(
            "is locked because of wrong PINs",
            "Unlock it with the PUK or the security officer's PIN.",
        )
    }

    fn inaccessible(&self, what: &str, hint: &str) -> Error {
        Error::new(
            Status::PrivateKeyInaccessible,
            format!("The token {self} {what}."),
            hint,
        )
    }
}

/// In the notation of a PKCS#11 URI, to be copied into one.
impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (label, serial) = (
            encode(self.info.label().as_bytes()),
            encode(self.info.serial_number().as_bytes()),
        );
        write!(formatter, "token={label};serial={serial}")
    }
}

/// Logs in with the PIN or, if there is none, with the token's own keypad.
pub(super) fn authenticate(
    session: &Session,
    user: UserType,
    pin: Option<&Secret>,
) -> std::result::Result<(), Cryptoki> {
    match pin {
        // The copy is overwritten when it is dropped, as `Secret` is.
        Some(pin) => session.login_with_raw(user, &RawAuthPin::new(Box::new(pin.expose().to_vec()))),
        None => session.login(user, None),
    }
}
