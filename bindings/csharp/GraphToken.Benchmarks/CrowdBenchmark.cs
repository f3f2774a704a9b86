using System.Diagnostics;

namespace GraphToken.Benchmarks;

/// <summary>Many callers at once who want the same token, which is not there.</summary>
internal static class CrowdBenchmark
{
    internal static async Task Run(Extent extent)
    {
        string service = Setting.SlowService;
        using TokenRequest request = Ours.Request(0);
        using (var ours = new Ours(service, "crowd.onmicrosoft.com"))
        {
            await Report("dotnet", service, extent.Callers, () => ours.AcquireAsync(request));
        }
        using var peer = new Peer(service);
        await Report("msal", service, extent.Callers, () => peer.Acquire(Peer.Tenant, Peer.Scope(0), force: false));
    }

    private static async Task Report(string name, string service, int callers, Func<Task> call)
    {
        await ServiceCount.Forget(service);
        var watch = Stopwatch.StartNew();
        // Each call begins on a thread of the pool, as the requests to a web application do.
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(call)));
        Measurement.Report($"{name}-crowd-time", watch.Elapsed.TotalSeconds);
        Measurement.Report($"{name}-crowd-requests", await ServiceCount.Read(service));
    }
}
