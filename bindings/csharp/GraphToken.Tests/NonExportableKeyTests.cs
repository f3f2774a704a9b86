using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.Tests;

/// <summary>Keys that stay on their token. Explicit: they need SoftHSM2 and OpenSSL's engine for PKCS#11.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class NonExportableKeyTests(Emulator emulator) : EmulatorTest(emulator)
{
    [Fact(Explicit = true)]
    public void AKeyThatCannotBeExportedGetsAToken()
    {
        X509Certificate2 onToken = SoftToken.Instance.Certificate;
        Assert.Throws<CryptographicException>(() => onToken.Export(X509ContentType.Pfx));
        using ClientCertificate certificate = ClientCertificate.FromX509(onToken);
        AssertGetsToken(certificate);
    }

    [Fact(Explicit = true)]
    public void AKeyThatIsReachedThroughItsModuleGetsAToken()
    {
        using var pin = Secret.Of(SoftToken.Pin);
        using ClientCertificate certificate = ClientCertificate.FromPkcs11(
            SoftToken.Instance.Module, pin, SoftToken.Uri, File.ReadAllBytes(TestFolder.CertificateOnly));
        AssertGetsToken(certificate);
    }

    private void AssertGetsToken(ClientCertificate certificate)
    {
        using TokenClient client = Emulator.Application().WithCertificate(certificate).Build();
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken received = client.Acquire(request, TestContext.Current.CancellationToken);
        Assert.Single(Emulator.Journal());
    }
}
