using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>-AuthorityType and -AzureRegion: authorities that are no tenant of Entra, and regions.</summary>
public sealed class AuthorityTests(Stage stage) : EngineTest(stage)
{
    private const string Secretly = $"-ClientId {Emulator.ClientId} -ClientSecret $secret -AsPlainText";

    [Fact]
    public void Adfs_gets_the_resource_by_itself()
    {
        using var emulator = new Emulator();
        string token = Get($"-Authority {emulator.Address}/adfs -Resource https://api.contoso.example").Text;
        Assert.Equal("https://api.contoso.example", ClaimsOf(token).GetProperty("aud").GetString());
        JsonElement form = Assert.Single(emulator.Journal()).GetProperty("form");
        Assert.Equal("https://api.contoso.example", form.GetProperty("resource").GetString());
        Assert.False(form.TryGetProperty("scope", out _));
        token = Get($"-Authority {emulator.Address} -AuthorityType Adfs").Text;
        Assert.Equal("urn:microsoft:userinfo", ClaimsOf(token).GetProperty("aud").GetString());
    }

    [Fact]
    public void A_user_flow_of_b2c_is_an_authority()
    {
        using var emulator = new Emulator();
        string flow = $"-Authority {emulator.Address}/{Emulator.Tenant}/B2C_1_SignIn -AuthorityType b2c";
        string token = Get($"{flow} -Scopes api://x/.default").Text;
        Assert.Equal("api://x", ClaimsOf(token).GetProperty("aud").GetString());
        Fails("InvalidArgument", flow);
        Fails("InvalidArgument", $"{flow} -UseDeviceCode -Scopes api://x/read");
        Assert.Single(emulator.Journal());
    }

    [Fact]
    public void An_issuer_is_discovered()
    {
        using var emulator = new Emulator();
        string token = Get($"-Authority {emulator.Address}/oidc -AuthorityType Oidc -Scopes read").Text;
        Assert.Equal($"{emulator.Address}/oidc", ClaimsOf(token).GetProperty("iss").GetString());
        Fails("MalformedResponse", $"-Authority {emulator.TenantUrl} -AuthorityType Oidc");
        Fails("InvalidAuthority", $"-TenantId {Emulator.Tenant} -AuthorityType Oidc");
    }

    [Fact]
    public void Hosts_tell_their_kind_and_a_region_answers()
    {
        using var regional = new RegionalEmulator();
        string by = $"-Proxy {regional.Proxy} -CaFile '{regional.AuthorityFile}' -MaximumRetryCount 0";
        Assert.Contains(".ciamlogin.com/", Issuer($"-Authority {RegionalEmulator.External} {by}"));
        Assert.StartsWith(
            "https://contoso.b2clogin.com/",
            Issuer($"-Authority {RegionalEmulator.UserFlow} -Scopes api://x/.default {by}"));
        string host = $"https://{RegionalEmulator.Region}.login.microsoft.com/";
        Assert.StartsWith(host, Issuer($"-TenantId {Emulator.Tenant} -AzureRegion WestEurope {by}"));
        Fails("ProxyFailed", $"-TenantId {Emulator.Tenant} -ForceRefresh {by}");
        string automatic = $"-TenantId {Emulator.Tenant} -AzureRegion auto -ForceRefresh {by}";
        Outcome outcome = WithSecret($$"""
            $env:REGION_NAME = 'West Europe'
            try { Get-GraphToken {{Secretly}} {{automatic}} } finally { $env:REGION_NAME = $null }
            """);
        Assert.StartsWith(host, ClaimsOf(outcome.Text).GetProperty("iss").GetString());
    }

    [Theory]
    [InlineData("/common", "InvalidArgument", "")]
    [InlineData("/consumers", "InvalidArgument", "")]
    [InlineData("/common", "InvalidArgument", "-UserAssertion a.b.c")]
    [InlineData("/9188040d-6c67-4c5b-b112-36a304b66dad", "InvalidArgument", "")]
    [InlineData("/adfs", "InvalidArgument", "-AzureRegion westeurope")]
    [InlineData("/" + Emulator.Tenant, "InvalidArgument", "-AzureRegion evil.example/")]
    [InlineData("/" + Emulator.Tenant, "InvalidArgument", "-AzureRegion westeurope -UseDeviceCode")]
    [InlineData("/" + Emulator.Tenant, "InvalidAuthority", "-AuthorityType Adfs")]
    public void What_cannot_work_is_refused_before_anything_is_sent(string path, string errorId, string arguments)
    {
        using var emulator = new Emulator();
        Fails(errorId, $"-Authority {emulator.Address}{path} {arguments}");
        Assert.Empty(emulator.Journal());
    }

    [Fact]
    public void A_diagnosis_knows_the_kinds()
    {
        using var emulator = new Emulator();
        Outcome outcome = WithSecret(
            $"Test-GraphTokenSetup -Authority {emulator.Address}/oidc -AuthorityType Oidc "
            + $"-ClientId {Emulator.ClientId} -ClientSecret $secret | Where-Object Status -eq Failed");
        Assert.Empty(outcome.Output);
        Assert.Null(outcome.Error);
    }

    private Outcome Get(string arguments) => WithSecret($"Get-GraphToken {Secretly} {arguments}");

    private Outcome WithSecret(string script) => Run(script, new { secret = Secret.Of(Emulator.ClientSecret) });

    private string? Issuer(string arguments) => ClaimsOf(Get(arguments).Text).GetProperty("iss").GetString();

    private void Fails(string errorId, string arguments) =>
        Assert.StartsWith(errorId, Get(arguments).Failure.FullyQualifiedErrorId);
}
