//! The meaning of a module's return values.

use cryptoki::error::{Error as Cryptoki, RvError};

use crate::base::error::{Error, Status};

/// The error for a call that failed. `action` says what it was to do, such as "list the tokens".
pub(super) fn failed(status: Status, action: &str, error: &Cryptoki) -> Error {
    Error::new(
        status,
        format!("Cannot {action}: {}.", reason(error)),
        "Check that the token is connected and that its own tools can use it (pkcs11-tool --list-objects --login).",
    )
}

/// The function and its return value, with their names in the specification, which users can search for.
pub(super) fn reason(error: &Cryptoki) -> String {
    match error {
        Cryptoki::Pkcs11(RvError::UnknownErrorCode(code) | RvError::VendorDefined(code), function) => {
            format!("C_{function:?} returned 0x{code:08X}")
        }
        Cryptoki::Pkcs11(value, function) => format!("C_{function:?} returned {}", name(*value)),
        other => other.to_string(),
    }
}

/// `CKR_PIN_INCORRECT` for `PinIncorrect`.
fn name(value: RvError) -> String {
    format!("{value:?}").chars().fold("CKR".to_owned(), |mut name, letter| {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
        name
    })
}

/// Whether a session, its login or its object handles are lost, although the token may be present, or present again.
pub(super) fn is_session_lost(error: &Cryptoki) -> bool {
    matches!(
        error,
        Cryptoki::Pkcs11(
            RvError::SessionHandleInvalid
                | RvError::SessionClosed
                | RvError::DeviceRemoved
                | RvError::TokenNotPresent
                | RvError::UserNotLoggedIn
                | RvError::KeyHandleInvalid
                | RvError::ObjectHandleInvalid
                | RvError::CryptokiNotInitialized
                | RvError::OperationActive,
            _
        )
    )
}

/// Whether the token or its module does not support a mechanism. Another one may work.
pub(super) fn is_mechanism_missing(error: &Cryptoki) -> bool {
    matches!(
        error,
        Cryptoki::Pkcs11(
            RvError::MechanismInvalid | RvError::MechanismParamInvalid | RvError::FunctionNotSupported,
            _
        )
    )
}

#[cfg(test)]
mod tests {
    use cryptoki::context::Function;

    use super::*;

    #[test]
    fn return_values_have_their_names_from_the_specification() {
        for (value, expected) in [
            (RvError::PinIncorrect, "C_Login returned CKR_PIN_INCORRECT"),
            (
                RvError::SessionHandleInvalid,
                "C_Login returned CKR_SESSION_HANDLE_INVALID",
            ),
            (RvError::VendorDefined(0x8000_0001), "C_Login returned 0x80000001"),
        ] {
            assert_eq!(reason(&Cryptoki::Pkcs11(value, Function::Login)), expected);
        }
    }

    #[test]
    fn a_missing_mechanism_is_not_a_lost_session() {
        let of = |value| Cryptoki::Pkcs11(value, Function::SignInit);
        for value in [RvError::MechanismInvalid, RvError::MechanismParamInvalid] {
            assert!(is_mechanism_missing(&of(value)) && !is_session_lost(&of(value)));
        }
        for value in [RvError::DeviceRemoved, RvError::UserNotLoggedIn] {
            assert!(is_session_lost(&of(value)) && !is_mechanism_missing(&of(value)));
        }
        for value in [RvError::PinIncorrect, RvError::KeyFunctionNotPermitted] {
            assert!(!is_session_lost(&of(value)) && !is_mechanism_missing(&of(value)));
        }
    }
}
