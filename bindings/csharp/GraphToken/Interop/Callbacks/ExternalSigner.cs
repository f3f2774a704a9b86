using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace GraphToken;

/// <summary>Signs for the engine with a .NET key, on the engine's threads.</summary>
internal sealed class ExternalSigner : ExternalCallback
{
    /// <summary>Callback for <c>gt_certificate_new_with_signer</c>; static, so that it is never collected.</summary>
    internal static readonly GtSigner Sign = OnSign;

    /// <inheritdoc cref="Sign"/>
    internal static readonly GtSignerRelease Release = OnRelease;

    private const int Signed = 0;

    private readonly RSA _key;
    private readonly bool _ownsKey;
    private volatile Exception? _failure;

    internal ExternalSigner(RSA key, bool ownsKey)
    {
        _key = key;
        _ownsKey = ownsKey;
    }

    internal override Exception? FailureBehind(GraphTokenErrorKind kind) => kind switch
    {
        GraphTokenErrorKind.Cancelled or
        GraphTokenErrorKind.PrivateKeyUnsupported or
        GraphTokenErrorKind.PrivateKeyInaccessible or
        GraphTokenErrorKind.SigningFailed => _failure,
        _ => null,
    };

    private static int OnSign(
        IntPtr context,
        int algorithm,
        IntPtr digest,
        ulong digestLength,
        IntPtr signature,
        ulong signatureCapacity,
        out ulong signatureLength)
    {
        signatureLength = 0;
        var signer = (ExternalSigner)GCHandle.FromIntPtr(context).Target!;
        RSASignaturePadding padding = algorithm == (int)GtSignatureAlgorithm.Ps256
            ? RSASignaturePadding.Pss
            : RSASignaturePadding.Pkcs1;
        try
        {
            byte[] input = Utf8Text.ReadBytes(new GtStr { data = digest, len = digestLength });
            byte[] result = signer.SignDigest(input, padding);
            if ((ulong)result.Length > signatureCapacity)
            {
                throw new CryptographicException($"The key made a signature of {result.Length} bytes.");
            }
            Marshal.Copy(result, 0, signature, result.Length);
            signatureLength = (ulong)result.Length;
            signer._failure = null;
            return Signed;
        }
#pragma warning disable CA1031 // An exception must not unwind into native code; it comes out as the inner exception.
        catch (Exception error)
#pragma warning restore CA1031
        {
            signer._failure = error;
            return SignerFailure.CodeOf(error, padding);
        }
    }

    private static void OnRelease(IntPtr context)
    {
        GCHandle handle = GCHandle.FromIntPtr(context);
        var signer = (ExternalSigner)handle.Target!;
        handle.Free();
        if (signer._ownsKey)
        {
            signer._key.Dispose();
        }
    }

    private byte[] SignDigest(byte[] digest, RSASignaturePadding padding)
    {
        // An RSA object need not be usable from several threads at once.
        lock (_key)
        {
            return _key.SignHash(digest, HashAlgorithmName.SHA256, padding);
        }
    }
}
