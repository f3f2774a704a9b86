//! The codes about requests, grants and client credentials.

use super::{Row, SLOW_DOWN};

pub(super) const ROWS: &[Row] = &[
    (
        SLOW_DOWN,
        "slow_down",
        "",
        "The device polls too often: wait 5 seconds longer from now on.",
    ),
    (
        28_000,
        "invalid_request",
        "",
        "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope \
         {0} is not valid.",
    ),
    (70_000, "invalid_grant", "", "Provided grant is invalid or malformed."),
    (
        70_003,
        "unsupported_grant_type",
        "",
        "The app requested an unsupported grant type '{0}'.",
    ),
    (
        70_008,
        "invalid_grant",
        "token_expired",
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive \
         authorization request for this user and resource.",
    ),
    (
        70_011,
        "invalid_scope",
        "",
        "The provided request must include a 'scope' input parameter. The provided value for the input parameter \
         'scope' is not valid. {0}",
    ),
    (
        70_016,
        "authorization_pending",
        "",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    ),
    (
        70_018,
        "bad_verification_code",
        "",
        "Bad verification code. The device code is not known for this application.",
    ),
    (
        70_020,
        "expired_token",
        "",
        "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
    ),
    (
        70_043,
        "invalid_grant",
        "bad_token",
        "The refresh token has expired or is invalid due to sign-in frequency checks by Conditional Access.",
    ),
    (
        70_021,
        "invalid_client",
        "",
        "No matching federated identity record found for presented assertion. {0}",
    ),
    (
        90_002,
        "invalid_request",
        "",
        "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct \
         cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for \
         the tenant.",
    ),
    (
        90_013,
        "invalid_request",
        "",
        "Invalid input received from the user. {0}",
    ),
    (
        90_033,
        "temporarily_unavailable",
        "",
        "A transient error has occurred. Please try again.",
    ),
    (
        90_055,
        "temporarily_unavailable",
        "",
        "There are too many incoming requests. Please try again later.",
    ),
    (90_100, "invalid_request", "", "{0} parameter is empty or not valid."),
    (
        700_016,
        "unauthorized_client",
        "",
        "Application with identifier '{0}' was not found in the directory '{1}'. This can happen if the application \
         has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may \
         have sent your authentication request to the wrong tenant.",
    ),
    (
        700_021,
        "invalid_client",
        "",
        "Client assertion application identifier doesn't match 'client_id' parameter. {0}",
    ),
    (
        700_023,
        "invalid_client",
        "",
        "Client assertion audience claim does not match Realm issuer. {0}",
    ),
    (
        700_024,
        "invalid_client",
        "",
        "Client assertion is not within its valid time range. {0}",
    ),
    (
        700_025,
        "invalid_client",
        "",
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ),
    (700_027, "invalid_client", "", "{0}"),
    (
        700_051,
        "unsupported_response_type",
        "",
        "The response_type '{0}' is not enabled for the application.",
    ),
    (
        700_082,
        "invalid_grant",
        "token_expired",
        "The refresh token has expired due to inactivity.",
    ),
    (
        700_084,
        "invalid_grant",
        "token_expired",
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime, which \
         can't be extended.",
    ),
    (
        700_211,
        "invalid_client",
        "",
        "No matching federated identity record found for presented assertion issuer '{0}'. Check your federated \
         identity credential Subject, Audience and Issuer against the presented assertion.",
    ),
    (
        700_212,
        "invalid_client",
        "",
        "No matching federated identity record found for presented assertion audience '{0}'. Check your federated \
         identity credential Subject, Audience and Issuer against the presented assertion.",
    ),
    (
        700_213,
        "invalid_client",
        "",
        "No matching federated identity record found for presented assertion subject '{0}'. Check your federated \
         identity credential Subject, Audience and Issuer against the presented assertion.",
    ),
    (
        900_023,
        "invalid_request",
        "",
        "Specified tenant identifier '{0}' is neither a valid DNS name, nor a valid external domain.",
    ),
    (
        900_144,
        "invalid_request",
        "",
        "The request body must contain the following parameter: '{0}'.",
    ),
    (
        1_002_012,
        "invalid_scope",
        "",
        "The provided value for scope {0} is not valid. Client credential flows must have a scope value with \
         /.default suffixed to the resource identifier (application ID URI).",
    ),
    (
        7_000_215,
        "invalid_client",
        "",
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not \
         the client secret ID, for a secret added to app '{0}'.",
    ),
    (
        7_000_216,
        "invalid_client",
        "",
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ),
    (
        7_000_218,
        "invalid_client",
        "",
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
    (
        7_000_222,
        "invalid_client",
        "",
        "The provided client secret keys for app '{0}' are expired. Create new keys for your app or use a certificate \
         credential.",
    ),
    (
        9_001_023,
        "invalid_request",
        "",
        "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or \
         tenant-specific endpoint.",
    ),
    (
        9_002_325,
        "invalid_request",
        "",
        "Proof Key for Code Exchange is required for authorization code redemption.",
    ),
    (
        9_002_313,
        "invalid_request",
        "",
        "Invalid request. Request is malformed or invalid. {0}",
    ),
];
