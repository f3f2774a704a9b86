using System.Security;
using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>Each grant with each proof of the application, over HTTP and over TLS.</summary>
public sealed class GrantTests(Emulator emulator, TlsEmulator tls) : EmulatorTest(emulator), IClassFixture<TlsEmulator>
{
    private const string Scope = "https://graph.microsoft.com/User.Read";

    public static TheoryData<string, bool> Proofs => new(
        from proof in (string[])["certificate", "certificate object", "secret", "assertion"]
        from isTls in (bool[])[false, true]
        select (proof, isTls));

    [Theory]
    [MemberData(nameof(Proofs))]
    public void AnApplicationGetsATokenForItself(string proof, bool isTls)
    {
        Emulator emulator = isTls ? tls : Emulator;
        using TokenClient client = Client(emulator, proof);
        using TokenRequest request = TokenRequest.ForClient("https://graph.microsoft.com/.default");
        using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);

        JsonElement claims = Claims(token);
        Assert.Equal(Emulator.ClientId, claims.GetProperty("appid").GetString());
        Assert.Equal(proof == "secret" ? "1" : "2", claims.GetProperty("appidacr").GetString());
        Assert.Equal(claims.GetProperty("exp").GetInt64(), token.ExpiresOn.ToUnixTimeSeconds(), tolerance: 5);
        Assert.Equal("Bearer", token.TokenType);
        Assert.Equal(Emulator.Tenant, token.TenantId);
        Assert.Equal(Emulator.ClientId, token.ClientId);
        Assert.Equal("", token.Username);
        Assert.False(token.FromCache);
        Assert.False(token.HasRefreshToken);
        Assert.Null(token.GetRefreshToken());
        Assert.Null(token.GetIdToken());
        Assert.True(Guid.TryParse(token.CorrelationId, out _));
    }

    [Fact]
    public void ALifetimeThatTheServiceDoesNotTellIsTheMinimumValue()
    {
        Emulator.Fault("body=no-expiry,times=all");
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret).Build();
        using TokenRequest request = TokenRequest.ForClient();
        for (int count = 1; count <= 2; count++)
        {
            using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);
            Assert.Equal(DateTimeOffset.MinValue, token.ExpiresOn);
            Assert.Equal(TimeSpan.Zero, token.ExpiresIn);
            Assert.Equal("AccessToken (without a known expiry)", token.ToString());
            Assert.False(token.FromCache);
            Assert.Equal(count, Emulator.Journal().Length);
        }
    }

    [Theory]
    [InlineData(-7200)]
    [InlineData(7200)]
    public void ALifetimeDoesNotDependOnThisMachinesClock(int skew)
    {
        Emulator.Fault($"date-skew={skew},times=all");
        using TokenClient client = Emulator.SecretClient();
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);

        Assert.InRange(token.ExpiresIn, TimeSpan.FromSeconds(3590), TimeSpan.FromSeconds(3599));
        double untilExpiry = (token.ExpiresOn - DateTimeOffset.UtcNow).TotalSeconds;
        Assert.Equal(3599 + skew, untilExpiry, tolerance: 30);
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    [InlineData("none", false)]
    [InlineData("none", true)]
    public void AUserGetsATokenByPasswordAndThenByRefreshToken(string proof, bool isTls)
    {
        Emulator emulator = isTls ? tls : Emulator;
        using TokenClient client = Client(emulator, proof);
        using SecureString password = Secret.Of(Emulator.Password);
        using TokenRequest first = TokenRequest.ForPassword(Emulator.User, password, Scope, "offline_access openid");
        using AccessToken token = client.Acquire(first, TestContext.Current.CancellationToken);
        Assert.Equal(Emulator.User, Claims(token).GetProperty("upn").GetString());
        Assert.Contains(Scope, token.Scopes);
        Assert.Equal(Emulator.User, token.Username);
        Assert.NotNull(token.GetIdToken());
        Assert.True(token.HasRefreshToken);

        if (proof == "assertion")
        {
            // An assertion is good for one request; the service refuses it the second time.
            return;
        }
        using SecureString refreshToken = token.GetRefreshToken()!;
        using TokenRequest second = TokenRequest.ForRefreshToken(refreshToken, Scope);
        using AccessToken renewed = client.Acquire(second, TestContext.Current.CancellationToken);
        Assert.Equal(Emulator.User, Claims(renewed).GetProperty("upn").GetString());
        Assert.NotEqual(token.GetPlainText(), renewed.GetPlainText());
    }

    [Fact]
    public void TheTokenIsTheSameInEveryForm()
    {
        using TokenClient client = Emulator.SecretClient();
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);
        string text = token.GetPlainText();
        using SecureString secret = token.GetSecureString();
        Assert.Equal(text, Secret.Reveal(secret));
        Assert.True(secret.IsReadOnly());
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(token.CopyUtf8()));
        Assert.Equal(3, text.Split('.').Length);
    }

    [Fact]
    public void ARequestSaysWhatItsOptionsSay()
    {
        var correlationId = Guid.NewGuid();
        var options = new TokenRequestOptions
        {
            Claims = """{"access_token":{"acrs":{"essential":true,"value":"c1"}}}""",
            CorrelationId = correlationId,
        };
        using TokenClient client = Emulator.SecretClient();
        using TokenRequest request = TokenRequest.ForClient(options, "https://graph.microsoft.com/.default");
        using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);
        Assert.Equal(correlationId.ToString("D"), token.CorrelationId);
        JsonElement sent = Assert.Single(Emulator.Journal());
        JsonElement headers = sent.GetProperty("headers");
        Assert.Equal(correlationId.ToString("D"), headers.GetProperty("client-request-id").GetString());
        Assert.Equal(options.Claims, sent.GetProperty("form").GetProperty("claims").GetString());
    }

    [Fact]
    public void ACachedTokenIsReturnedUntilItIsForcedOrTooShort()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret).Build();
        string first = Text(new TokenRequestOptions(), fromCache: false);
        Assert.Equal(first, Text(new TokenRequestOptions(), fromCache: true));
        Assert.NotEqual(first, Text(new TokenRequestOptions { ForceRefresh = true }, fromCache: false));
        Text(new TokenRequestOptions { MinimumLifetime = TimeSpan.FromHours(2) }, fromCache: false);

        string Text(TokenRequestOptions options, bool fromCache)
        {
            using TokenRequest request = TokenRequest.ForClient(options);
            using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);
            Assert.Equal(fromCache, token.FromCache);
            return token.GetPlainText();
        }
    }

    [Fact]
    public async Task AsyncCallsReturnTheSame()
    {
        using ClientCertificate certificate = ClientCertificate.FromFile(TestFolder.Pem);
        using TokenClient client = Emulator.Application().WithCertificate(certificate).Build();
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken token = await client.AcquireAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(Emulator.ClientId, Claims(token).GetProperty("appid").GetString());
        string assertion = await client.CreateAssertionAsync(TestContext.Current.CancellationToken);
        Assert.Contains(client.TokenEndpoint, JsonWebToken.Decode(assertion).ClaimsJson);
    }

    [Fact]
    public void AnUntrustedServerCertificateIsRefused()
    {
        tls.Forget();
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = tls.DistrustingApplication().WithClientSecret(secret).Build();
        using TokenRequest request = TokenRequest.ForClient();
        GraphTokenException error = Assert.Throws<GraphTokenException>(
            () => client.Acquire(request, TestContext.Current.CancellationToken));
        Assert.Equal(GraphTokenErrorKind.TlsFailed, error.Kind);
        Assert.NotEmpty(error.Hint);
        Assert.Empty(tls.Journal());
    }

    private static TokenClient Client(Emulator emulator, string proof)
    {
        if (proof == "none")
        {
            return emulator.PublicApplication().Build();
        }
        using ClientCredential credential = Credential(emulator, proof);
        return emulator.Application().WithCredential(credential).Build();
    }

    private static ClientCredential Credential(Emulator emulator, string proof)
    {
        if (proof == "secret")
        {
            return ClientCredential.FromSecret(Emulator.ClientSecret.ToCharArray());
        }
        using ClientCertificate certificate = proof == "certificate object"
            ? ClientCertificate.FromX509(TestFolder.Certificate)
            : ClientCertificate.FromFile(TestFolder.Pem);
        if (proof != "assertion")
        {
            return ClientCredential.FromCertificate(certificate);
        }
        using TokenClient signer = emulator.Application().WithCertificate(certificate).Build();
        return ClientCredential.FromAssertion(signer.CreateAssertion(TestContext.Current.CancellationToken));
    }
}
