namespace GraphToken;

/// <summary>A user who signed in: a part of the result of <see cref="TokenClient.GetAccounts"/>.</summary>
public sealed class Account
{
    internal Account(
        string username,
        string homeAccountId,
        string localAccountId,
        string name,
        string tenantId,
        string environment,
        string authorityType)
    {
        Username = username;
        HomeAccountId = homeAccountId;
        LocalAccountId = localAccountId;
        Name = name;
        TenantId = tenantId;
        Environment = environment;
        AuthorityType = authorityType;
    }

    /// <summary>The sign-in name.</summary>
    public string Username { get; }

    /// <summary>
    /// Identifies the user in every tenant: <c>uid.utid</c>, or the subject of the id token where the service tells no
    /// more.
    /// </summary>
    public string HomeAccountId { get; }

    /// <summary>Identifies the user in the tenant: the claim <c>oid</c> of the id token, or else <c>sub</c>.</summary>
    public string LocalAccountId { get; }

    /// <summary>The display name; empty if it is unknown.</summary>
    public string Name { get; }

    /// <summary>The tenant in which the user has signed in, as the cache names it.</summary>
    public string TenantId { get; }

    /// <summary>The cloud or the host, as caches name it.</summary>
    public string Environment { get; }

    /// <summary>The kind of authority: <c>MSSTS</c>, <c>ADFS</c> or <c>Generic</c>.</summary>
    public string AuthorityType { get; }

    /// <summary>The sign-in name.</summary>
    public override string ToString() => Username;
}
