namespace GraphToken.PowerShell.Tests;

/// <summary>Where the things under test are.</summary>
internal static class TestSetting
{
    /// <summary>Folder of the built module.</summary>
    internal static string Module => Path.GetFullPath(Required(
        "GRAPHTOKEN_TEST_MODULE", "the folder of the built module (the one with GraphToken.psd1)"));

    /// <summary>The entra-emulator program.</summary>
    internal static string Emulator => Path.GetFullPath(Required(
        "GRAPHTOKEN_TEST_EMULATOR", "the entra-emulator program, built by `cargo build -p entra-emulator`"));

    private static string Required(string variable, string meaning) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"Set the environment variable {variable} to {meaning}; `cargo xtask test` does all of this.");
}
