using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GraphToken.Tests;

/// <summary>Certificates from files, bytes and objects.</summary>
public sealed class CertificateTests
{
    [Fact]
    public void EveryFormIsTheSameCertificate()
    {
        using SecureString password = Secret.Of(TestFolder.FilePassword);
        byte[] pfx = File.ReadAllBytes(TestFolder.Pfx);
        byte[] certificateOnly = File.ReadAllBytes(TestFolder.CertificateOnly);
        byte[] encryptedKey = File.ReadAllBytes(TestFolder.EncryptedKey);
        using SecureString base64 = Secret.Of(Convert.ToBase64String(pfx));
        using SecureString oneLine = Secret.Of(File.ReadAllText(TestFolder.Pem).Replace('\n', ' '));
        ClientCertificate[] certificates =
        [
            ClientCertificate.FromFile(TestFolder.Pem),
            ClientCertificate.FromFile(TestFolder.Pfx, password),
            ClientCertificate.FromFile(TestFolder.Pfx, TestFolder.FilePassword.ToCharArray()),
            ClientCertificate.FromFile(TestFolder.CertificateOnly, privateKeyPath: TestFolder.PrivateKey),
            ClientCertificate.FromFile(TestFolder.CertificateOnly, password, TestFolder.EncryptedKey),
            ClientCertificate.FromBytes(pfx, password: password),
            ClientCertificate.FromBytes(certificateOnly, encryptedKey, password),
            ClientCertificate.FromBytes(Encoding.ASCII.GetBytes(Convert.ToBase64String(pfx)), password: password),
            ClientCertificate.FromBase64(base64, password),
            ClientCertificate.FromBase64(oneLine),
            ClientCertificate.FromFile($"\"{TestFolder.Pem}\"\r\n"),
            ClientCertificate.FromX509(TestFolder.Certificate),
        ];
        X509Certificate2 expected = TestFolder.Certificate;
        foreach (ClientCertificate certificate in certificates)
        {
            using (certificate)
            {
                Assert.Equal($"CN={TestFolder.CommonName}", certificate.Subject);
                Assert.Equal(expected.Thumbprint, certificate.Thumbprint);
                Assert.Equal(expected.GetCertHashString(HashAlgorithmName.SHA256), certificate.ThumbprintSha256);
                Assert.Equal(new DateTimeOffset(expected.NotBefore), certificate.NotBefore);
                Assert.Equal(new DateTimeOffset(expected.NotAfter), certificate.NotAfter);
                Assert.Equal(2048, certificate.KeyBits);
                Assert.Null(certificate.Warning);
                Assert.Contains(expected.Thumbprint, certificate.ToString());
            }
        }
        Assert.Contains((byte)'-', certificateOnly);
        Assert.NotEqual(0, pfx[0]);
    }

    [Theory]
    [InlineData(-48, -24)]
    [InlineData(24, 48)]
    public void AnOutdatedCertificateLoadsWithAWarning(int fromHours, int toHours)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 outdated =
            TestFolder.SelfSigned("CN=Outdated", TestFolder.Key, now.AddHours(fromHours), now.AddHours(toHours));
        using ClientCertificate certificate = ClientCertificate.FromX509(outdated);
        Assert.NotNull(certificate.Warning);
    }

    [Fact]
    public void EachFailureHasItsKind()
    {
        using SecureString wrong = Secret.Of("wrong");
        using RSA otherKey = RSA.Create(2048);
        string other = TestFolder.Write("other-key.pem", otherKey.ExportPkcs8PrivateKeyPem());
        using RSA shortKey = RSA.Create(1024);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 small = TestFolder.SelfSigned("CN=Small", shortKey, now, now.AddHours(1));

        string absent = TestFolder.Combine("absent.pem");
        AssertFails(GraphTokenErrorKind.CertificateNotFound, () => ClientCertificate.FromFile(absent), absent);
        AssertFails(GraphTokenErrorKind.CertificateUnreadable, () => ClientCertificate.FromBytes([1, 2, 3]));
        AssertFails(
            GraphTokenErrorKind.CertificatePasswordIncorrect,
            () => ClientCertificate.FromFile(TestFolder.Pfx, wrong),
            TestFolder.Pfx);
        AssertFails(
            GraphTokenErrorKind.PrivateKeyMissing, () => ClientCertificate.FromFile(TestFolder.CertificateOnly));
        AssertFails(
            GraphTokenErrorKind.PrivateKeyMismatch,
            () => ClientCertificate.FromFile(TestFolder.CertificateOnly, privateKeyPath: other));
        AssertFails(GraphTokenErrorKind.PrivateKeyUnsupported, () => ClientCertificate.FromX509(small));
    }

    [Fact]
    public void APlaceWithoutTokensSaysWhatIsMissing()
    {
        using SecureString pin = Secret.Of("1234");
        string absent = TestFolder.Combine("absent-module.so");
        if (OperatingSystem.IsWindows())
        {
            AssertFails(GraphTokenErrorKind.InvalidArgument, () => ClientCertificate.FromPkcs11(absent, pin));
            return;
        }
        AssertFails(GraphTokenErrorKind.CertificateNotFound, () => ClientCertificate.FromPkcs11(absent, pin), absent);
        AssertFails(
            GraphTokenErrorKind.InvalidArgument, () => ClientCertificate.FromPkcs11(absent, pin, "token=app"), "URI");
        AssertFails(
            GraphTokenErrorKind.CertificateUnreadable,
            () => ClientCertificate.FromPkcs11(absent, pin, certificate: [1, 2, 3]));
    }

    [Fact]
    public void AnEmptyPasswordIsNotTheSameAsNone()
    {
        using SecureString empty = Secret.Of("");
        string path = TestFolder.Combine("empty-password.pfx");
        File.WriteAllBytes(path, PfxFile.Of(TestFolder.Certificate, TestFolder.Key, ""));
        using ClientCertificate certificate = ClientCertificate.FromFile(path, empty);
        Assert.Equal(TestFolder.Certificate.Thumbprint, certificate.Thumbprint);
    }

    [Fact]
    public void SecretsInArraysAreOverwrittenWhateverHappens()
    {
        char[] password = TestFolder.FilePassword.ToCharArray();
        ClientCertificate.FromFile(TestFolder.Pfx, password).Dispose();
        Assert.All(password, character => Assert.Equal('\0', character));

        char[] wrong = "wrong".ToCharArray();
        Assert.Throws<GraphTokenException>(() => ClientCertificate.FromFile(TestFolder.Pfx, wrong));
        Assert.All(wrong, character => Assert.Equal('\0', character));

        char[] pin = "1234".ToCharArray();
        Assert.Throws<GraphTokenException>(() => ClientCertificate.FromPkcs11("/no/such/module.so", pin));
        Assert.All(pin, character => Assert.Equal('\0', character));

        char[] secret = Emulator.ClientSecret.ToCharArray();
        ClientCredential.FromSecret(secret).Dispose();
        Assert.All(secret, character => Assert.Equal('\0', character));

        byte[] bytes = Encoding.UTF8.GetBytes(Emulator.ClientSecret);
        ClientCredential.FromSecret(bytes).Dispose();
        Assert.All(bytes, value => Assert.Equal(0, value));

        char[] userPassword = Emulator.Password.ToCharArray();
        TokenRequest.ForPassword(Emulator.User, userPassword).Dispose();
        Assert.All(userPassword, character => Assert.Equal('\0', character));
    }

    [Fact]
    public void HalfOfASurrogatePairIsRefusedWithoutBeingQuoted()
    {
        using SecureString broken = Secret.Of("hunter2\uD800");
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => ClientCredential.FromSecret(broken));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.Null(error.InnerException);
        Assert.DoesNotContain("hunter2", error.ToString());
        Assert.DoesNotContain("D800", error.ToString());
    }

    [Fact]
    public void NullIsRefused()
    {
        Assert.Throws<ArgumentNullException>("path", () => ClientCertificate.FromFile(null!));
        Assert.Throws<ArgumentNullException>("password", () => ClientCertificate.FromFile("x", (char[])null!));
        Assert.Throws<ArgumentNullException>("certificate", () => ClientCertificate.FromBytes(null!));
        Assert.Throws<ArgumentNullException>("modulePath", () => ClientCertificate.FromPkcs11(null!));
        Assert.Throws<ArgumentNullException>("pin", () => ClientCertificate.FromPkcs11("x", (char[])null!));
        Assert.Throws<ArgumentNullException>("certificate", () => ClientCertificate.FromX509(null!));
        Assert.Throws<ArgumentNullException>(
            "privateKey", () => ClientCertificate.FromX509(TestFolder.Certificate, (RSA)null!));
        Assert.Throws<ArgumentNullException>("certificate", () => ClientCredential.FromCertificate(null!));
        Assert.Throws<ArgumentNullException>("secret", () => ClientCredential.FromSecret((char[])null!));
        Assert.Throws<ArgumentNullException>("secret", () => ClientCredential.FromSecret((byte[])null!));
        Assert.Throws<ArgumentNullException>("secret", () => ClientCredential.FromSecret((SecureString)null!));
        Assert.Throws<ArgumentNullException>("assertion", () => ClientCredential.FromAssertion((string)null!));
        Assert.Throws<ArgumentNullException>("assertion", () => ClientCredential.FromAssertion((SecureString)null!));
    }

    private static void AssertFails(GraphTokenErrorKind kind, Func<ClientCertificate> load, string inMessage = "")
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(load);
        Assert.Equal(kind, error.Kind);
        Assert.Contains(inMessage, error.Message);
        Assert.NotEmpty(error.Hint);
    }
}
