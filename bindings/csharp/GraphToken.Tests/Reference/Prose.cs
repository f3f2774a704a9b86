using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GraphToken.Tests.Reference;

/// <summary>Documentation as Markdown, on the page of a type, with links to the pages of the others.</summary>
internal sealed partial class Prose(Type? page, IReadOnlyCollection<Type> pages)
{
    private const char BlockMark = '\f';

    internal string Of(XElement element)
    {
        string[] blocks = string.Concat(element.Nodes().Select(Of)).Split(BlockMark);
        return string.Join("\n\n", blocks.Select(block => block.Trim()).Where(block => block.Length > 0));
    }

    /// <summary>The text in a cell of a table.</summary>
    internal string Cell(XElement element) => Of(element).Replace("|", "\\|").Replace("\n\n", " ");

    /// <summary>What the attribute <c>cref</c> names, with a link if there is a page about it.</summary>
    internal string Link(XElement element)
    {
        string id = element.Attribute("cref")!.Value;
        char kind = id[0];
        string[] names = id[2..].Split('(')[0].Split('.');
        string type = kind == 'T' ? names[^1] : names[^2];
        string text = kind == 'T' || type == page?.Name ? names[^1] : $"{type}.{names[^1]}";
        Type? target = pages.FirstOrDefault(one => one.Name == type);
        if (target is null)
        {
            return $"`{text}`";
        }
        string file = target == page ? "" : $"{type}.md";
        // The constants of an enumeration are in a table, without headings.
        string heading = kind is 'T' or 'F' ? "" : "#" + names[^1].ToLowerInvariant();
        return file + heading is "" ? $"`{text}`" : $"[{text}]({file}{heading})";
    }

    private string Of(XNode node) => node switch
    {
        XText text => Markdown(text.Value),
        XElement { Name.LocalName: "see" } see => see.Attribute("langword") is { } word ? $"`{word.Value}`" : Link(see),
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "paramref" } parameter => $"`{parameter.Attribute("name")!.Value}`",
        XElement { Name.LocalName: "para" } paragraph => $"{BlockMark}{Of(paragraph)}{BlockMark}",
        XElement { Name.LocalName: "code" } code => $"{BlockMark}```csharp\n{Unindented(code.Value)}\n```{BlockMark}",
        _ => throw new NotSupportedException($"The reference does not know {node}."),
    };

    private static string Markdown(string text) =>
        WhiteSpace().Replace(text, " ").Replace("<", "&lt;").Replace("*", "\\*").Replace("_", "\\_");

    private static string Unindented(string code)
    {
        string[] lines = code.ReplaceLineEndings("\n").Trim('\n').TrimEnd().Split('\n');
        int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length < indent ? "" : line[indent..]));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
