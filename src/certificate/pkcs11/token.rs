//! A token: a smart card, or a partition of an HSM.

use std::fmt;

use cryptoki::error::{Error as Cryptoki, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::RawAuthPin;

use crate::base::error::{Error, Result, Status};
use crate::base::secret::Secret;
use crate::certificate::pkcs11::failure::{failed, reason};
use crate::certificate::pkcs11::module::Module;
use crate::certificate::pkcs11::uri::{Pkcs11Uri, TokenFacts, encode};

/// A token in its slot, as it was when it was looked at.
pub(super) struct Token {
    pub(super) slot: Slot,
    pub(super) info: TokenInfo,
}

impl Token {
    /// The tokens of `module` that are there now and set up.
    pub(super) fn all_of(module: &Module) -> Result<Vec<Self>> {
        let slots = module.slots()?.into_iter();
        Ok(slots.map(|(slot, info)| Self { slot, info }).collect())
    }

    /// The same token with its present state, wherever it is plugged in.
    pub(super) fn find_again(&self, module: &Module) -> Result<Self> {
        let found = Self::all_of(module)?.into_iter().find(|other| other.is_same(self));
        found.ok_or_else(|| {
            Error::new(
                Status::CertificateNotFound,
                format!("the token {self} is no longer there"),
                "Put the token back, or start again with the one that replaced it.",
            )
        })
    }

    /// A session with it, in which nobody is logged in.
    pub(super) fn open_session(&self, module: &Module) -> Result<Session> {
        module.open_session(self.slot).map_err(|error| {
            let doing = format!("opening a session at the token {self}");
            failed(Status::PrivateKeyInaccessible, &doing, &error)
        })
    }

    pub(super) fn is_meant_by(&self, uri: &Pkcs11Uri) -> bool {
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

    /// Whether private keys are seen only after a login for which the caller has to give a PIN.
    pub(super) fn needs_pin(&self) -> bool {
        self.info.login_required() && !self.info.protected_authentication_path()
    }

    /// Logs the user in, once: a token locks itself after a few wrong PINs.
    ///
    /// The login holds for all sessions of this process, and a PIN is not looked at when there has been one.
    ///
    /// # Errors
    /// [`Status::CertificatePasswordIncorrect`] for a PIN that is wrong or missing, [`Status::PrivateKeyInaccessible`]
    /// when the token takes no PIN.
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
        // The flags say how many tries are left only now.
        let now = self.find_again(module);
        let token = now.as_ref().unwrap_or(self);
        match error {
            Cryptoki::Pkcs11(RvError::PinLocked, _) => token.locked(),
            Cryptoki::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
                token.pin_wrong()
            }
            Cryptoki::Pkcs11(RvError::PinExpired | RvError::UserPinNotInitialized, _) => self.inaccessible(
                &format!("takes no PIN yet: {}", reason(error)),
                "Set the user's PIN of the token first, with the tools of its maker or pkcs11-tool --init-pin.",
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
                "; it is locked now",
                "Unlock it with the PUK or the security officer's PIN.",
            )
        } else if self.info.user_pin_final_try() {
            (
                "; one try is left before it locks itself",
                "Do not try again before you are sure of the PIN.",
            )
        } else if self.info.user_pin_count_low() {
            (
                "; after a few wrong ones it locks itself",
                "Check the PIN before you try again.",
            )
        } else {
            ("", "Check the PIN; a PIN file must hold nothing else.")
        };
        Error::new(
            Status::CertificatePasswordIncorrect,
            format!("the PIN of the token {self} is wrong{left}"),
            hint,
        )
    }

    fn pin_missing(&self) -> Error {
        Error::new(
            Status::CertificatePasswordIncorrect,
            format!("the token {self} needs a PIN and none was given"),
            "Give its PIN (--pkcs11-pin-file).",
        )
    }

    fn locked(&self) -> Error {
        self.inaccessible(
            "is locked, because wrong PINs were given",
            "Unlock it with the PUK or the security officer's PIN.",
        )
    }

    fn inaccessible(&self, what: &str, hint: &str) -> Error {
        Error::new(Status::PrivateKeyInaccessible, format!("the token {self} {what}"), hint)
    }
}

/// As a URI says it, so that it can be copied into one.
impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (label, serial) = (
            encode(self.info.label().as_bytes()),
            encode(self.info.serial_number().as_bytes()),
        );
        write!(formatter, "token={label};serial={serial}")
    }
}

/// Gives the PIN to the token, or, without one, lets it ask at its own keypad.
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
