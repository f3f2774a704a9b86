//! The rows: each AADSTS code with its OAuth error, suberror and text.

use super::SLOW_DOWN;

pub(super) type Row = (u32, &'static str, &'static str, &'static str);

pub(super) const TABLE: &[Row] = &[
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
        65_001,
        "invalid_grant",
        "consent_required",
        "The user or administrator has not consented to use the application with ID '{0}'. Send an interactive \
         authorization request for this user and resource.",
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
        500_011,
        "invalid_resource",
        "",
        "The resource principal named {0} was not found in the tenant named {1}. This can happen if the application \
         has not been installed by the administrator of the tenant or consented to by any user in the tenant. You \
         might have sent your authentication request to the wrong tenant.",
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
        5_002_730,
        "invalid_request",
        "",
        "Invalid JWT token. Unsupported key for the signing algorithm. {0}",
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
        9_002_313,
        "invalid_request",
        "",
        "Invalid request. Request is malformed or invalid. {0}",
    ),
];
