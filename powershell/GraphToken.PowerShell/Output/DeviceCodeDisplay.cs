using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading.Tasks;

namespace GraphToken.PowerShell;

/// <summary>
/// Shows a device code through the host, as Write-Host does, and counts down until the user has signed in.
/// </summary>
internal sealed class DeviceCodeDisplay(PSCmdlet command)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<DeviceCode> _code = new();

    /// <summary>Takes the code, on any thread. <see cref="Wait"/> shows it.</summary>
    internal void Show(DeviceCode code) => _code.TrySetResult(code);

    /// <summary>Waits on the thread of the pipeline, the only one that may write.</summary>
    internal AccessToken Wait(Task<AccessToken> token)
    {
        if (Task.WaitAny(token, _code.Task) == 1)
        {
            Write(_code.Task.Result);
            CountDown(_code.Task.Result, token);
        }
        return token.GetAwaiter().GetResult();
    }

    /// <summary>Shows the code at once, on the thread of the pipeline, and returns what it has shown.</summary>
    internal string Write(DeviceCode code)
    {
        var text = new HostInformationMessage { Message = code.Message };
        // The tag by which hosts know what they always show.
        command.WriteInformation(text, ["PSHOST"]);
        return code.Message;
    }

    private void CountDown(DeviceCode code, Task token)
    {
        var watch = Stopwatch.StartNew();
        var progress = new ProgressRecord(0, "Waiting for the user to sign in", code.Message);
        do
        {
            progress.SecondsRemaining = Math.Max(0, (int)(code.ExpiresIn - watch.Elapsed).TotalSeconds);
            command.WriteProgress(progress);
        }
        while (Task.WaitAny([token], Second) < 0);
        if (!token.IsCanceled)
        {
            progress.RecordType = ProgressRecordType.Completed;
            command.WriteProgress(progress);
        }
    }
}
