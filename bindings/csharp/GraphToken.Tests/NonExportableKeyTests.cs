using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.Tests;

/// <summary>Keys that .NET has and cannot give away. Explicit: they need SoftHSM2 and OpenSSL's engine for PKCS#11.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class NonExportableKeyTests(Emulator emulator) : EmulatorTest(emulator)
{
    [Fact(Explicit = true)]
    public void AKeyThatCannotBeExportedGetsAToken()
    {
        using var token = new SoftToken(TestFolder.Certificate);
        Assert.Throws<CryptographicException>(() => token.Certificate.Export(X509ContentType.Pfx));

        using ClientCertificate certificate = ClientCertificate.FromX509(token.Certificate);
        using TokenClient client = Emulator.Application().WithCertificate(certificate).Build();
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken received = client.Acquire(request, TestContext.Current.CancellationToken);
        Assert.Single(Emulator.Journal());
    }
}
