using System;

namespace GraphToken;

/// <summary>A <c>gt_token</c>.</summary>
internal sealed class TokenHandle : NativeHandle
{
    /// <summary>Acquires a token; the caller keeps the three objects alive meanwhile.</summary>
    internal TokenHandle(IntPtr client, IntPtr request, IntPtr cancel, ExternalSigner? signer)
        : base(
            (ref IntPtr token, ref IntPtr error) =>
                Native.gt_client_acquire(client, request, cancel, ref token, ref error),
            signer)
    {
    }

    private protected override void Free(IntPtr handle) => Native.gt_token_free(handle);
}
