using System.Management.Automation;

namespace GraphToken.PowerShell.Tests;

/// <summary>What a script wrote to its streams, and the error that ended it.</summary>
internal sealed class Outcome
{
    internal Outcome(IReadOnlyList<PSObject> output, ErrorRecord? error, PSDataStreams streams)
    {
        Output = output;
        Error = error;
        Warnings = [.. streams.Warning.Select(record => record.Message)];
        Verbose = [.. streams.Verbose.Select(record => record.Message)];
        Others = [.. streams.Debug.Select(record => record.Message),
            .. streams.Information.Select(record => $"{record.MessageData}"),
            .. streams.Progress.Select(record => $"{record}")];
    }

    internal IReadOnlyList<PSObject> Output { get; }

    internal ErrorRecord? Error { get; }

    internal IReadOnlyList<string> Warnings { get; }

    internal IReadOnlyList<string> Verbose { get; }

    private IReadOnlyList<string> Others { get; }

    /// <summary>The one object that came out, when nothing went wrong.</summary>
    internal PSObject Single
    {
        get
        {
            Assert.True(Error == null, $"{Error?.FullyQualifiedErrorId}: {Error}");
            return Assert.Single(Output);
        }
    }

    /// <summary>The one text that came out.</summary>
    internal string Text => Assert.IsType<string>(Single.BaseObject);

    /// <summary>The error that ended the script.</summary>
    internal ErrorRecord Failure
    {
        get
        {
            Assert.True(Error != null, "The script was expected to fail and did not.");
            return Error;
        }
    }

    /// <summary>Everything that can be read beside the output: every stream, and all of the error.</summary>
    internal IEnumerable<string> Everything => Warnings.Concat(Verbose).Concat(Others).Concat(ErrorText.Of(Error));
}
