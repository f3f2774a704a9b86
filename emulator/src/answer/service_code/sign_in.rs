//! The codes about users, their sign-in and their consent, and about the applications and resources of a tenant.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        50_011,
        "invalid_request",
        "",
        "The redirect URI '{0}' specified in the request does not match the redirect URIs configured for the \
         application '{1}'. Make sure the redirect URI sent in the request matches one added to your application in \
         the Azure portal.",
    ),
    (
        50_013,
        "invalid_grant",
        "",
        "Assertion failed signature validation. [Reason - The provided signature value did not match the expected \
         signature value.]",
    ),
    (50_027, "invalid_client", "", "JWT token is invalid or malformed. {0}"),
    (
        50_034,
        "invalid_grant",
        "",
        "The user account {EUII Hidden} does not exist in the {0} directory. To sign into this application, the \
         account must be added to the directory.",
    ),
    (50_049, "invalid_instance", "", "Unknown or invalid instance."),
    (
        50_053,
        "invalid_grant",
        "",
        "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
    ),
    (
        50_055,
        "invalid_grant",
        "user_password_expired",
        "The password is expired.",
    ),
    (50_057, "invalid_grant", "", "The user account is disabled."),
    (
        50_058,
        "interaction_required",
        "",
        "A silent sign-in request was sent but no user is signed in.",
    ),
    (
        50_059,
        "invalid_request",
        "",
        "No tenant-identifying information found in either the request or implied by any provided credentials.",
    ),
    (
        50_076,
        "invalid_grant",
        "basic_action",
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must \
         use multi-factor authentication to access '{0}'.",
    ),
    (
        50_078,
        "invalid_grant",
        "basic_action",
        "Presented multi-factor authentication has expired due to policies configured by your administrator, you must \
         refresh your multi-factor authentication to access '{0}'.",
    ),
    (
        50_079,
        "invalid_grant",
        "basic_action",
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must \
         enroll in multi-factor authentication to access '{0}'.",
    ),
    (50_097, "interaction_required", "", "Device authentication is required."),
    (
        50_105,
        "invalid_grant",
        "",
        "Your administrator has configured the application '{0}' to block users unless they are specifically granted \
         access to the application.",
    ),
    (
        50_126,
        "invalid_grant",
        "",
        "Error validating credentials due to invalid username or password.",
    ),
    (
        50_131,
        "invalid_grant",
        "message_only",
        "Device is not in required device state, or the request was blocked due to suspicious activity, access policy \
         or security policy decisions.",
    ),
    (
        50_147,
        "invalid_request",
        "",
        "The code challenge parameter isn't valid: it is the SHA-256 of the verifier in base64url, with the method S256.",
    ),
    (
        50_158,
        "invalid_grant",
        "basic_action",
        "External security challenge not satisfied. User will be redirected to another page or authentication \
         provider to satisfy additional authentication challenges.",
    ),
    (
        50_173,
        "invalid_grant",
        "bad_token",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have \
         changed or reset their password.",
    ),
    (
        50_194,
        "invalid_request",
        "",
        "Application '{0}' is not configured as a multi-tenant application. Usage of the /common endpoint is not \
         supported for such apps.",
    ),
    (
        50_196,
        "invalid_grant",
        "",
        "The server terminated an operation because it encountered a client request loop. Please contact your app \
         vendor.",
    ),
    (
        53_000,
        "invalid_grant",
        "message_only",
        "Device is not in required device state: non-compliant. Conditional Access policy requires a compliant device.",
    ),
    (
        53_003,
        "invalid_grant",
        "message_only",
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    ),
    (
        54_005,
        "invalid_grant",
        "",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh \
         token.",
    ),
    (
        65_001,
        "invalid_grant",
        "consent_required",
        "The user or administrator has not consented to use the application with ID '{0}'. Send an interactive \
         authorization request for this user and resource.",
    ),
    (65_004, "authorization_declined", "", "User declined."),
    (
        500_011,
        "invalid_resource",
        "",
        "The resource principal named {0} was not found in the tenant named {1}. This can happen if the application \
         has not been installed by the administrator of the tenant or consented to by any user in the tenant. You \
         might have sent your authentication request to the wrong tenant.",
    ),
    (
        500_112,
        "invalid_client",
        "",
        "The reply address '{0}' does not match the reply address '{1}' provided when requesting Authorization code.",
    ),
    (
        500_131,
        "invalid_grant",
        "",
        "Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was \
         '{0}' and the expected audience is '{1}' or one of the Application Uris of this application with App ID '{1}'.",
    ),
    (
        500_133,
        "invalid_grant",
        "",
        "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for \
         user assertion, or request a new token.",
    ),
    (
        501_481,
        "invalid_grant",
        "",
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    ),
    (
        5_002_730,
        "invalid_request",
        "",
        "Invalid JWT token. Unsupported key for the signing algorithm. {0}",
    ),
];
