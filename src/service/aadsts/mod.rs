//! What to do about each AADSTS number, in one sentence for an administrator
//! (numbers: "Microsoft Entra authentication and authorization error codes").

use crate::base::error::Status;
use crate::base::parameter::{ALGORITHM, AUDIENCE, CLOUD, Parameter, SCOPES};

/// What is known about one AADSTS number.
#[derive(Clone, Copy, Debug)]
pub struct ServiceCode {
    /// The number after `AADSTS`.
    pub code: u32,
    /// The kind of error, where it differs from what the OAuth `error` implies.
    pub status: Option<Status>,
    /// What to do, with `{}` for the parameter.
    hint: &'static str,
    parameter: Option<&'static Parameter>,
}

impl ServiceCode {
    /// What to do.
    pub fn hint(&self) -> String {
        match self.parameter {
            Some(parameter) => self.hint.replace("{}", &parameter.to_string()),
            None => self.hint.to_owned(),
        }
    }
}

/// The entry for `code`, if there is one.
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
        parameter: None,
    }
}

const fn naming(code: u32, parameter: &'static Parameter, hint: &'static str) -> ServiceCode {
    ServiceCode {
        parameter: Some(parameter),
        ..known(code, hint)
    }
}

const fn interactive(code: u32, hint: &'static str) -> ServiceCode {
    ServiceCode {
        status: Some(Status::InteractionRequired),
        ..known(code, hint)
    }
}

/// Every known number, in ascending order.
pub const TABLE: &[ServiceCode] = &[
    interactive(
        16000,
        "Sign in interactively and choose an account: several are signed in.",
    ),
    interactive(
        16003,
        "Invite the user to this tenant, or use the user's own tenant: the account is not a member of this one.",
    ),
    known(
        20001,
        "Ask the administrator of the tenant's federation server to check the federated sign-in.",
    ),
    known(
        40008,
        "Ask the administrator of the federated identity provider: it returned an error.",
    ),
    known(
        50000,
        "Try again, then report the correlation id to Microsoft: the service had an internal error.",
    ),
    naming(
        50001,
        &SCOPES,
        "Check the resource in {}, and that it has been given consent: it does not exist in this tenant.",
    ),
    known(
        50002,
        "Ask the network administrator to allow this tenant: a proxy restricts access to tenants.",
    ),
    known(
        50005,
        "Use a supported device or ask for an exception: Conditional Access does not allow this device's platform.",
    ),
    known(
        50011,
        "Register the redirect URI of the request under Authentication in the application's registration.",
    ),
    known(
        50012,
        "Check the registered certificate and this machine's clock: the client assertion is not valid.",
    ),
    known(
        50013,
        "Check this machine's clock and the assertion's audience: the assertion is not valid now or not for this service.",
    ),
    known(50014, "Have the invited user accept the invitation first."),
    known(
        50020,
        "Invite the user as a guest, or use the user's own tenant: the account belongs to another tenant or identity provider.",
    ),
    known(
        50027,
        "Create the token or assertion again and pass all of it: it is not a well-formed JWT.",
    ),
    known(
        50034,
        "Check the spelling of the sign-in name, and the tenant: the user does not exist there.",
    ),
    known(
        50049,
        "Check the authority's host name: the service does not know the instance or authority.",
    ),
    known(
        50053,
        "Wait, then reset the password: the account is locked after too many wrong passwords, or the IP address is blocked.",
    ),
    interactive(
        50055,
        "Have the user sign in interactively and change the expired password.",
    ),
    known(
        50056,
        "Have the user set a password: the account has none in this directory, or it is invalid.",
    ),
    known(
        50057,
        "Ask an administrator to enable the user's account, which is disabled.",
    ),
    known(50058, "Sign in interactively: no user is signed in for silent sign-in."),
    known(50059, "Pass the tenant's id or domain: the request names no tenant."),
    interactive(
        50072,
        "Have the user sign in interactively once to register for multi-factor authentication.",
    ),
    interactive(
        50074,
        "Sign in interactively to pass multi-factor authentication, or use a certificate without a user.",
    ),
    interactive(
        50076,
        "Sign in interactively, or use the application's certificate without a user: a password alone cannot pass multi-factor authentication.",
    ),
    interactive(
        50078,
        "Sign in interactively again: the multi-factor authentication has expired.",
    ),
    interactive(
        50079,
        "Have the user sign in interactively once to set up multi-factor authentication.",
    ),
    known(50089, "Start the sign-in again: it took too long."),
    known(
        50105,
        "Assign the user or group to the application under Enterprise applications, Users and groups.",
    ),
    known(
        50126,
        "Check the user name and password, and that the user is not a federated or guest account.",
    ),
    interactive(50129, "Use a device that is joined to the tenant."),
    interactive(
        50131,
        "Look up the correlation id in the sign-in logs to find the Conditional Access policy that blocked the sign-in.",
    ),
    interactive(
        50132,
        "Have the user sign in again: the session was revoked or the password changed.",
    ),
    interactive(
        50133,
        "Have the user sign in again: the session expired because the password changed.",
    ),
    interactive(
        50144,
        "Change the user's password in the on-premises directory, where it has expired.",
    ),
    interactive(
        50158,
        "Sign in interactively to pass the external security challenge (multi-factor authentication or terms of use).",
    ),
    interactive(
        50173,
        "Have the user sign in again: the refresh token was revoked, most often by a password change.",
    ),
    known(
        50194,
        "Pass the tenant's own id or domain in place of /common: the application is not multi-tenant.",
    ),
    known(
        50196,
        "Look for a loop, and keep and reuse tokens: the same request was sent over and over.",
    ),
    interactive(
        53000,
        "Use a compliant device, which Conditional Access requires, or ask for an exception.",
    ),
    interactive(
        53001,
        "Use a domain-joined device, which Conditional Access requires, or ask for an exception.",
    ),
    interactive(
        53003,
        "Look up the correlation id in the sign-in logs to find the Conditional Access policy that blocks this sign-in, and change the policy or the way of signing in.",
    ),
    interactive(
        65001,
        "Grant admin consent under API permissions: the permissions that the application requests have no consent yet.",
    ),
    known(
        65004,
        "Ask the user for consent again, or have an administrator consent: the user declined.",
    ),
    known(
        70000,
        "Have the user sign in again: the refresh token or code was used up, expired, revoked, or issued to another application.",
    ),
    known(
        70001,
        "Check the client id and the tenant: the application does not exist in this tenant.",
    ),
    known(
        70002,
        "Check the certificate or secret that is registered for the application: its credential is not valid.",
    ),
    known(70003, "Use another grant: the service does not support this one."),
    known(
        70008,
        "Have the user sign in again: the refresh token or code has expired.",
    ),
    naming(
        70011,
        &SCOPES,
        "Check {}: applications use <resource>/.default, users use names such as User.Read.",
    ),
    known(
        70043,
        "Have the user sign in again: a sign-in frequency policy ended the refresh token.",
    ),
    known(
        90002,
        "Check the tenant's id or domain, and that the cloud is the right one: the tenant was not found.",
    ),
    known(
        90013,
        "Check the parameters that the message names: the service considers the request invalid.",
    ),
    known(
        90014,
        "Check the request: the required field that the message names is missing.",
    ),
    known(
        90019,
        "Pass the tenant's own id or domain in place of /common: the tenant could not be determined.",
    ),
    known(90033, "Try again: the service has a temporary problem."),
    known(90036, "Try again: the directory service has a temporary problem."),
    known(
        90093,
        "Grant admin consent: the application requests permissions that only an administrator may grant.",
    ),
    known(
        90094,
        "Grant admin consent under API permissions: an administrator must consent to the application.",
    ),
    known(
        130_501,
        "Try again later: an internal limit or policy of the service refused the request.",
    ),
    known(240_001, "Ask an administrator: the user may not register devices."),
    naming(
        500_011,
        &SCOPES,
        "Check the resource in {}, and that its service principal exists: the resource was not found in the tenant.",
    ),
    interactive(
        500_121,
        "Sign in again and approve the multi-factor request, which was denied or not answered.",
    ),
    known(
        500_133,
        "Check this machine's clock: the assertion is outside its validity period.",
    ),
    known(
        530_032,
        "Look up the correlation id in the sign-in logs: security defaults or a tenant policy block this sign-in.",
    ),
    known(700_003, "Ask an administrator: the device was deleted or disabled."),
    known(
        700_005,
        "Use the tenant in which the sign-in began: the code was issued for another tenant.",
    ),
    known(
        700_016,
        "Check the client id, the tenant, and that the application has consent there: it was not found in this tenant.",
    ),
    known(
        700_021,
        "Set both the issuer and the subject of the client assertion to the client id.",
    ),
    naming(700_022, &SCOPES, "Ask for one resource at a time: {} names several."),
    naming(
        700_023,
        &AUDIENCE,
        "Leave out {}, so that the client assertion's audience is this token endpoint.",
    ),
    known(
        700_024,
        "Set this machine's clock (compare the time in the message): the client assertion is not within its validity period.",
    ),
    known(
        700_025,
        "Leave out the secret or certificate, or change the registration: the application is a public client and must not send one.",
    ),
    known(
        700_027,
        "Upload this certificate to the application and compare the thumbprints: it is not the registered one, or has expired.",
    ),
    known(
        700_082,
        "Have the user sign in again: the refresh token has expired through inactivity.",
    ),
    known(
        700_084,
        "Have the user sign in again: a refresh token issued to a single-page application has a fixed, short life.",
    ),
    known(
        900_023,
        "Check the spelling of the tenant in the authority: it is neither a known domain nor a GUID.",
    ),
    known(
        900_144,
        "Check the request: the required field that the message names is missing.",
    ),
    naming(
        900_382,
        &CLOUD,
        "Set {} to the cloud in which the application is registered: this client cannot be used across clouds.",
    ),
    naming(
        1_002_012,
        &SCOPES,
        "Leave out {}, or use <resource>/.default, the only scope that applications may ask for.",
    ),
    naming(
        5_002_730,
        &ALGORITHM,
        "Set {} to RS256, or to PS256 if it is RS256: the service does not accept this assertion's algorithm or thumbprint.",
    ),
    known(
        7_000_112,
        "Enable the application's enterprise application, which is disabled.",
    ),
    known(
        7_000_114,
        "Check the application's registration: it may not act on behalf of users here.",
    ),
    known(
        7_000_215,
        "Use the secret's value (not its id), and check that it belongs to this application.",
    ),
    known(
        7_000_218,
        "Pass a certificate or secret, or allow public client flows in the registration: the application must authenticate.",
    ),
    known(
        7_000_222,
        "Create a new client secret under Certificates & secrets, or move to a certificate: the secret has expired.",
    ),
    known(
        7_000_229,
        "Consent to the application in this tenant, or create a service principal for it there: it has none.",
    ),
    known(
        9_002_313,
        "Check the values that were passed, and that no proxy changes the request: it is malformed.",
    ),
    known(
        9_002_326,
        "Register the redirect URI for another platform type: it belongs to a single-page application, and was used from elsewhere.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_hint_is_a_sentence() {
        assert!(TABLE.len() >= 40);
        assert!(
            TABLE.windows(2).all(|pair| pair[0].code < pair[1].code),
            "not in ascending order"
        );
        for entry in TABLE {
            assert!(entry.hint.ends_with('.') && entry.hint.len() > 20, "{}", entry.code);
            assert_eq!(entry.hint.contains("{}"), entry.parameter.is_some(), "{}", entry.code);
        }
    }

    #[test]
    fn the_table_has_the_codes_that_administrators_meet() {
        for code in [
            700_016, 700_027, 7_000_215, 7_000_222, 700_024, 50126, 50076, 50079, 50034, 50057, 50053, 65001, 90002,
            900_023, 70011, 500_011, 9_002_313, 50158, 53003, 5_002_730, 1_002_012,
        ] {
            assert!(lookup(code).is_some(), "{code}");
        }
        assert!(lookup(1).is_none());
    }
}
