using System.Collections;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.PowerShell.Tests;

/// <summary>Certificates that are named by thumbprint or subject, or come by pipeline.</summary>
public sealed class StoreTests(Stage stage) : EngineTest(stage)
{
    [Fact]
    public void One_line_with_a_thumbprint_gets_a_token_that_renews_itself()
    {
        Emulator emulator = Stage.ShortLived;
        using IDisposable stored = Stored(TestFolder.Certificate);
        PSObject token = Run(
            "Get-GraphToken @app -CertificateThumbprint $thumbprint -ForceRefresh",
            new { app = App(emulator), thumbprint = "\u200e" + TestFolder.Certificate.Thumbprint.ToLowerInvariant() })
            .Single;
        var header = (Hashtable)token.Methods["GetHeader"].Invoke();
        Assert.StartsWith("Bearer ", (string)header["Authorization"]!);
        Assert.Equal(2, emulator.Journal().Length);
    }

    [Theory]
    [InlineData("-Thumbprint $sha256")]
    [InlineData("-CertificateName $name.ToLower()")]
    [InlineData("-CertificateSubject \"CN=$name\" -SendCertificateChain")]
    [InlineData("-CertificatePath \"Cert:\\CurrentUser\\My\\$sha1\"")]
    [InlineData("-CertificatePath \"cert:/currentuser/my/$($sha1.ToLower())\" -SendCertificateChain")]
    [InlineData("-CertificateThumbprint \"Cert:\\CurrentUser\\My\\$sha1\"")]
    public void Every_name_of_a_certificate_signs(string parameters)
    {
        using IDisposable stored = Stored(TestFolder.Certificate);
        string sha256 = TestFolder.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        string assertion = Run(
            $"New-GraphClientAssertion @app {parameters}",
            new
            {
                app = App(Stage.Plain),
                sha256,
                sha1 = TestFolder.Certificate.Thumbprint,
                name = TestFolder.CommonName,
            }).Text;
        Assert.Equal(3, assertion.Split('.').Length);
    }

    [Theory]
    [InlineData("-CertificateThumbprint ('0' * 40)", "CertificateNotFound")]
    [InlineData("-CertificateSubjectName nobody", "CertificateNotFound")]
    [InlineData("-CertificateThumbprint $thumbprint", "PrivateKeyMissing")]
    [InlineData("-CertificateThumbprint 'no thumbprint'", "InvalidArgument")]
    [InlineData("-CertificatePath \"Cert:\\CurrentUser\\My\\$('0' * 40)\"", "CertificateNotFound")]
    [InlineData("-CertificatePath \"Cert:\\CurrentUser\\My\\$thumbprint\"", "PrivateKeyMissing")]
    [InlineData("-CertificatePath 'Cert:\\CurrentUser\\Root\\x'", "InvalidArgument")]
    public void What_is_wrong_has_its_id_and_says_what_to_do(string parameters, string kind)
    {
        using X509Certificate2 keyless = X509CertificateLoader.LoadCertificate(TestFolder.Certificate.RawData);
        using IDisposable stored = Stored(keyless);
        ErrorRecord error = Run(
            $"Get-GraphToken @app {parameters}",
            new { app = App(Stage.Plain), thumbprint = keyless.Thumbprint }).Failure;
        Assert.Equal($"{kind},GraphToken.PowerShell.GetGraphTokenCommand", error.FullyQualifiedErrorId);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        if (kind != "InvalidArgument")
        {
            Assert.Contains(@"CurrentUser\My: ", error.Exception.Message);
        }
    }

    [Fact]
    public void Certificates_come_from_the_pipeline_also_with_the_path_of_their_drive()
    {
        using X509Certificate2 copy =
            X509CertificateLoader.LoadPkcs12FromFile(TestFolder.Pfx, TestFolder.FilePassword);
        var item = new PSObject(copy);
        item.Properties.Add(
            new PSNoteProperty("PSPath", @"Microsoft.PowerShell.Security\Certificate::CurrentUser\My\0"));
        Outcome outcome = Run(
            "$certificate, $item | New-GraphClientAssertion @app",
            new { app = App(Stage.Plain), certificate = TestFolder.Certificate, item });
        Assert.Null(outcome.Error);
        Assert.Equal(2, outcome.Output.Count);
    }

    /// <summary>Has the certificate in the user's store until it is disposed.</summary>
    private static Removal Stored(X509Certificate2 certificate)
    {
        Change(store => store.Add(certificate));
        return new Removal(() => Change(store => store.Remove(certificate)));
    }

    private static void Change(Action<X509Store> change)
    {
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        change(store);
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
