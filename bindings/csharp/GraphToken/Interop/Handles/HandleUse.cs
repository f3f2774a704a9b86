using System;

namespace GraphToken;

/// <summary>Keeps a native object alive during a call, even if it is disposed meanwhile.</summary>
internal readonly ref struct HandleUse
{
    private readonly NativeHandle? _handle;

    /// <summary>Begins the use; NULL stands for no object.</summary>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    internal HandleUse(NativeHandle? handle)
    {
        bool added = false;
        handle?.DangerousAddRef(ref added);
        _handle = handle;
    }

    internal IntPtr Pointer => _handle?.DangerousGetHandle() ?? IntPtr.Zero;

    public void Dispose() => _handle?.DangerousRelease();
}
