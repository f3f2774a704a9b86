using System;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>The contents of a token, decoded and not verified.</summary>
public sealed class TokenContents
{
    internal TokenContents(PSObject header, PSObject claims)
    {
        Header = header;
        Claims = claims;
    }

    /// <summary>The header, such as the algorithm and the key id.</summary>
    public PSObject Header { get; }

    /// <summary>The claims, with nested objects and arrays as they are in the token.</summary>
    public PSObject Claims { get; }

    /// <summary>When the token becomes valid (UTC); <see langword="null"/> if the token has no such claim.</summary>
    public DateTimeOffset? NotBefore => Time("nbf");

    /// <summary>When the token was issued (UTC); <see langword="null"/> if the token has no such claim.</summary>
    public DateTimeOffset? IssuedAt => Time("iat");

    /// <summary>When the token expires (UTC); <see langword="null"/> if the token has no such claim.</summary>
    public DateTimeOffset? ExpiresOn => Time("exp");

    // A NumericDate: seconds since 1970, possibly with a fraction (RFC 7519 section 2).
    private DateTimeOffset? Time(string claim) => Claims.Properties[claim]?.Value switch
    {
        long seconds when IsDate(seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds),
        double seconds when IsDate(seconds) => DateTimeOffset.FromUnixTimeSeconds((long)seconds),
        _ => null,
    };

    private static bool IsDate(double seconds) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() &&
        seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
}
