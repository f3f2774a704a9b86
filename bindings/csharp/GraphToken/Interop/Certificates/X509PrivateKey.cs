using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken;

/// <summary>The private key of a certificate object, or the reason why there is none to use.</summary>
internal static class X509PrivateKey
{
    internal static RSA Of(X509Certificate2 certificate)
    {
        if (certificate.Handle == IntPtr.Zero)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.InvalidArgument,
                "The certificate object was disposed.",
                "Pass a certificate that is still open, and dispose it afterwards.");
        }
        if (!certificate.HasPrivateKey)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.PrivateKeyMissing,
                $"The certificate {certificate.Subject} (thumbprint {certificate.Thumbprint}) has no private key.",
                "Use the certificate as it was issued on this machine, or import its PFX file; " +
                "a .cer file holds no private key.");
        }
        return Open(certificate) ?? throw new GraphTokenException(
            GraphTokenErrorKind.PrivateKeyUnsupported,
            $"The private key of the certificate {certificate.Subject} is not an RSA key.",
            "Use a certificate with an RSA key of 2048 bits or more.");
    }

    private static RSA? Open(X509Certificate2 certificate)
    {
        try
        {
            return certificate.GetRSAPrivateKey();
        }
        catch (Exception error) when (error is CryptographicException or UnauthorizedAccessException)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.PrivateKeyInaccessible,
                $"The private key of the certificate {certificate.Subject} cannot be opened: {error.Message}",
                "Give this account the right to read the private key, or insert the card that holds it.",
                error);
        }
    }
}
