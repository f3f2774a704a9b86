using System;

namespace GraphToken;

/// <summary>A <c>gt_certificate</c>.</summary>
internal sealed class CertificateHandle : NativeHandle
{
    private CertificateHandle(NativeConstructor constructor)
        : base(constructor)
    {
    }

    internal static CertificateHandle FromFile(Utf8Text path, Utf8Text keyPath, Utf8Text password) =>
        new((ref IntPtr certificate, ref IntPtr error) => Native.gt_certificate_new_from_file(
            path.Borrow(), keyPath.Borrow(), password.Borrow(), ref certificate, ref error));

    internal static CertificateHandle FromBytes(Utf8Text certificate, Utf8Text key, Utf8Text password) =>
        new((ref IntPtr handle, ref IntPtr error) => Native.gt_certificate_new_from_bytes(
            certificate.Borrow(), key.Borrow(), password.Borrow(), ref handle, ref error));

    internal static CertificateHandle FromPkcs11(
        Utf8Text modulePath, Utf8Text uri, Utf8Text certificate, Utf8Text pin) =>
        new((ref IntPtr handle, ref IntPtr error) => Native.gt_certificate_new_from_pkcs11(
            modulePath.Borrow(), uri.Borrow(), certificate.Borrow(), pin.Borrow(), ref handle, ref error));

    internal static CertificateHandle WithSigner(Utf8Text certificate, ExternalSigner signer) =>
        new((ref IntPtr handle, ref IntPtr error) => Native.gt_certificate_new_with_signer(
            certificate.Borrow(), ExternalSigner.Sign, signer.Lend(), ExternalSigner.Release, ref handle, ref error));

    private protected override void Free(IntPtr handle) => Native.gt_certificate_free(handle);
}
