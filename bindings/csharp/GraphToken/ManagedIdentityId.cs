using System;

namespace GraphToken;

/// <summary>Which managed identity of an Azure resource is used.</summary>
public sealed class ManagedIdentityId
{
    private ManagedIdentityId(string? option, string value)
    {
        Option = option;
        Value = value;
    }

    /// <summary>
    /// The resource's own identity. On a virtual machine without one, it is the only user-assigned identity.
    /// </summary>
    public static ManagedIdentityId SystemAssigned { get; } = new(null, "");

    /// <summary>The option of the native library; <see langword="null"/> for none.</summary>
    internal string? Option { get; }

    /// <summary>The value of the option.</summary>
    internal string Value { get; }

    /// <summary>A user-assigned identity, by the client id of its service principal.</summary>
    /// <param name="clientId">A GUID.</param>
    /// <exception cref="ArgumentNullException"><paramref name="clientId"/> is null.</exception>
    public static ManagedIdentityId FromUserAssignedClientId(string clientId) =>
        new("identity.client_id", clientId ?? throw new ArgumentNullException(nameof(clientId)));

    /// <summary>A user-assigned identity, by the object (principal) id of its service principal.</summary>
    /// <param name="objectId">A GUID.</param>
    /// <exception cref="ArgumentNullException"><paramref name="objectId"/> is null.</exception>
    public static ManagedIdentityId FromUserAssignedObjectId(string objectId) =>
        new("identity.object_id", objectId ?? throw new ArgumentNullException(nameof(objectId)));

    /// <summary>A user-assigned identity, by the id of its Azure resource.</summary>
    /// <param name="resourceId">
    /// <c>/subscriptions/SUBSCRIPTION/resourcegroups/GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME</c>
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="resourceId"/> is null.</exception>
    public static ManagedIdentityId FromUserAssignedResourceId(string resourceId) =>
        new("identity.resource_id", resourceId ?? throw new ArgumentNullException(nameof(resourceId)));

    /// <summary>The id; <c>SystemAssigned</c> for the resource's own identity.</summary>
    public override string ToString() => Option == null ? nameof(SystemAssigned) : Value;
}
