using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GraphToken.Tests;

namespace GraphToken.PowerShell.Tests;

/// <summary>A folder with the application's certificate in the forms that files have.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Password of <see cref="Pfx"/>.</summary>
    internal const string PfxPassword = "pfx pässword +&=%";

    private readonly string _path = Directory.CreateTempSubdirectory("graphtoken-powershell-tests-").FullName;

    /// <summary>Makes the certificate and its files.</summary>
    public TestFolder()
    {
        using RSA key = RSA.Create(2048);
        Certificate = SelfSigned("CN=GraphToken PowerShell tests", key, DateTimeOffset.UtcNow);
        PrivateKeyText = key.ExportPkcs8PrivateKeyPem();
        Pem = Write("app.pem", Certificate.ExportCertificatePem() + "\n" + PrivateKeyText + "\n");
        CertificateOnly = Write("certificate.pem", Certificate.ExportCertificatePem());
        PrivateKey = Write("key.pem", PrivateKeyText);
        Pfx = Combine("app.pfx");
        File.WriteAllBytes(Pfx, PfxFile.Of(Certificate, key, PfxPassword));
    }

    internal X509Certificate2 Certificate { get; }

    internal string PrivateKeyText { get; }

    internal string Pem { get; }

    internal string CertificateOnly { get; }

    internal string PrivateKey { get; }

    internal string Pfx { get; }

    /// <summary>Path of a file in this folder.</summary>
    internal string Combine(string name) => Path.Combine(_path, name);

    internal string Write(string name, string text)
    {
        File.WriteAllText(Combine(name), text);
        return Combine(name);
    }

    /// <summary>A certificate that is valid for a day from <paramref name="start"/>.</summary>
    internal static X509Certificate2 SelfSigned(string subject, RSA key, DateTimeOffset start) =>
        new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(start.AddHours(-1), start.AddHours(23));

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        Directory.Delete(_path, recursive: true);
    }
}
