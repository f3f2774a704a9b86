using System;

namespace GraphToken;

/// <summary>A <c>gt_token</c>.</summary>
internal sealed class TokenHandle : NativeHandle
{
    private TokenHandle()
    {
    }

    /// <summary>Acquires a token; the caller keeps the three objects alive meanwhile.</summary>
    internal static TokenHandle Acquire(IntPtr client, IntPtr request, IntPtr cancel, ExternalCallback? callback)
    {
        // Made first, so that a token has an owner from the beginning.
        var token = new TokenHandle();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_client_acquire(client, request, cancel, ref token.handle, ref error);
        NativeError.ThrowIfFailed(status, error, callback);
        return token;
    }

    /// <summary>
    /// The cached token, or <see langword="null"/>; the caller keeps the two objects alive meanwhile. Does not wait.
    /// </summary>
    internal static TokenHandle? Cached(IntPtr client, IntPtr request)
    {
        var token = new TokenHandle();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_client_cached(client, request, ref token.handle, ref error);
        NativeError.ThrowIfFailed(status, error);
        return token.IsInvalid ? null : token;
    }

    private protected override void Free(IntPtr handle) => Native.gt_token_free(handle);
}
