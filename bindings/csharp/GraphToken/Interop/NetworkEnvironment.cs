using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>
/// The environment variables of this process for proxy and trust. They are read here because variables
/// set inside a process do not reach native code on Linux and macOS.
/// </summary>
internal static class NetworkEnvironment
{
    /// <summary>Options that keep the native library from reading its own environment.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Ignored =
        new Dictionary<string, string> { ["http.proxy"] = "", ["http.no_proxy"] = "", ["http.ca_file"] = "" };

    /// <summary>The values of the environment variables, as options of a client.</summary>
    /// <param name="isPlainHttp">
    /// Whether the authority is plain http, which goes to this machine only and never through the environment's proxy.
    /// </param>
    internal static IReadOnlyDictionary<string, string> Options(bool isPlainHttp)
    {
        var options = new Dictionary<string, string>
        {
            ["http.proxy"] = isPlainHttp ? "" : Named("HTTPS_PROXY") ?? Named("https_proxy") ?? "",
            ["http.no_proxy"] = EitherCase("NO_PROXY") ?? "",
            ["http.ca_file"] = Variable("SSL_CERT_FILE") ?? "",
        };
        return options;
    }

    // With its name, so that errors of the native library name the variable.
    private static string? Named(string name) => Variable(name) is { } value ? $"{name}={value}" : null;

    private static string? EitherCase(string name) => Variable(name) ?? Variable(name.ToLowerInvariant());

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
