using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading.Tasks;

namespace GraphToken.PowerShell;

/// <summary>
/// Counts down until the user has signed in in the browser, and shows the address through the host, as Write-Host does,
/// if no browser was opened.
/// </summary>
internal sealed class BrowserDisplay(PSCmdlet command, TimeSpan limit)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<string> _address = new();

    /// <summary>Takes the address, on any thread. <see cref="Wait"/> shows it.</summary>
    internal void Show(string address) => _address.TrySetResult(address);

    /// <summary>Waits on the thread of the pipeline, the only one that may write.</summary>
    internal AccessToken Wait(Task<AccessToken> token)
    {
        var watch = Stopwatch.StartNew();
        var progress = new ProgressRecord(0, "Waiting for the user to sign in", "Sign in in the web browser.");
        Task[] events = [token, _address.Task];
        do
        {
            if (events.Length == 2 && _address.Task.IsCompleted)
            {
                Write(_address.Task.Result);
                events = [token];
            }
            progress.SecondsRemaining = Math.Max(0, (int)(limit - watch.Elapsed).TotalSeconds);
            command.WriteProgress(progress);
        }
        while (Task.WaitAny(events, Second) != 0);
        if (!token.IsCanceled)
        {
            progress.RecordType = ProgressRecordType.Completed;
            command.WriteProgress(progress);
        }
        return token.GetAwaiter().GetResult();
    }

    /// <summary>Shows the address at once, on the thread of the pipeline, and returns it.</summary>
    internal string Write(string address)
    {
        // The tag by which hosts know what they always show.
        command.WriteInformation(new HostInformationMessage { Message = address }, ["PSHOST"]);
        return address;
    }
}
