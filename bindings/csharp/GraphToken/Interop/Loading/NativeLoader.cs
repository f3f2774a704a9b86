using System;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;

namespace GraphToken;

/// <summary>Loads the native library from the place where it was shipped, before the first call into it.</summary>
internal static class NativeLoader
{
    private const uint SearchDllLoadDirectory = 0x100;
    private const uint SearchDefaultDirectories = 0x1000;

    private static readonly object Gate = new();
    private static string? s_path;
    private static IntPtr s_handle;

    /// <summary>Loads the library, the first time; returns its absolute path.</summary>
    /// <exception cref="GraphTokenException">It is not found or cannot be loaded.</exception>
    internal static string Load()
    {
        lock (Gate)
        {
            return s_path ??= LoadNow();
        }
    }

    private static string LoadNow()
    {
        string path = NativeLibraryPlace.Current().Find();
        // .NET 5 and newer ask a resolver; it is not in .NET Standard, so it is called by reflection. The methods are
        // looked up beside the name of their type: so a program that is trimmed keeps them.
        Type? runtime = Type.GetType("System.Runtime.InteropServices.NativeLibrary, System.Runtime.InteropServices");
        MethodInfo? load = runtime?.GetMethod("Load", [typeof(string)]);
        MethodInfo? register = runtime?.GetMethod("SetDllImportResolver");
        if (load != null && register != null)
        {
            s_handle = LoadBy(load, path);
            RegisterBy(register);
        }
        else
        {
            s_handle = LoadByWindows(path);
        }
        return path;
    }

    private static IntPtr LoadBy(MethodInfo load, string path)
    {
        try
        {
            return (IntPtr)load.Invoke(null, [path])!;
        }
        catch (TargetInvocationException error)
        {
            throw NotLoadable(path, error.InnerException ?? error);
        }
    }

    private static void RegisterBy(MethodInfo register)
    {
        Type resolver = register.GetParameters()[1].ParameterType;
        const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Static;
        MethodInfo resolve = typeof(NativeLoader).GetMethod(nameof(Resolve), Hidden)!;
        register.Invoke(null, [typeof(NativeLoader).Assembly, Delegate.CreateDelegate(resolver, resolve)]);
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Native.NativeLib ? s_handle : IntPtr.Zero;

    // .NET Framework: once a library is loaded, an import with the name of its file takes it.
    private static IntPtr LoadByWindows(string path)
    {
        IntPtr library = LoadLibraryEx(path, IntPtr.Zero, SearchDllLoadDirectory | SearchDefaultDirectories);
        return library != IntPtr.Zero ? library : throw NotLoadable(path, new Win32Exception());
    }

    private static GraphTokenException NotLoadable(string path, Exception error) => new(
        GraphTokenErrorKind.NativeLibraryMismatch,
        $"The native library {path} cannot be loaded: {error.Message}",
        $"Install GraphToken again; the file must be intact and built for {NativeLibraryPlace.RuntimeIdentifier()}.",
        error);

    [DllImport("kernel32", EntryPoint = "LoadLibraryExW", CharSet = CharSet.Unicode, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern IntPtr LoadLibraryEx(string path, IntPtr file, uint flags);
}
