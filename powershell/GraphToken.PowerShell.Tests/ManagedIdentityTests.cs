using System.Management.Automation;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>-Identity: the managed identity of the machine.</summary>
public sealed class ManagedIdentityTests(Stage stage) : EngineTest(stage)
{
    private const string Assigned = "33333333-3333-3333-3333-333333333333";
    private const string ObjectId = "44444444-4444-4444-4444-444444444444";
    private const string ResourceId = "/subscriptions/s/resourcegroups/g/providers/p/userAssignedIdentities/i";
    private const string Header = "h3ader/secret+value==";
    private const string Host = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

    [Theory]
    [InlineData("")]
    [InlineData("-IdentityId " + Assigned)]
    [InlineData("-IdentityId '{" + Assigned + "}' -IdentityIdType ClientId")]
    [InlineData("-IdentityId " + ObjectId + " -IdentityIdType ObjectId")]
    [InlineData("-IdentityId " + ResourceId)]
    [InlineData("-IdentityId " + ResourceId + " -IdentityIdType ResourceId")]
    public void An_identity_gets_a_token(string arguments)
    {
        using Emulator machine = Machine();
        string token = OnMachine(machine, () => Run($"Get-GraphToken -Identity -AsPlainText {arguments}").Text);
        JsonElement claims = ClaimsOf(token);
        Assert.Equal("https://graph.microsoft.com", claims.GetProperty("aud").GetString());
        Assert.Equal(arguments.Length > 0, claims.GetProperty("appid").GetString() == Assigned);
        JsonElement asked = Assert.Single(machine.Journal());
        Assert.Equal("/metadata/identity/oauth2/token", asked.GetProperty("path").GetString());
        Assert.StartsWith(
            "GraphToken.PowerShell/", asked.GetProperty("headers").GetProperty("user-agent").GetString());
    }

    [Theory]
    [InlineData("-ManagedIdentity")]
    [InlineData("-MSI")]
    public void It_has_the_names_of_other_modules(string name)
    {
        using Emulator machine = Machine();
        string script = $"Get-GraphToken {name} -Resource https://vault.azure.net -AsPlainText";
        string token = OnMachine(machine, () => Run(script).Text);
        Assert.Equal("https://vault.azure.net", ClaimsOf(token).GetProperty("aud").GetString());
    }

    [Fact]
    public void The_object_renews_itself_and_the_cache_is_the_processs()
    {
        using Emulator machine = Machine();
        OnMachine(machine, () =>
        {
            PSObject token = Run("Get-GraphToken -Identity").Single;
            Assert.Equal("", token.Properties["TenantId"].Value);
            Run("Get-GraphToken -Identity");
            Assert.Single(machine.Journal());
            Run("Get-GraphToken -Identity -ForceRefresh");
            return machine.Journal().Length == 2;
        });
    }

    [Fact]
    public void Variables_of_the_session_name_the_platform()
    {
        using Emulator machine = Machine("--identity-header", Header);
        string script = $$"""
            $env:IDENTITY_ENDPOINT = '{{machine.Address}}/app-service/msi/token'
            $env:IDENTITY_HEADER = '{{Header}}'
            try { Get-GraphToken -Identity -AsPlainText -Verbose }
            finally { $env:IDENTITY_ENDPOINT = $env:IDENTITY_HEADER = $null }
            """;
        Outcome outcome = Run(script);
        Assert.Equal("https://graph.microsoft.com", ClaimsOf(outcome.Text).GetProperty("aud").GetString());
        Assert.Contains(outcome.Verbose, line => line.Contains("for the managed identity"));
        Assert.DoesNotContain(outcome.Everything, line => line.Contains(Header));
    }

    [Theory]
    [InlineData("-TenantId contoso.example")]
    [InlineData("-AuthorityType Adfs")]
    [InlineData("-AzureRegion westeurope")]
    [InlineData("-ClientId " + Assigned)]
    [InlineData("-ClientSecret text")]
    [InlineData("-GitHubActions")]
    [InlineData("-FederatedTokenFile token")]
    [InlineData("-ServiceConnectionId " + Assigned)]
    [InlineData("-ClientCapability cp1")]
    [InlineData("-CertificateThumbprint AB")]
    [InlineData("-TokenCache work")]
    [InlineData("-IdentityIdType ObjectId")]
    [InlineData("-IdentityId not-a-guid")]
    [InlineData("-IdentityId subscriptions/x -IdentityIdType ResourceId")]
    [InlineData("-Scopes User.Read")]
    public void What_makes_no_sense_is_refused_before_anything_is_sent(string arguments)
    {
        using Emulator machine = Machine();
        Fails(machine, "InvalidArgument", $"Get-GraphToken -Identity {arguments}");
        Assert.Empty(machine.Journal());
    }

    [Fact]
    public void A_user_s_way_excludes_it() =>
        Assert.StartsWith(
            "AmbiguousParameterSet",
            Run("Get-GraphToken -Identity -RefreshToken x").Failure.FullyQualifiedErrorId);

    [Fact]
    public void An_identity_that_is_not_assigned_says_so()
    {
        using Emulator machine = Machine();
        Fails(machine, "ClientCredentialRejected", $"Get-GraphToken -Identity -IdentityId {ObjectId}");
    }

    [Fact]
    public void Without_a_platform_nothing_answers() =>
        Check("ConnectionFailed", Run("Get-GraphToken -Identity -MaximumRetryCount 0"));

    private void Fails(Emulator machine, string kind, string script) =>
        Check(kind, OnMachine(machine, () => Run(script)));

    private static void Check(string kind, Outcome outcome) => Assert.Equal(
        $"{kind},GraphToken.PowerShell.GetGraphTokenCommand", outcome.Failure.FullyQualifiedErrorId);

    private static Emulator Machine(params string[] options) => new(
        ["--identity", "system", "--identity", $"{Assigned}:object={ObjectId}:resource={ResourceId}", .. options]);

    private static T OnMachine<T>(Emulator machine, Func<T> test)
    {
        string? before = System.Environment.GetEnvironmentVariable(Host);
        System.Environment.SetEnvironmentVariable(Host, machine.Address);
        try
        {
            return test();
        }
        finally
        {
            System.Environment.SetEnvironmentVariable(Host, before);
        }
    }
}
