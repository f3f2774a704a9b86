namespace GraphToken.Tests;

/// <summary>The package has a README.md of its own.</summary>
public sealed class PackageReadmeTests
{
    [Fact]
    public void ItsExampleIsThatOfTheProject() =>
        Assert.Equal(Example(Text("README.md")), Example(Text("README.md of the package")));

    // On the page of a package, nothing that a relative link names is there.
    [Fact]
    public void ItHasNoRelativeLinks() => Assert.DoesNotMatch(@"\]\((?!https:)", Text("README.md of the package"));

    private static string Example(string text)
    {
        const string Begin = "```csharp\n";
        int start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        Assert.True(start >= Begin.Length);
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(PackageReadmeTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
