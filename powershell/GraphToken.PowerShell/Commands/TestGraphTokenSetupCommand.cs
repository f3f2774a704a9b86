using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Finds out why an application does not get a token. Findings are objects, not errors.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GraphTokenSetup")]
[OutputType(typeof(SetupFinding))]
public sealed class TestGraphTokenSetupCommand : ApplicationCommand
{
    private protected override void Run(CancellationToken stop)
    {
        RefuseApplicationConflicts();
        OneTimeWarning.PlainTextSecret.WriteWhen(IsSecretPlainText, this);
        GraphTokenException? failure = null;
        using ClientCredential? credential = CredentialOr(ref failure);
        TokenClientBuilder builder = ApplicationBuilder(credential);
        WriteObject(
            Wait(() => builder.DiagnoseFor(GtSurface.PowerShell, failure?.ForPowerShell(), stop)),
            enumerateCollection: true);
    }

    private ClientCredential? CredentialOr(ref GraphTokenException? failure)
    {
        try
        {
            return ApplicationCredential();
        }
        catch (GraphTokenException error)
        {
            failure = error;
            return null;
        }
    }
}
