using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;

namespace GraphToken.PowerShell;

/// <summary>Reads JSON into the objects that ConvertFrom-Json gives: objects keep their order, integers are
/// <see cref="long"/>, other numbers <see cref="double"/>.</summary>
/// <remarks>.NET Standard 2.0 reads JSON as XML: elements named as the members, with the kind in the attribute type
/// (Microsoft, "Mapping Between JSON and XML").</remarks>
internal static class JsonText
{
    private const string Hint = "Check the token with its issuer.";

    /// <summary>The object in <paramref name="json"/>, which the engine has found to be a JSON object.</summary>
    internal static PSObject ReadObject(string json)
    {
        // The reader takes a first member __type for itself, except when its name is escaped.
        byte[] utf8 = Encoding.UTF8.GetBytes(json.Replace("\"__type\"", "\"\\u005f_type\""));
        using XmlDictionaryReader reader =
            JsonReaderWriterFactory.CreateJsonReader(utf8, XmlDictionaryReaderQuotas.Max);
        try
        {
            reader.MoveToContent();
            return Object(reader);
        }
        catch (XmlException)
        {
            // Its message quotes the token.
            throw TokenError.InvalidArgument("The token contains JSON with characters that .NET cannot read.", Hint);
        }
    }

    /// <summary>The value at the reader's element; leaves the reader behind it.</summary>
    private static object? Value(XmlReader reader)
    {
        switch (reader.GetAttribute("type"))
        {
            case "object":
                return Object(reader);
            case "array":
                return Array(reader);
            case "number":
                return Number(reader.ReadElementContentAsString());
            case "boolean":
                return reader.ReadElementContentAsString() == "true";
            case "null":
                reader.Skip();
                return null;
            default:
                return reader.ReadElementContentAsString();
        }
    }

    private static PSObject Object(XmlReader reader)
    {
        var members = new PSObject();
        foreach (string name in Elements(reader))
        {
            if (name.Length == 0)
            {
                throw TokenError.InvalidArgument("The token contains a JSON member without a name.", Hint);
            }
            // As ConvertFrom-Json: PowerShell's names know no letter case, and the last of two members counts.
            members.Properties.Remove(name);
            members.Properties.Add(new PSNoteProperty(name, Value(reader)));
        }
        return members;
    }

    private static object?[] Array(XmlReader reader)
    {
        var items = new List<object?>();
        foreach (string _ in Elements(reader))
        {
            items.Add(Value(reader));
        }
        return items.ToArray();
    }

    /// <summary>The member names of the element's children; the caller reads each child before the next.</summary>
    private static IEnumerable<string> Elements(XmlReader reader)
    {
        bool empty = reader.IsEmptyElement;
        reader.Read();
        if (empty)
        {
            yield break;
        }
        while (reader.MoveToContent() == XmlNodeType.Element)
        {
            // A name that XML does not allow stands in the attribute item.
            yield return reader.GetAttribute("item") ?? reader.LocalName;
        }
        reader.Read();
    }

    /// <summary>A number that is too large for .NET stays the text that it is.</summary>
    private static object Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            return integer;
        }
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        return isNumber ? number : text;
    }
}
