using System;

namespace GraphToken;

/// <summary>The native library behind this assembly.</summary>
/// <remarks>
/// It is loaded when a class is first used. It is searched for in the folder of this assembly: in
/// <c>runtimes/&lt;rid&gt;/native</c> (NuGet), in <c>&lt;rid&gt;</c> (PowerShell module) and in the folder itself, but
/// not beside this assembly's own file on Windows, to which both have the same name; in the package itself, when the
/// assembly is loaded from there; where a single-file program extracts its files; and in the folder of the application,
/// when .NET Framework loads a shadow copy of the assembly. Every member throws
/// <see cref="GraphTokenException"/> of the kind <see cref="GraphTokenErrorKind.NativeLibraryMismatch"/> if it is not
/// found (the message lists every path that was searched), cannot be loaded, or has another ABI version, and in a
/// 32-bit process, for which there is none.
/// </remarks>
public static class GraphTokenLibrary
{
    /// <summary>The ABI version that this assembly is made for.</summary>
    private const uint KnownAbi = 1;

    private static readonly object Gate = new();
    private static (uint Abi, Version Version)? s_loaded;

    /// <summary>Version of the native library, such as 0.1.0.</summary>
    public static Version NativeVersion => Load().Version;

    /// <summary>Version of the native library's binary interface.</summary>
    public static int AbiVersion => (int)Load().Abi;

    /// <summary>Absolute path of the native library's file.</summary>
    public static string Path
    {
        get
        {
            Load();
            return NativeLoader.Load();
        }
    }

    /// <summary>Loads and checks the library, the first time; every native object is made after this.</summary>
    internal static (uint Abi, Version Version) Load()
    {
        lock (Gate)
        {
            return s_loaded ??= LoadNow();
        }
    }

    /// <summary>Refuses an ABI version that this assembly is not made for.</summary>
    internal static void CheckAbi(uint abi, string version, string path)
    {
        if (abi != KnownAbi)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.NativeLibraryMismatch,
                $"The native library {path} (version {version}) has ABI version {abi}, but this assembly " +
                $"requires {KnownAbi}.",
                "Use GraphToken.dll and the native library from the same release.");
        }
    }

    private static (uint Abi, Version Version) LoadNow()
    {
        string path = NativeLoader.Load();
        Native.gt_version(out uint abi, out GtStr text);
        string version = Utf8Text.Read(text);
        CheckAbi(abi, version, path);
        // What follows the numbers, such as `-beta.1`, has no place in a Version.
        return (abi, Version.Parse(version.Split('-', '+')[0]));
    }
}
