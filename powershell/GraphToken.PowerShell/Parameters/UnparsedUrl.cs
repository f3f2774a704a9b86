using System;

namespace GraphToken.PowerShell;

/// <summary>
/// A URL that .NET cannot parse, for the native library to refuse: its error says what is wrong and does not show the
/// text, which may hold a password.
/// </summary>
internal sealed class UnparsedUrl(string text) : Uri("about:invalid")
{
    /// <summary>The text as it was passed.</summary>
    internal string Text { get; } = text;

    /// <summary>The text of any URL as it was passed.</summary>
    internal static string TextOf(Uri url) => url is UnparsedUrl unparsed ? unparsed.Text : url.OriginalString;
}
