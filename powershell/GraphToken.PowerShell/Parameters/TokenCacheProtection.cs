namespace GraphToken.PowerShell;

/// <summary>How the file of a token cache is protected when there is no key.</summary>
public enum TokenCacheProtection
{
    /// <summary>With what the operating system has for the user: DPAPI, keychain or keyring.</summary>
    User,

    /// <summary>Not at all: plain JSON, as MSAL's own serialization writes it.</summary>
    None,
}
