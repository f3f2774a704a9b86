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
                "Pass a certificate that has not been disposed.");
        }
        if (!certificate.HasPrivateKey)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.PrivateKeyMissing,
                $"The certificate {certificate.Subject} (thumbprint {certificate.Thumbprint}) has no private key.",
                "Import the PFX file of the certificate; a .cer file contains no private key.");
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
                "Grant this account read access to the private key, or insert the smart card that holds it.",
                error);
        }
    }
}
