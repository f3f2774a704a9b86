using System;

namespace GraphToken.PowerShell;

/// <summary>The rules of <c>-Identity</c>, <c>-IdentityId</c> and <c>-IdentityIdType</c>.</summary>
internal static class IdentityArgument
{
    /// <summary>The identity that the parameters name.</summary>
    internal static ManagedIdentityId IdOf(string? id, IdentityIdType? type)
    {
        if (id == null)
        {
            return ManagedIdentityId.SystemAssigned;
        }
        return (type ?? TypeOf(id)) switch
        {
            IdentityIdType.ClientId => ManagedIdentityId.FromUserAssignedClientId(id),
            IdentityIdType.ObjectId => ManagedIdentityId.FromUserAssignedObjectId(id),
            _ => ManagedIdentityId.FromUserAssignedResourceId(id),
        };
    }

    /// <summary>Refuses a type without an id.</summary>
    internal static void RefuseConflicts(string? id, IdentityIdType? type) =>
        ExclusiveParameters.Require(("IdentityIdType", type != null), ("IdentityId", id != null));

    private static IdentityIdType TypeOf(string id) =>
        PastedText.Unwrapped(id).StartsWith("/", StringComparison.Ordinal)
            ? IdentityIdType.ResourceId
            : IdentityIdType.ClientId;
}
