using System.Globalization;

namespace GraphToken.Benchmarks;

/// <summary>The number of token requests that a service has seen.</summary>
internal static class ServiceCount
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    internal static async Task<int> Read(string service) =>
        int.Parse(await Http.GetStringAsync($"{service}/_count"), CultureInfo.InvariantCulture);

    internal static async Task Forget(string service) => (await Http.DeleteAsync($"{service}/_count")).Dispose();
}
