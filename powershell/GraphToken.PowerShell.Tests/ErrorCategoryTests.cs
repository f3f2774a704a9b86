using System.Reflection;

namespace GraphToken.PowerShell.Tests;

/// <summary>The category of every kind, against the table in docs/errors.md.</summary>
public sealed class ErrorCategoryTests(Stage stage) : EngineTest(stage)
{
    private static readonly Dictionary<string, string> Table = Documented();

    [Fact]
    public void Every_kind_has_the_category_of_the_table()
    {
        MethodInfo categoryOf = Loaded("GraphToken.PowerShell").GetType("GraphToken.PowerShell.TokenError", true)!
            .GetMethod("CategoryOf", BindingFlags.NonPublic | BindingFlags.Static)!;
        Dictionary<string, string> actual = Kinds().ToDictionary(
            kind => kind.ToString(), kind => categoryOf.Invoke(null, [kind])!.ToString()!);

        Assert.Equal(Table.OrderBy(pair => pair.Key), actual.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void The_about_topic_has_the_same_table()
    {
        string[] lines = File.ReadAllLines(Path.Combine(TestSetting.Module, "en-US", "about_GraphToken.help.txt"));
        IEnumerable<string[]> rows = lines.Select(Words)
            .SkipWhile(words => words is not ["Kind", "Category", "Meaning"])
            .Skip(1)
            .TakeWhile(words => words.Length > 0);
        Dictionary<string, string> topic = rows.ToDictionary(words => words[0], words => words[1]);

        // A script cannot cause NullPointer.
        Assert.Equal(
            Table.Where(pair => pair.Key != "NullPointer").OrderBy(pair => pair.Key),
            topic.OrderBy(pair => pair.Key));
    }

    /// <summary>The rows "| number | kind | PowerShell category | ...".</summary>
    private static Dictionary<string, string> Documented()
    {
        using StreamReader document = new(
            typeof(ErrorCategoryTests).Assembly.GetManifestResourceStream("errors.md")!);
        return document.ReadToEnd().Split('\n')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 4 && int.TryParse(cells[1], out _))
            .ToDictionary(cells => cells[2], cells => cells[3]);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // Zero is success, which is no kind of error.
    private static IEnumerable<Enum> Kinds() => Loaded("GraphToken")
        .GetType("GraphToken.GraphTokenErrorKind", true)!
        .GetEnumValues()
        .Cast<Enum>()
        .Where(kind => Convert.ToInt32(kind) != 0);
}
