using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace GraphToken.Tests;

/// <summary>How the native library is found, loaded and checked.</summary>
public sealed class LibraryTests
{
    private static readonly string RuntimeIdentifier = NativeLibraryPlace.RuntimeIdentifier();
    private static readonly string Extension = OperatingSystem.IsWindows() ? ".dll" : ".so";
    private const string OfProgram = "5637c1a2f000-5637c1a30000 r-xp 00001000 fe:00 77 /opt/libc.so.d/program";

    // NuGet's, the PowerShell module's, and the flat one, in which Windows has no room for both files.
    public static TheoryData<string> Layouts =>
    [
        $"runtimes/{RuntimeIdentifier}/native/{(OperatingSystem.IsWindows() ? "" : "lib")}graphtoken{Extension}",
        $"{RuntimeIdentifier}/graphtoken{Extension}",
        .. OperatingSystem.IsWindows() ? (string[])[] : [$"graphtoken{Extension}"],
    ];

    [Fact]
    public void TheLibraryUnderTestIsTheOneThatWasNamed()
    {
        Assert.Equal(Hash(TestSetting.Library), Hash(GraphTokenLibrary.Path));
        Assert.Equal(1, GraphTokenLibrary.AbiVersion);
        Version expected = typeof(GraphTokenLibrary).Assembly.GetName().Version!;
        Assert.Equal(expected.ToString(3), GraphTokenLibrary.NativeVersion.ToString(3));

        static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void EachLayoutIsFound(string layout)
    {
        string folder = NewFolder();
        string library = Path.Combine([folder, .. layout.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(library)!);
        File.Copy(TestSetting.Library, library);
        // Once by the class library, once by a first call of the raw functions.
        Assert.Equal(library, Property(Load(folder), nameof(GraphTokenLibrary.Path)));
        object?[] version = [0u, null];
        Type native = Load(folder).GetType("GraphToken.Native", throwOnError: true)!;
        Assert.Equal(0, native.GetMethod(nameof(Native.gt_version))!.Invoke(null, version));
        Assert.Equal(1u, version[0]);
    }

    [Fact]
    public void TheUnpackedPackageIsALayout()
    {
        string package = TestFolder.Combine(Guid.NewGuid().ToString("N"));
        string folder = Directory.CreateDirectory(Path.Combine(package, "lib", "netstandard2.0")).FullName;
        File.Copy(typeof(GraphTokenLibrary).Assembly.Location, Path.Combine(folder, "GraphToken.dll"));
        string native = Path.Combine(package, "runtimes", RuntimeIdentifier, "native");
        string library = Path.Combine(Directory.CreateDirectory(native).FullName, "graphtoken" + Extension);
        File.Copy(TestSetting.Library, library);
        Assert.Equal(library, Property(Load(folder), nameof(GraphTokenLibrary.Path)));
    }

    // A program that is a single file has its libraries beside it, or in a folder to which they are extracted.
    [Fact]
    public void TheFolderOfExtractedFilesIsSearchedAfterThatOfTheProgram()
    {
        string[] extracted = ["app/", Path.Combine("tmp", "hash")];
        var place = new NativeLibraryPlace("app", "linux-x64", assembly: "", extracted);
        string[] files =
        [
            .. place.Candidates().Where(file => Path.GetFileName(file).StartsWith("lib", StringComparison.Ordinal))
                .Select(file => file.Replace('\\', '/')),
        ];
        Assert.Equal(
            [
                "app/runtimes/linux-x64/native/libgraphtoken.so", "app/linux-x64/libgraphtoken.so",
                "app/libgraphtoken.so",
                "tmp/hash/runtimes/linux-x64/native/libgraphtoken.so", "tmp/hash/linux-x64/libgraphtoken.so",
                "tmp/hash/libgraphtoken.so",
            ],
            files);
    }

    [Fact]
    public void TheFoldersOfShadowedAssembliesAreThoseOfTheApplication()
    {
        Assert.Equal(["app"], NativeLibraryPlace.ShadowedFolders("app", searchPath: null));
        string absolute = Path.GetFullPath("site");
        Assert.Equal(
            [Path.Combine("app", "bin"), absolute, "app"],
            NativeLibraryPlace.ShadowedFolders("app", $"bin;{absolute}"));
    }

    [Fact]
    public void AMissingLibraryIsAnErrorThatListsEveryPlace()
    {
        string folder = NewFolder();
        (string kind, string message) = FailureOf(Load(folder));
        Assert.Equal(nameof(GraphTokenErrorKind.NativeLibraryMismatch), kind);
        string assembly = Path.Combine(folder, "GraphToken.dll");
        IReadOnlyList<string> places = new NativeLibraryPlace(folder, RuntimeIdentifier, assembly).Candidates();
        Assert.All(places, place => Assert.Contains(place, message));
    }

    [Fact]
    public void ADamagedLibraryIsAnErrorThatNamesIt()
    {
        string folder = NewFolder();
        string library = Path.Combine(folder, RuntimeIdentifier, "graphtoken" + Extension);
        Directory.CreateDirectory(Path.GetDirectoryName(library)!);
        File.WriteAllText(library, "no library");
        (string kind, string message) = FailureOf(Load(folder));
        Assert.Equal(nameof(GraphTokenErrorKind.NativeLibraryMismatch), kind);
        Assert.Contains(library, message);
    }

    [Theory]
    [InlineData("linux-x64", "lib", ".so")]
    [InlineData("linux-musl-arm64", "lib", ".so")]
    [InlineData("win-arm64", "", ".dll")]
    [InlineData("osx-arm64", "lib", ".dylib")]
    public void EachPlatformHasItsPlaces(string runtime, string prefix, string extension)
    {
        string[] expected =
        [
            $"runtimes/{runtime}/native/{prefix}graphtoken{extension}",
            $"{runtime}/graphtoken{extension}",
            $"{prefix}graphtoken{extension}",
        ];
        string[] places =
        [
            .. new NativeLibraryPlace("app", runtime, assembly: "").Candidates()
                .Select(place => Path.GetRelativePath("app", place).Replace('\\', '/')),
        ];
        Assert.All(expected, place => Assert.Contains(place, places));
        Assert.All(places, place => Assert.EndsWith(extension, place));
    }

    [Fact]
    public void TheAssemblyIsNotTakenForTheLibrary()
    {
        var place = new NativeLibraryPlace("app", "win-x64", Path.Combine("app", "GraphToken.dll"));
        Assert.Equal(2, place.Candidates().Count);
        Assert.DoesNotContain(Path.Combine("app", "graphtoken.dll"), place.Candidates());
    }

    [Fact]
    public void TheOriginalOfAShadowCopyIsNotTakenForTheLibrary()
    {
        string copy = Path.Combine("copy", "GraphToken.dll");
        var place = new NativeLibraryPlace("copy", "win-x64", copy, "app/");
        Assert.Contains(Path.Combine("app/", "runtimes", "win-x64", "native", "graphtoken.dll"), place.Candidates());
        Assert.DoesNotContain(Path.Combine("app/", "graphtoken.dll"), place.Candidates());
    }

    // As /proc/self/maps has it on Alpine, on Debian with its package musl, and there after musl was updated.
    [Theory]
    [InlineData("7f0e0a214000-7f0e0a268000 r-xp 00014000 fe:01 1048 /lib/ld-musl-x86_64.so.1")]
    [InlineData("7f59c7ae0000-7f59c7b2c000 r-xp 00015000 fe:00 59461   /usr/lib/x86_64-linux-musl/libc.so")]
    [InlineData("7f59c7ae0000-7f59c7b2c000 r-xp 00015000 fe:00 59461   /usr/lib/x86_64-linux-musl/libc.so (deleted)")]
    [InlineData("ffff8a214000-ffff8a268000 r-xp 00000000 fe:01 1048 /lib/ld-musl-aarch64.so.1 (deleted)")]
    public void MuslIsKnownByItsLoader(string line) => Assert.True(MuslLoader.IsIn([OfProgram, line]));

    [Theory]
    [InlineData("7f3f7dc9e000-7f3f7ddf3000 r-xp 00026000 fe:00 36123 /usr/lib/x86_64-linux-gnu/libc.so.6")]
    [InlineData("7f3f7de9a000-7f3f7dec0000 r-xp 00001000 fe:00 36106 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")]
    [InlineData("7f59c7ae0000-7f59c7b2c000 r--p 00015000 fe:00 59461 /lib/ld-musl-x86_64.so.1")]
    [InlineData("7f59c7ae0000-7f59c7b2c000 r-xp 00015000 fe:00 59461 /home/ld-musl-x86_64/lib.so")]
    [InlineData("7ffd3e9f5000-7ffd3e9f7000 r-xp 00000000 00:00 0 [vdso]")]
    [InlineData("7f3f7de9a000-7f3f7dec0000 r-xp 00000000 00:00 0 ")]
    [InlineData("")]
    public void NothingElseIsTakenForMusl(string line) => Assert.False(MuslLoader.IsIn([OfProgram, line]));

    // A runtime that a distribution built has the name of the distribution in place of linux or linux-musl.
    [Fact]
    public void TheRuntimeIdentifierFitsTheRuntime()
    {
        string runtime = RuntimeInformation.RuntimeIdentifier;
        bool isMusl = runtime.Contains("musl") || runtime.StartsWith("alpine", StringComparison.Ordinal);
        Assert.Equal(isMusl, RuntimeIdentifier.StartsWith("linux-musl-", StringComparison.Ordinal));
        Assert.Equal(runtime.Split('-')[^1], RuntimeIdentifier.Split('-')[^1]);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm)]
    public void AThirtyTwoBitProcessIsRefused(Architecture process)
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(
            () => NativeLibraryPlace.RequireSixtyFourBits(process));
        Assert.Equal(GraphTokenErrorKind.NativeLibraryMismatch, error.Kind);
        Assert.StartsWith("GraphToken needs a 64-bit process", error.Message);
        Assert.StartsWith("Use 64-bit PowerShell", error.Hint);
        Assert.Contains("PlatformTarget", error.Hint);
    }

    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void ASixtyFourBitProcessIsNotRefused(Architecture process) =>
        NativeLibraryPlace.RequireSixtyFourBits(process);

    [Fact]
    public void AnotherAbiVersionIsRefused()
    {
        GraphTokenLibrary.CheckAbi(1, "0.1.0", "graphtoken.so");
        GraphTokenException error = Assert.Throws<GraphTokenException>(
            () => GraphTokenLibrary.CheckAbi(2, "9.0.0", "/opt/graphtoken.so"));
        Assert.Equal(GraphTokenErrorKind.NativeLibraryMismatch, error.Kind);
        Assert.Contains("/opt/graphtoken.so", error.Message);
        Assert.NotEmpty(error.Hint);
    }

    private static string NewFolder()
    {
        string folder = TestFolder.Combine(Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        File.Copy(typeof(GraphTokenLibrary).Assembly.Location, Path.Combine(folder, "GraphToken.dll"));
        return folder;
    }

    // In a load context of its own the assembly has not looked for its library yet.
    private static Assembly Load(string folder) =>
        new AssemblyLoadContext(name: null).LoadFromAssemblyPath(Path.Combine(folder, "GraphToken.dll"));

    private static object? Property(Assembly assembly, string name) => assembly
        .GetType("GraphToken.GraphTokenLibrary", throwOnError: true)!.GetProperty(name)!.GetValue(null);

    private static (string Kind, string Message) FailureOf(Assembly assembly)
    {
        TargetInvocationException error = Assert.Throws<TargetInvocationException>(
            () => Property(assembly, nameof(GraphTokenLibrary.NativeVersion)));
        Exception inner = error.InnerException!;
        string kind = inner.GetType().GetProperty(nameof(GraphTokenException.Kind))!.GetValue(inner)!.ToString()!;
        return (kind, inner.Message);
    }
}
