using System;

namespace GraphToken;

/// <summary>Options of a request. They are read when the request is made: later changes have no effect.</summary>
public sealed class TokenRequestOptions
{
    /// <summary>
    /// A claims request: a JSON object (OpenID Connect Core section 5.5), such as
    /// <see cref="GraphTokenException.Claims"/>. With it a new token is requested, which replaces the cached one. None
    /// by default.
    /// </summary>
    public string? Claims { get; set; }

    /// <summary>
    /// The claims challenge of an API that has refused the token: the value of its header <c>WWW-Authenticate</c>,
    /// several separated by commas, at most 16 KiB. With it a new token is requested, which replaces the cached one.
    /// Its claims take precedence over those of <see cref="Claims"/>. None by default.
    /// </summary>
    /// <remarks>
    /// A header without claims is <see cref="GraphTokenErrorKind.InvalidArgument"/>, and the message says what it asks
    /// for. Answer a challenge once: if the API refuses the new token too, the caller has to know.
    /// </remarks>
    public string? Challenge { get; set; }

    /// <summary>Id under which the tenant's sign-in logs show the request; a random one by default.</summary>
    public Guid? CorrelationId { get; set; }

    /// <summary>Requests a token from the service even if there is one in the cache.</summary>
    public bool ForceRefresh { get; set; }

    /// <summary>
    /// How long a cached token must still be valid, 0 to 1 day, counted in whole seconds and rounded up;
    /// five minutes by default.
    /// </summary>
    public TimeSpan? MinimumLifetime { get; set; }

    /// <summary>
    /// Time limit of the whole call, 1 second to 1 day, in whole seconds and rounded up; the client's by default.
    /// </summary>
    public TimeSpan? Timeout { get; set; }

    internal OptionsHandle ToHandle()
    {
        var options = new OptionsHandle();
        try
        {
            options.SetWhen(Claims, "claims");
            options.SetWhen(Challenge, "challenge");
            options.SetWhen(CorrelationId?.ToString("D"), "correlation_id");
            options.SetWhen(ForceRefresh ? "true" : null, "force_refresh");
            options.SetWhen(OptionsHandle.Seconds(MinimumLifetime), "minimum_lifetime_seconds");
            options.SetWhen(OptionsHandle.Seconds(Timeout), "timeout_seconds");
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}
