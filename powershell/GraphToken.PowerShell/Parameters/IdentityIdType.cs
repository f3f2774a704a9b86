namespace GraphToken.PowerShell;

/// <summary>What the id of a user-assigned managed identity is.</summary>
public enum IdentityIdType
{
    /// <summary>The client id of its service principal.</summary>
    ClientId,

    /// <summary>The object (principal) id of its service principal.</summary>
    ObjectId,

    /// <summary>The id of its Azure resource.</summary>
    ResourceId,
}
