using System;

namespace GraphToken;

/// <summary>What a request says beyond its grant. Read when the request is made: later changes do nothing.</summary>
public sealed class TokenRequestOptions
{
    /// <summary>
    /// A claims request or challenge to pass on: a JSON object (OpenID Connect Core section 5.5). None by default.
    /// </summary>
    public string? Claims { get; set; }

    /// <summary>Id under which the tenant's sign-in logs show the request; a random one by default.</summary>
    public Guid? CorrelationId { get; set; }

    /// <summary>Asks the service even when the cache has a token.</summary>
    public bool ForceRefresh { get; set; }

    /// <summary>
    /// How long a token of the cache must still be valid, 0 to 1 day, counted in whole seconds and rounded up;
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
