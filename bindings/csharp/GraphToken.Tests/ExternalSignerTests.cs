using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>Certificates whose key signs outside of the engine.</summary>
public sealed class ExternalSignerTests(Emulator emulator) : EmulatorTest(emulator)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void AKeyThatOnlySignsGetsAToken()
    {
        using var key = new SignOnlyKey();
        AssertGetsToken(key, "PS256");
        Assert.False(key.IsDisposed);
    }

    [Fact]
    public void AKeyThatCannotDoPssSignsByRs256()
    {
        using var key = new SignOnlyKey((rsa, digest, padding) => padding == RSASignaturePadding.Pss
            ? throw new CryptographicException("Specified padding mode is not valid for this algorithm.")
            : rsa.SignHash(digest, HashAlgorithmName.SHA256, padding));
        AssertGetsToken(key, "RS256");
    }

    [Fact]
    public void AKeyThatCannotDoPssIsAnErrorWhenPs256IsAskedFor()
    {
        var cause = new NotSupportedException("no PSS in this card");
        using var key = new SignOnlyKey((_, _, _) => throw cause);
        GraphTokenException error = Refused(key, builder => builder.WithAlgorithm(AssertionAlgorithm.PS256));
        Assert.Equal(GraphTokenErrorKind.SigningFailed, error.Kind);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public void WhatTheKeyThrowsIsTheInnerException()
    {
        var cause = new InvalidOperationException("the card was pulled out");
        using var key = new SignOnlyKey((_, _, _) => throw cause);
        GraphTokenException error = Refused(key);
        Assert.Equal(GraphTokenErrorKind.SigningFailed, error.Kind);
        Assert.Same(cause, error.InnerException);
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException), 0)]
    [InlineData(typeof(CryptographicException), unchecked((int)0x80090016))]
    [InlineData(typeof(CryptographicException), unchecked((int)0x80070005))]
    public void AKeyThatTheAccountMayNotUseIsInaccessible(Type type, int result)
    {
        var cause = (Exception)(result == 0 ? Activator.CreateInstance(type) : Activator.CreateInstance(type, result))!;
        using var key = new SignOnlyKey((_, _, _) => throw cause);
        GraphTokenException error = Refused(key);
        Assert.Equal(GraphTokenErrorKind.PrivateKeyInaccessible, error.Kind);
        Assert.Same(cause, error.InnerException);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void AKeyWhosePromptWasClosedCancels()
    {
        using var key = new SignOnlyKey((_, _, _) => throw new OperationCanceledException("no PIN"));
        Assert.Equal(GraphTokenErrorKind.Cancelled, Refused(key).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(5000)]
    public void AWrongSignatureIsNotSent(int length)
    {
        using var key = new SignOnlyKey((_, _, _) => new byte[length]);
        GraphTokenException error = Refused(key);
        Assert.Equal(GraphTokenErrorKind.SigningFailed, error.Kind);
    }

    [Fact]
    public void AnEarlierFailureIsNotBehindALaterError()
    {
        bool throws = true;
        using var key = new SignOnlyKey(
            (_, _, _) => throws ? throw new InvalidOperationException("once") : new byte[256]);
        using ClientCertificate certificate = ClientCertificate.FromX509(TestFolder.Certificate, key);
        using TokenClient client = Emulator.Application().WithCertificate(certificate).Build();
        Assert.NotNull(Assert.Throws<GraphTokenException>(() => client.CreateAssertion(Stop)).InnerException);
        throws = false;
        Assert.Null(Assert.Throws<GraphTokenException>(() => client.CreateAssertion(Stop)).InnerException);
    }

    [Fact]
    public void TheKeyOfACertificateObjectLivesAsLongAsTheClient()
    {
        using var copy = X509CertificateLoader.LoadPkcs12FromFile(TestFolder.Pfx, TestFolder.FilePassword);
        TokenClient client;
        using (ClientCertificate certificate = ClientCertificate.FromX509(copy))
        using (ClientCredential credential = ClientCredential.FromCertificate(certificate))
        {
            client = Emulator.Application().WithCredential(credential).Build();
        }
        copy.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using (client)
        {
            Assert.Equal(2, client.CreateAssertion(Stop).Count(character => character == '.'));
        }
    }

    [Fact]
    public void TheChainIsSentLeafFirst()
    {
        using RSA issuerKey = RSA.Create(2048);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 root = Authority("CN=Root", TestFolder.Key).CreateSelfSigned(now, now.AddDays(3));
        using X509Certificate2 issuer = Authority("CN=Issuer", issuerKey).Create(root, now, now.AddDays(2), [1]);
        using X509Certificate2 issuerWithKey = issuer.CopyWithPrivateKey(issuerKey);
        using X509Certificate2 leaf =
            Request("CN=Leaf", TestFolder.Key).Create(issuerWithKey, now, now.AddDays(1), [2]);

        using ClientCertificate certificate =
            ClientCertificate.FromX509(leaf, TestFolder.Key, [leaf, issuer, root]);
        using TokenClient client = Emulator.Application().WithCertificate(certificate).WithCertificateChain().Build();
        JsonElement header = JsonElement.Parse(JsonWebToken.Decode(client.CreateAssertion(Stop)).HeaderJson);
        string[] sent = [.. header.GetProperty("x5c").EnumerateArray().Select(entry => entry.GetString()!)];
        Assert.Equal([Convert.ToBase64String(leaf.RawData), Convert.ToBase64String(issuer.RawData)], sent);
    }

    [Fact]
    public void ACertificateObjectWithoutAKeyIsRefused()
    {
        using X509Certificate2 publicOnly = X509CertificateLoader.LoadCertificate(TestFolder.Certificate.RawData);
        Assert.Equal(
            GraphTokenErrorKind.PrivateKeyMissing,
            Assert.Throws<GraphTokenException>(() => ClientCertificate.FromX509(publicOnly)).Kind);
    }

    [Fact]
    public void ACertificateObjectWithAnEllipticKeyIsRefused()
    {
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 elliptic = new CertificateRequest("CN=EC", curve, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal(
            GraphTokenErrorKind.PrivateKeyUnsupported,
            Assert.Throws<GraphTokenException>(() => ClientCertificate.FromX509(elliptic)).Kind);
    }

    private static CertificateRequest Authority(string subject, RSA key)
    {
        CertificateRequest request = Request(subject, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    private static CertificateRequest Request(string subject, RSA key) =>
        new(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private void AssertGetsToken(RSA key, string algorithm)
    {
        using ClientCertificate certificate = ClientCertificate.FromX509(TestFolder.Certificate, key);
        using TokenClient client = Emulator.Application().WithCertificate(certificate).Build();
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken token = client.Acquire(request, Stop);
        JsonElement sent = Assert.Single(Emulator.Journal());
        Assert.Equal(algorithm, sent.GetProperty("assertion").GetProperty("header").GetProperty("alg").GetString());
    }

    private GraphTokenException Refused(RSA key, Func<TokenClientBuilder, TokenClientBuilder>? change = null)
    {
        using ClientCertificate certificate = ClientCertificate.FromX509(TestFolder.Certificate, key);
        TokenClientBuilder builder = Emulator.Application().WithCertificate(certificate);
        using TokenClient client = (change?.Invoke(builder) ?? builder).Build();
        using TokenRequest request = TokenRequest.ForClient();
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Empty(Emulator.Journal());
        return error;
    }
}
