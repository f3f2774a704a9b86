using System;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>Replaces a token by a new one: for an application with its credential, for a user with the refresh token.
/// </summary>
/// <remarks>
/// The value of <paramref name="userParameter"/> is not kept: a password or a user assertion is for one call.
/// </remarks>
internal sealed class TokenRenewal(
    TokenClient client,
    string[] scopes,
    TokenRequestOptions options,
    string? userParameter,
    string? account = null,
    PipelineThread? scriptThread = null)
{
    // The same margin as the cache's, so that the cache never answers with the token that is to be replaced.
    private static readonly TimeSpan DefaultMargin = TimeSpan.FromMinutes(5);

    /// <summary>Whether the token expires sooner than the caller accepts.</summary>
    internal bool IsDue(HeldToken token) => token.TimeLeft < (options.MinimumLifetime ?? DefaultMargin);

    /// <summary>A new token in place of <paramref name="token"/>.</summary>
    internal AccessToken Renew(AccessToken token)
    {
        using TokenRequest request = userParameter == null
            ? TokenRequest.ForClient(options, scopes)
            : UserRequest(token);
        try
        {
            return scriptThread == null
                ? client.Acquire(request)
                : scriptThread.Wait(() => client.Acquire(request));
        }
        catch (GraphTokenException error)
        {
            throw error.ForPowerShell();
        }
    }

    private TokenRequest UserRequest(AccessToken token)
    {
        if (account != null)
        {
            // Who has signed out meanwhile stays signed out.
            return TokenRequest.ForAccount(account, options, scopes);
        }
        using SecureString refreshToken = token.GetRefreshToken() ?? throw new GraphTokenException(
            GraphTokenErrorKind.InteractionRequired,
            "The token cannot be renewed without its user: there is no refresh token.",
            $"Call Get-GraphToken again with -{userParameter}.");
        return TokenRequest.ForRefreshToken(refreshToken, options, scopes);
    }
}
