using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace GraphToken.Tests.Reference;

/// <summary>The page of a public type: what it declares, without what it inherits.</summary>
internal sealed class TypePage
{
    internal const string FirstLine =
        "<!-- Generated from the documentation comments in bindings/csharp/GraphToken; do not edit. " +
        "`BLESS=1 cargo xtask test` writes it anew. -->";

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly Type _type;
    private readonly XmlDocumentation _documentation;
    private readonly Prose _prose;
    private readonly StringBuilder _page = new(FirstLine);

    internal TypePage(Type type, IReadOnlyCollection<Type> types, XmlDocumentation documentation)
    {
        _type = type;
        _documentation = documentation;
        _prose = new Prose(type, types);
    }

    public override string ToString()
    {
        _page.Append($"\n\n# {_type.Name}\n");
        Describe(_type, Signature.Of(_type));
        if (_type.IsEnum)
        {
            WriteConstants();
        }
        else
        {
            WriteMembers("Constructors", _type.GetConstructors(Declared));
            WriteMembers("Properties", _type.GetProperties(Declared));
            WriteMembers("Methods", _type.GetMethods(Declared).Where(method => !method.IsSpecialName));
        }
        return _page.ToString();
    }

    private void WriteConstants()
    {
        _page.Append("\n| constant | value | meaning |\n|---|---|---|\n");
        foreach (FieldInfo field in _type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            string summary = _prose.Cell(_documentation.Element(field, "summary")!);
            _page.Append($"| `{field.Name}` | {Convert.ToInt32(field.GetRawConstantValue())} | {summary} |\n");
        }
    }

    /// <summary>Overloads stand below one heading, in the order of the source.</summary>
    private void WriteMembers(string heading, IEnumerable<MemberInfo> members)
    {
        IGrouping<string, MemberInfo>[] byName =
            [.. members.OrderBy(member => member.MetadataToken).GroupBy(member => member.Name)];
        if (byName.Length == 0)
        {
            return;
        }
        _page.Append($"\n## {heading}\n");
        foreach (IGrouping<string, MemberInfo> overloads in byName)
        {
            _page.Append($"\n### {(overloads.Key == ".ctor" ? _type.Name : overloads.Key)}\n");
            foreach (MemberInfo member in overloads)
            {
                Describe(member, Signature.Of(member));
            }
        }
    }

    private void Describe(MemberInfo member, string signature)
    {
        _page.Append($"\n```csharp\n{signature}\n```\n");
        Write(member, "summary", "");
        WriteList("Parameters", Parameters(member));
        Write(member, "returns", "Returns: ");
        WriteList("Exceptions", Exceptions(member));
        Write(member, "remarks", "");
        Write(member, "example", "");
    }

    private void Write(MemberInfo member, string element, string before)
    {
        if (_documentation.Element(member, element) is { } found)
        {
            _page.Append($"\n{before}{_prose.Of(found)}\n");
        }
    }

    private void WriteList(string heading, IEnumerable<string> items)
    {
        string list = string.Concat(items.Select(item => $"- {item}\n"));
        if (list.Length > 0)
        {
            _page.Append($"\n**{heading}**\n\n{list}");
        }
    }

    private IEnumerable<string> Parameters(MemberInfo member) =>
        from parameter in (member as MethodBase)?.GetParameters() ?? []
        let found = _documentation.Elements(member, "param").LastOrDefault(one => Is(one, "name", parameter.Name))
        where found is not null
        select $"`{parameter.Name}`: {_prose.Of(found)}";

    private IEnumerable<string> Exceptions(MemberInfo member) =>
        _documentation.Elements(member, "exception").Select(one => $"{_prose.Link(one)}: {_prose.Of(one)}");

    private static bool Is(XElement element, string attribute, string? value) =>
        element.Attribute(attribute)?.Value == value;
}
