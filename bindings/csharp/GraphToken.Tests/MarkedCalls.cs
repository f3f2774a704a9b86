using Pairs = System.Collections.Generic.Dictionary<
    string, System.Func<(GraphToken.ClientCredential Proof, GraphToken.TokenRequest Request)>>;

namespace GraphToken.Tests;

/// <summary>A call that fails, and as what.</summary>
internal sealed record FailingCall(GraphTokenErrorKind Kind, string What, Action Run);

/// <summary>Calls in which every input that is a secret is a marked one.</summary>
internal static class MarkedCalls
{
    private static readonly Pairs SentThemselves = new()
    {
        ["client secret and password"] = () => (
            ClientCredential.FromSecret(Secret.Of(Emulator.ClientSecret)),
            TokenRequest.ForPassword(Emulator.User, Secret.Of(Emulator.Password), "User.Read")),
        ["assertion and refresh token"] = () => (
            ClientCredential.FromAssertion(Secret.Of(MarkedSecrets.Assertion)),
            TokenRequest.ForRefreshToken(Secret.Of(MarkedSecrets.RefreshToken), "User.Read")),
        ["client secret and user assertion"] = () => (
            ClientCredential.FromSecret(Secret.Of(Emulator.ClientSecret)),
            TokenRequest.OnBehalfOf(Secret.Of(MarkedSecrets.Assertion), "User.Read")),
    };

    private static readonly Pairs All = new(SentThemselves)
    {
        ["certificate"] = () => (ByCertificate(), TokenRequest.ForClient()),
    };

    /// <summary>With all secrets that a client takes beside its credential. The proxy and Redis are not used.</summary>
    internal static TokenClientBuilder Marked(this TokenClientBuilder builder) => builder.WithMarkedProxy().WithRedis(
        "redis://127.0.0.1:1", Secret.Of(MarkedSecrets.CacheKey), Secret.Of(MarkedSecrets.RedisPassword));

    /// <summary>With a proxy that is not used, and without a second attempt.</summary>
    internal static TokenClientBuilder WithMarkedProxy(this TokenClientBuilder builder) => builder
        .WithProxy(MarkedSecrets.ProxyUrl("127.0.0.1:1"), noProxy: "127.0.0.1")
        .WithRetries(0);

    /// <summary>A call with each credential of the application.</summary>
    internal static IEnumerable<FailingCall> WithEachProof(
        GraphTokenErrorKind kind, string what, Func<TokenClientBuilder> builder) => ForEachPair(
        All, kind, what, (proof, request) => Acquire(builder().WithCredential(proof), request));

    /// <summary>A call with each credential that is sent itself, to a service that answers so.</summary>
    internal static IEnumerable<FailingCall> Answered(
        GraphTokenErrorKind kind, string what, Func<string, string> answer) => ForEachPair(
        SentThemselves,
        kind,
        what,
        (proof, request) =>
        {
            using var service = new StandInService(answer);
            Acquire(TokenClient.Builder(service.TenantUrl, Emulator.ClientId).Marked().WithCredential(proof), request);
        });

    /// <summary>Fails as the call does.</summary>
    internal static void Acquire(TokenClientBuilder builder, TokenRequest request)
    {
        using TokenClient client = builder.Build();
        client.Acquire(request, TestContext.Current.CancellationToken).Dispose();
    }

    private static IEnumerable<FailingCall> ForEachPair(
        Pairs pairs,
        GraphTokenErrorKind kind,
        string what,
        Action<ClientCredential, TokenRequest> call) =>
        pairs.Select(pair => new FailingCall(kind, $"{what}, {pair.Key}", () =>
        {
            (ClientCredential proof, TokenRequest request) = pair.Value();
            using (proof)
            using (request)
            {
                call(proof, request);
            }
        }));

    private static ClientCredential ByCertificate()
    {
        using ClientCertificate certificate =
            ClientCertificate.FromFile(TestFolder.Pfx, TestFolder.FilePassword.ToCharArray());
        return ClientCredential.FromCertificate(certificate);
    }
}
