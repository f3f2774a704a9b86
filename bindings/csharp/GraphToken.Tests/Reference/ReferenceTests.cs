using System.Reflection;
using System.Runtime.CompilerServices;

namespace GraphToken.Tests.Reference;

/// <summary>The pages about the class library in <c>docs/reference</c>.</summary>
/// <remarks>They are resources of this program, which therefore needs no checkout to compare them.</remarks>
public sealed class ReferenceTests
{
    private const string Prefix = "reference/";
    private static readonly Assembly s_this = typeof(ReferenceTests).Assembly;

    [Fact]
    public void ThePagesAreWhatTheLibraryDeclaresAndDocuments()
    {
        Dictionary<string, string> pages = Pages();
        if (Environment.GetEnvironmentVariable("BLESS") is not null)
        {
            Write(pages);
            return;
        }
        Assert.Equal(pages.Keys.Order(), Committed().Order());
        Assert.All(pages, page => Assert.Equal(page.Value, Committed(page.Key)));
    }

    private static Dictionary<string, string> Pages()
    {
        Assembly library = typeof(TokenClient).Assembly;
        XmlDocumentation documentation = XmlDocumentation.Of(library);
        Type[] types =
            [.. library.GetExportedTypes().Where(IsOfTheLibrary).OrderBy(type => type.Name, StringComparer.Ordinal)];
        Dictionary<string, string> pages = types.ToDictionary(
            type => $"{type.Name}.md", type => new TypePage(type, types, documentation).ToString());
        pages.Add("README.md", TypeIndex.Of(types, documentation));
        return pages;

        // The declarations of the C interface are generated, and have plain comments.
        bool IsOfTheLibrary(Type type) => type != typeof(Native) && documentation.Element(type, "summary") is not null;
    }

    private static IEnumerable<string> Committed() => s_this.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..]);

    private static string Committed(string page)
    {
        using var reader = new StreamReader(s_this.GetManifestResourceStream(Prefix + page)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static void Write(Dictionary<string, string> pages, [CallerFilePath] string thisFile = "")
    {
        string checkout = Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../..");
        string folder = Path.Combine(checkout, "docs/reference/dotnet");
        Directory.CreateDirectory(folder);
        foreach (string stale in Directory.GetFiles(folder).Where(file => !pages.ContainsKey(Path.GetFileName(file))))
        {
            File.Delete(stale);
        }
        foreach ((string name, string text) in pages)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }
}
