namespace GraphToken.Benchmarks;

/// <summary>How much is measured.</summary>
internal sealed record Extent(
    int WarmUpCalls, TimeSpan WarmUpPause, TimeSpan Round, int Rounds, int ManyTenants, int FewTenants, int Callers)
{
    /// <summary>
    /// Enough calls before the first that counts, with pauses in which the runtime compiles what it has found to be
    /// used often.
    /// </summary>
    internal static readonly Extent Full =
        new(150_000, TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(300), 5, 100_000, 1000, 10_000);

    internal static readonly Extent Quick = new(100, TimeSpan.Zero, TimeSpan.FromMilliseconds(5), 1, 200, 100, 1000);
}
