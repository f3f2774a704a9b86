using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>Managed identities: variables that are set inside the process name the platform.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class ManagedIdentityTests : IDisposable
{
    private const string Assigned = "33333333-3333-3333-3333-333333333333";
    private const string ObjectId = "44444444-4444-4444-4444-444444444444";
    private const string ResourceId = "/subscriptions/s/resourcegroups/g/providers/p/userAssignedIdentities/i";
    private const string Header = "h3ader/secret+value==";
    private const string Host = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
    private const string Scope = "https://vault.azure.net/.default";

    private readonly Emulator _machine = new(
        "--identity", "system", "--identity", $"{Assigned}:object={ObjectId}:resource={ResourceId}",
        "--identity-header", Header);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public void Dispose() => _machine.Dispose();

    [Fact]
    public void TheMachinesOwnIdentityGetsATokenOnce() => With(Host, _machine.Address, () =>
    {
        using TokenClient client = TokenClient.ForManagedIdentity(ManagedIdentityId.SystemAssigned);
        using TokenRequest request = TokenRequest.ForClient(Scope);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal("https://vault.azure.net", Claims(token).GetProperty("aud").GetString());
        Assert.Equal("", token.TenantId);
        using AccessToken again = client.Acquire(request, Stop);
        Assert.True(again.FromCache);
        JsonElement asked = Assert.Single(_machine.Journal());
        Assert.Equal("/metadata/identity/oauth2/token", asked.GetProperty("path").GetString());
        Assert.Equal($"{_machine.Address}/metadata/identity/oauth2/token", client.TokenEndpoint);
    });

    [Fact]
    public void AnAssignedIdentityIsChosenByEachOfItsIds() => With(Host, _machine.Address, () =>
    {
        foreach (ManagedIdentityId id in new[]
        {
            ManagedIdentityId.FromUserAssignedClientId(Assigned),
            ManagedIdentityId.FromUserAssignedObjectId(ObjectId),
            ManagedIdentityId.FromUserAssignedResourceId(ResourceId),
        })
        {
            using TokenClient client = TokenClient.ForManagedIdentity(id);
            using TokenRequest request = TokenRequest.ForClient(Scope);
            using AccessToken token = client.Acquire(request, Stop);
            Assert.Equal(Assigned, Claims(token).GetProperty("appid").GetString());
            Assert.Equal(Assigned, token.ClientId);
        }
    });

    [Fact]
    public void AppServiceGetsItsHeaderAndNoProxyIsAsked() => With("HTTPS_PROXY", "http://127.0.0.1:9", () =>
        With("IDENTITY_ENDPOINT", $"{_machine.Address}/app-service/msi/token", () =>
            With("IDENTITY_HEADER", Header, () =>
            {
                using TokenClient client = TokenClientBuilder.ForManagedIdentity(ManagedIdentityId.SystemAssigned)
                    .WithProxy("http://127.0.0.1:9").WithCloud(NationalCloud.USGov).Build();
                using TokenRequest request = TokenRequest.ForClient();
                using AccessToken token = client.Acquire(request, Stop);
                Assert.Equal("https://graph.microsoft.us", Claims(token).GetProperty("aud").GetString());
            })));

    [Fact]
    public void AHostileEndpointIsRefusedBeforeAnythingIsSent() =>
        With("IDENTITY_ENDPOINT", "http://user:hunter22@attacker.example/", () => With("IDENTITY_HEADER", Header, () =>
        {
            GraphTokenException error = Assert.Throws<GraphTokenException>(
                () => TokenClient.ForManagedIdentity(ManagedIdentityId.SystemAssigned));
            Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
            Assert.Contains("IDENTITY_ENDPOINT", error.Message);
            Assert.DoesNotContain("hunter22", error.ToString());
            Assert.DoesNotContain(Header, error.ToString());
        }));

    [Theory]
    [InlineData("not-a-guid")]
    [InlineData("")]
    public void AnIdIsAGuid(string id) => Assert.Equal(
        GraphTokenErrorKind.InvalidArgument,
        Assert.Throws<GraphTokenException>(
            () => TokenClient.ForManagedIdentity(ManagedIdentityId.FromUserAssignedClientId(id))).Kind);

    [Fact]
    public void WhatAMachineDoesNotNeedIsRefused()
    {
        using var secret = Secret.Of("secret");
        static TokenClientBuilder Machine() => TokenClientBuilder.ForManagedIdentity(ManagedIdentityId.SystemAssigned);
        foreach (TokenClientBuilder builder in new[]
        {
            Machine().WithClientSecret(secret),
            Machine().WithAuthority("https://login.example/contoso"),
            Machine().WithTokenCache("work"),
            Machine().WithTokenStore(new MemoryTokenStore(), new byte[32]),
        })
        {
            GraphTokenException error = Assert.Throws<GraphTokenException>(builder.Build);
            Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        }
        Assert.Throws<ArgumentNullException>(() => TokenClient.ForManagedIdentity(null!));
        Assert.Throws<ArgumentNullException>(() => ManagedIdentityId.FromUserAssignedClientId(null!));
    }

    [Fact]
    public void AnIdentityThatIsNotAssignedSaysSo() => With(Host, _machine.Address, () =>
    {
        using TokenClient client =
            TokenClient.ForManagedIdentity(ManagedIdentityId.FromUserAssignedClientId(ObjectId));
        using TokenRequest request = TokenRequest.ForClient(Scope);
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.ClientCredentialRejected, error.Kind);
        Assert.Contains("ManagedIdentityId.FromUserAssignedClientId", error.Hint);
    });

    private static JsonElement Claims(AccessToken token) =>
        JsonElement.Parse(JsonWebToken.Decode(token.GetPlainText()).ClaimsJson);

    private static void With(string name, string value, Action test)
    {
        string? before = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value);
        try
        {
            test();
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, before);
        }
    }
}
