using System.Security;

namespace GraphToken;

/// <summary>Which token cache is meant, and which of its tokens.</summary>
public sealed class TokenCacheOptions
{
    /// <summary>
    /// As in <see cref="TokenClientBuilder.WithTokenCache"/>; by default the memory that clients with
    /// <see cref="TokenClientBuilder.WithSharedCache"/> share in this process.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>The folder of the file, as there.</summary>
    public string? Folder { get; set; }

    /// <summary>As in <see cref="TokenClientBuilder.WithTokenCacheKey(SecureString)"/>.</summary>
    public SecureString? Key { get; set; }

    /// <summary>As in <see cref="TokenClientBuilder.WithPlainTokenCache"/>.</summary>
    public bool IsPlain { get; set; }

    /// <summary>Only tokens of this tenant, as the list names it, in any letter case; by default all.</summary>
    public string? TenantId { get; set; }

    /// <summary>Only tokens of this application; by default all.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// Only tokens of this user: the sign-in name in any letter case, the home account id (<c>uid.utid</c>) or the
    /// object id; by default all, and those of applications.
    /// </summary>
    public string? Account { get; set; }

    internal OptionsHandle ToHandle()
    {
        var options = new OptionsHandle();
        try
        {
            options.SetWhen(Name, "cache.name");
            options.SetWhen(Folder, "cache.folder");
            options.SetWhen(IsPlain ? "none" : null, "cache.protection");
            if (Key != null)
            {
                options.SetSecret("cache.key", Key);
            }
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}
