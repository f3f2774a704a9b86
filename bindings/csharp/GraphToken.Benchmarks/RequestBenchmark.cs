namespace GraphToken.Benchmarks;

/// <summary>A token from the service, whatever the cache holds.</summary>
internal static class RequestBenchmark
{
    internal static async Task Run(Extent extent)
    {
        string service = Setting.Service;
        using TokenRequest forced = Ours.Request(0, new TokenRequestOptions { ForceRefresh = true });
        using var ours = new Ours(service, "request.onmicrosoft.com");
        using var peer = new Peer(service);
        await Measurement.Compare(
            extent,
            ("dotnet-request-secret", Measurement.Sync(() => ours.Acquire(forced))),
            ("msal-request-secret", () => Force(peer)));

        using var oursByCertificate = new Ours(service, "request.onmicrosoft.com", Setting.Certificate);
        using var peerByCertificate = new Peer(service, Setting.Certificate);
        await Measurement.Compare(
            extent,
            ("dotnet-request-certificate", Measurement.Sync(() => oursByCertificate.Acquire(forced))),
            ("msal-request-certificate", () => Force(peerByCertificate)));

        // MSAL.NET signs only when it asks: so an answer in this process, with a certificate and without.
        using var secret = Peer.InProcess();
        using var certificate = Peer.InProcess(Setting.Certificate);
        await Measurement.Compare(
            extent,
            ("msal-in-process-secret", () => Force(secret)),
            ("msal-in-process-certificate", () => Force(certificate)));
    }

    private static Task Force(Peer peer) => peer.Acquire(Peer.Tenant, Peer.Scope(0), force: true);
}
