namespace GraphToken;

/// <summary>The contents of a token. They are not verified: anyone could have written them.</summary>
public sealed class DecodedToken
{
    internal DecodedToken(string headerJson, string claimsJson)
    {
        HeaderJson = headerJson;
        ClaimsJson = claimsJson;
    }

    /// <summary>The header (RFC 7515 section 4) as JSON text.</summary>
    public string HeaderJson { get; }

    /// <summary>The claims (RFC 7519 section 4) as JSON text.</summary>
    public string ClaimsJson { get; }
}
