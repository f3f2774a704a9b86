using System.Buffers;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace GraphToken.Tests;

/// <summary>Whether a text shows a secret: as it is, in part, or in any encoding that can be undone.</summary>
/// <remarks>A secret is found by its ASCII characters that are visible.</remarks>
internal sealed class SecretSearch
{
    /// <summary>This many consecutive characters of a secret betray it.</summary>
    private const int Window = 8;

    private readonly SearchValues<string> _windows;

    internal SecretSearch(params IEnumerable<string> secrets)
    {
        string[] all = [.. secrets.Select(Visible)];
        Assert.All(all, secret => Assert.True(secret.Length >= 2 * Window, $"Too short to be recognised: {secret}"));
        // The mark of a quotation is not a part of what is quoted.
        IEnumerable<string> windows =
            from secret in all
            from at in Enumerable.Range(0, secret.Length - Window + 1)
            let window = secret.Substring(at, Window)
            where !window.Contains('"')
            select window;
        _windows = SearchValues.Create([.. windows], StringComparison.Ordinal);
    }

    /// <summary>The part of a secret that can be read in the text, in any form; null if there is none.</summary>
    internal string? PartIn(string text) => Readings(text)
        .Select(reading => (Reading: reading, At: reading.AsSpan().IndexOfAny(_windows)))
        .Where(found => found.At >= 0)
        .Select(found => found.Reading.Substring(found.At, Window))
        .FirstOrDefault();

    /// <summary>Fails if a part of a secret can be read in the text.</summary>
    internal void AssertHidden(string text, string context)
    {
        string? part = PartIn(text);
        Assert.True(part == null, $"{context}: {part} can be read in: {text}");
    }

    /// <summary>The text as it is, and decoded in each way in which something may have been encoded.</summary>
    private static IEnumerable<string> Readings(string text)
    {
        string plain = Visible(text);
        string[] readings =
        [
            plain,
            Uri.UnescapeDataString(plain),
            WebUtility.UrlDecode(plain),
            WebUtility.HtmlDecode(plain),
            WithoutBackslashes(plain),
            Numbers(text),
            .. Runs(plain.Replace('-', '+').Replace('_', '/'), "A-Za-z0-9+/", 4, Convert.FromBase64String),
            .. Runs(plain, "A-Fa-f0-9", 2, Convert.FromHexString),
        ];
        return readings.Select(Visible);
    }

    /// <summary>Without white space and whatever else could stand between the characters of a secret.</summary>
    private static string Visible(string text) => string.Concat(text.Where(character => character is > ' ' and <= '~'));

    /// <summary>With the escapes of JSON decoded.</summary>
    private static string WithoutBackslashes(string text) => Regex.Replace(
        text,
        """\\(?:u00([0-9A-Fa-f]{2})|(["'\\/]))""",
        escape => Text(Convert.FromHexString(escape.Groups[1].Value)) + escape.Groups[2].Value);

    /// <summary>The bytes that a list of numbers stands for.</summary>
    private static string Numbers(string text) => string.Concat(Regex.Matches(text, "[0-9]+")
        .Select(number => byte.TryParse(number.Value, out byte value) ? (char)value : '\0'));

    /// <summary>What runs of digits stand for, read in groups from each place at which a group may begin.</summary>
    private static IEnumerable<string> Runs(string text, string digits, int size, Func<string, byte[]> decode) =>
        from offset in Enumerable.Range(0, size)
        let runs = Regex.Matches(text, $"[{digits}]{{{offset}}}((?:[{digits}]{{{size}}})+)")
        select string.Concat(runs.Select(run => Text(decode(run.Groups[1].Value))));

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
