[assembly: AssemblyFixture(typeof(GraphToken.Tests.TestSetting))]

namespace GraphToken.Tests;

/// <summary>What is under test. A missing setting fails every test, with what to do.</summary>
public sealed partial class TestSetting
{
    // What the developer's network needs is not for a service on this machine.
    private static readonly string[] NetworkVariables =
        ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"];

    /// <summary>Reads the settings before the first test.</summary>
    public TestSetting()
    {
        _ = UnderTest;
        _ = Emulator;
        Array.ForEach(NetworkVariables, name => Environment.SetEnvironmentVariable(name, null));
        // Libraries look for the identity of a machine there, in place of the address that clouds have for it.
        Environment.SetEnvironmentVariable("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9");
    }

    /// <summary>The entra-emulator program.</summary>
    internal static string Emulator => Existing(
        "GRAPHTOKEN_TEST_EMULATOR", "the entra-emulator program, built by `cargo build -p entra-emulator`");

    private static string Existing(string variable, string meaning) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path && Path.Exists(path)
            ? Path.GetFullPath(path)
            : throw new InvalidOperationException(
                $"Set the environment variable {variable} to the absolute path of {meaning}; " +
                "`cargo xtask test` does all of this.");
}
