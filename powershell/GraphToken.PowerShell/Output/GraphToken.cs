using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>An access token that <see cref="GetHeader"/> renews in place. Safe to use from several runspaces.</summary>
public sealed class GraphToken
{
    private readonly object _gate = new();
    private readonly TokenRenewal _renewal;
    private volatile HeldToken _held;

    internal GraphToken(AccessToken token, TokenRenewal renewal)
    {
        _held = new HeldToken(token);
        _renewal = renewal;
    }

    /// <summary>The access token, as Connect-MgGraph takes it.</summary>
    public SecureString AccessToken => Token.GetSecureString();

    /// <summary>
    /// When the token expires (UTC, by the service's clock); the minimum value if the service has not said.
    /// </summary>
    public DateTimeOffset ExpiresOn => Token.ExpiresOn;

    /// <summary>The scopes that were granted.</summary>
    public IReadOnlyList<string> Scopes => Token.Scopes;

    /// <summary>The tenant that issued the token.</summary>
    public string TenantId => Token.TenantId;

    /// <summary>The application that the token was issued to.</summary>
    public string ClientId => Token.ClientId;

    /// <summary>The user for whom the application acts; empty for the application itself.</summary>
    public string Username => Token.Username;

    /// <summary>The token's type, which is <c>Bearer</c>.</summary>
    public string TokenType => Token.TokenType;

    /// <summary>The user's refresh token; <see langword="null"/> when there is none.</summary>
    public SecureString? RefreshToken => Token.GetRefreshToken();

    /// <summary>An Authorization header for Invoke-RestMethod, with a new token if this one is about to expire
    /// (within five minutes, or the -MinimumLifetime of the call), or if it is not known when it expires.</summary>
    /// <exception cref="GraphTokenException">The token is about to expire and the renewal failed; the kind is
    /// InteractionRequired when there is nothing to renew it with.</exception>
    public Hashtable GetHeader()
    {
        lock (_gate)
        {
            if (_renewal.IsDue(_held))
            {
                _held = new HeldToken(_renewal.Renew(Token));
            }
            // Letter case does not matter in the hash tables that PowerShell makes either.
            return new Hashtable(StringComparer.OrdinalIgnoreCase)
            {
                ["Authorization"] = "Bearer " + Token.GetPlainText(),
            };
        }
    }

    /// <summary>The access token as plain text, not renewed.</summary>
    public string GetPlainText() => Token.GetPlainText();

    /// <summary>The application, the tenant and the expiry, never the token.</summary>
    public override string ToString()
    {
        string expiry = ExpiresOn == DateTimeOffset.MinValue
            ? "without a known expiry"
            : "expires " + ExpiresOn.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
        return $"Token of application {ClientId} in {TenantId}, {expiry}";
    }

    private AccessToken Token => _held.Token;
}
