using System;
using System.Globalization;
using System.Linq;

namespace GraphToken;

/// <summary>
/// Text that was pasted with what stood around it. The engine takes that off by itself; here it is for what must be
/// known before the engine is called.
/// </summary>
internal static class PastedText
{
    private const string QuotationMarks =
        "\"'`\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a";

    /// <summary>The text without white space, invisible characters and quotation marks around it.</summary>
    internal static string Unwrapped(string text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && Surrounds(text[start]))
        {
            start++;
        }
        while (end > start && Surrounds(text[end - 1]))
        {
            end--;
        }
        return text.Substring(start, end - start);
    }

    /// <summary>The id in the text: unwrapped, and a GUID without its braces.</summary>
    internal static string Id(string text)
    {
        string id = Unwrapped(text);
        return Guid.TryParseExact(id, "B", out _) ? id.Substring(1, id.Length - 2) : id;
    }

    private static bool Surrounds(char character) =>
        char.IsWhiteSpace(character) || char.IsControl(character) || QuotationMarks.Contains(character) ||
        CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.Format;
}
