using System;

namespace GraphToken;

/// <summary>A <c>gt_error</c> of what was found wrong on this side of the boundary.</summary>
internal sealed class ErrorHandle : NativeHandle
{
    private ErrorHandle(NativeConstructor constructor)
        : base(constructor)
    {
    }

    internal static ErrorHandle Of(GraphTokenException error)
    {
        using Utf8Text message = Utf8Text.Of(error.Message, "message");
        using Utf8Text hint = Utf8Text.Of(error.Hint, "hint");
        return new((ref IntPtr made, ref IntPtr failure) =>
            Native.gt_error_new(error.Status, message.Borrow(), hint.Borrow(), ref made, ref failure));
    }

    private protected override void Free(IntPtr handle) => Native.gt_error_free(handle);
}
