namespace GraphToken.Benchmarks;

/// <summary>Many hits at once on a token whose renewal is due.</summary>
internal static class RenewalBenchmark
{
    private const int Callers = 200;

    internal static async Task Run()
    {
        using TokenRequest request =
            Ours.Request(0, new TokenRequestOptions { MinimumLifetime = TimeSpan.Zero });
        using var ours = new Ours(Setting.RenewingService, "renewal.onmicrosoft.com");
        ours.Acquire(request);
        // A second until the service wishes it, and up to a tenth of the 20 that are left then.
        await Task.Delay(TimeSpan.FromSeconds(3.5));
        await Report("dotnet", Setting.RenewingService, () => ours.Acquire(request));

        using var peer = new Peer(Setting.LongRenewingService);
        await peer.Acquire(Peer.Tenant, Peer.Scope(0), force: false);
        await Report("msal", Setting.LongRenewingService, () =>
            peer.Acquire(Peer.Tenant, Peer.Scope(0), force: false).GetAwaiter().GetResult());
    }

    private static async Task Report(string name, string service, Action call)
    {
        await ServiceCount.Forget(service);
        using var start = new Barrier(Callers);
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            call();
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        // Renewals run in the background; nothing tells that no further one comes.
        int count;
        int before = -1;
        while ((count = await ServiceCount.Read(service)) != before || count == 0)
        {
            before = count;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        Measurement.Report($"{name}-renewals", count);
    }
}
