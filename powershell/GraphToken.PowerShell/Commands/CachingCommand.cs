using System.Management.Automation;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>The parameters for tokens that outlive this process or are shared with others.</summary>
public abstract class CachingCommand : ApplicationCommand
{
    /// <summary>Name of a file of the user that keeps tokens for the next process.</summary>
    [Parameter]
    [NotEmpty]
    public string? TokenCache { get; set; }

    /// <summary>Literal path of the folder with that file; by default the user's data folder.</summary>
    [Parameter]
    [NotEmpty]
    public string? TokenCacheFolder { get; set; }

    /// <summary>How that file is protected if there is no key; by the user account by default.</summary>
    [Parameter]
    public TokenCacheProtection? TokenCacheProtection { get; set; }

    /// <summary>Base64 of the 32 bytes that encrypt the tokens in that file or in Redis.</summary>
    [Parameter]
    [SecretArgument]
    [NotEmpty]
    public SecureString? TokenCacheKey { get; set; }

    /// <summary>Address of a Redis server that keeps tokens for other processes and machines.</summary>
    [Parameter]
    [NotEmpty]
    public string? RedisUrl { get; set; }

    /// <summary>Password of that server.</summary>
    [Parameter]
    [SecretArgument]
    [NotEmpty]
    public SecureString? RedisPassword { get; set; }

    private protected override bool IsSecretPlainText =>
        base.IsSecretPlainText || SecretArgumentAttribute.WasText(TokenCacheKey) ||
        SecretArgumentAttribute.WasText(RedisPassword);

    /// <summary>Refuses parameters that exclude each other or require another one.</summary>
    private protected void RefuseCacheConflicts()
    {
        (string, bool) file = (nameof(TokenCache), TokenCache != null);
        (string, bool) redis = (nameof(RedisUrl), RedisUrl != null);
        (string, bool) key = (nameof(TokenCacheKey), TokenCacheKey != null);
        (string, bool) protection = (nameof(TokenCacheProtection), TokenCacheProtection != null);
        ExclusiveParameters.AllowOneOf(file, redis);
        ExclusiveParameters.Require((nameof(TokenCacheFolder), TokenCacheFolder != null), file);
        ExclusiveParameters.Require(protection, file);
        ExclusiveParameters.AllowOneOf(protection, key);
        ExclusiveParameters.Require(key, file, redis);
        ExclusiveParameters.Require(redis, key);
        ExclusiveParameters.Require((nameof(RedisPassword), RedisPassword != null), redis);
    }

    /// <summary>Adds the values of these parameters.</summary>
    private protected TokenClientBuilder WithCaches(TokenClientBuilder builder)
    {
        if (RedisUrl != null)
        {
            return builder.WithRedis(RedisUrl, TokenCacheKey!, RedisPassword);
        }
        if (TokenCache == null)
        {
            return builder;
        }
        string? folder = TokenCacheFolder == null ? null : FileOf(TokenCacheFolder, nameof(TokenCacheFolder));
        builder = builder.WithTokenCache(TokenCache, folder);
        builder = TokenCacheKey == null ? builder : builder.WithTokenCacheKey(TokenCacheKey);
        bool isPlain = TokenCacheProtection == PowerShell.TokenCacheProtection.None;
        return isPlain ? builder.WithPlainTokenCache() : builder;
    }
}
