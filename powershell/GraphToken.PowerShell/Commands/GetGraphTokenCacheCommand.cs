using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Lists cached tokens, without the tokens themselves.</summary>
[Cmdlet(VerbsCommon.Get, "GraphTokenCache")]
[OutputType(typeof(CachedToken))]
public sealed class GetGraphTokenCacheCommand : TokenCacheCommand
{
    private protected override void Run(CancellationToken stop)
    {
        RefuseConflicts();
        IReadOnlyList<CachedToken> tokens = global::GraphToken.TokenCache.List(Options(ofMemory: TokenCache == null));
        string place = TokenCache == null ? "the memory of this process" : $"the token cache {TokenCache}";
        WriteVerbose($"Access tokens in {place}: {tokens.Count}.");
        WriteObject(tokens, enumerateCollection: true);
    }
}
