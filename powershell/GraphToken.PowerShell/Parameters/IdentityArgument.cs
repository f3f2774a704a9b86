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

    /// <summary>
    /// Refuses an id without <c>-Identity</c>, and a type without an id. As parameters of one parameter set they would
    /// select it, and PowerShell would ask for the switch.
    /// </summary>
    internal static void RefuseConflicts(bool isOn, string? id, IdentityIdType? type)
    {
        ExclusiveParameters.Require(("IdentityId", id != null), ("Identity", isOn));
        ExclusiveParameters.Require(("IdentityIdType", type != null), ("IdentityId", id != null));
    }

    private static IdentityIdType TypeOf(string id) =>
        PastedText.Unwrapped(id).StartsWith("/", StringComparison.Ordinal)
            ? IdentityIdType.ResourceId
            : IdentityIdType.ClientId;
}
