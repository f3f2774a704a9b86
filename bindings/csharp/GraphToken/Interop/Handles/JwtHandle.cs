using System;

namespace GraphToken;

/// <summary>A <c>gt_jwt</c>.</summary>
internal sealed class JwtHandle : NativeHandle
{
    internal JwtHandle(Utf8Text text)
        : base((ref IntPtr jwt, ref IntPtr error) => Native.gt_jwt_new(text.Borrow(), ref jwt, ref error))
    {
    }

    private protected override void Free(IntPtr handle) => Native.gt_jwt_free(handle);
}
