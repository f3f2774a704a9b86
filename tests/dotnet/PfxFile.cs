using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.Tests;

/// <summary>
/// Contents of PFX files. Made without the operating system, which under Wine cannot export a certificate with its key.
/// </summary>
internal static class PfxFile
{
    private static readonly PbeParameters Protection =
        new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2_000);

    /// <summary>The certificate and its key, protected with the password.</summary>
    internal static byte[] Of(X509Certificate2 certificate, RSA key, string password)
    {
        // The identifier tells readers which key belongs to which certificate.
        var identifier = new Pkcs9LocalKeyId(certificate.GetCertHash());
        var keys = new Pkcs12SafeContents();
        keys.AddShroudedKey(key, password, Protection).Attributes.Add(identifier);
        var certificates = new Pkcs12SafeContents();
        certificates.AddCertificate(certificate).Attributes.Add(identifier);
        var file = new Pkcs12Builder();
        file.AddSafeContentsUnencrypted(keys);
        file.AddSafeContentsEncrypted(certificates, password, Protection);
        file.SealWithMac(password, HashAlgorithmName.SHA256, 2_000);
        return file.Encode();
    }
}
