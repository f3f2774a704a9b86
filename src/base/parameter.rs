//! What callers give, and the name that each surface has for it.

use std::fmt;

use crate::base::surface::Surface;

/// An option of the engine or an argument of one of its functions.
///
/// A message or hint names one by formatting it: `format!("Invalid value for {TIMEOUT}.")`. The result has a
/// placeholder, which [`text_on`] replaces by the name on a surface.
#[derive(Debug)]
pub struct Parameter {
    /// Its id and its names in C, .NET, PowerShell and the command, a line each. As five texts, each parameter would
    /// need five pointers, and five relocations when the library is loaded.
    lines: &'static str,
}

/// `text` with each parameter in it named as `surface` names it.
pub fn text_on(surface: Surface, text: &str) -> String {
    let mut parts = text.split(MARK);
    let mut named = parts.next().unwrap_or_default().to_owned();
    while let Some(id) = parts.next() {
        let parameter = ALL.iter().find(|parameter| parameter.id() == id);
        named.push_str(parameter.map_or(id, |parameter| parameter.name(surface)));
        named.push_str(parts.next().unwrap_or_default());
    }
    named
}

/// Encloses the id of a parameter in a text. Quoted text never contains it, because quoting removes control characters.
const MARK: char = '\u{1}';

impl fmt::Display for Parameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{MARK}{}{MARK}", self.id())
    }
}

impl Parameter {
    /// The name of its constant.
    pub fn id(&self) -> &'static str {
        self.line(0)
    }

    /// Its name on a surface; `None` where the surface does not have it.
    pub fn name_on(&self, surface: Surface) -> Option<&'static str> {
        let line = match surface {
            Surface::C => 1,
            Surface::Dotnet => 2,
            Surface::PowerShell => 3,
            Surface::Command => 4,
        };
        Some(self.line(line)).filter(|name| !name.is_empty())
    }

    /// Its key, if it is an option of the C interface.
    pub fn key(&self) -> Option<&'static str> {
        self.line(1).strip_prefix("option ")
    }

    /// Its name in a message: that of the C interface where the surface does not have it.
    fn name(&self, surface: Surface) -> &'static str {
        self.name_on(surface).unwrap_or(self.line(1))
    }

    fn line(&self, index: usize) -> &'static str {
        self.lines.split('\n').nth(index).unwrap_or_default()
    }
}

/// Declares each parameter as a constant, and all of them as [`ALL`].
macro_rules! parameters {
    ($($(#[$meta:meta])* $name:ident: $c:literal, $dotnet:literal, $powershell:literal, $command:literal;)*) => {
        $(
            $(#[$meta])*
            pub const $name: Parameter = Parameter {
                lines: concat!(stringify!($name), "\n", $c, "\n", $dotnet, "\n", $powershell, "\n", $command),
            };
        )*

        /// Every parameter.
        pub const ALL: &[&Parameter] = &[$(&$name),*];
    };
}

parameters! {
    /// The tenant.
    TENANT: "argument tenant", "argument tenant", "-TenantId", "--tenant";
    /// The application (client) id.
    CLIENT_ID: "argument client_id", "argument clientId", "-ClientId", "--client-id";
    /// The national cloud.
    CLOUD: "option cloud", "WithCloud", "-Environment", "--cloud";
    /// The authority.
    AUTHORITY: "option authority", "WithAuthority", "-Authority", "--authority";
    /// The kind of authority.
    AUTHORITY_TYPE: "option authority.type", "WithAuthorityType", "-AuthorityType", "--authority-type";
    /// The region of Azure whose token service answers.
    AZURE_REGION: "option authority.region", "WithAzureRegion", "-AzureRegion", "--azure-region";

    /// The file with the certificate.
    CERTIFICATE_FILE: "argument certificate_path", "argument path", "-CertificatePath", "--certificate";
    /// The content of the file with the certificate, in place of its path.
    CERTIFICATE_CONTENT: "gt_certificate_new_from_bytes", "FromBytes", "-CertificateBase64", "--certificate -";
    /// The file with the private key, if the certificate file does not contain it.
    PRIVATE_KEY_FILE: "argument private_key_path", "argument privateKeyPath", "-PrivateKeyPath", "--private-key";
    /// The password of a PFX file or of an encrypted key.
    CERTIFICATE_PASSWORD: "argument password", "argument password", "-CertificatePassword", "--certificate-password-file";
    /// The thumbprint of a certificate in a store.
    THUMBPRINT: "argument thumbprint", "argument thumbprint", "-CertificateThumbprint", "--certificate-thumbprint";
    /// The subject of a certificate in a store.
    SUBJECT_NAME: "argument subject_name", "argument subjectName", "-CertificateSubjectName", "--certificate-subject-name";
    /// The shared library of an HSM or smart card.
    PKCS11_MODULE: "argument module_path", "argument modulePath", "-Pkcs11Module", "--pkcs11-module";
    /// The URI of the token and the key (RFC 7512).
    PKCS11_URI: "argument uri", "argument uri", "-Pkcs11Uri", "--pkcs11-uri";
    /// The certificate of a key on a token that holds the key alone.
    PKCS11_CERTIFICATE: "argument certificate", "argument certificate", "-CertificatePath", "--certificate";
    /// The PIN of the token.
    PKCS11_PIN: "argument pin", "argument pin", "-Pkcs11Pin", "--pkcs11-pin-file";
    /// The client secret.
    CLIENT_SECRET: "argument secret", "argument secret", "-ClientSecret", "--client-secret-file";
    /// A client assertion that was signed elsewhere.
    CLIENT_ASSERTION: "argument assertion", "argument assertion", "-ClientAssertion", "--client-assertion-file";
    /// The function that provides client assertions.
    ASSERTION_CALLBACK: "argument callback", "argument assertion", "-ClientAssertion", "--client-assertion-file";
    /// The file with the token of a workload.
    FEDERATED_TOKEN_FILE: "argument path", "argument path", "-FederatedTokenFile", "--federated-token-file";
    /// The service connection of Azure Pipelines.
    SERVICE_CONNECTION_ID: "argument service_connection_id", "argument serviceConnectionId", "-ServiceConnectionId", "--service-connection-id";
    /// The token service of the system that runs a workload.
    FEDERATION_REQUEST_URL: "option federation.request_url", "", "", "";
    /// The token that this service demands.
    FEDERATION_REQUEST_TOKEN: "option federation.request_token", "", "", "";

    /// The managed identity of the machine.
    MANAGED_IDENTITY: "gt_diagnosis_new_for_source", "TokenClientBuilder.ForManagedIdentity", "-Identity", "--managed-identity";
    /// The chain of credentials.
    CHAIN: "gt_diagnosis_new_for_source", "TokenClientBuilder.FromChain", "-Chain", "--chain";
    /// The client id of a managed identity.
    IDENTITY_CLIENT_ID: "option identity.client_id", "ManagedIdentityId.FromUserAssignedClientId", "-IdentityId", "--identity-client-id";
    /// The object id of a managed identity.
    IDENTITY_OBJECT_ID: "option identity.object_id", "ManagedIdentityId.FromUserAssignedObjectId", "-IdentityId", "--identity-object-id";
    /// The Azure resource id of a managed identity.
    IDENTITY_RESOURCE_ID: "option identity.resource_id", "ManagedIdentityId.FromUserAssignedResourceId", "-IdentityId", "--identity-resource-id";
    /// The platform of a managed identity.
    IDENTITY_SOURCE: "option identity.source", "", "", "";
    /// The variables by which a platform tells itself.
    IDENTITY_VARIABLES: "option identity.variables", "", "", "";

    /// The file with the token of a workload, as its platform names it.
    FEDERATED_TOKEN_VARIABLE: "variable AZURE_FEDERATED_TOKEN_FILE", "variable AZURE_FEDERATED_TOKEN_FILE", "variable AZURE_FEDERATED_TOKEN_FILE", "variable AZURE_FEDERATED_TOKEN_FILE";
    /// The tenant whose token a developer tool is asked for.
    TOOL_TENANT: "option developer_tool.tenant", "", "-TenantId", "--tenant";

    /// The user's sign-in name.
    USERNAME: "argument username", "argument username", "-Credential", "--username";
    /// The user's password.
    USER_PASSWORD: "argument password", "argument password", "-Credential", "--password-file";
    /// The user's refresh token.
    REFRESH_TOKEN: "argument refresh_token", "argument refreshToken", "-RefreshToken", "--refresh-token-file";
    /// The access token that a caller has sent to the application.
    USER_ASSERTION: "argument assertion", "argument assertion", "-UserAssertion", "--user-assertion-file";
    /// The port that a browser brings its answer to.
    REDIRECT_PORT: "option redirect.port", "BrowserOptions.RedirectPort", "-RedirectPort", "--redirect-port";
    /// The name of this machine in the address that a browser brings its answer to.
    REDIRECT_HOST: "option redirect.host", "BrowserOptions.RedirectHost", "", "--redirect-host";
    /// The user who is expected to sign in.
    LOGIN_HINT: "option login_hint", "BrowserOptions.LoginHint", "-LoginHint", "--login-hint";
    /// What the user is shown.
    PROMPT: "option prompt", "BrowserOptions.Prompt", "-Prompt", "--prompt";
    /// Has the address of the sign-in shown in place of a browser opened.
    NO_BROWSER: "gt_sign_in_url", "BrowserOptions.ShowAddress", "-NoBrowser", "--no-browser";
    /// Signs in in a web browser.
    INTERACTIVE: "gt_sign_in_new", "TokenRequest.ForBrowser", "-Interactive", "--interactive";
    /// Signs in on another device.
    DEVICE_CODE: "gt_device_code_new", "TokenRequest.ForDeviceCode", "-UseDeviceCode", "--device-code";
    /// The user's account in a token cache.
    ACCOUNT: "argument account", "TokenCacheOptions.Account", "-Account", "--account";
    /// What the token is for.
    SCOPES: "argument scopes", "argument scopes", "-Scopes", "--scope";
    /// A claims request.
    CLAIMS: "option claims", "TokenRequestOptions.Claims", "-Claims", "--claims";
    /// A claims challenge of an API.
    CHALLENGE: "option challenge", "TokenRequestOptions.Challenge", "-Challenge", "--challenge";
    /// What the client tells the service that it can do.
    CAPABILITIES: "option capabilities", "WithClientCapabilities", "-ClientCapability", "--client-capability";
    /// The id of the request in the service's logs.
    CORRELATION_ID: "option correlation_id", "TokenRequestOptions.CorrelationId", "-CorrelationId", "--correlation-id";
    /// Whether to bypass the cache.
    FORCE_REFRESH: "option force_refresh", "TokenRequestOptions.ForceRefresh", "-ForceRefresh", "--force-refresh";
    /// How long a cached token must still be valid.
    MINIMUM_LIFETIME: "option minimum_lifetime_seconds", "TokenRequestOptions.MinimumLifetime", "-MinimumLifetime", "--minimum-lifetime";
    /// The time limit of one call.
    REQUEST_TIMEOUT: "option timeout_seconds", "TokenRequestOptions.Timeout", "-TimeoutSeconds", "--timeout";

    /// The signature algorithm of assertions.
    ALGORITHM: "option assertion.algorithm", "WithAlgorithm", "-Algorithm", "--algorithm";
    /// The audience of assertions.
    AUDIENCE: "option assertion.audience", "WithAssertionAudience", "-Audience", "--audience";
    /// How long assertions are valid.
    ASSERTION_LIFETIME: "option assertion.lifetime_seconds", "WithAssertionLifetime", "-AssertionLifetime", "--assertion-lifetime";
    /// Whether assertions carry the certificate chain.
    SEND_CHAIN: "option assertion.send_chain", "WithCertificateChain", "-SendCertificateChain", "--send-certificate-chain";

    /// The proxy.
    PROXY: "option http.proxy", "WithProxy", "-Proxy", "--proxy";
    /// The hosts that are reached without a proxy.
    NO_PROXY: "option http.no_proxy", "WithNoProxyList", "-NoProxyList", "--no-proxy";
    /// The certificate authorities that are trusted.
    CA_FILE: "option http.ca_file", "WithTrustedCertificates", "-CaFile", "--ca-file";
    /// The time limit of a connection.
    CONNECT_TIMEOUT: "option http.connect_timeout_seconds", "WithConnectTimeout", "-ConnectTimeoutSeconds", "--connect-timeout";
    /// The time limit of calls.
    TIMEOUT: "option http.timeout_seconds", "WithTimeout", "-TimeoutSeconds", "--timeout";
    /// How often a request is sent again.
    RETRIES: "option http.retries", "WithRetries", "-MaximumRetryCount", "--retries";
    /// The calling program, for the `User-Agent` header.
    PRODUCT: "option http.product", "WithProduct", "", "";

    /// Where tokens are kept in memory.
    CACHE: "option cache", "WithSharedCache", "", "";
    /// The name of the token cache's file.
    CACHE_NAME: "option cache.name", "WithTokenCache", "-TokenCache", "--token-cache";
    /// The folder of that file.
    CACHE_FOLDER: "option cache.folder", "WithTokenCache", "-TokenCacheFolder", "--token-cache-folder";
    /// How that file is protected.
    CACHE_PROTECTION: "option cache.protection", "WithPlainTokenCache", "-TokenCacheProtection", "--token-cache-protection";
    /// The key of tokens in a file or in Redis.
    CACHE_KEY: "option cache.key", "WithTokenCacheKey", "-TokenCacheKey", "--cache-key-file";
    /// The Redis server.
    REDIS: "option cache.redis", "WithRedis", "-RedisUrl", "--redis";
    /// Its password.
    REDIS_PASSWORD: "option cache.redis_password", "WithRedis", "-RedisPassword", "--redis-password-file";
    /// The file with its password.
    REDIS_PASSWORD_FILE: "option cache.redis_password_file", "WithRedisPasswordFile", "", "--redis-password-file";
    /// The calling program's own token store.
    TOKEN_STORE: "gt_options_set_token_store", "WithTokenStore", "", "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_surface_names_a_parameter_in_its_own_words() {
        let text = format!("Invalid value for {TIMEOUT}; see {CACHE_KEY} too.");
        for (surface, named) in [
            (
                Surface::C,
                "Invalid value for option http.timeout_seconds; see option cache.key too.",
            ),
            (
                Surface::Dotnet,
                "Invalid value for WithTimeout; see WithTokenCacheKey too.",
            ),
            (
                Surface::PowerShell,
                "Invalid value for -TimeoutSeconds; see -TokenCacheKey too.",
            ),
            (
                Surface::Command,
                "Invalid value for --timeout; see --cache-key-file too.",
            ),
        ] {
            assert_eq!(text_on(surface, &text), named);
        }
    }

    #[test]
    fn a_parameter_that_a_surface_lacks_keeps_its_name_in_c() {
        assert_eq!(
            text_on(Surface::PowerShell, &PRODUCT.to_string()),
            "option http.product"
        );
        assert!(PRODUCT.name_on(Surface::PowerShell).is_none());
    }

    #[test]
    fn a_text_without_parameters_stays_as_it_is() {
        for text in ["", "plain", "a \u{1}stray\u{1} mark"] {
            assert_eq!(text_on(Surface::C, text), text.replace(MARK, ""));
        }
    }
}
