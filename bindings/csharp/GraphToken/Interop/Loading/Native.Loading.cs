using System.Runtime.InteropServices;

// .NET Framework looks beside this assembly first, where Windows takes GraphToken.dll for graphtoken.dll. The library
// is loaded by its path before; its name alone is then enough.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace GraphToken;

/// <summary>The functions of the C interface as they are, without a wrapper.</summary>
/// <remarks>
/// The rules of <c>graphtoken.h</c> hold: who frees what, which pointers may be NULL, what each status means. The
/// native library is found as <see cref="GraphTokenLibrary"/> says. <see cref="TokenClient"/> and its neighbours do all
/// of this for you.
/// </remarks>
public static partial class Native
{
    // A static field, so that the library is loaded before the first function is called.
    internal static readonly string LoadedPath = NativeLoader.Load();
}
