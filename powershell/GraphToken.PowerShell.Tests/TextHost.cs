using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace GraphToken.PowerShell.Tests;

/// <summary>
/// A host that keeps the text it is given, takes the default of every choice and counts other prompts.
/// </summary>
internal sealed class TextHost : PSHost
{
    private readonly TextInterface _interface = new();

    /// <summary>The text so far; reading it empties it.</summary>
    internal string TakeText()
    {
        string text = _interface.Text.ToString();
        _interface.Text.Clear();
        return text;
    }

    /// <summary>The first line that is written.</summary>
    internal Task<string> FirstLine => _interface.FirstLine.Task;

    /// <summary>How often something was to be typed, which nobody can.</summary>
    internal int Prompts => _interface.Prompts;

    public override string Name => "GraphToken tests";

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override PSHostUserInterface UI => _interface;

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }

    private sealed class TextInterface : PSHostUserInterface
    {
        internal StringBuilder Text { get; } = new();

        internal int Prompts { get; private set; }

        internal TaskCompletionSource<string> FirstLine { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override PSHostRawUserInterface? RawUI => null;

        public override void Write(string value) => Text.Append(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
            Text.Append(value);

        public override void WriteLine(string value)
        {
            Text.AppendLine(value);
            FirstLine.TrySetResult(value);
        }

        public override void WriteDebugLine(string message) => Text.AppendLine(message);

        public override void WriteErrorLine(string value) => Text.AppendLine(value);

        public override void WriteVerboseLine(string message) => Text.AppendLine(message);

        public override void WriteWarningLine(string message) => Text.AppendLine(message);

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override string ReadLine() => throw Prompted();

        public override SecureString ReadLineAsSecureString() => throw Prompted();

        public override Dictionary<string, PSObject> Prompt(
            string caption, string message, Collection<FieldDescription> descriptions) => throw Prompted();

        public override int PromptForChoice(
            string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
            defaultChoice;

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName) => throw Prompted();

        public override PSCredential PromptForCredential(
            string caption,
            string message,
            string userName,
            string targetName,
            PSCredentialTypes allowedCredentialTypes,
            PSCredentialUIOptions options) => throw Prompted();

        private NotSupportedException Prompted()
        {
            Prompts++;
            return new NotSupportedException();
        }
    }
}
