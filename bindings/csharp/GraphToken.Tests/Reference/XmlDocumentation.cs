using System.Reflection;
using System.Xml.Linq;

namespace GraphToken.Tests.Reference;

/// <summary>The documentation file that the compiler writes beside an assembly.</summary>
internal sealed class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocumentation(XDocument file) =>
        _members = file.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    internal static XmlDocumentation Of(Assembly assembly) =>
        new(XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace));

    /// <summary>The last element of a name, which is the member's own if it inherits another one.</summary>
    internal XElement? Element(MemberInfo member, string name) => Elements(member, name).LastOrDefault();

    internal IEnumerable<XElement> Elements(MemberInfo member, string name) =>
        Elements(DocumentationId.Of(member)).Where(element => element.Name == name);

    /// <summary>The elements of a member behind those that it takes over by <c>inheritdoc</c>.</summary>
    private IEnumerable<XElement> Elements(string id)
    {
        if (!_members.TryGetValue(id, out XElement? member))
        {
            return [];
        }
        string? source = member.Element("inheritdoc")?.Attribute("cref")?.Value;
        return source is null ? member.Elements() : Elements(source).Concat(member.Elements());
    }
}
