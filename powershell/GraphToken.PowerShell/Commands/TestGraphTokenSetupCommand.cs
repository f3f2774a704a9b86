using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Finds out why an application does not get a token. Findings are objects, not errors.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GraphTokenSetup", DefaultParameterSetName = ApplicationSet)]
[OutputType(typeof(SetupFinding))]
public sealed class TestGraphTokenSetupCommand : ApplicationCommand
{
    private const string ApplicationSet = "Application";
    private const string IdentitySet = "ManagedIdentity";
    private const string ChainSet = "Chain";

    /// <summary>Asks the managed identity of this Azure resource for a token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdentitySet)]
    [Alias("ManagedIdentity", "MSI")]
    public SwitchParameter Identity { get; set; }

    /// <summary>A user-assigned identity, in place of the resource's own.</summary>
    [Parameter]
    [NotEmpty]
    public string? IdentityId { get; set; }

    /// <summary>What the id of the identity is; by its form if it is not given.</summary>
    [Parameter]
    public IdentityIdType? IdentityIdType { get; set; }

    /// <summary>Asks the first source that applies for a token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ChainSet)]
    public SwitchParameter Chain { get; set; }

    private protected override void Run(CancellationToken stop)
    {
        RefuseConflicts();
        OneTimeWarning.PlainTextSecret.WriteWhen(IsSecretPlainText, this);
        GraphTokenException? failure = null;
        using ClientCredential? credential = CredentialOr(ref failure);
        TokenClientBuilder builder = ParameterSetName switch
        {
            IdentitySet => SourceBuilder(
                TokenClientBuilder.ForManagedIdentity(IdentityArgument.IdOf(IdentityId, IdentityIdType))),
            ChainSet => SourceBuilder(TokenClientBuilder.FromChain()),
            _ => ApplicationBuilder(credential),
        };
        WriteObject(
            Wait(() => builder.DiagnoseFor(GtSurface.PowerShell, failure?.ForPowerShell(), stop)),
            enumerateCollection: true);
    }

    private void RefuseConflicts()
    {
        if (ParameterSetName != ApplicationSet)
        {
            (string name, bool isOn) =
                ParameterSetName == ChainSet ? (nameof(Chain), Chain) : (nameof(Identity), Identity);
            SourceArgument.RefuseConflicts(name, isOn, MyInvocation.BoundParameters);
        }
        IdentityArgument.RefuseConflicts(Identity, IdentityId, IdentityIdType);
        RefuseApplicationConflicts();
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
