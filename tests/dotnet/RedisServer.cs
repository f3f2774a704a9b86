using System.Diagnostics;

namespace GraphToken.Tests;

/// <summary>A Redis server of its own, with a socket in a folder of its own and nothing on the network.</summary>
internal sealed class RedisServer : IDisposable
{
    // The path of a socket may have no more than a hundred characters.
    private readonly string _folder = Directory.CreateTempSubdirectory("graphtoken-redis-").FullName;
    private Process? _process;

    /// <summary>Starts it; it wants the password, when there is one.</summary>
    internal RedisServer(string? password = null) => Start(password);

    /// <summary>The address for clients.</summary>
    internal string Address => $"unix://{Socket}";

    private string Socket => Path.Combine(_folder, "redis.sock");

    /// <summary>Leaves a test out where there is no redis-server.</summary>
    internal static void Require() => Assert.SkipUnless(
        !OperatingSystem.IsWindows() && IsInstalled(), "redis-server is missing: apt-get install redis-server");

    /// <summary>Ends it and starts it again, without what it kept.</summary>
    internal void Restart(string? password)
    {
        End();
        Start(password);
    }

    public void Dispose()
    {
        End();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsInstalled() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    private void Start(string? password)
    {
        string[] arguments =
        [
            "--port", "0", "--unixsocket", Socket, "--save", "", "--appendonly", "no", "--dir", _folder,
            .. password == null ? Array.Empty<string>() : ["--requirepass", password],
        ];
        var start = new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        while (_process.StandardOutput.ReadLine() is string line)
        {
            if (line.Contains("ready to accept connections", StringComparison.OrdinalIgnoreCase))
            {
                // Read to the end, so that it never waits for its messages to be read.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }
        throw new InvalidOperationException("redis-server ended before it was ready.");
    }

    private void End()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
