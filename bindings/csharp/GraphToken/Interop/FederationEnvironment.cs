using System;

namespace GraphToken;

/// <summary>
/// The environment variables of this process for the token service of a job. They are read here because variables set
/// inside a process do not reach native code on Linux and macOS.
/// </summary>
internal static class FederationEnvironment
{
    /// <summary>Options with the values of these variables, as far as they are set.</summary>
    internal static OptionsHandle Options(string addressVariable, string tokenVariable)
    {
        var options = new OptionsHandle();
        try
        {
            options.SetWhen(Variable(addressVariable), "federation.request_url");
            options.SetWhen(Variable(tokenVariable), "federation.request_token");
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    /// <summary>A variable; an empty one counts as unset.</summary>
    internal static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
