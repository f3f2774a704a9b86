using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace GraphToken;

/// <summary>Where the native library may be: below which folder, for which platform, by which names.</summary>
internal sealed class NativeLibraryPlace
{
    private readonly string[] _folders;
    private readonly string _runtime;
    private readonly string _assembly;
    private readonly string[] _names;

    /// <param name="folder">The folder of this assembly.</param>
    /// <param name="runtime">A runtime identifier, such as <c>linux-x64</c>.</param>
    /// <param name="assembly">The file of this assembly; empty when it has none.</param>
    /// <param name="others">Folders that are searched after that of this assembly.</param>
    internal NativeLibraryPlace(string folder, string runtime, string assembly, params string[] others)
    {
        _folders = [folder, .. others.Where(other => !IsSame(other, folder))];
        _runtime = runtime;
        _assembly = assembly;
        _names = runtime.StartsWith("win", StringComparison.Ordinal) ? ["graphtoken.dll"]
            : runtime.StartsWith("osx", StringComparison.Ordinal) ? ["libgraphtoken.dylib", "graphtoken.dylib"]
            : ["libgraphtoken.so", "graphtoken.so"];
    }

    /// <summary>The place for this process.</summary>
    /// <exception cref="GraphTokenException">The process is a 32-bit one.</exception>
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location is expected.")]
    internal static NativeLibraryPlace Current()
    {
        RequireSixtyFourBits(RuntimeInformation.ProcessArchitecture);
        // Empty in a program that is published as a single file or compiled ahead of time.
        string assembly = typeof(NativeLibraryPlace).Assembly.Location;
        string? folder = Path.GetDirectoryName(assembly.Length == 0 ? null : assembly);
        return folder == null
            ? new NativeLibraryPlace(AppContext.BaseDirectory, RuntimeIdentifier(), assembly, ExtractedFolders())
            : new NativeLibraryPlace(folder, RuntimeIdentifier(), assembly, ShadowedFolders());
    }

    private static string[] ShadowedFolders()
    {
        AppDomain domain = AppDomain.CurrentDomain;
        return domain.ShadowCopyFiles ? ShadowedFolders(domain.BaseDirectory, domain.RelativeSearchPath) : [];
    }

    /// <summary>Where the assemblies come from that .NET Framework loads from copies elsewhere, one by one, for ASP.NET
    /// and for test runners.</summary>
    internal static string[] ShadowedFolders(string application, string? searchPath) =>
    [
        .. (searchPath ?? "").Split([';'], StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(application, folder)),
        application,
    ];

    // With IncludeNativeLibrariesForSelfExtract; only this list of the runtime tells the folder.
    private static string[] ExtractedFolders() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split([Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsSame(string folder, string other) =>
        string.Equals(folder.TrimEnd('/', '\\'), other.TrimEnd('/', '\\'), StringComparison.Ordinal);

    /// <summary>The runtime identifier of this process, such as <c>win-arm64</c> or <c>linux-musl-x64</c>.</summary>
    internal static string RuntimeIdentifier()
    {
        string system = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win"
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx"
            : MuslLoader.StartedThisProcess ? "linux-musl"
            : "linux";
        return system + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
    }

    /// <summary>Refuses a process for which there is no native library at all.</summary>
    /// <exception cref="GraphTokenException">The architecture has 32 bits.</exception>
    internal static void RequireSixtyFourBits(Architecture process)
    {
        if (process is Architecture.X86 or Architecture.Arm)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.NativeLibraryMismatch,
                $"GraphToken needs a 64-bit process, and this one is 32-bit ({process.ToString().ToLowerInvariant()}).",
                "Use 64-bit PowerShell; in a program of your own, set PlatformTarget to x64 in the project file.");
        }
    }

    /// <summary>Every path that is searched, in order.</summary>
    internal IReadOnlyList<string> Candidates() => _folders
        .SelectMany(Places)
        .SelectMany(place => _names.Select(name => Path.Combine(place, name)))
        .Where(path => !IsAssembly(path))
        .ToArray();

    private IEnumerable<string> Places(string folder)
    {
        yield return Path.Combine(folder, "runtimes", _runtime, "native");
        yield return Path.Combine(folder, _runtime);
        yield return folder;
        // In the unpacked package, from which scripts and notebooks load the assembly.
        string? package = Path.GetDirectoryName(Path.GetDirectoryName(folder));
        if (Path.GetFileName(folder) == "netstandard2.0" && package != null)
        {
            yield return Path.Combine(package, "runtimes", _runtime, "native");
        }
    }

    // To Windows, GraphToken.dll and graphtoken.dll are one name; shadow copies have the original in another folder.
    private bool IsAssembly(string path) =>
        string.Equals(Path.GetFileName(path), Path.GetFileName(_assembly), StringComparison.OrdinalIgnoreCase)
        && _folders.Any(folder => IsSame(folder, Path.GetDirectoryName(path)!));

    /// <summary>The first path at which there is a file.</summary>
    /// <exception cref="GraphTokenException">There is none; the message lists every path.</exception>
    internal string Find() => Candidates().FirstOrDefault(File.Exists) ?? throw new GraphTokenException(
        GraphTokenErrorKind.NativeLibraryMismatch,
        $"The native library for {_runtime} was not found. Searched: {string.Join(", ", Candidates())}.",
        "Install the complete GraphToken package or module for this platform, which includes the file.");
}
