using System;
using System.Security;
using Microsoft.Win32.SafeHandles;

namespace GraphToken;

/// <summary>A native function that makes an object.</summary>
internal delegate int NativeConstructor(ref IntPtr handle, ref IntPtr error);

/// <summary>A native function that reads a value of an object.</summary>
internal delegate int NativeGetter<T>(IntPtr handle, out T value);

/// <summary>Owns one native object and frees it when it is no longer in use.</summary>
internal abstract class NativeHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>An owner that waits for its object, for what is too quick for a delegate.</summary>
    private protected NativeHandle()
        : base(ownsHandle: true)
    {
    }

    /// <param name="constructor">Makes the object.</param>
    /// <param name="callback">What the constructor may call, to tell why it failed.</param>
    private protected NativeHandle(NativeConstructor constructor, ExternalCallback? callback = null)
        : base(ownsHandle: true)
    {
        GraphTokenLibrary.Load();
        IntPtr error = IntPtr.Zero;
        int status = constructor(ref handle, ref error);
        NativeError.ThrowIfFailed(status, error, callback);
    }

    internal HandleUse Use() => new(this);

    internal T Read<T>(NativeGetter<T> getter)
    {
        using HandleUse use = Use();
        return Read(use, getter);
    }

    internal string ReadText(NativeGetter<GtStr> getter)
    {
        using HandleUse use = Use();
        return Utf8Text.Read(Read(use, getter));
    }

    internal SecureString ReadSecret(NativeGetter<GtStr> getter)
    {
        using HandleUse use = Use();
        return Utf8Text.ReadSecret(Read(use, getter));
    }

    internal byte[] ReadBytes(NativeGetter<GtStr> getter)
    {
        using HandleUse use = Use();
        return Utf8Text.ReadBytes(Read(use, getter));
    }

    internal bool HasText(NativeGetter<GtStr> getter) => Read(getter).len > 0;

    /// <summary>The native function that frees the object.</summary>
    private protected abstract void Free(IntPtr handle);

    protected sealed override bool ReleaseHandle()
    {
        Free(handle);
        return true;
    }

    private static T Read<T>(HandleUse use, NativeGetter<T> getter)
    {
        NativeError.ThrowIfFailed(getter(use.Pointer, out T value), IntPtr.Zero);
        return value;
    }
}
