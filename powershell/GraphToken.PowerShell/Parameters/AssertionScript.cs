using System;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Net;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>A script block that provides client assertions.</summary>
internal static class AssertionScript
{
    /// <summary>
    /// A credential that calls <paramref name="script"/> on <paramref name="thread"/> for each request that is sent, with
    /// the tenant, the client id and the token endpoint.
    /// </summary>
    internal static ClientCredential CredentialOf(ScriptBlock script, PipelineThread thread) =>
        ClientCredential.FromAssertion((request, _) => thread.Invoke(() => Run(script, request)));

    private static string Run(ScriptBlock script, AssertionRequest request)
    {
        Collection<PSObject> output = script.Invoke(request.Tenant, request.ClientId, request.TokenEndpoint);
        return output.Count == 1 ? Text(output[0]?.BaseObject) : throw new InvalidOperationException(
            $"The script block of -ClientAssertion returned {output.Count} objects in place of one client assertion.");
    }

    private static string Text(object? assertion) => assertion switch
    {
        string text => text,
        SecureString secret => new NetworkCredential("", secret).Password,
        _ => throw new InvalidOperationException(
            $"The script block of -ClientAssertion returned {assertion?.GetType().Name ?? "null"} in place of a string " +
            "or SecureString."),
    };
}
