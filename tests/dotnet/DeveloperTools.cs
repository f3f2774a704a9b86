namespace GraphToken.Tests;

/// <summary>A folder with an <c>az</c> and an <c>azd</c> whose users have signed in: scripts of the shell.</summary>
internal sealed class DeveloperTools : IDisposable
{
    internal const string Token = "Jd3kVt8LhN5fBs6Gy1Qx.Wm4Zc7Rp2Kv9Tn5Hb8Xs1Lf6Jq3Gd7Yw4Ce0Ua5Mi2.Bx4Hs7Qw2";
    internal static readonly DateTimeOffset ExpiresOn = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal DeveloperTools()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "They are scripts of the shell.");
        Folder = Directory.CreateTempSubdirectory("graphtoken-tools-").FullName;
        Write("az", $$"""{"accessToken": "{{Token}}", "expires_on": {{ExpiresOn.ToUnixTimeSeconds()}}}""");
        Write("azd", $$"""{"token": "{{Token}}", "expiresOn": "2100-01-01T00:00:00Z"}""");
    }

    /// <summary>The folder, for <c>PATH</c>.</summary>
    internal string Folder { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The arguments of each run of a tool.</summary>
    internal string[] Runs(string name) => File.Exists(Log(name)) ? File.ReadAllLines(Log(name)) : [];

    private string Log(string name) => Path.Combine(Folder, $"{name}.log");

    private void Write(string name, string output)
    {
        string file = Path.Combine(Folder, name);
        File.WriteAllText(file, $"#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{Log(name)}'\nprintf '%s' '{output}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
