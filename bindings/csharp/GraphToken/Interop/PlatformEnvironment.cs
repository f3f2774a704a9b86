using System;
using System.Linq;
using System.Security;

namespace GraphToken;

/// <summary>
/// The environment variables by which Azure's platforms name the endpoint of a managed identity and the region. They are read here
/// because variables set inside a process do not reach native code on Linux and macOS.
/// </summary>
internal static class PlatformEnvironment
{
    private static readonly string[] Names =
    [
        "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT", "MSI_ENDPOINT",
        "MSI_SECRET", "DEFAULT_IDENTITY_CLIENT_ID", "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        // Where the machine is.
        "REGION_NAME",
        // Where Azure Arc's agent and its keys are on Windows.
        "ProgramFiles", "ProgramData",
    ];

    /// <summary>Those that are set, as the option <c>identity.variables</c> takes them.</summary>
    internal static SecureString Block()
    {
        var block = new SecureString();
        foreach (char character in Names.SelectMany(Pair))
        {
            block.AppendChar(character);
        }
        block.MakeReadOnly();
        return block;
    }

    // No variable contains the character that ends a pair.
    private static string Pair(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? $"{name}={value}\0" : "";
}
