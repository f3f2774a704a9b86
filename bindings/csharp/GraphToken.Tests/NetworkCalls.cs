namespace GraphToken.Tests;

/// <summary>Calls that do not come as far as the service.</summary>
internal static class NetworkCalls
{
    private const string ClosedAddress = "http://127.0.0.1:1";

    private static readonly string[] ProxyStatuses =
        ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"];

    internal static IEnumerable<FailingCall> All(Emulator emulator, TlsEmulator tls) =>
    [
        .. MarkedCalls.WithEachProof(
            GraphTokenErrorKind.ConnectionFailed,
            "a closed port",
            () => TokenClient.Builder($"{ClosedAddress}/{Emulator.Tenant}", Emulator.ClientId).Marked()),
        .. MarkedCalls.WithEachProof(GraphTokenErrorKind.ConnectionFailed, "a broken connection", () =>
        {
            emulator.Fault("reset,times=all");
            return emulator.Application().Marked();
        }),
        .. MarkedCalls.WithEachProof(
            GraphTokenErrorKind.TlsFailed, "a server that is not trusted", () => tls.DistrustingApplication().Marked()),
        .. MarkedCalls.WithEachProof(GraphTokenErrorKind.TlsFailed, "a file with authorities that is a key", () =>
            tls.DistrustingApplication().Marked().WithTrustedCertificates(TestFolder.PrivateKey)),
        .. MarkedCalls.WithEachProof(
            GraphTokenErrorKind.ProxyFailed, "a proxy that is not there", () => ThroughProxy("127.0.0.1:1")),
        .. MarkedCalls.WithEachProof(GraphTokenErrorKind.ProxyFailed, "a proxy of another kind", () =>
            Secure().WithProxy(MarkedSecrets.ProxyUrl("127.0.0.1:1").Replace("http:", "socks5:"))),
        .. from status in ProxyStatuses
           from form in Echo.Forms.Keys
           select AnsweredByProxy(GraphTokenErrorKind.ProxyFailed, status, form),
        .. Echo.Forms.Keys.Select(form => AnsweredByProxy(GraphTokenErrorKind.TlsFailed, "200 OK", form)),
        MarkedCalls.WithEachProof(GraphTokenErrorKind.RequestTimeout, "a slow service", () =>
        {
            emulator.Fault("delay-ms=600000,times=all");
            return emulator.Application().Marked().WithTimeout(TimeSpan.FromSeconds(1));
        }).First(),
    ];

    private static FailingCall AnsweredByProxy(GraphTokenErrorKind kind, string status, string form) => new(
        kind,
        $"{status} with the password {form}",
        () =>
        {
            using var proxy = new StandInService(request => Echo.Page(request, status, form));
            MarkedCalls.Acquire(
                ThroughProxy(proxy.HostAndPort).WithClientSecret(Secret.Of(Emulator.ClientSecret)),
                TokenRequest.ForRefreshToken(Secret.Of(MarkedSecrets.RefreshToken), "User.Read"));
        });

    private static TokenClientBuilder ThroughProxy(string hostAndPort) =>
        Secure().WithProxy(MarkedSecrets.ProxyUrl(hostAndPort));

    /// <summary>For an address that only a proxy is asked for.</summary>
    private static TokenClientBuilder Secure() => TokenClient.Builder(Emulator.Tenant, Emulator.ClientId).Marked();
}
