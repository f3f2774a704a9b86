using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace GraphToken;

/// <summary>Whether a process was started by the loader of musl, the C library of Alpine Linux.</summary>
/// <remarks>Only the process can tell: Debian, too, has musl's loader on its disk with musl-tools.</remarks>
internal static class MuslLoader
{
    private const string Maps = "/proc/self/maps";

    private static readonly Lazy<bool> Started = new(ReadMaps);

    /// <summary>Whether it started this process.</summary>
    internal static bool StartedThisProcess => Started.Value;

    /// <summary>Whether it is among the mapped files, which are lines of <c>/proc/PID/maps</c>.</summary>
    internal static bool IsIn(IEnumerable<string> maps) => maps.Any(IsLoader);

    private static bool IsLoader(string line)
    {
        int name = line.LastIndexOf('/') + 1;
        // A debugger or scanner may have the file mapped to read it.
        if (name == 0 || line.IndexOf(" r-xp ", StringComparison.Ordinal) < 0)
        {
            return false;
        }
        // The loader is musl's C library, too: Alpine names the file as the loader, others as the library. The library
        // of glibc is libc.so.6.
        string file = line.Substring(name);
        return file.StartsWith("ld-musl-", StringComparison.Ordinal) || file is "libc.so" or "libc.so (deleted)";
    }

    private static bool ReadMaps()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
        {
            return false;
        }
        try
        {
            return IsIn(File.ReadLines(Maps));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A sandbox without /proc; most of them run glibc.
            return false;
        }
    }
}
