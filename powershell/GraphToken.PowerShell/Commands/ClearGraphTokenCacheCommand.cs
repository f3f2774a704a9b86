using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Removes cached tokens.</summary>
[Cmdlet(VerbsCommon.Clear, "GraphTokenCache", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class ClearGraphTokenCacheCommand : TokenCacheCommand
{
    /// <summary>Removes the tokens in the memory of this process too; without a token cache it always does.</summary>
    [Parameter]
    public SwitchParameter Memory { get; set; }

    private protected override void Run(CancellationToken stop)
    {
        RefuseConflicts();
        if (TokenCache != null)
        {
            Clear($"the token cache {TokenCache}", ofMemory: false);
        }
        if (TokenCache == null || Memory)
        {
            Clear("the memory of this process", ofMemory: true);
        }
    }

    private void Clear(string place, bool ofMemory)
    {
        string target = IsNarrowed ? $"some of the tokens in {place}" : ofMemory ? $"the tokens in {place}" : place;
        if (ShouldProcess(target, "Clear"))
        {
            int removed = global::GraphToken.TokenCache.Clear(Options(ofMemory));
            WriteVerbose($"Access tokens removed from {place}: {removed}.");
        }
    }
}
