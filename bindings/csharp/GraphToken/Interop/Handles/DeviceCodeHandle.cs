using System;

namespace GraphToken;

/// <summary>A <c>gt_device_code</c>.</summary>
internal sealed class DeviceCodeHandle : NativeHandle
{
    /// <summary>Asks the service for a code; the caller keeps the client and the cancellation alive meanwhile.</summary>
    internal DeviceCodeHandle(IntPtr client, Utf8Text scopes, IntPtr options, IntPtr cancel)
        : base((ref IntPtr code, ref IntPtr error) =>
            Native.gt_device_code_new(client, scopes.Borrow(), options, cancel, ref code, ref error))
    {
    }

    private protected override void Free(IntPtr handle) => Native.gt_device_code_free(handle);
}
