namespace GraphToken.Tests;

/// <summary>Tokens of workloads: from a file, from GitHub Actions and Azure Pipelines, and from a function.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class FederationTests : IClassFixture<WorkloadEmulator>, IDisposable
{
    private readonly WorkloadEmulator _emulator;

    /// <summary>The emulator has forgotten everything, and this process is no job.</summary>
    public FederationTests(WorkloadEmulator emulator)
    {
        _emulator = emulator;
        emulator.Forget();
        Dispose();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void ATokenFileIsReadForEachRequest()
    {
        string path = Path.GetTempFileName();
        try
        {
            using TokenClient client = Client(ClientCredential.FromFederatedTokenFile(path));
            File.WriteAllText(path, _emulator.WorkloadToken() + "\n");
            AssertGetsToken(client);
            File.WriteAllText(path, _emulator.WorkloadToken(subject: "other"));
            GraphTokenException error = Assert.Throws<GraphTokenException>(() => AssertGetsToken(client));
            Assert.Equal([700213], error.ServiceCodes);
            Assert.Contains(WorkloadEmulator.Issuer, error.Hint);
            File.Delete(path);
            error = Assert.Throws<GraphTokenException>(() => AssertGetsToken(client));
            Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AnEmptyPathIsRefused()
    {
        Assert.Equal(
            GraphTokenErrorKind.CredentialMissing,
            Assert.Throws<GraphTokenException>(() => ClientCredential.FromFederatedTokenFile("")).Kind);
        Assert.Throws<ArgumentNullException>(() => ClientCredential.FromFederatedTokenFile(null!));
    }

    [Fact]
    public void AJobGetsTokensByItsOwnVariables()
    {
        SetJobVariables();
        using TokenClient github = Client(ClientCredential.FromGitHubActions());
        AssertGetsToken(github);
        using TokenClient pipelines =
            Client(ClientCredential.FromAzurePipelines(WorkloadEmulator.ServiceConnectionId));
        AssertGetsToken(pipelines);
        Environment.SetEnvironmentVariable(
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", WorkloadEmulator.ServiceConnectionId);
        using TokenClient byVariable = Client(ClientCredential.FromAzurePipelines(""));
        AssertGetsToken(byVariable);
        Assert.Equal(6, _emulator.Journal().Length);
    }

    [Fact]
    public void AProcessThatIsNoJobIsToldWhatToDo()
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(ClientCredential.FromGitHubActions);
        Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
        Assert.Contains("permissions: id-token: write", error.Hint);
        error = Assert.Throws<GraphTokenException>(() => ClientCredential.FromAzurePipelines("connection"));
        Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
        Assert.Contains("env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)", error.Hint);
        error = Assert.Throws<GraphTokenException>(() => ClientCredential.FromAzurePipelines(""));
        Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
        Assert.Throws<ArgumentNullException>(() => ClientCredential.FromAzurePipelines(null!));
    }

    [Theory]
    [InlineData("ACTIONS_ID_TOKEN_REQUEST_TOKEN")]
    [InlineData("SYSTEM_ACCESSTOKEN")]
    public void ATokenThatIsRefusedIsNotShown(string variable)
    {
        const string Wrong = "Wr0ng-Token-9f8e7d6c5b4a";
        SetJobVariables();
        Environment.SetEnvironmentVariable(variable, Wrong);
        using TokenClient client = Client(variable.StartsWith("ACTIONS", StringComparison.Ordinal)
            ? ClientCredential.FromGitHubActions()
            : ClientCredential.FromAzurePipelines(WorkloadEmulator.ServiceConnectionId));
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => AssertGetsToken(client));
        Assert.Equal(GraphTokenErrorKind.ClientCredentialRejected, error.Kind);
        Assert.Equal(401, error.HttpStatus);
        Assert.DoesNotContain(Wrong, error.ToString() + error.Hint);
    }

    [Fact]
    public void AFunctionIsCalledOnceForEachRequest()
    {
        int calls = 0;
        using TokenClient client = Client(ClientCredential.FromAssertion(_ =>
        {
            calls++;
            return _emulator.WorkloadToken();
        }));
        AssertGetsToken(client);
        AssertGetsToken(client);
        Assert.Equal(2, calls);
        _emulator.Fault("status=503");
        AssertGetsToken(client);
        Assert.Equal(4, calls);
    }

    [Fact]
    public void WhatTheFunctionThrowsIsTheInnerException()
    {
        var cause = new InvalidOperationException("the vault is closed");
        using TokenClient client = Client(ClientCredential.FromAssertion(_ => throw cause));
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => AssertGetsToken(client));
        Assert.Equal(GraphTokenErrorKind.SigningFailed, error.Kind);
        Assert.Same(cause, error.InnerException);
        Assert.Empty(_emulator.Journal());
    }

    [Theory]
    [InlineData("", GraphTokenErrorKind.CredentialMissing)]
    [InlineData("two words", GraphTokenErrorKind.InvalidArgument)]
    [InlineData("a.b.c\r\nX: 1", GraphTokenErrorKind.InvalidArgument)]
    public void WhatTheFunctionReturnsIsChecked(string assertion, GraphTokenErrorKind kind)
    {
        using TokenClient client = Client(ClientCredential.FromAssertion(_ => assertion));
        Assert.Equal(kind, Assert.Throws<GraphTokenException>(() => AssertGetsToken(client)).Kind);
        Assert.Empty(_emulator.Journal());
    }

    [Fact]
    public void AFunctionThatIsTooLongIsRefused()
    {
        using TokenClient client = Client(ClientCredential.FromAssertion(_ => new string('x', 70_000)));
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => AssertGetsToken(client));
        Assert.Equal(GraphTokenErrorKind.SigningFailed, error.Kind);
    }

    [Fact]
    public void TheFunctionLearnsThatNobodyWaitsAnyMore()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var ended = new ManualResetEventSlim();
        using TokenClient client = Client(ClientCredential.FromAssertion(abandoned =>
        {
            cancellation.Cancel();
            abandoned.WaitHandle.WaitOne();
            ended.Set();
            throw new OperationCanceledException(abandoned);
        }));
        using TokenRequest request = TokenRequest.ForClient();
        Assert.Throws<OperationCanceledException>(() => client.Acquire(request, cancellation.Token));
        ended.Wait(Stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((string name, _) in _emulator.JobVariables)
        {
            Environment.SetEnvironmentVariable(name, null);
        }
        Environment.SetEnvironmentVariable("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", null);
    }

    private void SetJobVariables()
    {
        foreach ((string name, string value) in _emulator.JobVariables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private TokenClient Client(ClientCredential credential)
    {
        using (credential)
        {
            return TokenClient.Builder(_emulator.TenantUrl, WorkloadEmulator.Workload)
                .WithCredential(credential).WithoutCache().Build();
        }
    }

    private static void AssertGetsToken(TokenClient client)
    {
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal(WorkloadEmulator.Workload, token.ClientId);
    }
}
