namespace GraphToken.Tests;

/// <summary>No error shows a secret of the environment variables, whatever a service repeats of it.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class SourceSecrecyTests
{
    private static readonly SecretSearch Search = MarkedSecrets.Search();

    public static TheoryData<string> Forms => [.. Echo.Forms.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public void NoSecretOfTheEnvironmentIsShown(string form)
    {
        using var service = new StandInService(
            request => Echo.Refusal(request, "401 Unauthorized", "invalid_client", 7000215, form));
        (string, string)[] application =
        [
            ("AZURE_AUTHORITY_HOST", service.Address), ("AZURE_TENANT_ID", Emulator.Tenant),
            ("AZURE_CLIENT_ID", Emulator.ClientId),
        ];
        (string, string)[] secret = [.. application, ("AZURE_CLIENT_SECRET", MarkedSecrets.WrongSecret)];
        (string, string)[] user =
            [.. application, ("AZURE_USERNAME", Emulator.User), ("AZURE_PASSWORD", MarkedSecrets.WrongPassword)];
        foreach ((string, string)[] variables in new[] { secret, user })
        {
            AssertHidden(variables, TokenClientBuilder.FromEnvironment);
            AssertHidden(variables, TokenClientBuilder.FromChain);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void NoTokenOfAJobIsShown(string form)
    {
        foreach (string status in new[] { "401 Unauthorized", "400 Bad Request", "200 OK" })
        {
            using var service = new StandInService(request => Echo.Page(request, status, form));
            AssertHidden(
                [
                    ("ACTIONS_ID_TOKEN_REQUEST_URL", $"{service.Address}/?a=b"),
                    ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", MarkedSecrets.Assertion),
                ],
                () => Application(service).WithCredential(ClientCredential.FromGitHubActions()));
            AssertHidden(
                [
                    ("SYSTEM_OIDCREQUESTURI", $"{service.Address}/oidc"),
                    ("SYSTEM_ACCESSTOKEN", MarkedSecrets.Assertion),
                ],
                () => Application(service).WithCredential(ClientCredential.FromAzurePipelines("connection")));
        }
    }

    [Fact]
    public void NothingThatADeveloperToolSaysIsShownUnredacted()
    {
        using var tools = new DeveloperTools();
        string file = Path.Combine(tools.Folder, "az");
        File.WriteAllText(
            file, $"#!/bin/sh\necho '{{\"accessToken\": \"{DeveloperTools.Token}\"' | tee /dev/stderr\nexit 1\n");
        AssertHidden(
            [("PATH", $"{tools.Folder}:/bin:/usr/bin")],
            () => TokenClientBuilder.FromAzureCli(),
            new SecretSearch(DeveloperTools.Token));
    }

    private static TokenClientBuilder Application(StandInService service) =>
        TokenClient.Builder(service.TenantUrl, Emulator.ClientId).WithRetries(0);

    private static void AssertHidden(
        (string Name, string Value)[] variables, Func<TokenClientBuilder> builder, SecretSearch? search = null)
    {
        var before = variables.ToLookup(pair => pair.Name, pair => Environment.GetEnvironmentVariable(pair.Name));
        Array.ForEach(variables, pair => Environment.SetEnvironmentVariable(pair.Name, pair.Value));
        try
        {
            GraphTokenException error = Assert.Throws<GraphTokenException>(() =>
            {
                using TokenClient client = builder().Build();
                using TokenRequest request = TokenRequest.ForClient("https://graph.microsoft.com/.default");
                client.Acquire(request, TestContext.Current.CancellationToken).Dispose();
            });
            (search ?? Search).AssertHidden($"{error}\n{error.Hint}\n{error.SubError}\n{error.Claims}", $"{error.Kind}");
            Assert.NotEqual(GraphTokenErrorKind.ConnectionFailed, error.Kind);
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
