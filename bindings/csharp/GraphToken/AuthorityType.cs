namespace GraphToken;

/// <summary>A kind of authority: the service that issues tokens, and where its endpoints are.</summary>
public enum AuthorityType
{
    /// <summary>Microsoft Entra ID.</summary>
    Aad,

    /// <summary>Active Directory Federation Services, at <c>https://HOST/adfs</c>.</summary>
    Adfs,

    /// <summary>Azure AD B2C; each policy is an authority of its own.</summary>
    B2C,

    /// <summary>Microsoft Entra External ID.</summary>
    Ciam,

    /// <summary>
    /// An issuer that OpenID Connect Discovery describes. Its metadata are requested when they are needed.
    /// </summary>
    Oidc,
}
