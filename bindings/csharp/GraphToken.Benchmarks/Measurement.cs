using System.Diagnostics;
using System.Globalization;

namespace GraphToken.Benchmarks;

/// <summary>Times calls, and reports values in the form that <c>cargo xtask bench</c> reads.</summary>
internal static class Measurement
{
    /// <summary>A value in seconds, bytes, or as it is counted.</summary>
    internal static void Report(string name, double value) =>
        Console.WriteLine($"measured {name} {value.ToString("e6", CultureInfo.InvariantCulture)}");

    /// <summary>
    /// Times several calls against each other: warms all of them up, then gives each its round in turn, several times.
    /// A value is the median over its rounds, and a round's value the median of its batches.
    /// </summary>
    internal static async Task Compare(Extent extent, params (string Name, Func<Task> Call)[] contenders)
    {
        foreach ((_, Func<Task> call) in contenders)
        {
            await WarmUp(extent, call);
        }
        var times = contenders.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round < extent.Rounds; round++)
        {
            for (int number = 0; number < contenders.Length; number++)
            {
                times[number].Add(await Round(extent.Round, contenders[number].Call));
            }
        }
        foreach ((var values, (string name, _)) in times.Zip(contenders))
        {
            Report(name, Median(values));
        }
    }

    /// <summary>A call that ends before it returns.</summary>
    internal static Func<Task> Sync(Action call) => () =>
    {
        call();
        return Task.CompletedTask;
    };

    internal static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static async Task WarmUp(Extent extent, Func<Task> call)
    {
        // No longer than a few seconds, for there are calls of half a millisecond.
        var watch = Stopwatch.StartNew();
        for (int part = 0; part < 5; part++)
        {
            for (int count = 0; count < extent.WarmUpCalls / 5 && watch.Elapsed < 3 * extent.Round; count++)
            {
                await call();
            }
            await Task.Delay(extent.WarmUpPause / 5);
            watch.Restart();
        }
    }

    private static async Task<double> Round(TimeSpan length, Func<Task> call)
    {
        const double BatchSeconds = 0.002;
        int batch = 1;
        var batches = new List<double>();
        var whole = Stopwatch.StartNew();
        while (whole.Elapsed < length || batches.Count == 0)
        {
            long start = Stopwatch.GetTimestamp();
            for (int count = 0; count < batch; count++)
            {
                await call();
            }
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (seconds < BatchSeconds / 2 && whole.Elapsed < length)
            {
                batch *= 2;
                continue;
            }
            batches.Add(seconds / batch);
        }
        return Median(batches);
    }
}
