namespace GraphToken.Tests;

public sealed partial class TestSetting
{
    /// <summary>The native library; the build copies it next to the tests.</summary>
    internal static string Library => Existing(
        "GRAPHTOKEN_TEST_LIBRARY",
        "the native library, built by `cargo build -p graphtoken --features test-hooks`, and build the tests again");

    private static string UnderTest => Library;
}
