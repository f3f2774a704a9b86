using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>A warning that is written the first time in a process and never again.</summary>
internal sealed class OneTimeWarning
{
    internal static readonly OneTimeWarning PasswordGrant = new(
        "The password grant exposes the user's password to this script, and fails for users with multifactor " +
        "authentication. Microsoft advises against it: use application permissions with a certificate instead. " +
        "This warning is shown once per process.");

    internal static readonly OneTimeWarning PlainTextSecret = new(
        "A secret was passed as plain text, which can end up in histories, transcripts and logs. Pass a SecureString " +
        "instead, for example from Read-Host -AsSecureString or Get-Secret. This warning is shown once per process.");

    private readonly string _text;
    private int _written;

    private OneTimeWarning(string text) => _text = text;

    internal void WriteWhen(bool condition, Cmdlet command)
    {
        if (condition && Interlocked.Exchange(ref _written, 1) == 0)
        {
            command.WriteWarning(_text);
        }
    }
}
