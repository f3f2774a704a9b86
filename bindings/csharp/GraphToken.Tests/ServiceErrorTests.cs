namespace GraphToken.Tests;

/// <summary>What goes wrong with the network and the service, as exceptions.</summary>
public sealed class ServiceErrorTests(Emulator emulator) : EmulatorTest(emulator)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(700016, GraphTokenErrorKind.ServiceRejected)]
    [InlineData(700027, GraphTokenErrorKind.ClientCredentialRejected)]
    [InlineData(7000215, GraphTokenErrorKind.ClientCredentialRejected)]
    [InlineData(7000222, GraphTokenErrorKind.ClientCredentialRejected)]
    [InlineData(700024, GraphTokenErrorKind.ClientCredentialRejected)]
    [InlineData(5002730, GraphTokenErrorKind.ServiceRejected)]
    [InlineData(50126, GraphTokenErrorKind.UserCredentialRejected)]
    [InlineData(50034, GraphTokenErrorKind.UserCredentialRejected)]
    [InlineData(50053, GraphTokenErrorKind.UserCredentialRejected)]
    [InlineData(50057, GraphTokenErrorKind.UserCredentialRejected)]
    [InlineData(50076, GraphTokenErrorKind.InteractionRequired)]
    [InlineData(50079, GraphTokenErrorKind.InteractionRequired)]
    [InlineData(50158, GraphTokenErrorKind.InteractionRequired)]
    [InlineData(53003, GraphTokenErrorKind.InteractionRequired)]
    [InlineData(65001, GraphTokenErrorKind.InteractionRequired)]
    [InlineData(90002, GraphTokenErrorKind.ServiceRejected)]
    [InlineData(900023, GraphTokenErrorKind.ServiceRejected)]
    [InlineData(70011, GraphTokenErrorKind.ServiceRejected)]
    [InlineData(500011, GraphTokenErrorKind.ServiceRejected)]
    [InlineData(9002313, GraphTokenErrorKind.ServiceRejected)]
    [InlineData(1002012, GraphTokenErrorKind.ServiceRejected)]
    public void EachServiceCodeHasItsKindAndHint(int code, GraphTokenErrorKind kind)
    {
        GraphTokenException error = Refused($"error=AADSTS{code}");
        Assert.Equal(kind, error.Kind);
        Assert.Equal((int)kind, error.Status);
        Assert.Equal([code], error.ServiceCodes);
        Assert.Contains(error.HttpStatus, new int?[] { 400, 401 });
        Assert.Contains($"AADSTS{code}", error.Message);
        Assert.NotNull(error.OAuthError);
        Assert.NotNull(error.TraceId);
        Assert.True(Guid.TryParse(error.CorrelationId, out _));
    }

    [Fact]
    public void AClaimsChallengeAndSuberrorArePassedOn()
    {
        GraphTokenException error = Refused("error=AADSTS50076,suberror=basic_action,claims=present");
        Assert.Equal(GraphTokenErrorKind.InteractionRequired, error.Kind);
        Assert.Equal("basic_action", error.SubError);
        Assert.StartsWith("{", error.Claims);
    }

    [Theory]
    [InlineData("status=429,retry-after=7,times=all", GraphTokenErrorKind.Throttled, 429)]
    [InlineData("status=503,retry-after=7,times=all", GraphTokenErrorKind.ServiceUnavailable, 503)]
    public void AServiceThatIsBusySaysHowLongToWait(string fault, GraphTokenErrorKind kind, int httpStatus)
    {
        GraphTokenException error =
            Refused(fault, new TokenRequestOptions { Timeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(kind, error.Kind);
        Assert.Equal(httpStatus, error.HttpStatus);
        Assert.Equal(TimeSpan.FromSeconds(7), error.RetryAfter);
    }

    [Theory]
    [InlineData("body=empty")]
    [InlineData("body=html")]
    [InlineData("body=text")]
    [InlineData("body=array")]
    [InlineData("body=no-token")]
    [InlineData("body=absurd-expiry")]
    [InlineData("body=huge")]
    [InlineData("body=token-type-wrong")]
    [InlineData("truncate")]
    [InlineData("redirect=https://example.invalid/")]
    public void AnAnswerThatIsNoneIsMalformed(string fault)
    {
        GraphTokenException error = Refused(fault);
        Assert.Equal(GraphTokenErrorKind.MalformedResponse, error.Kind);
        Assert.Null(error.OAuthError);
        Assert.Empty(error.ServiceCodes);
    }

    [Theory]
    [InlineData("body=error-in-200", 200)]
    [InlineData("body=no-description", 400)]
    public void AnErrorIsAnErrorHoweverItIsAnswered(string fault, int httpStatus)
    {
        GraphTokenException error = Refused(fault);
        Assert.Equal(GraphTokenErrorKind.ServiceRejected, error.Kind);
        Assert.Equal(httpStatus, error.HttpStatus);
        Assert.NotEmpty(error.ServiceCodes);
    }

    [Fact]
    public void ABrokenConnectionIsAConnectionFailure()
    {
        GraphTokenException error = Refused("reset,times=all");
        Assert.Equal(GraphTokenErrorKind.ConnectionFailed, error.Kind);
        Assert.Null(error.HttpStatus);
    }

    [Fact]
    public void ASlowServiceIsATimeout()
    {
        GraphTokenException error = Refused(
            "delay-ms=600000,times=all", new TokenRequestOptions { Timeout = TimeSpan.FromMilliseconds(500) });
        Assert.Equal(GraphTokenErrorKind.RequestTimeout, error.Kind);
    }

    [Fact]
    public void AClosedPortIsAConnectionFailure()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = TokenClient.Builder($"http://127.0.0.1:1/{Emulator.Tenant}", Emulator.ClientId)
            .WithClientSecret(secret).Build();
        using TokenRequest request = TokenRequest.ForClient();
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.ConnectionFailed, error.Kind);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void AProxyThatIsNotThereIsAProxyFailure()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client =
            Emulator.Application().WithClientSecret(secret).WithProxy("http://127.0.0.1:1").Build();
        using TokenRequest request = TokenRequest.ForClient();
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.ProxyFailed, error.Kind);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void AWrongPasswordIsRefusedByTheEmulatorItself()
    {
        using TokenClient client = Emulator.PublicApplication().Build();
        using var password = Secret.Of("not hers");
        using TokenRequest request = TokenRequest.ForPassword(Emulator.User, password, "User.Read");
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.UserCredentialRejected, error.Kind);
        Assert.Equal([50126], error.ServiceCodes);
        Assert.Equal("invalid_grant", error.OAuthError);
    }

    [Fact]
    public void AnApplicationWithoutProofIsRefusedBeforeAnythingIsSent()
    {
        Emulator.Forget();
        using TokenClient client = Emulator.PublicApplication().Build();
        using TokenRequest request = TokenRequest.ForClient();
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
        Assert.Empty(Emulator.Journal());
    }

    [Fact]
    public void TheTextOfAnExceptionEndsWithTheHint()
    {
        var error = new GraphTokenException(GraphTokenErrorKind.InvalidArgument, "What is wrong.", "What to do.");
        Assert.Contains("What is wrong.", error.ToString());
        Assert.EndsWith("Hint: What to do.", error.ToString());
        Assert.DoesNotContain("Hint", new GraphTokenException(GraphTokenErrorKind.Throttled, "Wait.").ToString());
    }

    private GraphTokenException Refused(string fault, TokenRequestOptions? options = null)
    {
        Emulator.Forget();
        Emulator.Fault(fault);
        using var secret = Secret.Of(Emulator.ClientSecret);
        // What may pass is told at once, and not tried again.
        using TokenClient client = Emulator.Application().WithClientSecret(secret).WithRetries(0).Build();
        using TokenRequest request = TokenRequest.ForClient(options ?? new TokenRequestOptions());
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.NotEmpty(error.Message);
        Assert.NotEmpty(error.Hint);
        return error;
    }
}
