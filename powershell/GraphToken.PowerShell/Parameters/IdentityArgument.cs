using System;
using System.Collections.Generic;

namespace GraphToken.PowerShell;

/// <summary>The rules of <c>-Identity</c>, <c>-IdentityId</c> and <c>-IdentityIdType</c>.</summary>
internal static class IdentityArgument
{
    // The parameters of all other ways to get a token are in the same parameter sets.
    private static readonly string[] Useless =
    [
        "TenantId", "Authority", "AuthorityType", "AzureRegion", "ClientId", "Certificate", "CertificateThumbprint", "CertificateSubjectName",
        "CertificatePath", "CertificateBytes", "CertificateBase64", "CertificatePassword", "PrivateKeyPath",
        "Pkcs11Module", "Pkcs11Uri", "Pkcs11Pin", "ClientSecret", "ClientSecretCredential", "ClientAssertion",
        "FederatedTokenFile", "GitHubActions", "AzurePipelines", "ServiceConnectionId", "ClientCapability", "Algorithm", "AssertionLifetime", "SendCertificateChain", "TokenCache", "TokenCacheFolder",
        "TokenCacheProtection", "TokenCacheKey", "RedisUrl", "RedisPassword",
    ];

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

    /// <summary>Refuses parameters of an application, and a type without an id.</summary>
    internal static void RefuseConflicts(
        bool identity, string? id, IdentityIdType? type, IDictionary<string, object> bound)
    {
        if (!identity)
        {
            throw TokenError.InvalidArgument("-Identity is turned off.", "Remove -Identity:$false.");
        }
        ExclusiveParameters.Require(("IdentityIdType", type != null), ("IdentityId", id != null));
        foreach (string name in Useless)
        {
            ExclusiveParameters.AllowOneOf(("Identity", true), (name, bound.ContainsKey(name)));
        }
    }

    private static IdentityIdType TypeOf(string id) =>
        PastedText.Unwrapped(id).StartsWith("/", StringComparison.Ordinal)
            ? IdentityIdType.ResourceId
            : IdentityIdType.ClientId;
}
