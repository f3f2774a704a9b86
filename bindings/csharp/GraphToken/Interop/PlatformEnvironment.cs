using System;
using System.Linq;
using System.Security;

namespace GraphToken;

/// <summary>
/// The environment variables by which Azure's platforms name the endpoint of a managed identity and the region, and those
/// that describe a credential. They are read here because variables set inside a process do not reach native code on
/// Linux and macOS.
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
        "AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
        "AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_TOKEN_CREDENTIALS",
        "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_OIDCREQUESTURI",
        "SYSTEM_ACCESSTOKEN",
        // Where the developer tools and their configuration are.
        "PATH", "AZURE_CONFIG_DIR", "AZD_CONFIG_DIR",
    ];

    /// <summary>Those that are set, as the option <c>identity.variables</c> takes them.</summary>
    internal static unsafe SecureString Block()
    {
        char[] pairs = [.. Names.SelectMany(Pair)];
        try
        {
            fixed (char* first = pairs)
            {
                var block = new SecureString(first, pairs.Length);
                block.MakeReadOnly();
                return block;
            }
        }
        finally
        {
            Array.Clear(pairs, 0, pairs.Length);
        }
    }

    // No variable contains the character that ends a pair.
    private static string Pair(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? $"{name}={value}\0" : "";
}
