using System;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken;

/// <summary>A <c>gt_certificate_search</c>: the engine decides which certificate of a store it is.</summary>
internal sealed class CertificateSearchHandle : NativeHandle
{
    private CertificateSearchHandle(NativeConstructor constructor)
        : base(constructor)
    {
    }

    internal static CertificateSearchHandle ByThumbprint(Utf8Text thumbprint) =>
        new((ref IntPtr search, ref IntPtr error) =>
            Native.gt_certificate_search_new_by_thumbprint(thumbprint.Borrow(), ref search, ref error));

    internal static CertificateSearchHandle BySubjectName(Utf8Text subjectName) =>
        new((ref IntPtr search, ref IntPtr error) =>
            Native.gt_certificate_search_new_by_subject_name(subjectName.Borrow(), ref search, ref error));

    internal void Add(string place, X509Certificate2 certificate)
    {
        using Utf8Text placeText = Utf8Text.Of(place, nameof(place));
        using Utf8Text der = Utf8Text.CopyOf(certificate.RawData);
        using HandleUse search = Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_certificate_search_add(
            search.Pointer, placeText.Borrow(), der.Borrow(), certificate.HasPrivateKey ? 1 : 0, ref error);
        NativeError.ThrowIfFailed(status, error);
    }

    /// <summary>Tells that a store was searched; <paramref name="problem"/> says why it could not be.</summary>
    internal void Searched(string place, string? problem = null)
    {
        using Utf8Text placeText = Utf8Text.Of(place, nameof(place));
        using Utf8Text problemText = Utf8Text.Of(problem, nameof(problem));
        using HandleUse search = Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_certificate_search_searched(
            search.Pointer, placeText.Borrow(), problemText.Borrow(), ref error);
        NativeError.ThrowIfFailed(status, error);
    }

    /// <summary>How many certificates were added before the one that is searched for.</summary>
    internal int Choose()
    {
        using HandleUse search = Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_certificate_search_choose(search.Pointer, out ulong index, ref error);
        NativeError.ThrowIfFailed(status, error);
        return checked((int)index);
    }

    /// <summary>Throws the error for the chosen certificate whose key cannot be opened.</summary>
    internal void ThrowKeyRefused(int index, Exception reason)
    {
        using Utf8Text text = Utf8Text.Of(reason.Message, nameof(reason));
        using HandleUse search = Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_certificate_search_key_refused(
            search.Pointer, (ulong)index, text.Borrow(), ref error);
        NativeError.ThrowIfFailed(status, error, _ => reason);
    }

    private protected override void Free(IntPtr handle) => Native.gt_certificate_search_free(handle);
}
