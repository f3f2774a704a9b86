using System;
using System.Linq;

namespace GraphToken.PowerShell;

/// <summary>A path as it was pasted: with what was copied along, or the content of the file instead.</summary>
internal static class PathText
{
    private const int LongestName = 255;
    private const int ShortestContent = 48;
    private const int ShortestRun = 40;

    /// <summary>Whether the text is the content of a certificate file, which no error may show.</summary>
    internal static bool IsContent(string path)
    {
        string text = PastedText.Unwrapped(path);
        bool isPem = text.Contains("-----") || text.Any(character => character is '\r' or '\n');
        bool isBase64 = text.Length >= ShortestContent
            && (text.StartsWith("MI", StringComparison.Ordinal)
                || text.StartsWith("LS0t", StringComparison.Ordinal))
            && text.All(IsBase64);
        return isPem || isBase64 || HasKeyRun(text) || text.Split('/', '\\').Any(name => name.Length > LongestName);
    }

    /// <summary>Whether there is a run of characters as in Base64, but hardly in a name.</summary>
    private static bool HasKeyRun(string text)
    {
        string runs = string.Concat(
            text.Select(character => IsBase64(character) && character is not '/' ? character : ' '));
        return runs.Split(' ').Any(run => run.Length >= ShortestRun
            && run.Any(char.IsUpper) && run.Any(char.IsLower) && run.Any(char.IsDigit));
    }

    private static bool IsBase64(char character) => character is
        (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '+' or '/' or '=' or ' ';
}
