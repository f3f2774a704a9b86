using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>Certificates that are found in .NET's own stores.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class StoreTests : EmulatorTest, IDisposable
{
    // The stores are those of the user who runs the tests: other certificates may be there.
    private readonly string _subject = $"CN=GraphToken store test {Guid.NewGuid():N}, O=\"Contoso, Ltd.\"";
    private readonly List<(StoreName Store, X509Certificate2 Certificate)> _added = [];

    public StoreTests(Emulator emulator)
        : base(emulator)
    {
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>Takes every certificate out of its store again.</summary>
    public void Dispose()
    {
        foreach ((StoreName name, X509Certificate2 certificate) in _added)
        {
            using var store = new X509Store(name, StoreLocation.CurrentUser);
            store.Open(OpenFlags.ReadWrite);
            store.Remove(certificate);
            certificate.Dispose();
        }
    }

    [Fact]
    public void AThumbprintIsFoundHoweverItIsWritten()
    {
        X509Certificate2 stored = Add(TestFolder.Certificate);
        IEnumerable<string> pairs = stored.Thumbprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair));
        string[] thumbprints =
        [
            stored.Thumbprint, "\u200e" + string.Join(' ', pairs), "\ufeff" + stored.Thumbprint + "\u200b\r\n",
            stored.GetCertHashString(HashAlgorithmName.SHA256), @"Cert:\CurrentUser\My\" + stored.Thumbprint,
        ];
        foreach (string thumbprint in thumbprints)
        {
            using ClientCertificate certificate = ClientCertificate.FromThumbprint(thumbprint);
            Assert.Equal(stored.Thumbprint, certificate.Thumbprint);
        }
    }

    [Fact]
    public void APathOfTheDriveCertIsACertificateOfTheStore()
    {
        X509Certificate2 stored = Add(TestFolder.Certificate);
        string[] paths = [@"Cert:\CurrentUser\My\", "cert:/currentuser/my/", @" 'Certificate::CurrentUser\My\"];
        foreach (string path in paths)
        {
            using ClientCertificate certificate = ClientCertificate.FromFile(path + stored.Thumbprint);
            Assert.Equal(stored.Thumbprint, certificate.Thumbprint);
        }
        Fails(
            GraphTokenErrorKind.CertificateNotFound,
            () => ClientCertificate.FromFile(@"Cert:\LocalMachine\My\" + stored.Thumbprint));
        Fails(GraphTokenErrorKind.InvalidArgument, () => ClientCertificate.FromFile(@"Cert:\CurrentUser\Root\x"));
        Fails(
            GraphTokenErrorKind.InvalidArgument,
            () => ClientCertificate.FromFile(paths[0] + stored.Thumbprint, privateKeyPath: TestFolder.PrivateKey));
    }

    [Fact]
    public void ACertificateOfTheStoreGetsAToken()
    {
        Add(TestFolder.Certificate);
        using ClientCertificate certificate = ClientCertificate.FromThumbprint(TestFolder.Certificate.Thumbprint);
        using TokenClient client = Emulator.Application().WithCertificate(certificate).Build();
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Single(Emulator.Journal());
    }

    [Fact]
    public void TheEngineAloneFindsTheSameCertificate()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "The engine does not read the keychain.");
        X509Certificate2 stored = Add(TestFolder.Certificate);
        using Utf8Text thumbprint = Utf8Text.Of(stored.Thumbprint, nameof(thumbprint));
        IntPtr certificate = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_certificate_new_from_store(thumbprint.Borrow(), default, ref certificate, ref error);
        NativeError.ThrowIfFailed(status, error);
        Assert.Equal(0, Native.gt_certificate_thumbprint_sha1(certificate, out GtStr found));
        Assert.Equal(stored.Thumbprint, Utf8Text.Read(found));
        Native.gt_certificate_free(certificate);
    }

    [Fact]
    public void ASubjectFindsTheNewestValidCertificateWithAKey()
    {
        AddNew(-30, -1);
        X509Certificate2 newest = AddNew(-2, 1);
        AddNew(-3, 30);
        using X509Certificate2 withKey =
            TestFolder.SelfSigned(_subject, TestFolder.Key, Now.AddDays(-1), Now.AddDays(9));
        using X509Certificate2 keyless = X509CertificateLoader.LoadCertificate(withKey.RawData);
        Add(keyless);
        string commonName = newest.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        foreach (string name in new[] { newest.Subject, newest.Subject.ToUpperInvariant(), commonName })
        {
            using ClientCertificate certificate = ClientCertificate.FromSubjectName(name);
            Assert.Equal(newest.Thumbprint, certificate.Thumbprint);
        }
    }

    [Fact]
    public void AnExpiredCertificateIsTakenByThumbprintAlone()
    {
        X509Certificate2 expired = AddNew(-30, -1);
        using (ClientCertificate certificate = ClientCertificate.FromThumbprint(expired.Thumbprint))
        {
            Assert.Contains("expired", certificate.Warning);
        }
        GraphTokenException error = Fails(
            GraphTokenErrorKind.CertificateNotFound, () => ClientCertificate.FromSubjectName(_subject));
        Assert.Contains(expired.Thumbprint, error.Message);
        Assert.Contains("expired on", error.Message);
    }

    [Fact]
    public void AnUnknownThumbprintNamesTheStores()
    {
        X509Certificate2 stored = AddNew(-1, 1);
        GraphTokenException error = Fails(
            GraphTokenErrorKind.CertificateNotFound, () => ClientCertificate.FromThumbprint(new string('0', 40)));
        Assert.Contains(@"CurrentUser\My: ", error.Message);
        Assert.Contains(@"LocalMachine\My: ", error.Message);
        Assert.Contains(stored.Thumbprint, error.Message);
        Fails(GraphTokenErrorKind.InvalidArgument, () => ClientCertificate.FromThumbprint("no thumbprint"));
        Fails(GraphTokenErrorKind.InvalidArgument, () => ClientCertificate.FromSubjectName(" "));
    }

    [Fact]
    public void ACertificateWithoutItsKeySaysHowToGetIt()
    {
        using X509Certificate2 publicOnly = X509CertificateLoader.LoadCertificate(TestFolder.Certificate.RawData);
        X509Certificate2 keyless = Add(publicOnly);
        GraphTokenException error = Fails(
            GraphTokenErrorKind.PrivateKeyMissing, () => ClientCertificate.FromThumbprint(keyless.Thumbprint));
        Assert.Contains("certutil", error.Hint);
    }

    [Fact]
    public void AnEllipticKeyIsRefused()
    {
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 made = new CertificateRequest(_subject, curve, HashAlgorithmName.SHA256)
            .CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        X509Certificate2 elliptic = Add(made);
        Fails(GraphTokenErrorKind.PrivateKeyUnsupported, () => ClientCertificate.FromThumbprint(elliptic.Thumbprint));
        Fails(GraphTokenErrorKind.PrivateKeyUnsupported, () => ClientCertificate.FromSubjectName(_subject));
    }

    [Fact]
    public void AKeyThatTheStoreDoesNotGiveSaysHowToGetIt()
    {
        // No store of this machine refuses a key, so the search is told that one did.
        using Utf8Text name = Utf8Text.Of(TestFolder.CommonName, nameof(name));
        using CertificateSearchHandle search = CertificateSearchHandle.BySubjectName(name);
        search.Add(@"LocalMachine\My", TestFolder.Certificate);
        search.Searched(@"LocalMachine\My");
        var cause = new CryptographicException("Keyset does not exist");
        GraphTokenException error =
            Assert.Throws<GraphTokenException>(() => search.ThrowKeyRefused(search.Choose(), cause));
        Assert.Equal(GraphTokenErrorKind.PrivateKeyInaccessible, error.Kind);
        Assert.Same(cause, error.InnerException);
        Assert.Contains(@"LocalMachine\My", error.Message);
        Assert.Contains("certutil -repairstore my " + TestFolder.Certificate.Thumbprint, error.Hint);
    }

    [Fact]
    public void IssuersOfTheStoreAreSentWithoutTheRoot()
    {
        using RSA issuerKey = RSA.Create(2048);
        using X509Certificate2 root = Authority("CN=GraphToken store test root", TestFolder.Key)
            .CreateSelfSigned(Now.AddDays(-1), Now.AddDays(3));
        using X509Certificate2 issuer = Authority("CN=GraphToken store test issuer", issuerKey)
            .Create(root, Now.AddDays(-1), Now.AddDays(2), [1]);
        using X509Certificate2 issuerWithKey = issuer.CopyWithPrivateKey(issuerKey);
        using X509Certificate2 leaf = new CertificateRequest(
                _subject, TestFolder.Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .Create(issuerWithKey, Now.AddHours(-1), Now.AddDays(1), [2]);
        using X509Certificate2 leafWithKey = leaf.CopyWithPrivateKey(TestFolder.Key);
        Add(leafWithKey);
        Add(issuer, StoreName.CertificateAuthority);
        Add(root, StoreName.CertificateAuthority);

        foreach (ClientCertificate certificate in new[]
        {
            ClientCertificate.FromThumbprint(leaf.Thumbprint, findIssuers: true),
            ClientCertificate.FromX509(leafWithKey, findIssuers: true),
        })
        {
            using (certificate)
            {
                using TokenClient client =
                    Emulator.Application().WithCertificate(certificate).WithCertificateChain().Build();
                JsonElement header = JsonElement.Parse(JsonWebToken.Decode(client.CreateAssertion(Stop)).HeaderJson);
                string[] sent = [.. header.GetProperty("x5c").EnumerateArray().Select(entry => entry.GetString()!)];
                Assert.Equal([Convert.ToBase64String(leaf.RawData), Convert.ToBase64String(issuer.RawData)], sent);
            }
        }
    }

    [Fact]
    public void NullIsRefused()
    {
        Assert.Throws<ArgumentNullException>("thumbprint", () => ClientCertificate.FromThumbprint(null!));
        Assert.Throws<ArgumentNullException>("subjectName", () => ClientCertificate.FromSubjectName(null!));
        Assert.Throws<ArgumentNullException>("certificate", () => ClientCertificate.FromX509(null!, findIssuers: true));
    }

    private static GraphTokenException Fails(GraphTokenErrorKind kind, Func<ClientCertificate> load)
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(load);
        Assert.Equal(kind, error.Kind);
        Assert.NotEmpty(error.Hint);
        return error;
    }

    private static CertificateRequest Authority(string subject, RSA key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    private X509Certificate2 AddNew(int fromDays, int toDays)
    {
        using X509Certificate2 made =
            TestFolder.SelfSigned(_subject, TestFolder.Key, Now.AddDays(fromDays), Now.AddDays(toDays));
        return Add(made);
    }

    /// <summary>A copy without the key, to know the certificate by; the store has it with its key.</summary>
    private X509Certificate2 Add(X509Certificate2 certificate, StoreName name = StoreName.My)
    {
        using var store = new X509Store(name, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        X509Certificate2 copy = X509CertificateLoader.LoadCertificate(certificate.RawData);
        _added.Add((name, copy));
        return copy;
    }
}
