//! What to do about the numbers of Azure AD B2C ("Error codes: Azure Active Directory B2C").

use crate::base::error::Status;

/// What is known about one number of B2C.
pub struct B2cCode {
    /// The kind of error.
    pub status: Status,
    /// What to do.
    pub hint: &'static str,
}

/// The entry for the number in a description such as `AADB2C90118: The user has forgotten their password.`
pub fn lookup(description: &str) -> Option<B2cCode> {
    let (_, rest) = description.split_once("AADB2C")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    let (status, hint) = match digits {
        "90079" | "90081" => (
            Status::ClientCredentialRejected,
            "Check the certificate or secret that is registered for the application in the B2C tenant.",
        ),
        "90091" => (
            Status::ServiceRejected,
            "Start the sign-in again: the user has cancelled it.",
        ),
        "90117" => (
            Status::ServiceRejected,
            "Check the scopes: B2C knows those of APIs that are registered in its tenant, such as \
             https://TENANT.onmicrosoft.com/API/PERMISSION.",
        ),
        "90118" => (
            Status::InteractionRequired,
            "Have the user sign in with the user flow that resets passwords: the user has forgotten the password.",
        ),
        "90225" => (Status::UserCredentialRejected, "Check the user name and password."),
        _ => return None,
    };
    Some(B2cCode { status, hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_descriptions() {
        let status = |text: &str| lookup(text).map(|code| code.status);
        let forgotten = "AADB2C90118: The user has forgotten their password.\r\nCorrelation ID: x";
        assert_eq!(status(forgotten), Some(Status::InteractionRequired));
        assert_eq!(status("AADB2C90091: cancelled"), Some(Status::ServiceRejected));
        for text in ["", "AADB2C", "AADB2C900911: x", "AADSTS90118: x"] {
            assert_eq!(status(text), None, "{text}");
        }
    }
}
