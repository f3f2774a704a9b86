using System.Collections.Generic;
using System.Linq;

namespace GraphToken.PowerShell;

/// <summary>
/// The rules of the switches that stand in place of an application: <c>-Identity</c>, <c>-EnvironmentVariable</c>,
/// <c>-Chain</c>, <c>-AzureCli</c> and <c>-AzureDeveloperCli</c>.
/// </summary>
internal static class SourceArgument
{
    // The parameters of all other ways to get a token are in the same parameter sets.
    private static readonly string[] OfApplication =
    [
        "Authority", "AuthorityType", "AzureRegion", "ClientId", "Certificate", "CertificateThumbprint",
        "CertificateSubjectName", "CertificatePath", "CertificateBytes", "CertificateBase64", "CertificatePassword",
        "PrivateKeyPath", "Pkcs11Module", "Pkcs11Uri", "Pkcs11Pin", "ClientSecret", "ClientSecretCredential",
        "ClientAssertion", "FederatedTokenFile", "GitHubActions", "AzurePipelines", "ServiceConnectionId",
    ];

    private static readonly string[] OfAssertions =
        ["ClientCapability", "Algorithm", "AssertionLifetime", "SendCertificateChain"];

    private static readonly string[] OfCaches =
        ["TokenCache", "TokenCacheFolder", "TokenCacheProtection", "TokenCacheKey", "RedisUrl", "RedisPassword"];

    /// <summary>Refuses a switch that is turned off, and parameters that have no effect beside it.</summary>
    internal static void RefuseConflicts(string name, bool isOn, IDictionary<string, object> bound)
    {
        if (!isOn)
        {
            throw TokenError.InvalidArgument($"-{name} is turned off.", $"Remove -{name}:$false.");
        }
        bool takesTenant = name is "AzureCli" or "AzureDeveloperCli";
        bool isApplication = name == "EnvironmentVariable";
        IEnumerable<string> useless = OfApplication
            .Concat(takesTenant ? [] : ["TenantId"])
            .Concat(isApplication ? [] : OfAssertions.Concat(OfCaches));
        foreach (string other in useless)
        {
            ExclusiveParameters.AllowOneOf((name, true), (other, bound.ContainsKey(other)));
        }
    }
}
