using System;
using System.Globalization;
using System.Linq;

namespace GraphToken;

/// <summary>A path of PowerShell's drive <c>Cert:</c>, such as <c>Cert:\CurrentUser\My\A1B2...</c>.</summary>
internal static class StorePath
{
    private static readonly string[] Drives =
        ["Cert:", "Certificate::", @"Microsoft.PowerShell.Security\Certificate::"];

    /// <summary>Whether the text is such a path. Which certificate it names, the engine reads.</summary>
    internal static bool IsOne(string path)
    {
        string bare = path.Trim().TrimStart('"', '\'');
        int start = bare.TakeWhile(IsInvisible).Count();
        return Drives.Any(drive =>
            string.Compare(bare, start, drive, 0, drive.Length, StringComparison.OrdinalIgnoreCase) == 0);
    }

    private static bool IsInvisible(char character) =>
        CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.Format;
}
