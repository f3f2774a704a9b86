using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.Tests;

/// <summary>A folder with the application's certificate in the forms that files have. One for all tests.</summary>
internal static class TestFolder
{
    /// <summary>Password of <see cref="Pfx"/> and <see cref="EncryptedKey"/>.</summary>
    internal const string FilePassword = "pfx pässword gB8$cVs<N&4+m= \"Hd%7/Rk'3@uE";

    private static readonly string Folder = NewFolder();

    /// <summary>The application's key; belongs to the tests, not for disposal.</summary>
    internal static readonly RSA Key = RSA.Create(2048);

    /// <summary>Common name of <see cref="Certificate"/>; each test project has its own in the user's store.</summary>
    internal static readonly string CommonName = typeof(TestFolder).Assembly.GetName().Name!;

    /// <summary>The application's certificate with its key; belongs to the tests, not for disposal.</summary>
    internal static readonly X509Certificate2 Certificate =
        SelfSigned($"CN={CommonName}", Key, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(23));

    /// <summary>PEM with certificate and key.</summary>
    internal static readonly string Pem =
        Write("app.pem", Certificate.ExportCertificatePem() + "\n" + Key.ExportPkcs8PrivateKeyPem() + "\n");

    /// <summary>PEM without the key.</summary>
    internal static readonly string CertificateOnly = Write("certificate.pem", Certificate.ExportCertificatePem());

    /// <summary>PEM with the key alone.</summary>
    internal static readonly string PrivateKey = Write("key.pem", Key.ExportPkcs8PrivateKeyPem());

    /// <summary>PEM with the key alone, encrypted.</summary>
    internal static readonly string EncryptedKey = Write("encrypted-key.pem", Key.ExportEncryptedPkcs8PrivateKeyPem(
        FilePassword, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2_000)));

    /// <summary>PFX with certificate and key.</summary>
    internal static readonly string Pfx = Write("app.pfx", PfxFile.Of(Certificate, Key, FilePassword));

    internal static string Combine(string name) => Path.Combine(Folder, name);

    internal static string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    internal static X509Certificate2 SelfSigned(
        string subject, RSA key, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(notBefore, notAfter);

    private static string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Combine(name), bytes);
        return Combine(name);
    }

    private static string NewFolder()
    {
        string folder = Directory.CreateTempSubdirectory("graphtoken-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(folder);
        return folder;
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // Windows does not delete libraries that are loaded.
        }
    }
}
