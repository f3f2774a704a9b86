using System.Management.Automation;

namespace GraphToken.PowerShell.Tests;

/// <summary>-EnvironmentVariable, -Chain, -AzureCli and -AzureDeveloperCli.</summary>
public sealed class ChainTests(Stage stage) : EngineTest(stage)
{
    private const string Host = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

    private static string[] Application(Emulator emulator) =>
    [
        $"AZURE_AUTHORITY_HOST={emulator.Address}", $"AZURE_TENANT_ID={Emulator.Tenant}",
        $"AZURE_CLIENT_ID={Emulator.ClientId}", "PATH=/no/such/folder",
    ];

    [Fact]
    public void The_environment_describes_an_application()
    {
        Emulator emulator = Stage.Plain;
        foreach (string proof in new[]
        {
            $"AZURE_CLIENT_SECRET={Emulator.ClientSecret}", $"AZURE_CLIENT_CERTIFICATE_PATH={TestFolder.Pem}",
        })
        {
            PSObject token = With(
                [.. Application(emulator), proof], () => Run("Get-GraphToken -EnvironmentVariable").Single);
            Assert.Equal(Emulator.ClientId, token.Properties["ClientId"].Value);
            Assert.Equal(Emulator.Tenant, token.Properties["TenantId"].Value);
        }
    }

    [Fact]
    public void The_environment_describes_a_user_and_warns()
    {
        string[] user =
        [
            .. Application(Stage.Plain), $"AZURE_CLIENT_ID={Emulator.PublicClientId}",
            $"AZURE_USERNAME={Emulator.User}", $"AZURE_PASSWORD={Emulator.Password}",
        ];
        Outcome outcome = With(user, () => Run("Get-GraphToken -EnvironmentVariable -Scopes User.Read"));
        Assert.Equal(Emulator.User, outcome.Single.Properties["Username"].Value);
        Assert.Contains("AZURE_PASSWORD", Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void An_incomplete_environment_names_variables_and_no_value()
    {
        ErrorRecord error = With(
            ["AZURE_CLIENT_SECRET=hunter22", "AZURE_TENANT_ID="], () => Run("Get-GraphToken -EnvironmentVariable").Failure);
        Assert.StartsWith("CredentialMissing", error.FullyQualifiedErrorId);
        Assert.EndsWith("Set: AZURE_CLIENT_SECRET. Missing: AZURE_TENANT_ID, AZURE_CLIENT_ID.", $"{error}");
        Assert.DoesNotContain("hunter22", $"{error}{error.Exception}");
    }

    [Fact]
    public void A_chain_says_what_it_uses_and_why()
    {
        using var tools = new DeveloperTools();
        Outcome outcome = With([$"PATH={tools.Folder}"], () => Run("Get-GraphToken -Chain -AsPlainText -Verbose"));
        Assert.Equal(DeveloperTools.Token, outcome.Text);
        string[] said = [.. outcome.Verbose.Where(line => line.StartsWith("The chain", StringComparison.Ordinal))];
        Assert.Equal(4, said.Length);
        Assert.StartsWith("The chain passes over environment: ", said[0]);
        Assert.Equal("The chain uses Azure CLI.", said[3]);
        Assert.DoesNotContain(DeveloperTools.Token, string.Join('\n', outcome.Verbose));

        using var machine = new Emulator("--identity", "system");
        string token = With(
            [$"PATH={tools.Folder}", $"{Host}={machine.Address}"],
            () => Run("Get-GraphToken -Chain -Resource https://vault.azure.net -AsPlainText").Text);
        Assert.Equal("https://vault.azure.net", ClaimsOf(token).GetProperty("aud").GetString());
    }

    [Fact]
    public void A_workload_is_found_by_its_variables()
    {
        using var cluster = new WorkloadEmulator();
        string file = TestFolder.Write("chain-token", cluster.WorkloadToken());
        string[] variables =
        [
            .. Application(Stage.Plain), $"AZURE_AUTHORITY_HOST={cluster.Address}",
            $"AZURE_CLIENT_ID={WorkloadEmulator.Workload}", $"AZURE_FEDERATED_TOKEN_FILE={file}",
        ];
        Outcome outcome = With(variables, () => Run("Get-GraphToken -Chain -Verbose"));
        Assert.Equal(WorkloadEmulator.Workload, outcome.Single.Properties["ClientId"].Value);
        Assert.Contains("The chain uses workload identity.", outcome.Verbose);
    }

    [Fact]
    public void A_chain_ends_at_a_link_that_is_refused_and_says_when_nothing_applies()
    {
        ErrorRecord refused = With(
            [.. Application(Stage.Plain), "AZURE_CLIENT_SECRET=hunter22"], () => Run("Get-GraphToken -Chain").Failure);
        Assert.StartsWith("ClientCredentialRejected", refused.FullyQualifiedErrorId);
        Assert.DoesNotContain("hunter22", $"{refused}{refused.Exception}");
        ErrorRecord nothing = With(["PATH=/no/such/folder"], () => Run("Get-GraphToken -Chain").Failure);
        Assert.StartsWith("CredentialMissing", nothing.FullyQualifiedErrorId);
        Assert.Equal(6, $"{nothing}".Split('\n').Length);
    }

    [Theory]
    [InlineData("-AzureCli", "az", "--tenant")]
    [InlineData("-AzureDeveloperCli", "azd", "--tenant-id")]
    public void A_developer_tool_gives_its_users_token(string name, string tool, string tenant)
    {
        using var tools = new DeveloperTools();
        string script = $"Get-GraphToken {name} -TenantId contoso.example -Resource https://vault.azure.net";
        PSObject token = With([$"PATH={tools.Folder}"], () => Run(script).Single);
        Assert.Equal(DeveloperTools.ExpiresOn, token.Properties["ExpiresOn"].Value);
        Assert.EndsWith($"{tenant} contoso.example", Assert.Single(tools.Runs(tool)));
        ErrorRecord missing = With(["PATH=/no/such/folder"], () => Run($"Get-GraphToken {name} -Resource api://x").Failure);
        Assert.StartsWith("CredentialMissing", missing.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("-EnvironmentVariable -TenantId contoso.example", "-TenantId")]
    [InlineData("-EnvironmentVariable -ClientSecret $secret", "-ClientSecret")]
    [InlineData("-Chain -ClientId app", "-ClientId")]
    [InlineData("-Chain -TokenCache work", "-TokenCache")]
    [InlineData("-Chain -Authority https://login.example", "-Authority")]
    [InlineData("-AzureCli -ClientId app", "-ClientId")]
    [InlineData("-AzureCli -FederatedTokenFile x", "-FederatedTokenFile")]
    [InlineData("-AzureDeveloperCli -RedisUrl redis://localhost", "-RedisUrl")]
    [InlineData("-Chain:$false", "-Chain")]
    public void What_a_source_does_not_need_is_refused(string parameters, string named)
    {
        ErrorRecord error = Run($"Get-GraphToken {parameters}", new { secret = Secret.Of("secret") }).Failure;
        Assert.StartsWith("InvalidArgument", error.FullyQualifiedErrorId);
        Assert.Contains(named, $"{error}");
    }

    [Theory]
    [InlineData("-Chain -AzureCli")]
    [InlineData("-Chain -Identity")]
    [InlineData("-EnvironmentVariable -UseDeviceCode")]
    [InlineData("-AzureCli -RefreshToken $secret")]
    public void Two_ways_are_an_error_of_PowerShell(string parameters)
    {
        ErrorRecord error = Run($"Get-GraphToken {parameters}", new { secret = Secret.Of("secret") }).Failure;
        Assert.StartsWith("AmbiguousParameterSet", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void The_setup_check_asks_only_what_it_is_told_to()
    {
        using var tools = new DeveloperTools();
        using var machine = new Emulator("--identity", "system");
        string app = $"-Authority {Stage.Plain.TenantUrl} -ClientId {Emulator.PublicClientId}";
        With([$"PATH={tools.Folder}", $"{Host}={machine.Address}"], () =>
        {
            Dictionary<string, PSObject> unasked = Findings(app);
            Assert.Equal("Passed", Value(unasked, "DeveloperTools", "Status"));
            Assert.Contains("-Identity asks it", Value(unasked, "ManagedIdentity", "Detail"));
            Assert.Contains("-Chain asks it", Value(unasked, "Chain", "Detail"));
            Assert.Empty(machine.Journal());
            Assert.Equal("Passed", Value(Findings("-Identity"), "ManagedIdentity", "Status"));
            Dictionary<string, PSObject> chain = Findings("-Chain");
            Assert.Equal("Skipped", Value(chain, "Certificate", "Status"));
            Assert.StartsWith("The chain uses managed identity.", Value(chain, "Chain", "Detail"));
            Assert.Empty(tools.Runs("az"));
            ErrorRecord error = Run($"Test-GraphTokenSetup -Chain -TenantId contoso.example").Failure;
            Assert.StartsWith("InvalidArgument", error.FullyQualifiedErrorId);
            return true;
        });
    }

    private Dictionary<string, PSObject> Findings(string parameters) => Run($"Test-GraphTokenSetup {parameters}")
        .Output.ToDictionary(finding => (string)finding.Properties["Check"].Value);

    private static string Value(Dictionary<string, PSObject> findings, string check, string property) =>
        $"{findings[check].Properties[property].Value}";

    private static T With<T>(string[] variables, Func<T> test)
    {
        string[][] pairs = [.. variables.Select(pair => pair.Split('=', 2))];
        var before = pairs.ToLookup(pair => pair[0], pair => Environment.GetEnvironmentVariable(pair[0]));
        foreach (string[] pair in pairs)
        {
            Environment.SetEnvironmentVariable(pair[0], pair[1]);
        }
        try
        {
            return test();
        }
        finally
        {
            foreach (IGrouping<string, string?> variable in before)
            {
                Environment.SetEnvironmentVariable(variable.Key, variable.First());
            }
        }
    }
}
