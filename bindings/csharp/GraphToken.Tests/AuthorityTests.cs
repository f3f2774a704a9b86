using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>Authorities that are no tenant of Entra, and regions.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class AuthorityTests(Emulator emulator, RegionalEmulator regional)
    : EmulatorTest(emulator), IClassFixture<RegionalEmulator>
{
    private const string Api = "https://api.contoso.example";
    private const string Host = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void AdfsGetsTheResourceByItselfAndAnRS256Assertion()
    {
        using var certificate = ClientCertificate.FromFile(TestFolder.Pem);
        using TokenClient client = Builder("/adfs").WithCertificate(certificate).WithoutCache().Build();
        Assert.Equal(Api, Audience(client, $"{Api}/.default"));
        Assert.Equal("urn:microsoft:userinfo", Audience(client));
        JsonElement asked = Emulator.Journal()[0];
        Assert.Equal("/adfs/oauth2/token", asked.GetProperty("path").GetString());
        Assert.Equal(Api, asked.GetProperty("form").GetProperty("resource").GetString());
        Assert.Equal("RS256", asked.GetProperty("assertion").GetProperty("header").GetProperty("alg").GetString());
    }

    [Fact]
    public void AUserFlowGivesTokensForItsApis()
    {
        string flow = $"/{Emulator.Tenant}/B2C_1_SignIn";
        using TokenClient client = Secretly(Builder(flow).WithAuthorityType(AuthorityType.B2C));
        Assert.Equal("api://x", Audience(client, "api://x/.default"));
        Refuses(GraphTokenErrorKind.InvalidArgument, () => Audience(client));
        using TokenRequest device = TokenRequest.ForDeviceCode(_ => Assert.Fail("There is no code."), "User.Read");
        Refuses(GraphTokenErrorKind.InvalidArgument, () => client.Acquire(device, Stop).Dispose());
        Assert.Single(Emulator.Journal());
        Emulator.Fault("error=AADB2C90118");
        using var password = Secret.Of("x");
        using TokenRequest user = TokenRequest.ForPassword(Emulator.User, password, "api://x/read");
        GraphTokenException error =
            Refuses(GraphTokenErrorKind.InteractionRequired, () => client.Acquire(user, Stop).Dispose());
        Assert.Contains("AADB2C90118", error.Message);
    }

    [Fact]
    public void AnIssuerIsDiscoveredOnce()
    {
        using TokenClient client = Secretly(Builder("/oidc").WithAuthorityType(AuthorityType.Oidc));
        Assert.Equal($"{Emulator.Address}/oidc/api", Audience(client, "read"));
        Assert.Equal($"{Emulator.Address}/oidc/api", Audience(client, "write"));
        Assert.Equal(
            ["/oidc/.well-known/openid-configuration", "/oidc/token", "/oidc/token"],
            Emulator.Journal().Select(asked => asked.GetProperty("path").GetString()));
        using TokenClient other = Secretly(
            Builder($"/{Emulator.Tenant}").WithAuthorityType(AuthorityType.Oidc));
        Refuses(GraphTokenErrorKind.MalformedResponse, () => Audience(other));
    }

    [Fact]
    public void HostsTellTheirKind()
    {
        using TokenClient external = Secretly(Proxied(TokenClient.Builder(RegionalEmulator.External, Emulator.ClientId)));
        Assert.Contains(".ciamlogin.com/", Issuer(external));
        using TokenClient flow = Secretly(Proxied(TokenClient.Builder(RegionalEmulator.UserFlow, Emulator.ClientId)));
        Assert.StartsWith("https://contoso.b2clogin.com/", Issuer(flow, "api://x/.default"));
        using TokenClient custom = Secretly(
            TokenClient.Builder(Emulator.TenantUrl, Emulator.ClientId).WithAuthorityType(AuthorityType.Ciam));
        Assert.Equal("https://graph.microsoft.com", Audience(custom));
    }

    [Fact]
    public void TheRegionAnswers()
    {
        using TokenClient named = Secretly(Global().WithAzureRegion("WestEurope"));
        Assert.StartsWith($"https://{RegionalEmulator.Region}.login.microsoft.com/", Issuer(named));
        using TokenClient without = Secretly(Global());
        Refuses(GraphTokenErrorKind.ProxyFailed, () => Issuer(without));
    }

    [Theory]
    [InlineData("REGION_NAME", "West Europe")]
    [InlineData(Host, null)]
    public void TheRegionIsFoundByAVariableOfThisProcess(string name, string? value)
    {
        using var machine = new Emulator("--region", RegionalEmulator.Region);
        string? before = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value ?? machine.Address);
        try
        {
            using TokenClient client = Secretly(Global().WithAzureRegion("auto"));
            Assert.StartsWith($"https://{RegionalEmulator.Region}.login.microsoft.com/", Issuer(client));
            Assert.Equal(value == null ? 1 : 0, machine.Journal().Length);
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, before);
        }
    }

    [Fact]
    public void WhatCannotWorkIsRefusedBeforeAnythingIsSent()
    {
        GraphTokenException error = Refuses(
            GraphTokenErrorKind.InvalidArgument, () => Secretly(Builder("/adfs").WithAzureRegion("westeurope")).Dispose());
        Assert.Contains("WithAzureRegion", error.Hint);
        Refuses(
            GraphTokenErrorKind.InvalidArgument,
            () => Secretly(Builder("/adfs").WithAzureRegion("evil.example/")).Dispose());
        Refuses(
            GraphTokenErrorKind.InvalidAuthority,
            () => Secretly(Builder($"/{Emulator.Tenant}").WithAuthorityType(AuthorityType.Adfs)).Dispose());
        using TokenClient regionally = Secretly(Builder($"/{Emulator.Tenant}").WithAzureRegion("westeurope"));
        using var password = Secret.Of("x");
        using TokenRequest user = TokenRequest.ForPassword(Emulator.User, password, "User.Read");
        Refuses(GraphTokenErrorKind.InvalidArgument, () => regionally.Acquire(user, Stop).Dispose());
        using TokenClient shared = Secretly(Builder("/common"));
        Refuses(GraphTokenErrorKind.InvalidArgument, () => Audience(shared));
        Refuses(GraphTokenErrorKind.InvalidArgument, () => shared.Acquire(user, Stop).Dispose());
        TokenClientBuilder machine = TokenClientBuilder.ForManagedIdentity(ManagedIdentityId.SystemAssigned);
        Refuses(GraphTokenErrorKind.InvalidArgument, () => machine.WithAzureRegion("westeurope").Build().Dispose());
        Assert.Throws<ArgumentOutOfRangeException>(() => Builder("/adfs").WithAuthorityType((AuthorityType)9));
        Assert.Throws<ArgumentNullException>(() => Builder("/adfs").WithAzureRegion(null!));
        Assert.Empty(Emulator.Journal());
    }

    private TokenClientBuilder Builder(string path) =>
        TokenClient.Builder("", Emulator.ClientId).WithAuthority($"{Emulator.Address}{path}");

    private TokenClientBuilder Global() => Proxied(TokenClient.Builder(Emulator.Tenant, Emulator.ClientId));

    private TokenClientBuilder Proxied(TokenClientBuilder builder) =>
        builder.WithProxy(regional.Proxy).WithTrustedCertificates(regional.AuthorityFile).WithRetries(0);

    private static TokenClient Secretly(TokenClientBuilder builder)
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        return builder.WithClientSecret(secret).Build();
    }

    private static string? Audience(TokenClient client, params string[] scopes) => Claim(client, "aud", scopes);

    private static string? Issuer(TokenClient client, params string[] scopes) => Claim(client, "iss", scopes);

    private static string? Claim(TokenClient client, string name, string[] scopes)
    {
        using TokenRequest request = TokenRequest.ForClient(scopes);
        using AccessToken token = client.Acquire(request, Stop);
        return Claims(token).GetProperty(name).GetString();
    }

    private static GraphTokenException Refuses(GraphTokenErrorKind kind, Action act)
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(act);
        Assert.Equal(kind, error.Kind);
        return error;
    }
}
