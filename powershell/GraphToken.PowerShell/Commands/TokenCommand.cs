using System;
using System.Management.Automation;
using System.Security.Cryptography;
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

    /// <summary>Runs the command and turns what it throws into errors of PowerShell.</summary>
    protected sealed override void ProcessRecord()
    {
        try
        {
            NotEmptyAttribute.Check(GetType(), MyInvocation.BoundParameters);
            Run(_stop.Token);
        }
        catch (GraphTokenException error)
        {
            Report(TokenError.RecordOf(error.ForPowerShell()));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception error) when (ContinuesAfterErrors && IsOfArgument(error))
        {
            Report(TokenError.RecordOf(error));
        }
    }

    /// <summary>Cancels the native call that is waiting.</summary>
    protected sealed override void StopProcessing() => _stop.Cancel();

    /// <summary>
    /// Whether the caller has asked for errors that do not end the statement. A loop that assigns the result to a
    /// variable would otherwise go on with the result of the iteration before.
    /// </summary>
    /// <remarks>
    /// Without the parameter errors are terminating whatever the preference variable says, so that try and catch work.
    /// </remarks>
    private bool ContinuesAfterErrors =>
        MyInvocation.BoundParameters.TryGetValue("ErrorAction", out object action) &&
        action is ActionPreference.Continue or ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    private void Report(ErrorRecord error)
    {
        if (ContinuesAfterErrors)
        {
            WriteError(error);
        }
        else
        {
            ThrowTerminatingError(error);
        }
    }

    /// <summary>Whether an object that was passed as an argument threw it, such as a disposed certificate.</summary>
    private static bool IsOfArgument(Exception error) => error is ObjectDisposedException or CryptographicException;
}
