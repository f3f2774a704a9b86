using System;
using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>The base of all commands: Ctrl+C cancels them, and their errors have one form.</summary>
public abstract class TokenCommand : PSCmdlet
{
    // Never disposed: it has neither a timer nor a wait handle, and PowerShell may stop a command that has just ended.
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The work for one object of the pipeline; <paramref name="stop"/> is cancelled by Ctrl+C.</summary>
    private protected abstract void Run(CancellationToken stop);

    /// <summary>The file system path that the argument of a parameter means.</summary>
    private protected string FileOf(string path, string parameter) =>
        LiteralPath.FileOf(path, parameter, SessionState);

    /// <summary>Runs the command and turns what it throws into terminating errors.</summary>
    protected sealed override void ProcessRecord()
    {
        try
        {
            Run(_stop.Token);
        }
        catch (GraphTokenException error)
        {
            ThrowTerminatingError(TokenError.RecordOf(error.ForPowerShell()));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Cancels the native call that is waiting.</summary>
    protected sealed override void StopProcessing() => _stop.Cancel();
}
