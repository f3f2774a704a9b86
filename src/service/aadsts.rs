//! What the AADSTS numbers mean to an administrator, one sentence each, in our own words
//! (numbers: "Microsoft Entra authentication and authorization error codes").

use crate::base::error::Status;

/// What is known about one AADSTS number.
#[derive(Clone, Copy, Debug)]
pub struct ServiceCode {
    /// The number behind `AADSTS`.
    pub code: u32,
    /// The kind of error, where it is not the one that the OAuth `error` implies.
    pub status: Option<Status>,
    /// What to do.
    pub hint: &'static str,
}

/// The entry for `code`, when there is one.
pub fn lookup(code: u32) -> Option<&'static ServiceCode> {
    TABLE
        .binary_search_by_key(&code, |entry| entry.code)
        .ok()
        .map(|index| &TABLE[index])
}

const fn known(code: u32, hint: &'static str) -> ServiceCode {
    ServiceCode {
        code,
        status: None,
        hint,
    }
}

const fn interactive(code: u32, hint: &'static str) -> ServiceCode {
    ServiceCode {
        code,
        status: Some(Status::InteractionRequired),
        hint,
    }
}

/// Every known number, in ascending order.
pub const TABLE: &[ServiceCode] = &[
    interactive(
        16000,
        "Several accounts are signed in; sign in interactively and choose one.",
    ),
    interactive(
        16003,
        "The account is not a member of this tenant; invite it, or use the tenant it belongs to.",
    ),
    known(
        20001,
        "The tenant's federation server has a problem; ask its administrator to look at the federated sign-in.",
    ),
    known(
        40008,
        "The federated identity provider answered with an error; ask its administrator.",
    ),
    known(
        50000,
        "The service has an internal problem issuing the token; try again, then report the correlation id.",
    ),
    known(
        50001,
        "The resource does not exist in this tenant; check its address in the scope, and that it was consented to.",
    ),
    known(
        50002,
        "The tenant restricts access through its proxy; ask the network administrator to allow this tenant.",
    ),
    known(
        50005,
        "The device's platform is not allowed by Conditional Access; use a supported device or ask for an exception.",
    ),
    known(
        50011,
        "Register the redirect address of the request under the application's Authentication settings.",
    ),
    known(
        50012,
        "The client assertion is not valid; check the certificate that is registered and this machine's clock.",
    ),
    known(
        50013,
        "An assertion is not valid at this time or not for this service; check this machine's clock and the audience.",
    ),
    known(
        50014,
        "The user's redemption is pending; let the invited user accept the invitation first.",
    ),
    known(
        50020,
        "The user belongs to another tenant or identity provider; invite the user as a guest or use the user's tenant.",
    ),
    known(
        50027,
        "The token or assertion that was sent is not a well-formed JWT; make it again and pass it whole.",
    ),
    known(
        50034,
        "The user does not exist in this tenant; check the spelling of the sign-in name and the tenant.",
    ),
    known(
        50049,
        "The instance or authority is not known; check the authority's host name.",
    ),
    known(
        50053,
        "The account is locked after too many wrong passwords, or the address is blocked; wait, then reset the password.",
    ),
    interactive(
        50055,
        "The password has expired; let the user sign in interactively and change it.",
    ),
    known(
        50056,
        "The account has no password in this directory, or it is invalid; let the user set one.",
    ),
    known(50057, "The account is disabled; ask an administrator to enable it."),
    known(50058, "Nobody is signed in for silent sign-in; sign in interactively."),
    known(50059, "The request names no tenant; give the tenant's id or domain."),
    interactive(
        50072,
        "The user must register for multi-factor authentication; sign in interactively once.",
    ),
    interactive(
        50074,
        "Multi-factor authentication is required; sign in interactively, or use a certificate without a user.",
    ),
    interactive(
        50076,
        "Multi-factor authentication is required, which a password alone cannot pass; sign in interactively, or let the application ask for itself with its certificate.",
    ),
    interactive(
        50078,
        "The multi-factor authentication has expired; sign in interactively again.",
    ),
    interactive(
        50079,
        "The user must set up multi-factor authentication; sign in interactively once.",
    ),
    known(50089, "The sign-in flow took too long; begin again."),
    known(
        50105,
        "The user or group is not assigned to the application; assign it under Enterprise applications, Users and groups.",
    ),
    known(
        50126,
        "The user name or password is wrong; check both, and that the user is not a federated or guest account.",
    ),
    interactive(50129, "The device is not joined to the tenant; use a joined device."),
    interactive(
        50131,
        "Conditional Access blocked the sign-in; look up the correlation id in the sign-in logs for the policy.",
    ),
    interactive(50132, "The session was revoked or the password changed; sign in again."),
    interactive(
        50133,
        "The session expired because the password changed; sign in again.",
    ),
    interactive(
        50144,
        "The user's password in the on-premises directory has expired; change it there.",
    ),
    interactive(
        50158,
        "An external security challenge (multi-factor or terms of use) must be passed; sign in interactively.",
    ),
    interactive(
        50173,
        "The refresh token was revoked, most often by a password change; sign in again.",
    ),
    known(
        50194,
        "The application is not multi-tenant, so /common cannot be used; give the tenant's own id or domain.",
    ),
    known(
        50196,
        "The same request was sent again and again; look for a loop, and keep and reuse the token.",
    ),
    interactive(
        53000,
        "Conditional Access requires a compliant device; use one, or ask for an exception.",
    ),
    interactive(
        53001,
        "Conditional Access requires a domain-joined device; use one, or ask for an exception.",
    ),
    interactive(
        53003,
        "Conditional Access blocks this sign-in; look up the correlation id in the sign-in logs to see which policy, and change the policy or the way of signing in.",
    ),
    interactive(
        65001,
        "Nobody has consented to what the application asks for; grant admin consent under API permissions.",
    ),
    known(
        65004,
        "The user declined the consent; ask again, or have an administrator consent.",
    ),
    known(
        70000,
        "The refresh token or code is not valid here: used up, expired, revoked, or issued to another application; sign in again.",
    ),
    known(
        70001,
        "The application does not exist in this tenant; check the client id and the tenant.",
    ),
    known(
        70002,
        "The application's proof is not valid; check the certificate or secret registered for it.",
    ),
    known(70003, "The service does not support this kind of grant."),
    known(70008, "The refresh token or code has expired; sign in again."),
    known(
        70011,
        "A scope is not valid; applications use <resource>/.default, users use names such as User.Read.",
    ),
    known(
        70043,
        "The refresh token was ended by a sign-in frequency policy; sign in again.",
    ),
    known(
        90002,
        "The tenant was not found; check its id or domain, and that the cloud is the right one.",
    ),
    known(
        90013,
        "The service calls the request invalid; check the parameters that the message names.",
    ),
    known(
        90014,
        "A required field is missing from the request; the message names it.",
    ),
    known(
        90019,
        "The tenant could not be determined; give the tenant's own id or domain in place of /common.",
    ),
    known(90033, "The service has a passing problem; try again."),
    known(90036, "The directory service has a passing problem; try again."),
    known(
        90093,
        "The application asks for permissions that only an administrator may grant; grant admin consent.",
    ),
    known(
        90094,
        "An administrator must consent to the application; grant admin consent under API permissions.",
    ),
    known(
        130_501,
        "An internal limit or policy of the service refused the request; try again later.",
    ),
    known(240_001, "The user may not register devices; ask an administrator."),
    known(
        500_011,
        "The resource was not found in the tenant; check the scope's address, and that its service principal exists.",
    ),
    interactive(
        500_121,
        "The multi-factor request was not answered or denied; sign in again and approve it.",
    ),
    known(
        500_133,
        "The assertion is outside of its validity; check this machine's clock.",
    ),
    known(
        530_032,
        "Security defaults or a tenant policy block this sign-in; the sign-in logs name it.",
    ),
    known(700_003, "The device was deleted or disabled; ask an administrator."),
    known(
        700_005,
        "The code was issued for another tenant; use the tenant where the sign-in began.",
    ),
    known(
        700_016,
        "The application was not found in this tenant; check the client id, the tenant, and that the application was consented to there.",
    ),
    known(
        700_021,
        "The issuer or subject of the client assertion is not the client id; make both equal to it.",
    ),
    known(
        700_022,
        "The request names several resources in its scopes; ask for one resource at a time.",
    ),
    known(
        700_023,
        "The audience of the client assertion is not this token endpoint; leave the audience out so that it matches.",
    ),
    known(
        700_024,
        "The client assertion is not within its time; set this machine's clock (compare the time in the message).",
    ),
    known(
        700_025,
        "The application is a public client and must not send a secret or certificate; leave it out, or change the registration.",
    ),
    known(
        700_027,
        "The certificate is not the one registered, or has expired; upload this certificate to the application and compare the thumbprints.",
    ),
    known(
        700_082,
        "The refresh token has expired through inactivity; sign in again.",
    ),
    known(
        700_084,
        "The refresh token was issued to a single page application and has a fixed, short life; sign in again.",
    ),
    known(
        900_023,
        "The tenant in the authority is neither a known domain nor a GUID; check how it is written.",
    ),
    known(
        900_144,
        "A required field is missing from the request; the message names it.",
    ),
    known(
        900_382,
        "This client cannot be used across clouds; use the cloud that the application lives in.",
    ),
    known(
        1_002_012,
        "Applications may only ask for <resource>/.default; leave the scope out, or write it with /.default.",
    ),
    known(
        5_002_730,
        "The service does not accept this assertion's algorithm or thumbprint; try the algorithm RS256 (and the other way round).",
    ),
    known(
        7_000_112,
        "The application is disabled; enable its enterprise application.",
    ),
    known(
        7_000_114,
        "The application may not act on behalf of users here; check its registration.",
    ),
    known(
        7_000_215,
        "The client secret is wrong; use the secret's value (not its id), and check that it belongs to this application.",
    ),
    known(
        7_000_218,
        "The application must prove who it is; give a certificate or secret, or allow public client flows in its registration.",
    ),
    known(
        7_000_222,
        "The client secret has expired; make a new one under Certificates & secrets, or move to a certificate.",
    ),
    known(
        7_000_229,
        "The application has no service principal in this tenant; consent to it or create one there.",
    ),
    known(
        9_002_313,
        "The request is malformed; check the values that were passed, and that no proxy changes the request.",
    ),
    known(
        9_002_326,
        "The address of a single page application was used from elsewhere; use another platform type in the registration.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_says_something_each_time() {
        assert!(TABLE.len() >= 40);
        assert!(
            TABLE.windows(2).all(|pair| pair[0].code < pair[1].code),
            "not in ascending order"
        );
        assert!(
            TABLE
                .iter()
                .all(|entry| entry.hint.ends_with('.') && entry.hint.len() > 20)
        );
    }

    #[test]
    fn codes_that_administrators_meet_are_there() {
        for code in [
            700_016, 700_027, 7_000_215, 7_000_222, 700_024, 50126, 50076, 50079, 50034, 50057, 50053, 65001, 90002,
            900_023, 70011, 500_011, 9_002_313, 50158, 53003, 5_002_730, 1_002_012,
        ] {
            assert!(lookup(code).is_some(), "{code}");
        }
        assert!(lookup(1).is_none());
    }
}
