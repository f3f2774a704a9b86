namespace GraphToken;

/// <summary>The signature algorithm of client assertions (RFC 7518 sections 3.3 and 3.5).</summary>
public enum AssertionAlgorithm
{
    /// <summary>
    /// <see cref="PS256"/>, or <see cref="RS256"/> for AD FS and for keys that do not support PS256.
    /// </summary>
    Auto,

    /// <summary>RSASSA-PSS with SHA-256, and the certificate's SHA-256 thumbprint in the header.</summary>
    PS256,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256, and the certificate's SHA-1 thumbprint in the header.</summary>
    RS256,
}
