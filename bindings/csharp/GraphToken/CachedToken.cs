using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>
/// What a token cache says of an access token: a part of the result of <see cref="TokenCache.List"/>. It does not
/// contain the token.
/// </summary>
public sealed class CachedToken
{
    internal CachedToken(
        string tenantId,
        string clientId,
        string environment,
        string username,
        bool isForUser,
        IReadOnlyList<string> scopes,
        DateTimeOffset? expiresOn)
    {
        TenantId = tenantId;
        ClientId = clientId;
        Environment = environment;
        Username = username;
        IsForUser = isForUser;
        Scopes = scopes;
        ExpiresOn = expiresOn;
    }

    /// <summary>The tenant, as the cache names it.</summary>
    public string TenantId { get; }

    /// <summary>The application.</summary>
    public string ClientId { get; }

    /// <summary>The cloud or the host, as caches name it; empty for a token in memory.</summary>
    public string Environment { get; }

    /// <summary>The user's sign-in name; empty for the application itself, and if it is unknown.</summary>
    public string Username { get; }

    /// <summary>Whether the token was issued for a user, not for the application itself.</summary>
    public bool IsForUser { get; }

    /// <summary>The scopes that were granted.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>When the token expires (UTC); <see langword="null"/> if that is unknown.</summary>
    public DateTimeOffset? ExpiresOn { get; }

    /// <summary>The application or the user, the tenant and the scopes.</summary>
    public override string ToString() =>
        $"{(Username.Length > 0 ? Username : ClientId)} in {TenantId}: {string.Join(" ", Scopes)}";
}
