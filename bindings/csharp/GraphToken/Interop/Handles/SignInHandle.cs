using System;

namespace GraphToken;

/// <summary>A <c>gt_sign_in</c>.</summary>
internal sealed class SignInHandle : NativeHandle
{
    /// <summary>Listens for the answer; the caller keeps the client alive meanwhile.</summary>
    internal SignInHandle(IntPtr client, Utf8Text scopes, IntPtr options)
        : base((ref IntPtr signIn, ref IntPtr error) =>
            Native.gt_sign_in_new(client, scopes.Borrow(), options, ref signIn, ref error))
    {
    }

    internal void OpenBrowser()
    {
        using HandleUse use = Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_sign_in_open_browser(use.Pointer, ref error);
        NativeError.ThrowIfFailed(status, error);
    }

    private protected override void Free(IntPtr handle) => Native.gt_sign_in_free(handle);
}
