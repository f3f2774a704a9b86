using System.Diagnostics;

namespace GraphToken.Benchmarks;

/// <summary>A token from the cache.</summary>
internal static class HitBenchmark
{
    internal static async Task Run(Extent extent)
    {
        using TokenRequest request = Ours.Request(0);
        using var ours = new Ours(Setting.Service);
        using var peer = Peer.InProcess();
        ours.Acquire(request);
        string[] scope = Peer.Scope(0);
        Func<Task> sync = Measurement.Sync(() => ours.Acquire(request));
        Func<Task> async = () => ours.AcquireAsync(request);
        Func<Task> msal = () => peer.Acquire(Peer.Tenant, scope, force: false);
        await Measurement.Compare(extent, ("dotnet-hit-1", sync), ("dotnet-async-1", async), ("msal-hit-1", msal));
        await ReportGarbage("dotnet-garbage", sync);
        await ReportGarbage("dotnet-garbage-async", async);
        await ReportGarbage("msal-garbage", msal);
        ReportThreads("dotnet", extent, () => ours.Acquire(request));
        ReportThreads("msal", extent, () => msal().GetAwaiter().GetResult());

        await Scopes(extent, ours);
        await ReportPeerMemory(extent);
        await Tenants(extent, "1000", extent.FewTenants, request);
        await Tenants(extent, "many", extent.ManyTenants, request);
    }

    /// <summary>One tenant with a thousand scopes.</summary>
    private static async Task Scopes(Extent extent, Ours ours)
    {
        using var peer = Peer.InProcess();
        TokenRequest[] requests = [.. Enumerable.Range(0, extent.FewTenants).Select(number => Ours.Request(number))];
        string[][] scopes = [.. Enumerable.Range(0, extent.FewTenants).Select(Peer.Scope)];
        Array.ForEach(requests, ours.Acquire);
        foreach (string[] scope in scopes)
        {
            await peer.Acquire(Peer.Tenant, scope, force: false);
        }
        Func<int> next = InRandomOrder(requests.Length);
        await Measurement.Compare(
            extent,
            ("dotnet-scopes-1000", Measurement.Sync(() => ours.Acquire(requests[next()]))),
            ("msal-scopes-1000", () => peer.Acquire(Peer.Tenant, scopes[next()], force: false)));
        Array.ForEach(requests, item => item.Dispose());
    }

    /// <summary>
    /// A client for each tenant, all with the process's cache; MSAL.NET has one that is told the tenant.
    /// </summary>
    private static async Task Tenants(Extent extent, string name, int count, TokenRequest request)
    {
        using var peer = Peer.InProcess();
        string[] tenants = [.. Enumerable.Range(0, count).Select(Peer.TenantOf)];
        string[] scope = Peer.Scope(0);
        var watch = Stopwatch.StartNew();
        foreach (string tenant in tenants)
        {
            await peer.Acquire(tenant, scope, force: false);
        }
        Measurement.Report($"msal-fill{(name == "many" ? "" : "-" + name)}", watch.Elapsed.TotalSeconds / count);
        Func<int> next = InRandomOrder(count);
        (string, Func<Task>) msal = ($"msal-hit-{name}", () => peer.Acquire(tenants[next()], scope, force: false));

        Ours[] clients = [.. tenants.Select(tenant => new Ours(Setting.Service, tenant))];
        Array.ForEach(clients, client => client.Acquire(request));
        int held = clients.Count(client => client.IsHit(request));
        if (held == count)
        {
            await Measurement.Compare(
                extent,
                ($"dotnet-hit-{name}", Measurement.Sync(() => clients[next()].Acquire(request))),
                ($"dotnet-async-{name}", () => clients[next()].AcquireAsync(request)),
                msal);
        }
        else
        {
            Console.WriteLine($"The process's cache holds {held} of {count} tokens; what a hit costs is not measured.");
            await Measurement.Compare(extent, msal);
        }
        Array.ForEach(clients, client => client.Dispose());
    }

    /// <summary>The bytes that a call leaves to the collector, on whichever thread.</summary>
    private static async Task ReportGarbage(string name, Func<Task> call)
    {
        const int Calls = 10_000;
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int count = 0; count < Calls; count++)
        {
            await call();
        }
        // What the loop itself needs is a fraction of a byte for each call.
        Measurement.Report(name, Math.Floor((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls));
    }

    private static void ReportThreads(string name, Extent extent, Action call)
    {
        var one = new List<double>();
        var two = new List<double>();
        for (int round = 0; round < extent.Rounds; round++)
        {
            one.Add(CallsPerSecond(1, extent.Round, call));
            two.Add(CallsPerSecond(2, extent.Round, call));
        }
        Measurement.Report($"{name}-threads-1", Measurement.Median(one));
        Measurement.Report($"{name}-threads-2", Measurement.Median(two));
        Measurement.Report($"{name}-threads-gain", Measurement.Median(two) / Measurement.Median(one));
    }

    private static double CallsPerSecond(int count, TimeSpan length, Action call)
    {
        long calls = 0;
        using var start = new Barrier(count);
        Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            long own = 0;
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < length; own += 64)
            {
                for (int number = 0; number < 64; number++)
                {
                    call();
                }
            }
            Interlocked.Add(ref calls, own);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return calls / length.TotalSeconds;
    }

    /// <summary>Managed memory of a token in MSAL.NET's cache beyond the bytes of the token itself.</summary>
    private static async Task ReportPeerMemory(Extent extent)
    {
        const int TokenLength = 1500;
        using var peer = Peer.InProcess(tokenLength: TokenLength);
        int count = extent.ManyTenants / 10;
        await peer.Acquire(Peer.Tenant, Peer.Scope(0), force: false);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int number = 0; number < count; number++)
        {
            await peer.Acquire(Peer.TenantOf(number), Peer.Scope(0), force: false);
        }
        long used = GC.GetTotalMemory(forceFullCollection: true) - before;
        Measurement.Report("msal-memory", (used / (double)count) - TokenLength);
    }

    /// <summary>Numbers below a count, over and over, in an order that is the same in every run.</summary>
    private static Func<int> InRandomOrder(int count)
    {
        int[] numbers = [.. Enumerable.Range(0, count)];
        new Random(1).Shuffle(numbers);
        int place = 0;
        return () => numbers[place = place + 1 == count ? 0 : place + 1];
    }
}
