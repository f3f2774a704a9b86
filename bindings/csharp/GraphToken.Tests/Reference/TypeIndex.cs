using System.Text;

namespace GraphToken.Tests.Reference;

/// <summary>The page that leads to the pages of all types.</summary>
internal static class TypeIndex
{
    internal static string Of(IReadOnlyCollection<Type> types, XmlDocumentation documentation)
    {
        var page = new StringBuilder(TypePage.FirstLine);
        page.Append("\n\n# .NET\n\nThe public types of the namespace `GraphToken`.\n");
        page.Append("\n| type | what it is |\n|---|---|\n");
        var prose = new Prose(page: null, types);
        foreach (Type type in types)
        {
            string summary = prose.Cell(documentation.Element(type, "summary")!);
            page.Append($"| [{type.Name}]({type.Name}.md) | {summary} |\n");
        }
        page.Append("\n`Native` has the functions of the [C interface](../c.md) as they are, ");
        page.Append("with the types that they take.\n");
        return page.ToString();
    }
}
