using System.Net;

namespace GraphToken.Benchmarks;

/// <summary>An application with the class library, at one tenant.</summary>
internal sealed class Ours : IDisposable
{
    private readonly TokenClient _client;

    /// <param name="service">The service's address.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="certificate">A PEM file; the client secret proves the application without it.</param>
    internal Ours(string service, string tenant = Peer.Tenant, string? certificate = null)
    {
        TokenClientBuilder builder = TokenClient.Builder($"{service}/{tenant}", Peer.ClientId)
            .UseEnvironment(false)
            .WithSharedCache();
        if (certificate == null)
        {
            using var secret = new NetworkCredential("", Peer.ClientSecret).SecurePassword;
            _client = builder.WithClientSecret(secret).Build();
        }
        else
        {
            using ClientCertificate own = ClientCertificate.FromFile(certificate);
            _client = builder.WithCertificate(own).Build();
        }
    }

    internal static TokenRequest Request(int number, TokenRequestOptions? options = null) =>
        TokenRequest.ForClient(options ?? new TokenRequestOptions(), Peer.Scope(number));

    internal void Acquire(TokenRequest request)
    {
        using AccessToken token = _client.Acquire(request);
    }

    /// <summary>The same, which must find a token in the cache.</summary>
    internal bool IsHit(TokenRequest request)
    {
        using AccessToken token = _client.Acquire(request);
        return token.FromCache;
    }

    internal async Task AcquireAsync(TokenRequest request)
    {
        using AccessToken token = await _client.AcquireAsync(request).ConfigureAwait(false);
    }

    public void Dispose() => _client.Dispose();
}
