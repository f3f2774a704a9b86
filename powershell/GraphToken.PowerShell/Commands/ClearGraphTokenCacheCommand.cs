using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Removes cached tokens.</summary>
[Cmdlet(VerbsCommon.Clear, "GraphTokenCache", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class ClearGraphTokenCacheCommand : TokenCommand
{
    /// <summary>Name of the token cache whose file is removed too.</summary>
    [Parameter]
    [NotEmpty]
    public string? TokenCache { get; set; }

    /// <summary>Literal path of the folder with that file; by default the user's data folder.</summary>
    [Parameter]
    [NotEmpty]
    public string? TokenCacheFolder { get; set; }

    private protected override void Run(CancellationToken stop)
    {
        ExclusiveParameters.Require(
            (nameof(TokenCacheFolder), TokenCacheFolder != null), (nameof(TokenCache), TokenCache != null));
        string? folder = TokenCacheFolder == null ? null : FileOf(TokenCacheFolder, nameof(TokenCacheFolder));
        string what = "the tokens in the memory of this process" +
            (TokenCache == null ? "" : $", and the token cache {TokenCache}");
        if (ShouldProcess(what, "Clear"))
        {
            global::GraphToken.TokenCache.Clear(TokenCache, folder);
        }
    }
}
