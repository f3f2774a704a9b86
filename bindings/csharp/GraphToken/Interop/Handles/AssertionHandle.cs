using System;

namespace GraphToken;

/// <summary>A <c>gt_assertion</c>.</summary>
internal sealed class AssertionHandle : NativeHandle
{
    /// <summary>Signs an assertion; the caller keeps the two objects alive meanwhile.</summary>
    internal AssertionHandle(IntPtr client, IntPtr cancel, ExternalCallback? callback)
        : base(
            (ref IntPtr assertion, ref IntPtr error) =>
                Native.gt_client_assertion(client, cancel, ref assertion, ref error),
            callback)
    {
    }

    private protected override void Free(IntPtr handle) => Native.gt_assertion_free(handle);
}
