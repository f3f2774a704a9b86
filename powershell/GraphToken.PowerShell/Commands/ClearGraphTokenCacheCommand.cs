using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Removes cached tokens.</summary>
[Cmdlet(VerbsCommon.Clear, "GraphTokenCache", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class ClearGraphTokenCacheCommand : TokenCommand
{
    /// <summary>Name of the token cache whose file is removed, in place of the tokens in memory.</summary>
    [Parameter]
    [NotEmpty]
    public string? TokenCache { get; set; }

    /// <summary>Literal path of the folder with that file; by default the user's data folder.</summary>
    [Parameter]
    [NotEmpty]
    public string? TokenCacheFolder { get; set; }

    /// <summary>Removes the tokens in the memory of this process too; without a token cache it always does.</summary>
    [Parameter]
    public SwitchParameter Memory { get; set; }

    private protected override void Run(CancellationToken stop)
    {
        ExclusiveParameters.Require(
            (nameof(TokenCacheFolder), TokenCacheFolder != null), (nameof(TokenCache), TokenCache != null));
        string? folder = TokenCacheFolder == null ? null : FileOf(TokenCacheFolder, nameof(TokenCacheFolder));
        if (TokenCache != null && ShouldProcess($"the token cache {TokenCache}", "Clear"))
        {
            global::GraphToken.TokenCache.Clear(TokenCache, folder);
        }
        if ((TokenCache == null || Memory) && ShouldProcess("the tokens in the memory of this process", "Clear"))
        {
            global::GraphToken.TokenCache.Clear();
        }
    }
}
