//! The AADSTS numbers that a client without a browser can meet, with what to do about each.
//!
//! A row has the number, where its meaning is published, and what to do, with parameters in braces. What ends it is
//! only where it applies: `interaction`, `refresh_token` or `session` (the functions of [`ServiceCode`]), and other
//! meanings by words of the service's text.

use crate::service::aadsts::source::Source;
use crate::service::aadsts::{ServiceCode, Variant};

macro_rules! codes {
    ($((
        $code:literal, $source:ident $(($page:literal))?, $hint:literal
        $(, $kind:ident)?
        $(, [$((says($words:literal), $other:ident $(($other_page:literal))?, $other_hint:literal)),+])?
    ),)*) => {
        /// Every known number, in ascending order.
        pub const TABLE: &[ServiceCode] = &[
            $(ServiceCode::new($code, $hint, Source::$source $(($page))?) $(.$kind())?,)*
        ];

        /// The other meanings of numbers in [`TABLE`], in its order.
        pub const VARIANTS: &[Variant] = &[
            $($($(Variant::new($code, $words, $other_hint, Source::$other $(($other_page))?),)+)?)*
        ];
    };
}

codes! {
    // Accounts, tenants and federated sign-ins.
    (16000, ErrorCodes, "Invite the user to this tenant, or sign in with another account: the account does not exist in the tenant.", interaction),
    (16003, ErrorCodes, "Invite the user to this tenant, or use the user's own tenant: the account is not a member of this one.", interaction),
    (20001, ErrorCodes, "Ask the administrator of the federated identity provider to check the sign-in: it has an error there."),
    (28000, Issue("AzureAD/microsoft-authentication-library-for-js#1487"), "Ask for one resource at a time: {SCOPES} names several."),
    (28002, ErrorCodes, "Check {SCOPES}: the service does not accept it for an access token."),
    (28003, ErrorCodes, "Name at least one scope in {SCOPES}: a code cannot be redeemed without one."),
    (40008, ErrorCodes, "Ask the administrator of the federated identity provider: it returned an error."),
    (50000, ErrorCodes, "Try again, then report the correlation id to Microsoft: the service had an internal error."),
    (50001, ErrorCodes, "Check the resource in {SCOPES}, and the national cloud ({CLOUD}): the resource is disabled or does not exist."),
    (50002, ErrorCodes, "Ask the network administrator to allow this tenant: a proxy restricts access to tenants."),
    (50005, ErrorCodes, "Use a supported device or ask for an exception: Conditional Access does not allow this device's platform."),
    (50011, ErrorCodes, "Register the redirect URI of the request under Authentication in the application's registration."),
    (50012, ErrorCodes, "Compare the registered credential with the one that was used: the authentication failed.", [
        (says("key used is expired"), Quotation("MicrosoftDocs/azure-docs/articles/hdinsight/hadoop/hdinsight-troubleshoot-data-lake-files.md"), "Replace the certificate and upload the new one to the application: the certificate has expired."),
        (says("Invalid client secret"), Issue("AzureAD/microsoft-authentication-library-for-dotnet#544"), "Use the secret's value (not its id), and check that it belongs to this application."),
        (says("valid time range"), Issue("Azure-Samples/active-directory-dotnet-daemon-certificate-credential#46"), "Set this machine's clock: the client assertion is not within its validity period.")
    ]),
    (50013, ErrorCodes, "Check the assertion's issuer, audience and times: it is not valid for this service now.", [
        (says("Assertion audience"), Issue("AzureAD/microsoft-authentication-library-for-js#389"), "Pass a token that was issued for this application: the assertion is for another audience."),
        (says("failed signature validation"), Issue("AzureAD/microsoft-authentication-library-for-dotnet#2604"), "Pass the token unchanged, and check its issuer: the signature of the assertion does not verify.")
    ]),
    (50014, ErrorCodes, "Invite the user as a guest, or have the guest accept the invitation: the account does not exist in this tenant."),
    (50020, ErrorCodes, "Invite the user as a guest, or use the user's own tenant: the account belongs to another tenant or identity provider."),
    (50027, ErrorCodes, "Check the JWT that was passed (its form, issuer, audience and times): the service does not accept it.", [
        (says("No certificate thumbprint"), Issue("AzureAD/microsoft-authentication-library-for-dotnet#124"), "Put the certificate's thumbprint into the header of the assertion: it has none.")
    ]),
    (50033, ErrorCodes, "Try again: the service has a temporary problem."),
    (50034, ErrorCodes, "Check the spelling of the sign-in name, and the tenant: the user does not exist there."),
    (50048, ErrorCodes, "Set the subject of the client assertion to its issuer, the client id: the two differ."),
    (50049, ErrorCodes, "Check the authority's host name: the service does not know the instance or authority."),
    (50052, WhatsNew, "Have the user choose a password of at most 256 characters: this one is longer."),
    (50053, ErrorCodes, "Look up the failure reason in the sign-in logs: the account is locked after wrong passwords, or the IP address is blocked.", [
        (says("IP address"), ErrorCodes, "Sign in from another IP address, or have an administrator review it in the sign-in logs: the service blocks this one."),
        (says("too many times"), ErrorCodes, "Wait, then reset the password: the account is locked after too many wrong passwords.")
    ]),
    (50055, ErrorCodes, "Have the user sign in interactively and change the expired password.", interaction),
    (50056, ErrorCodes, "Have the user set a password: the account has none in this directory, or it is invalid."),
    (50057, Article("error-code-aadsts50057-user-account-is-disabled"), "Ask an administrator to enable the user's account, which is disabled."),
    (50058, ErrorCodes, "Sign in interactively: no user is signed in for silent sign-in."),
    (50059, ErrorCodes, "Pass the tenant's id or domain: the request names no tenant."),
    (50064, ErrorCodes, "Check the user name and password: the service does not accept them."),
    (50072, ErrorCodes, "Have the user sign in interactively once to register for multi-factor authentication.", interaction),
    (50074, ErrorCodes, "Sign in interactively to pass multi-factor authentication, or use a certificate without a user.", interaction),
    (50076, ErrorCodes, "Sign in interactively, or use the application's certificate without a user: a password alone cannot pass multi-factor authentication.", interaction),
    (50078, ErrorCodes, "Sign in interactively again: the multi-factor authentication has expired.", interaction),
    (50079, ErrorCodes, "Have the user sign in interactively once to set up multi-factor authentication.", interaction),
    (50085, ErrorCodes, "Have the user sign in again: the refresh token needs a sign-in with the social identity provider.", refresh_token),
    (50089, ErrorCodes, "Have the user sign in again: the code, token or session of the sign-in has expired.", refresh_token),
    (50097, ErrorCodes, "Sign in interactively on a registered device: device authentication is required.", interaction),
    (50105, Article("error-code-aadsts50105-user-not-assigned-role"), "Assign the user or group to the application under Enterprise applications, Users and groups.", [
        (says("AADSTS50105: Application '"), Issue("Azure-Samples/active-directory-dotnet-daemon#10"), "Assign an application role of the resource to this application: the resource requires an assignment.")
    ]),
    (50107, Issue("MicrosoftDocs/azure-docs#40210"), "Check the issuer of the assertion: the tenant knows no such federation realm."),
    (50117, ErrorCodes, "Check {CLAIMS}: the service cannot read the claims request."),
    (50125, ErrorCodes, "Have the user sign in interactively and complete the reset or registration of the password.", interaction),
    (50126, PasswordGrant, "Check the user name and password, and that the user is not a federated or guest account."),
    (50128, ErrorCodes, "Check the tenant's id or domain: the request names no tenant, or the domain is not valid."),
    (50129, ErrorCodes, "Use a device that is registered with the tenant: workplace join is required.", interaction),
    (50131, ErrorCodes, "Look up the correlation id in the sign-in logs to find the Conditional Access policy that blocked the sign-in.", interaction),
    (50132, ErrorCodes, "Have the user sign in again: the session ended because the password changed or expired.", session),
    (50133, ErrorCodes, "Have the user sign in again: the session ended because the password changed or expired.", session),
    (50135, ErrorCodes, "Have the user sign in interactively and change the password: the account is at risk.", interaction),
    (50137, ErrorCodes, "Have the user sign in interactively and change the password: a security policy requires it.", interaction),
    (50139, ErrorCodes, "Have the user sign in again: the session has no external refresh token.", refresh_token),
    (50142, ErrorCodes, "Have the user sign in interactively and change the password: Conditional Access requires it.", interaction),
    (50144, PassThrough, "Change the user's password in the on-premises directory, where it has expired.", interaction),
    (50148, ErrorCodes, "Send the code verifier that belongs to the code challenge: the two do not match."),
    (50158, ErrorCodes, "Sign in interactively to pass the external security challenge (multi-factor authentication or terms of use).", interaction),
    (50173, Article("error-code-aadsts50173-grant-expired-revoked"), "Have the user sign in again: the refresh token was revoked, for instance by a change of the password.", session),
    (50194, ErrorCodes, "Pass the tenant's own id or domain in place of /common: the application is not multi-tenant."),
    (50196, ErrorCodes, "Look for a loop, and keep and reuse tokens: the same request was sent over and over."),
    (51004, ErrorCodes, "Check the user name and the tenant, or invite the user: the account does not exist in this directory."),

    // Policies about devices, apps and risk.
    (53000, ErrorCodes, "Use a compliant device, which Conditional Access requires, or ask for an exception.", interaction),
    (53001, ErrorCodes, "Use a domain-joined device, which Conditional Access requires, or ask for an exception.", interaction),
    (53002, ErrorCodes, "Use an app on the policy's list of approved apps, or ask for an exception: Conditional Access requires it."),
    (53003, ErrorCodes, "Look up the correlation id in the sign-in logs to find the Conditional Access policy that blocks this sign-in, and change the policy or the way of signing in.", interaction),
    (53004, ErrorCodes, "Have the user register for multi-factor authentication: access requires it.", interaction),
    (53005, Issue("microsoftconnect/ms-intune-app-sdk-ios#223"), "Use an app with Intune app protection, or ask for an exception: Conditional Access requires it."),
    (53009, ConditionalAccess, "Use an app with Intune app protection, or ask for an exception: Conditional Access requires it."),
    (53010, ErrorCodes, "Have the user set up multi-factor authentication from a location or device that the organization allows.", interaction),
    (53011, ErrorCodes, "Ask the administrator of the user's home tenant: the user is blocked there because of risk."),
    (54005, ErrorCodes, "Start the sign-in again to get a new code: this one was already redeemed."),

    // Consent, permissions and resources.
    (65001, ErrorCodes, "Grant admin consent under API permissions: the permissions that the application requests have no consent yet.", interaction),
    (65002, ErrorCodes, "Register an application of your own: an application of Microsoft must be preauthorized for this resource."),
    (65004, ErrorCodes, "Ask the user for consent again, or have an administrator consent: the user declined."),
    (65005, ErrorCodes, "Check the API permissions of the application's registration against {SCOPES}: they do not fit together."),

    // The application, its credential and its grants.
    (70000, ErrorCodes, "Have the user sign in again: the refresh token or code is not valid.", refresh_token, [
        (says("scopes requested are unauthorized"), Article("bundle-consent-application-registrations"), "Have the user sign in and consent: the sign-in does not cover {SCOPES}.")
    ]),
    (70001, SignInReport, "Check the client id, the tenant, and that the application is enabled: the service does not find it there."),
    (70002, ErrorCodes, "Check the certificate or secret that is registered for the application: its credential is not valid.", [
        (says("must contain the following parameter"), Issue("postmanlabs/postman-app-support#3685"), "Pass a certificate or secret, or allow public client flows in the registration: the application must authenticate.")
    ]),
    (70003, ErrorCodes, "Use another grant: the service does not support this one."),
    (70008, SignInReport, "Have the user sign in again: the refresh token or code has expired or was revoked.", refresh_token),
    (70011, ErrorCodes, "Check {SCOPES}: applications use <resource>/.default, users use names such as User.Read.", [
        (says("combined with resource-specific scopes"), Issue("AzureAD/microsoft-authentication-library-for-js#1718"), "Ask for <resource>/.default alone: {SCOPES} combines it with other scopes.")
    ]),
    (70016, ErrorCodes, "Wait for the user to enter the code, and ask again: the sign-in is not finished."),
    (70018, ErrorCodes, "Have the user enter the code as it is shown: a wrong one was entered."),
    (70019, ErrorCodes, "Start the sign-in again: the code has expired."),
    (70020, Issue("Azure/azure-cli#22251"), "Start the sign-in again: the device code has expired."),
    (70021, Federation, "Compare the assertion's issuer, subject and audience with the application's federated credentials, and wait some minutes after a change: none matches."),
    (70025, AzurePipelines, "Add a federated credential to the application: it has none."),
    (70043, ErrorCodes, "Have the user sign in again: a sign-in frequency policy ended the refresh token.", refresh_token),
    (70044, SignInReport, "Have the user sign in again: a Conditional Access policy ended the session.", refresh_token),
    (70052, AzurePipelines, "Use a managed identity, a single-tenant application or a service account: the service accepts no other identity here."),

    // Passwords that an agent checks on-premises.
    (80001, PassThrough, "Check that an authentication agent runs and reaches Active Directory: none could check the password."),
    (80002, PassThrough, "Check that the authentication agent reaches Active Directory: checking the password took too long."),
    (80003, PassThrough, "Check the configuration of Active Directory: the authentication agent received an invalid response."),
    (80004, PassThrough, "Check the user name: the authentication agent does not accept it."),
    (80005, PassThrough, "Try again: the authentication agent had a temporary error."),
    (80007, PassThrough, "Check the authentication agent's log, and that it reaches Active Directory: it could not check the password."),
    (80010, PassThrough, "Install and register a new authentication agent if it happens again: this one cannot decrypt the password."),
    (80011, PassThrough, "Install and register a new authentication agent if it happens again: this one has no decryption key."),
    (80012, ErrorCodes, "Sign in during the hours that Active Directory allows this user."),
    (80013, ErrorCodes, "Synchronize the clocks of the authentication agent's machine and of Active Directory: they differ."),
    (80014, PassThrough, "Report the correlation id and the time to Microsoft: the authentication agent took too long."),

    // The request and the directory.
    (90002, ErrorCodes, "Check the tenant's id or domain, and the national cloud ({CLOUD}): the tenant was not found."),
    (90004, ErrorCodes, "Check the values that were passed, and that no proxy changes the request: it is malformed."),
    (90006, ErrorCodes, "Try again: the service is temporarily unavailable."),
    (90008, Consent, "Add the permission User.Read to the application's registration and consent to it: it is the least that is required."),
    (90012, ErrorCodes, "Try again: the request timed out in the service."),
    (90013, ErrorCodes, "Check the parameters that the message names: the service considers the request invalid."),
    (90014, ErrorCodes, "Check the request: the required field that the message names is missing."),
    (90019, ErrorCodes, "Pass the tenant's own id or domain in place of /common: the tenant could not be determined."),
    (90023, ErrorCodes, "Check the values that were passed: the service considers the request invalid.", [
        (says("Public clients can't send a client secret"), Issue("AzureAD/microsoft-authentication-library-for-dotnet#473"), "Leave out the secret, or change the registration: the application is a public client and must not send one.")
    ]),
    (90024, ErrorCodes, "Try again: the service has a temporary problem."),
    (90033, ErrorCodes, "Try again: the directory service is not available."),
    (90036, ErrorCodes, "Report the correlation id to Microsoft: the directory service failed, and another try does not help."),
    (90038, ErrorCodes, "Set {CLOUD} to the national cloud of the tenant: it belongs to another one."),
    (90055, ErrorCodes, "Send fewer requests, and keep and reuse tokens: the tenant sends too many and is blocked."),
    (90072, ErrorCodes, "Invite the user, or compare the ImmutableID of a synchronized user: the account does not exist in this tenant."),
    (90090, ErrorCodes, "Try again: the directory is temporarily unavailable."),
    (90093, ErrorCodes, "Have an administrator grant consent: the directory forbids the request to this user."),
    (90094, ErrorCodes, "Grant admin consent under API permissions: an administrator must consent to the application."),
    (90112, ErrorCodes, "Check {CLIENT_ID}: the service expects a GUID."),
    (90120, ErrorCodes, "Start the sign-in again: the request was already approved or declined."),
    (90124, ErrorCodes, "Pass the tenant's own id or domain in place of /common or /consumers: the resource does not support them."),
    (90130, ErrorCodes, "Pass the tenant's own id or domain in place of /common or /consumers: the application does not support them."),

    // The longer numbers, most of which are special cases of a shorter one.
    (130501, CertificateAuthentication, "Ask an administrator to allow the user this way of signing in: the policy on credentials blocks it."),
    (135011, ErrorCodes, "Ask an administrator to enable the device, or sign in on another one: the device of the sign-in is disabled."),
    (240001, ErrorCodes, "Ask an administrator: the user may not register devices."),
    (240002, ErrorCodes, "Pass an access token as the assertion: the id token lacks a required claim."),
    (399284, ErrorCodes, "Compare the issuer in the identity provider's token with the federation settings: it is empty or differs."),
    (500011, ErrorCodes, "Check the resource in {SCOPES}, that it has a service principal, and the national cloud ({CLOUD}): the tenant does not have it."),
    (500014, ErrorCodes, "Ask an administrator to enable the resource's service principal or renew its subscription: it is disabled."),
    (500021, ErrorCodes, "Ask the network administrator to allow this tenant: tenant restrictions deny access to it."),
    (500022, ErrorCodes, "Ask the network administrator to allow this tenant: tenant restrictions deny access to it."),
    (500112, Quotation("f-bader/EntraID-ErrorCodes/EntraIDErrorCodes.json"), "Use the redirect URI of the sign-in: the code is redeemed with another one."),
    (500113, Issue("OfficeDev/microsoft-teams-apps-groupactivities#10"), "Register a redirect URI under Authentication in the application's registration: it has none."),
    (500121, SignInReport, "Sign in again and complete the multi-factor authentication, which failed.", interaction),
    (500131, Issue("microsoft/AzureTRE-Deployment#65"), "Pass a token that was issued for this application: the assertion is for another audience."),
    (500133, ErrorCodes, "Check this machine's clock: the assertion is outside its validity period."),
    (500208, ErrorCodes, "Check the domain of the user name, and the tenant: this type of account cannot sign in with it."),
    (500212, ErrorCodes, "Ask the administrator of the user's tenant: its outbound access policy does not allow this tenant."),
    (500213, ErrorCodes, "Ask the administrator of this tenant: its cross-tenant access policy does not allow the user."),
    (500341, VivaGoals, "Use another account: this one was deleted from the directory."),
    (500571, Article("error-code-aadsts500571-guest-user-account-is-disabled"), "Ask an administrator of this tenant to enable the guest's account, which is disabled."),
    (501051, Quotation("MicrosoftDocs/entra-docs/docs/identity-platform/scenario-protected-web-api-app-registration.md"), "Assign an application role of the resource to this application: the resource requires an assignment."),
    (501481, ErrorCodes, "Send the code verifier that belongs to the code challenge: the two do not match."),
    (530002, VivaGoals, "Sign in on a compliant device, which Conditional Access requires, or ask for an exception.", interaction),
    (530003, Issue("Azure/azure-cli#29282"), "Sign in on a managed device, which Conditional Access requires, or ask for an exception.", interaction),
    (530004, Article("error-code-aadsts530004-acceptcompliantdevice-setting-not-configured"), "Trust the guest's compliant devices in the cross-tenant access settings: a policy requires such a device."),
    (530021, SignInReport, "Use an app that Conditional Access approves, or ask for an exception: this one does not meet the policy."),
    (530031, Quotation("f-bader/EntraID-ErrorCodes/EntraIDErrorCodes.json"), "Look up the correlation id in the sign-in logs to find the access policy: it does not allow the token."),
    (530032, ErrorCodes, "Look up the correlation id in the sign-in logs: a security policy of the tenant blocks this sign-in."),
    (530033, Issue("Azure/azure-cli#27919"), "Sign in on a managed device in another way than by device code: a policy requires such a device."),
    (530034, ErrorCodes, "Ask the administrator of the user's home tenant: the delegated administrator is blocked because of risk there."),
    (530035, ErrorCodes, "Sign in in another way: security defaults block this one as legacy authentication or as unsafe."),
    (530036, AuthenticationTransfer, "Have the user sign in again: a policy on authentication flows ended the refresh token.", refresh_token),
    (650052, Consent, "Enable the service in the tenant or consent to it: the organization has not subscribed to it."),
    (650053, Issue("MicrosoftDocs/azure-docs#37280"), "Check {SCOPES}: the resource has no such scope."),
    (650056, ErrorCodes, "Check the client id, the API permissions, their admin consent and the certificate: the application is misconfigured."),
    (650057, ErrorCodes, "Add the resource under API permissions in the application's registration: it is not listed there."),
    (650059, ErrorCodes, "Use the application's own tenant, or change the supported account types of its registration: it is single-tenant."),
    (700003, Article("error-code-aadsts700003-device-object-was-not-found"), "Ask an administrator to check the device's registration: the device was not found in the tenant."),
    (700005, ErrorCodes, "Use the tenant in which the sign-in began: the code was issued for another tenant."),
    (700007, Issue("microsoft/Partner-Center-PowerShell#419"), "Use the client id with which the user signed in: the token or code was issued to another application."),
    (700011, ErrorCodes, "Check the client id and the tenant: the application was not found there."),
    (700016, ErrorCodes, "Check the client id, the tenant, the application's consent there, and the national cloud ({CLOUD}): it was not found in this tenant."),
    (700020, ErrorCodes, "Sign in interactively: the grant requires it.", interaction),
    (700021, AzureSdk, "Set both the issuer and the subject of the client assertion to the client id."),
    (700022, ErrorCodes, "Ask for one resource at a time: {SCOPES} names several."),
    (700023, ErrorCodes, "Name the resource in {SCOPES}: the service does not accept it for an access token.", [
        (says("audience"), AzureSdk, "Leave out {AUDIENCE}, so that the client assertion's audience is this token endpoint.")
    ]),
    (700024, AzurePipelines, "Set this machine's clock (compare the time in the message): the client assertion is not within its validity period."),
    (700025, ErrorCodes, "Leave out the secret or certificate, or change the registration: the application is a public client and must not send one."),
    (700027, AzureSdk, "Upload this certificate to the application and compare the thumbprints: its signature is not accepted.", [
        (says("was found, but use of the key"), Issue("microsoftgraph/msgraph-sdk-php#1585"), "Compare the private key with the registered certificate: the assertion was signed with another key, or changed on its way."),
        (says("key used is expired"), Issue("microsoft/azure-tools-for-java#2785"), "Replace the certificate and upload the new one to the application: the registered one has expired."),
        (says("client assertion is expired"), Quotation("aqipro/aqilink-docs/docs/faq.md"), "Replace the certificate and upload the new one to the application: the registered one has expired."),
        (says("key was not found"), Issue("pnp/cli-microsoft365#1621"), "Upload this certificate to the application, or use the registered one: compare the thumbprint in the message.")
    ]),
    (700030, ErrorCodes, "Use a certificate with an authorized subject name: that of this one is not authorized for the application."),
    (700081, Issue("AzureAD/microsoft-authentication-library-for-js#3931"), "Have the user sign in again: the refresh token has reached its maximum lifetime.", refresh_token),
    (700082, ErrorCodes, "Have the user sign in again: the refresh token has expired through inactivity.", refresh_token),
    (700084, ErrorCodes, "Have the user sign in again: a refresh token issued to a single-page application has a fixed, short life.", refresh_token),
    (700211, AzurePipelines, "Compare the assertion's issuer with the application's federated credentials: none has this issuer."),
    (700212, Quotation("AthenZ/athenz/servers/zts/src/test/java/com/yahoo/athenz/zts/external/azure/AzureAccessTokenProviderTest.java"), "Compare the assertion's audience with the application's federated credentials: none has this audience."),
    (700213, AzurePipelines, "Compare the assertion's subject with the application's federated credentials: none has this subject."),
    (700222, Issue("MicrosoftDocs/azure-docs#90276"), "Use a token of another identity provider as the assertion: one that Entra ID issued is not accepted."),
    (700223, AzurePipelines, "Ask an administrator to allow workload identity federation: the tenant restricts or disables it."),
    (700229, ErrorCodes, "Use an app-only token as the assertion: a token of a user is not accepted."),
    (700236, Question("2139753/aadsts700236-entra-id-tokens-issued-by-issuer-http"), "Use an assertion of another issuer: this tenant does not accept tokens of that Entra ID tenant."),
    (700238, AzurePipelines, "Ask an administrator to allow the assertion's issuer: the tenant restricts workload identity federation."),
    (900021, Issue("microsoft/azure-devops-mcp#587"), "Check the spelling of the tenant: its id is not valid."),
    (900023, AzureIdentity, "Check the spelling of the tenant, and the national cloud ({CLOUD}): it is neither a GUID nor a domain that is known there."),
    (900144, ErrorCodes, "Check the request: the required field that the message names is missing."),
    (900382, ErrorCodes, "Set {CLOUD} to the cloud in which the application is registered: this client cannot be used across clouds."),
    (900384, ErrorCodes, "Pass the JWT unchanged, and check the key that signed it: its signature does not verify."),
    (900432, ErrorCodes, "Set {CLOUD} to the cloud in which the application is registered: this client cannot be used across clouds."),
    (900439, Article("error-aadsts900439-usgclientnotsupportedonpublicendpoint"), "Set {CLOUD} to that of Azure Government: the application is registered there."),
    (1000502, Issue("AzureAD/microsoft-identity-web#2834"), "Replace the certificate and upload the new one to the application: it has expired or is not valid yet."),
    (1002012, Issue("MicrosoftDocs/azure-docs#99862"), "Leave out {SCOPES}, or use <resource>/.default, the only scope that applications may ask for."),
    (1002016, Article("application-using-tls-1dot0-1dot1-authentication-fail"), "Check the proxy, which must use TLS 1.2 or later: the request arrived with an older version or cipher."),
    (5002730, Issue("AzureAD/microsoft-authentication-library-for-dotnet#4712"), "Set {ALGORITHM} to RS256, or to PS256 if it is RS256: the service does not accept this assertion's algorithm with its key."),
    (5002741, Issue("zitadel/oidc#887"), "Give the client assertion a single audience: it has several."),
    (7000012, Issue("BingAds/BingAds-Python-SDK#297"), "Set {TENANT} to the tenant in which the user signed in: the token or code was obtained for another one."),
    (7000110, Article("error-code-aadsts7000110-request-is-ambiguous"), "Use the client id with which the user signed in: the token or code was issued to another application."),
    (7000112, Article("error-code-aadsts7000112-application-is-disabled"), "Enable the application's enterprise application, which is disabled."),
    (7000114, ErrorCodes, "Check the application's registration: it may not act on behalf of users here."),
    (7000214, RevocationList, "Use another certificate: this one has been revoked."),
    (7000215, AzureSdk, "Use the secret's value (not its id), and check that it belongs to this application."),
    (7000216, Issue("MicrosoftDocs/azure-docs#30777"), "Pass a certificate, a secret or an assertion: the application must authenticate."),
    (7000218, Article("confidential-client-application-authentication-error-aadsts7000218"), "Pass a certificate or secret, or allow public client flows in the registration: the application must authenticate."),
    (7000222, ErrorCodes, "Create a new client secret under Certificates & secrets, or move to a certificate: the secret has expired."),
    (7000226, Quotation("f-bader/EntraID-ErrorCodes/EntraIDErrorCodes.json"), "Add a federated credential to the application: it has none for this assertion."),
    (7000229, Issue("Azure/azure-sdk-for-net#46762"), "Consent to the application in this tenant, or create a service principal for it there: it has none."),
    (7002131, Quotation("stuartleeks/stuartleeks.com/content/posts/github-federated-credentials-merge-queue/index.md"), "Compare the assertion's claims with the expression of the application's federated credential: they do not match."),
    (7002137, Issue("microsoft/Agents#202"), "Set the subject of the federated credential to the one that the message names: they differ."),
    (7002138, Issue("Azure/login#515"), "Write the subject of the federated credential with the same upper and lower case: only the case differs."),
    (9001023, ErrorCodes, "Pass the tenant's own id or domain in place of /common or /consumers: they do not support this grant."),
    (9002313, ErrorCodes, "Check the values that were passed, and that no proxy changes the request: it is malformed."),
    (9002325, Issue("Azure-Samples/azure-health-data-and-ai-samples#55"), "Register the redirect URI as that of a web or desktop application, or use PKCE: a single-page application needs it."),
    (9002326, Issue("Azure-Samples/ms-identity-javascript-angular-tutorial#37"), "Register the redirect URI as that of a single-page application: the code was redeemed from a web page."),
    (9002327, Issue("AzureAD/microsoft-authentication-library-for-js#2482"), "Register the redirect URI as that of a web or desktop application: the token belongs to a single-page application."),
    (9002331, Issue("AzureAD/microsoft-authentication-library-for-python#194"), "Set {TENANT} to consumers, or change the supported account types: the application serves personal accounts only."),
    (9002332, ErrorCodes, "Pass the tenant's own id or domain in place of /consumers: the application serves work and school accounts only."),
    (9002341, ErrorCodes, "Have the user sign in interactively and permit single sign-on.", interaction),
    (9002346, Issue("amd/gaia#2384"), "Set {TENANT} to consumers, or change the supported account types: the application serves personal accounts only."),
}
