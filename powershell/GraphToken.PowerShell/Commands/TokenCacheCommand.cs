using System.Management.Automation;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>The parameters for a token cache and for some of its tokens.</summary>
public abstract class TokenCacheCommand : TokenCommand
{
    /// <summary>Name of the token cache, in place of the tokens in memory.</summary>
    [Parameter]
    [NotEmpty]
    public string? TokenCache { get; set; }

    /// <summary>Literal path of the folder with its file; by default the user's data folder.</summary>
    [Parameter]
    [NotEmpty]
    public string? TokenCacheFolder { get; set; }

    /// <summary>How that file is protected if there is no key; by the user account by default.</summary>
    [Parameter]
    public TokenCacheProtection? TokenCacheProtection { get; set; }

    /// <summary>Base64 of the 32 bytes that encrypt the tokens in that file.</summary>
    [Parameter]
    [SecretArgument]
    [NotEmpty]
    public SecureString? TokenCacheKey { get; set; }

    /// <summary>Only tokens of this tenant, as the cache names it.</summary>
    [Parameter]
    [Alias("Tenant", "TenantName")]
    [NotEmpty]
    public string? TenantId { get; set; }

    /// <summary>Only tokens of this application.</summary>
    [Parameter]
    [Alias("AppId", "ApplicationId")]
    [NotEmpty]
    public string? ClientId { get; set; }

    /// <summary>Only tokens of this user: sign-in name, home account id or object id.</summary>
    [Parameter]
    [Alias("Username")]
    [NotEmpty]
    public string? Account { get; set; }

    /// <summary>Whether only some of the tokens are meant.</summary>
    private protected bool IsNarrowed => TenantId != null || ClientId != null || Account != null;

    /// <summary>Refuses parameters that exclude each other or require another one.</summary>
    private protected void RefuseConflicts()
    {
        (string, bool) file = (nameof(TokenCache), TokenCache != null);
        (string, bool) key = (nameof(TokenCacheKey), TokenCacheKey != null);
        (string, bool) protection = (nameof(TokenCacheProtection), TokenCacheProtection != null);
        ExclusiveParameters.Require((nameof(TokenCacheFolder), TokenCacheFolder != null), file);
        ExclusiveParameters.Require(protection, file);
        ExclusiveParameters.Require(key, file);
        ExclusiveParameters.AllowOneOf(protection, key);
        OneTimeWarning.PlainTextSecret.WriteWhen(SecretArgumentAttribute.WasText(TokenCacheKey), this);
    }

    /// <summary>The tokens of the cache, or of the memory of this process if none is named.</summary>
    private protected TokenCacheOptions Options(bool ofMemory) => new()
    {
        Name = ofMemory ? null : TokenCache,
        Folder = ofMemory || TokenCacheFolder == null ? null : FileOf(TokenCacheFolder, nameof(TokenCacheFolder)),
        Key = ofMemory ? null : TokenCacheKey,
        IsPlain = !ofMemory && TokenCacheProtection == PowerShell.TokenCacheProtection.None,
        TenantId = TenantId,
        ClientId = ClientId,
        Account = Account,
    };
}
