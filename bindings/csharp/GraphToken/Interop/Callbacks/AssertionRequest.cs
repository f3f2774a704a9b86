namespace GraphToken;

/// <summary>The token request that a client assertion is for.</summary>
internal sealed class AssertionRequest(string tenant, string clientId, string tokenEndpoint)
{
    /// <summary>The tenant, as the client was built with it.</summary>
    internal string Tenant { get; } = tenant;

    /// <summary>The application.</summary>
    internal string ClientId { get; } = clientId;

    /// <summary>Where the request will be sent.</summary>
    internal string TokenEndpoint { get; } = tokenEndpoint;
}
