using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Identity.Client;

namespace GraphToken.Benchmarks;

/// <summary>An application with MSAL.NET.</summary>
internal sealed class Peer : IMsalHttpClientFactory, IDisposable
{
    internal const string Tenant = "contoso.onmicrosoft.com";
    internal const string ClientId = "11111111-2222-3333-4444-555555555555";
    internal const string ClientSecret = "s3cret~of.the-application";

    private readonly HttpClient _http;
    private readonly IConfidentialClientApplication _application;

    /// <summary>One whose requests go to a service on this machine.</summary>
    /// <param name="service">The service's address.</param>
    /// <param name="certificate">A PEM file; the client secret proves the application without it.</param>
    internal Peer(string service, string? certificate = null)
        : this(new LoopbackHandler(new Uri(service)), certificate)
    {
    }

    private Peer(HttpMessageHandler handler, string? certificate)
    {
        _http = new HttpClient(handler);
        ConfidentialClientApplicationBuilder builder = ConfidentialClientApplicationBuilder.Create(ClientId)
            .WithAuthority($"https://login.microsoftonline.com/{Tenant}")
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(this);
        _application = (certificate == null
            ? builder.WithClientSecret(ClientSecret)
            : builder.WithCertificate(X509Certificate2.CreateFromPemFile(certificate))).Build();
    }

    /// <summary>One whose requests are answered in this process.</summary>
    internal static Peer InProcess(string? certificate = null, int tokenLength = 1500) =>
        new(new CannedHandler(tokenLength), certificate);

    internal static string TenantOf(int number) => $"00000000-0000-0000-0000-{number:d12}";

    internal static string[] Scope(int number) => [$"https://resource-{number}.contoso.example/.default"];

    /// <summary>Gets a token and returns its length.</summary>
    internal async Task<int> Acquire(string tenant, string[] scopes, bool force)
    {
        AcquireTokenForClientParameterBuilder request =
            _application.AcquireTokenForClient(scopes).WithForceRefresh(force);
        request = tenant == Tenant ? request : request.WithTenantId(tenant);
        AuthenticationResult result = await request.ExecuteAsync().ConfigureAwait(false);
        return result.AccessToken.Length;
    }

    HttpClient IMsalHttpClientFactory.GetHttpClient() => _http;

    public void Dispose() => _http.Dispose();

    /// <summary>Sends what MSAL.NET means for Entra over plain http to this machine.</summary>
    private sealed class LoopbackHandler(Uri service) : DelegatingHandler(
        new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 50 })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            request.RequestUri = new Uri(service, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, stop);
        }
    }

    private sealed class CannedHandler(int tokenLength) : HttpMessageHandler
    {
        private readonly byte[] _answer = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"token_type":"Bearer","expires_in":86399,"access_token":"{{new string('t', tokenLength)}}"}""");

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            var content = new ByteArrayContent(_answer);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
