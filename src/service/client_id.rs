//! The application's (client) id, as callers write it.

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::CLIENT_ID;
use crate::base::pasted;

/// The id as it is sent: without white space, quotation marks and invisible characters around it, and without the
/// braces of a GUID.
pub fn checked(given: &str) -> Result<String> {
    let hint = format!("Set {CLIENT_ID} to the Application (client) ID that the portal shows, a GUID.");
    let client_id = pasted::id(given);
    if client_id.is_empty() {
        return Err(Error::new(Status::InvalidArgument, "No client id was given.", hint));
    }
    match client_id.chars().find(|c| !c.is_ascii_graphic()) {
        None => Ok(client_id),
        Some(bad) => {
            let message = format!("The client id contains the character U+{:04X}.", u32::from(bad));
            Err(Error::new(Status::InvalidArgument, message, hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surrounds_a_pasted_id_is_not_sent() {
        let guid = "11111111-2222-3333-4444-555555555555";
        for given in [
            guid.to_owned(),
            format!("{{{guid}}}"),
            format!("\"{{{guid}}}\"\r\n"),
            format!("\u{200e}{guid} "),
        ] {
            assert_eq!(checked(&given).unwrap(), guid, "{given:?}");
        }
        assert_eq!(checked("a b").unwrap_err().status(), Status::InvalidArgument);
        assert!(checked(" \"\" ").unwrap_err().message().contains("No client id"));
    }
}
