using System.Diagnostics;

namespace GraphToken.PowerShell.Tests;

/// <summary>A script in a process of its own, for what happens once in a process.</summary>
internal static class FreshProcess
{
    /// <summary>Starts this program again with the script; the lines are those of <see cref="RunScript"/>.</summary>
    internal static string[] Start(string script, params (string Name, string Value)[] variables)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The program has no path.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(FreshProcess).Assembly.Location);
        }
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }
        start.ArgumentList.Add("--script");
        start.ArgumentList.Add(script);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The other side: runs the script and prints one line for each object of the streams.</summary>
    internal static int RunScript(string script)
    {
        using var session = new Session();
        Outcome outcome = session.Run(script);
        foreach (string line in outcome.Output.Select(item => $"output {item}")
            .Concat(outcome.Warnings.Select(warning => $"warning {warning}"))
            .Concat(outcome.Error == null ? [] : [$"error {outcome.Error.FullyQualifiedErrorId} {outcome.Error}"]))
        {
            Console.WriteLine(line);
        }
        return outcome.Error == null ? 0 : 1;
    }
}
