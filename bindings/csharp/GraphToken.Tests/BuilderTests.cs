using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>What the builder says is what the client does.</summary>
public sealed class BuilderTests(Emulator emulator) : EmulatorTest(emulator)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(NationalCloud.Global, "https://login.microsoftonline.com/")]
    [InlineData(NationalCloud.USGov, "https://login.microsoftonline.us/")]
    [InlineData(NationalCloud.USGovDoD, "https://login.microsoftonline.us/")]
    [InlineData(NationalCloud.China, "https://login.partner.microsoftonline.cn/")]
    public void EachCloudHasItsEndpoint(NationalCloud cloud, string address)
    {
        using TokenClient client = TokenClient.Builder(Emulator.Tenant, Emulator.ClientId).WithCloud(cloud).Build();
        Assert.Equal(address + Emulator.Tenant + "/oauth2/v2.0/token", client.TokenEndpoint);
        Assert.Equal(Emulator.Tenant, client.Tenant);
        Assert.Equal(Emulator.ClientId, client.ClientId);
        Assert.Contains(client.TokenEndpoint, client.ToString());
    }

    [Fact]
    public void AnAuthorityMayBeABaseOrTheWhole()
    {
        foreach ((string tenant, string authority) in new[]
        {
            (Emulator.Tenant, Emulator.Address), ("", $"{Emulator.Address}/{Emulator.Tenant}"),
        })
        {
            using TokenClient client =
                TokenClient.Builder(tenant, Emulator.ClientId).WithAuthority(authority).Build();
            Assert.Equal($"{Emulator.Address}/{Emulator.Tenant}/oauth2/v2.0/token", client.TokenEndpoint);
        }
    }

    [Theory]
    [InlineData("{0}", "{{{0}}}")]
    [InlineData("\"{0}\"", " '{0}'\r\n")]
    [InlineData("\u200e{0}\ufeff", "\u201c{{{0}}}\u201d")]
    public void WhatWasPastedAroundTenantAndClientIdIsIgnored(string tenant, string clientId)
    {
        using TokenClient client = TokenClient.Builder(
            string.Format(null, tenant, Emulator.TenantUrl), string.Format(null, clientId, Emulator.ClientId)).Build();
        Assert.Equal($"{Emulator.Address}/{Emulator.Tenant}/oauth2/v2.0/token", client.TokenEndpoint);
        Assert.Equal(Emulator.ClientId, client.ClientId);
    }

    [Fact]
    public void TheAssertionIsAsItIsAskedFor()
    {
        using ClientCertificate certificate = ClientCertificate.FromFile(TestFolder.Pem);
        using TokenClient client = Emulator.Application().WithCertificate(certificate)
            .WithAlgorithm(AssertionAlgorithm.RS256)
            .WithAssertionAudience("https://sts.example/token")
            .WithAssertionLifetime(TimeSpan.FromSeconds(119.5))
            .WithCertificateChain()
            .Build();
        DecodedToken assertion = JsonWebToken.Decode(client.CreateAssertion(Stop));
        JsonElement header = JsonElement.Parse(assertion.HeaderJson);
        Assert.Equal("RS256", header.GetProperty("alg").GetString());
        Assert.Equal(
            Convert.ToBase64String(TestFolder.Certificate.RawData), header.GetProperty("x5c")[0].GetString());
        JsonElement claims = JsonElement.Parse(assertion.ClaimsJson);
        Assert.Equal("https://sts.example/token", claims.GetProperty("aud").GetString());
        Assert.Equal(Emulator.ClientId, claims.GetProperty("iss").GetString());
        // Valid from a minute back, so that a fast clock does not fail, and for two minutes from now.
        Assert.Equal(180, claims.GetProperty("exp").GetInt64() - claims.GetProperty("nbf").GetInt64());
    }

    [Fact]
    public void ClientsWithTheSharedCacheShareAndOthersDoNot()
    {
        string first = Token(builder => builder.WithSharedCache());
        Assert.Equal(first, Token(builder => builder.WithSharedCache()));
        Assert.NotEqual(first, Token(builder => builder));
        Assert.NotEqual(first, Token(builder => builder.WithoutCache()));

        string Token(Func<TokenClientBuilder, TokenClientBuilder> change)
        {
            using var secret = Secret.Of(Emulator.ClientSecret);
            using TokenClient client = change(Emulator.Application().WithClientSecret(secret)).Build();
            using TokenRequest request = TokenRequest.ForClient();
            using AccessToken token = client.Acquire(request, Stop);
            return token.GetPlainText();
        }
    }

    [Fact]
    public void TheProductIsSent()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret)
            .WithProduct("Contoso.Backup/1.0").WithoutCache().Build();
        using TokenRequest request = TokenRequest.ForClient();
        client.Acquire(request, Stop).Dispose();
        Assert.Contains("Contoso.Backup/1.0", Assert.Single(Emulator.Journal()).GetProperty("headers").GetRawText());
    }

    [Fact]
    public void TheEngineNamesTheMethodsOfTheBuilder()
    {
        var error = Assert.Throws<GraphTokenException>(
            () => Emulator.Application().WithTimeout(TimeSpan.Zero).Build());

        Assert.Equal("Invalid value for WithTimeout.", error.Message);
        Assert.Equal("Invalid value for -TimeoutSeconds.", error.ForPowerShell().Message);
    }

    [Fact]
    public void TheTimeoutOfTheClientHolds()
    {
        Emulator.Fault("delay-ms=600000,times=all");
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret)
            .WithTimeout(TimeSpan.FromSeconds(1)).WithConnectTimeout(TimeSpan.FromSeconds(1)).Build();
        using TokenRequest request = TokenRequest.ForClient();
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.RequestTimeout, error.Kind);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, 1)]
    public void AFailureThatPassesIsRepeatedAsOftenAsAllowed(int retries, int requests)
    {
        Emulator.Fault("status=503,times=1");
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret).WithRetries(retries).Build();
        using TokenRequest request = TokenRequest.ForClient();
        Exception? error = Record.Exception(() => client.Acquire(request, Stop).Dispose());
        Assert.Equal(retries == 0, error is GraphTokenException);
        Assert.Equal(requests, Emulator.Journal().Length);
    }

    [Fact]
    public void ValuesThatCannotBeUsedAreRefused()
    {
        AssertRefused(GraphTokenErrorKind.InvalidArgument, Emulator.Application().WithRetries(11));
        AssertRefused(GraphTokenErrorKind.InvalidArgument, Emulator.Application().WithRetries(-1));
        AssertRefused(GraphTokenErrorKind.InvalidAuthority, TokenClient.Builder("con/toso", Emulator.ClientId));
        AssertRefused(GraphTokenErrorKind.InvalidAuthority, TokenClient.Builder("", Emulator.ClientId));
        AssertRefused(GraphTokenErrorKind.InvalidArgument, TokenClient.Builder(Emulator.Tenant, ""));
        AssertRefused(GraphTokenErrorKind.InvalidArgument, Emulator.Application().WithTimeout(TimeSpan.Zero));
        AssertRefused(GraphTokenErrorKind.InvalidArgument, Emulator.Application().WithTimeout(TimeSpan.MaxValue));
        AssertRefused(
            GraphTokenErrorKind.InvalidArgument, Emulator.Application().WithAssertionLifetime(TimeSpan.FromDays(2)));
        AssertRefused(GraphTokenErrorKind.InvalidArgument, Emulator.Application().WithProduct("two words"));
        AssertRefused(GraphTokenErrorKind.ProxyFailed, Emulator.Application().WithProxy("socks5://127.0.0.1"));
        AssertRefused(GraphTokenErrorKind.InvalidArgument, Emulator.Application().WithProxy("http://a:b#c@host:1"));
        Assert.Equal(
            GraphTokenErrorKind.InvalidArgument,
            Assert.Throws<GraphTokenException>(
                () => TokenRequest.ForClient(new TokenRequestOptions { Claims = "[1]" })).Kind);

        static void AssertRefused(GraphTokenErrorKind kind, TokenClientBuilder builder)
        {
            GraphTokenException error = Assert.Throws<GraphTokenException>(builder.Build);
            Assert.Equal(kind, error.Kind);
            Assert.NotEmpty(error.Hint);
        }
    }

    [Fact]
    public void NullAndUnknownValuesAreRefused()
    {
        TokenClientBuilder builder = Emulator.Application();
        Assert.Throws<ArgumentNullException>("tenant", () => TokenClient.Builder(null!, Emulator.ClientId));
        Assert.Throws<ArgumentNullException>("clientId", () => TokenClient.Builder(Emulator.Tenant, null!));
        Assert.Throws<ArgumentNullException>("credential", () => builder.WithCredential(null!));
        Assert.Throws<ArgumentNullException>("authority", () => builder.WithAuthority(null!));
        Assert.Throws<ArgumentNullException>("url", () => builder.WithProxy(null!));
        Assert.Throws<ArgumentNullException>("noProxy", () => builder.WithProxy("http://127.0.0.1:1", null!));
        Assert.Throws<ArgumentNullException>("hosts", () => builder.WithNoProxyList(null!));
        Assert.Throws<ArgumentOutOfRangeException>("cloud", () => builder.WithCloud((NationalCloud)9));
        Assert.Throws<ArgumentOutOfRangeException>("algorithm", () => builder.WithAlgorithm((AssertionAlgorithm)9));
        using TokenClient client = builder.Build();
        Assert.Throws<ArgumentNullException>("request", () => client.Acquire(null!, Stop));
        Assert.Throws<ArgumentNullException>("options", () => TokenRequest.ForClient((TokenRequestOptions)null!));
        Assert.Throws<ArgumentNullException>("scopes", () => TokenRequest.ForClient((string[])null!));
    }
}
