using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security;

namespace GraphToken;

/// <summary>An access token with its properties. May be read from any thread.</summary>
/// <remarks>
/// The tokens stay in native memory, which is wiped when this object is disposed. After that every member but
/// <see cref="ToString"/> throws <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class AccessToken : IDisposable
{
    private readonly TokenHandle _handle;

    internal AccessToken(TokenHandle handle) => _handle = handle;

    /// <summary>
    /// When the token expires, in UTC by the service's clock; <see cref="DateTimeOffset.MinValue"/> if the service has
    /// not said. Such a token is not cached.
    /// </summary>
    /// <remarks>This machine's clock may differ; <see cref="ExpiresIn"/> does not depend on it.</remarks>
    public DateTimeOffset ExpiresOn =>
        _handle.Read<long>(Native.gt_token_expires_on) is var seconds && seconds != 0
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.MinValue;

    /// <summary>
    /// How long the token was still valid when it was acquired, in whole seconds and rounded up;
    /// <see cref="TimeSpan.Zero"/> if the service has not said.
    /// </summary>
    public TimeSpan ExpiresIn => TimeSpan.FromSeconds(_handle.Read<long>(Native.gt_token_expires_in));

    /// <summary>
    /// When the service recommends renewing the token, in UTC; <see langword="null"/> if it does not say.
    /// </summary>
    public DateTimeOffset? RefreshOn =>
        _handle.Read<long>(Native.gt_token_refresh_on) is var seconds && seconds > 0
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>The scopes that were granted.</summary>
    public IReadOnlyList<string> Scopes =>
        _handle.ReadText(Native.gt_token_scopes).Split([' '], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The type of the token: <c>Bearer</c>.</summary>
    public string TokenType => _handle.ReadText(Native.gt_token_token_type);

    /// <summary>The tenant, as the authority has it.</summary>
    public string TenantId => _handle.ReadText(Native.gt_token_tenant_id);

    /// <summary>The application.</summary>
    public string ClientId => _handle.ReadText(Native.gt_token_client_id);

    /// <summary>The user's sign-in name; empty when the token is for the application itself.</summary>
    public string Username => _handle.ReadText(Native.gt_token_username);

    /// <summary>Id that finds the request that obtained the token in the tenant's sign-in logs.</summary>
    public string CorrelationId => _handle.ReadText(Native.gt_token_correlation_id);

    /// <summary>Whether the token comes from a cache.</summary>
    public bool FromCache => _handle.Read<int>(Native.gt_token_source) == (int)GtTokenSource.Cache;

    /// <summary>Whether <see cref="GetRefreshToken"/> returns one.</summary>
    public bool HasRefreshToken => _handle.HasText(Native.gt_token_refresh_token);

    /// <summary>The token as a read-only SecureString, which the caller disposes.</summary>
    public SecureString GetSecureString() => _handle.ReadSecret(Native.gt_token_access_token);

    /// <summary>The token as a string, which cannot be overwritten: it stays in memory until it is collected.</summary>
    public string GetPlainText() => _handle.ReadText(Native.gt_token_access_token);

    /// <summary>The token in UTF-8. The caller overwrites the array after use.</summary>
    public byte[] CopyUtf8() => _handle.ReadBytes(Native.gt_token_access_token);

    /// <summary>
    /// The refresh token as a read-only SecureString, which the caller disposes; <see langword="null"/> when there is
    /// none.
    /// </summary>
    public SecureString? GetRefreshToken() =>
        HasRefreshToken ? _handle.ReadSecret(Native.gt_token_refresh_token) : null;

    /// <summary>
    /// The id token (OpenID Connect Core section 2), not verified; <see langword="null"/> when there is none.
    /// </summary>
    public string? GetIdToken() =>
        _handle.HasText(Native.gt_token_id_token) ? _handle.ReadText(Native.gt_token_id_token) : null;

    /// <summary>Frees the token and wipes it.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>When the token expires, never the token.</summary>
    public override string ToString() => _handle.IsClosed
        ? "AccessToken (disposed)"
        : $"AccessToken ({Expiry})";

    private string Expiry => ExpiresOn == DateTimeOffset.MinValue
        ? "without a known expiry"
        : "expires " + ExpiresOn.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
}
