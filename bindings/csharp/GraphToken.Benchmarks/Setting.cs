namespace GraphToken.Benchmarks;

/// <summary>What <c>cargo xtask bench</c> says through the environment.</summary>
internal static class Setting
{
    /// <summary>Address of a service that answers at once.</summary>
    internal static string Service => Read("GRAPHTOKEN_BENCH_SERVICE");

    /// <summary>Address of one that answers after 50 ms.</summary>
    internal static string SlowService => Read("GRAPHTOKEN_BENCH_SLOW_SERVICE");

    /// <summary>Address of one whose tokens are due for renewal after a second, and live for 20 more.</summary>
    internal static string RenewingService => Read("GRAPHTOKEN_BENCH_RENEWING_SERVICE");

    /// <summary>
    /// Address of one whose tokens live for an hour and are long due for renewal: MSAL.NET does not use a token in its
    /// last 5 minutes, and takes up to 5 minutes to find a renewal due.
    /// </summary>
    internal static string LongRenewingService => Read("GRAPHTOKEN_BENCH_LONG_RENEWING_SERVICE");

    /// <summary>A PEM file with a certificate and its key.</summary>
    internal static string Certificate => Read("GRAPHTOKEN_BENCH_CERTIFICATE");

    private static string Read(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set; run `cargo xtask bench`.");
}
