namespace GraphToken.Tests;

public sealed partial class TestSetting
{
    /// <summary>Folder of the built module.</summary>
    internal static string Module => Existing(
        "GRAPHTOKEN_TEST_MODULE", "the folder of the built module (the one with GraphToken.psd1)");

    private static string UnderTest => Module;
}
