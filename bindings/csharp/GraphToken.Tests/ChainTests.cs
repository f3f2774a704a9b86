namespace GraphToken.Tests;

/// <summary>
/// The environment, a chain and developer tools: variables that are set inside the process say what there is.
/// </summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class ChainTests(Emulator emulator) : EmulatorTest(emulator)
{
    private const string Host = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
    private const string Scope = "https://graph.microsoft.com/.default";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private (string, string)[] Application =>
    [
        ("AZURE_AUTHORITY_HOST", Emulator.Address), ("AZURE_TENANT_ID", Emulator.Tenant),
        ("AZURE_CLIENT_ID", Emulator.ClientId), ("PATH", "/no/such/folder"),
    ];

    [Fact]
    public void TheEnvironmentDescribesAnApplication()
    {
        foreach ((string, string) proof in new[]
        {
            ("AZURE_CLIENT_SECRET", Emulator.ClientSecret), ("AZURE_CLIENT_CERTIFICATE_PATH", TestFolder.Pem),
        })
        {
            With([.. Application, proof], () =>
            {
                using TokenClient client = TokenClient.FromEnvironment();
                Assert.Equal(Emulator.ClientId, client.ClientId);
                using AccessToken token = Acquire(client);
                Assert.Equal("https://graph.microsoft.com", Claims(token).GetProperty("aud").GetString());
                Assert.Equal(("", "", ""), (client.Chosen, client.PassedOver, client.Warning));
            });
        }
    }

    [Fact]
    public void TheEnvironmentDescribesAUserAndWarns() => With(
        [
            .. Application, ("AZURE_CLIENT_ID", Emulator.PublicClientId), ("AZURE_USERNAME", Emulator.User),
            ("AZURE_PASSWORD", Emulator.Password),
        ],
        () =>
        {
            using TokenClient client = TokenClient.FromEnvironment();
            Assert.StartsWith("AZURE_PASSWORD", client.Warning);
            using AccessToken token = Acquire(client);
            Assert.Equal(Emulator.User, token.Username);
            using TokenRequest user = TokenRequest.ForPassword("alice@contoso.example", Secret.Of("hunter22"), Scope);
            GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(user, Stop));
            Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        });

    [Fact]
    public void AnIncompleteEnvironmentNamesVariablesAndNoValue() => With(
        [("AZURE_CLIENT_SECRET", "hunter22"), ("AZURE_TENANT_ID", "")],
        () =>
        {
            GraphTokenException error = Assert.Throws<GraphTokenException>(TokenClient.FromEnvironment);
            Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
            Assert.EndsWith(
                "Set: AZURE_CLIENT_SECRET. Missing: AZURE_TENANT_ID, AZURE_CLIENT_ID.", error.Message);
            Assert.DoesNotContain("hunter22", error.ToString());
        });

    [Fact]
    public void AChainKeepsItsChoiceAndSaysWhy()
    {
        using var tools = new DeveloperTools();
        With([("PATH", tools.Folder)], () =>
        {
            using TokenClient client = TokenClient.FromChain();
            Assert.Equal("", client.Chosen);
            using AccessToken token = Acquire(client);
            Assert.Equal(DeveloperTools.Token, token.GetPlainText());
            Assert.Equal("Azure CLI", client.Chosen);
            Assert.Equal(
                ["environment", "workload identity", "managed identity"],
                client.PassedOver.Split('\n').Select(line => line.Split(':')[0]));
            using AccessToken again = Acquire(client);
            Assert.True(again.FromCache);
            // azd would have a token, but the choice is kept.
            File.Delete(Path.Combine(tools.Folder, "az"));
            using TokenRequest anew = TokenRequest.ForClient(new TokenRequestOptions { ForceRefresh = true }, Scope);
            GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(anew, Stop));
            Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
            Assert.StartsWith("Azure CLI is not installed", error.Message);
            Assert.Empty(tools.Runs("azd"));
        });
        using var machine = new Emulator("--identity", "system");
        With([("PATH", tools.Folder), (Host, machine.Address)], () =>
        {
            using TokenClient client = TokenClient.FromChain();
            using AccessToken token = Acquire(client);
            Assert.Equal("managed identity", client.Chosen);
        });
        Assert.Equal(2, machine.Journal().Length);
        With([.. Application, ("AZURE_CLIENT_SECRET", Emulator.ClientSecret)], () =>
        {
            using TokenClient client = TokenClient.FromChain();
            using AccessToken token = Acquire(client);
            Assert.Equal(("environment", Emulator.TenantUrl), (client.Chosen, Url(client)));
        });
    }

    [Fact]
    public void AWorkloadIsFoundByItsVariables()
    {
        using var cluster = new WorkloadEmulator();
        string file = TestFolder.Write("chain-token", cluster.WorkloadToken());
        With(
            [
                .. Application, ("AZURE_AUTHORITY_HOST", cluster.Address),
                ("AZURE_CLIENT_ID", WorkloadEmulator.Workload), ("AZURE_FEDERATED_TOKEN_FILE", file),
            ],
            () =>
            {
                using TokenClient client = TokenClient.FromChain();
                using AccessToken token = Acquire(client);
                Assert.Equal(("workload identity", WorkloadEmulator.Workload), (client.Chosen, client.ClientId));
            });
    }

    [Fact]
    public void AChainEndsAtALinkThatIsRefused() => With(
        [.. Application, ("AZURE_CLIENT_SECRET", "hunter22")],
        () =>
        {
            using TokenClient client = TokenClient.FromChain();
            GraphTokenException error = Assert.Throws<GraphTokenException>(() => Acquire(client));
            Assert.Equal(GraphTokenErrorKind.ClientCredentialRejected, error.Kind);
            Assert.DoesNotContain("hunter22", error.ToString());
        });

    [Fact]
    public void AChainOfWhichNothingAppliesSaysWhyForEachLink() => With([("PATH", "/no/such/folder")], () =>
    {
        using TokenClient client = TokenClient.FromChain();
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => Acquire(client));
        Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
        Assert.Equal(6, error.Message.Split('\n').Length);
    });

    [Fact]
    public void ADeveloperToolGivesItsUsersToken()
    {
        using var tools = new DeveloperTools();
        With([("PATH", tools.Folder)], () =>
        {
            foreach (Func<TokenClient> tool in new Func<TokenClient>[]
            {
                TokenClient.FromAzureCli, TokenClient.FromAzureDeveloperCli,
                TokenClientBuilder.FromAzureCli("contoso.example").Build,
            })
            {
                using TokenClient client = tool();
                using AccessToken token = Acquire(client);
                Assert.Equal(DeveloperTools.Token, token.GetPlainText());
                Assert.Equal(DeveloperTools.ExpiresOn, token.ExpiresOn);
            }
        });
        Assert.EndsWith("--tenant contoso.example", tools.Runs("az")[1]);
        With([("PATH", "/no/such/folder")], () =>
        {
            using TokenClient client = TokenClient.FromAzureCli();
            GraphTokenException error = Assert.Throws<GraphTokenException>(() => Acquire(client));
            Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
        });
    }

    [Fact]
    public void WhatASourceDoesNotNeedIsRefused()
    {
        using var secret = Secret.Of("secret");
        foreach (TokenClientBuilder builder in new[]
        {
            TokenClientBuilder.FromEnvironment().WithClientSecret(secret),
            TokenClientBuilder.FromChain().WithClientSecret(secret),
            TokenClientBuilder.FromChain().WithAuthority("https://login.example/contoso"),
            TokenClientBuilder.FromChain().WithTokenCache("work"),
            TokenClientBuilder.FromAzureCli().WithTokenStore(new MemoryTokenStore(), new byte[32]),
            TokenClientBuilder.FromAzureDeveloperCli("-x"),
        })
        {
            Assert.Equal(
                GraphTokenErrorKind.InvalidArgument, Assert.Throws<GraphTokenException>(builder.Build).Kind);
        }
        Assert.Throws<ArgumentNullException>(() => TokenClientBuilder.FromAzureCli(null!));
        Assert.Throws<GraphTokenException>(() => TokenClientBuilder.FromAzureCli().Diagnose(null, Stop));
    }

    [Fact]
    public void TheDiagnosisAsksOnlyWhatItIsToldTo()
    {
        using var tools = new DeveloperTools();
        using var machine = new Emulator("--identity", "system");
        With([("PATH", tools.Folder), (Host, machine.Address)], () =>
        {
            IReadOnlyList<SetupFinding> unasked =
                TokenClient.Builder(Emulator.TenantUrl, Emulator.PublicClientId).Diagnose(null, Stop);
            Assert.Equal(SetupFindingStatus.Passed, Of(unasked, "DeveloperTools").Status);
            Assert.Contains("ForManagedIdentity", Of(unasked, "ManagedIdentity").Detail);
            Assert.Contains("FromChain", Of(unasked, "Chain").Detail);
            Assert.Empty(machine.Journal());
            IReadOnlyList<SetupFinding> identity =
                TokenClientBuilder.ForManagedIdentity(ManagedIdentityId.SystemAssigned).Diagnose(null, Stop);
            Assert.Equal(SetupFindingStatus.Passed, Of(identity, "ManagedIdentity").Status);
            IReadOnlyList<SetupFinding> chain = TokenClientBuilder.FromChain().Diagnose(null, Stop);
            Assert.Equal(SetupFindingStatus.Passed, Of(chain, "Chain").Status);
            Assert.StartsWith("The chain uses managed identity.", Of(chain, "Chain").Detail);
            Assert.Empty(tools.Runs("az"));
        });
    }

    private static SetupFinding Of(IReadOnlyList<SetupFinding> findings, string check) =>
        findings.Single(finding => finding.Check == check);

    private static string Url(TokenClient client) => client.TokenEndpoint.Replace("/oauth2/v2.0/token", "");

    private static AccessToken Acquire(TokenClient client)
    {
        using TokenRequest request = TokenRequest.ForClient(Scope);
        return client.Acquire(request, Stop);
    }

    private static void With((string Name, string Value)[] variables, Action test)
    {
        var before = variables.ToLookup(pair => pair.Name, pair => Environment.GetEnvironmentVariable(pair.Name));
        foreach ((string name, string value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
        try
        {
            test();
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
