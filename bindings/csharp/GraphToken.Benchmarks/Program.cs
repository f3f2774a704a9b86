using GraphToken.Benchmarks;

// The class library beside MSAL.NET, in one process. `cargo xtask bench` sets the environment (Setting.cs).
//
//   full        measures
//   quick       shows that everything can be measured; the values mean nothing
//   msal-start  gets one token with MSAL.NET, for the time from the start of a process
switch (args)
{
    case ["full"]:
        await Run(Extent.Full);
        return 0;
    case ["quick"]:
        await Run(Extent.Quick);
        return 0;
    case ["msal-start"]:
        using (var peer = new Peer(Setting.Service, Setting.Certificate))
        {
            Console.WriteLine(await peer.Acquire(Peer.Tenant, Peer.Scope(0), force: false));
        }
        return 0;
    default:
        Console.Error.WriteLine("usage: GraphToken.Benchmarks full|quick|msal-start");
        return 2;
}

static async Task Run(Extent extent)
{
    await CrowdBenchmark.Run(extent);
    await RenewalBenchmark.Run();
    await RequestBenchmark.Run(extent);
    await HitBenchmark.Run(extent);
}
