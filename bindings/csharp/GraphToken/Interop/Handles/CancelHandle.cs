using System;

namespace GraphToken;

/// <summary>A <c>gt_cancel</c>.</summary>
internal sealed class CancelHandle : NativeHandle
{
    internal CancelHandle()
        : base(Native.gt_cancel_new)
    {
    }

    internal void Signal()
    {
        using HandleUse use = Use();
        NativeError.ThrowIfFailed(Native.gt_cancel_signal(use.Pointer), IntPtr.Zero);
    }

    private protected override void Free(IntPtr handle) => Native.gt_cancel_free(handle);
}
