using System.Management.Automation;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>Keys that stay on their token. Explicit: they need SoftHSM2 and OpenSSL's engine for PKCS#11.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class NonExportableKeyTests(Stage stage) : EngineTest(stage)
{
    [Fact(Explicit = true)]
    public void A_certificate_whose_key_cannot_be_exported_gets_a_token_and_passes_the_setup_test()
    {
        X509Certificate2 certificate = SoftToken.Instance.Certificate;
        using RSA key = certificate.GetRSAPrivateKey()!;
        Assert.Throws<CryptographicException>(() => certificate.Export(X509ContentType.Pfx));
        Assert.Throws<CryptographicException>(() => key.ExportParameters(includePrivateParameters: true));

        Emulator emulator = Stage.Plain;
        string received = Run(
            "Get-GraphToken @app -Certificate $certificate -AsPlainText",
            new { app = App(emulator), certificate }).Text;
        Assert.Equal(Emulator.ClientId, ClaimsOf(received).GetProperty("appid").GetString());
        JsonElement sent = Assert.Single(emulator.Journal());
        Assert.Equal("PS256", sent.GetProperty("assertion").GetProperty("header").GetProperty("alg").GetString());

        Outcome setup = Run("Test-GraphTokenSetup @app -Certificate $certificate");
        IEnumerable<object> passed =
            setup.Output.Where(IsPassed).Select(finding => finding.Properties["Check"].Value);
        Assert.Contains("Signature", passed);
        Assert.Contains("ClientCredential", passed);
    }

    [Theory(Explicit = true)]
    [InlineData("Get-GraphToken @app -CertificatePath $certificate")]
    [InlineData("[System.IO.FileInfo]::new($certificate) | Get-GraphToken @app")]
    public void A_key_that_is_reached_through_its_module_gets_a_token(string get)
    {
        Emulator emulator = Stage.Plain;
        Outcome outcome = Run(
            $"{get} -Pkcs11Module $module -Pkcs11Uri $uri -Pkcs11Pin $pin -AsPlainText -ForceRefresh -Verbose",
            new
            {
                app = App(emulator),
                certificate = TestFolder.CertificateOnly,
                module = SoftToken.Instance.Module,
                uri = SoftToken.Uri,
                pin = Secret.Of(SoftToken.Pin),
            });
        Assert.Equal(Emulator.ClientId, ClaimsOf(outcome.Text).GetProperty("appid").GetString());
        JsonElement sent = Assert.Single(emulator.Journal());
        Assert.Equal("PS256", sent.GetProperty("assertion").GetProperty("header").GetProperty("alg").GetString());
    }

    private static bool IsPassed(PSObject finding) => finding.Properties["Status"].Value.ToString() == "Passed";
}
