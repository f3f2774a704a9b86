//! The rows that concern users who sign in in a browser.

use super::table::Row;

pub(super) const SIGN_IN: &[Row] = &[
    (
        50_011,
        "invalid_request",
        "",
        "The redirect URI '{0}' specified in the request does not match the redirect URIs configured for the \
         application '{1}'. Make sure the redirect URI sent in the request matches one added to your application in \
         the Azure portal.",
    ),
    (
        50_147,
        "invalid_request",
        "",
        "The code challenge parameter isn't valid: it is the SHA-256 of the verifier in base64url, with the method S256.",
    ),
    (
        500_112,
        "invalid_client",
        "",
        "The reply address '{0}' does not match the reply address '{1}' provided when requesting Authorization code.",
    ),
    (
        500_113,
        "invalid_request",
        "",
        "No reply address is registered for the application.",
    ),
    (
        501_481,
        "invalid_grant",
        "",
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    ),
    (
        700_051,
        "unsupported_response_type",
        "",
        "The response_type '{0}' is not enabled for the application.",
    ),
    (
        9_002_325,
        "invalid_request",
        "",
        "Proof Key for Code Exchange is required for authorization code redemption.",
    ),
    (
        54_005,
        "invalid_grant",
        "",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh \
         token.",
    ),
    (
        50_058,
        "interaction_required",
        "",
        "A silent sign-in request was sent but no user is signed in.",
    ),
    (65_004, "authorization_declined", "", "User declined."),
];
