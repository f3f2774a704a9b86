using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>Signing in on another device (RFC 8628).</summary>
public sealed class DeviceCodeTests(Emulator emulator) : EmulatorTest(emulator)
{
    private const string Scope = "https://graph.microsoft.com/User.Read";

    // Far above what the interval of a second needs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void TheUserSignsInWithTheCodeThatIsShown()
    {
        DeviceCode? shown = null;
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForDeviceCode(Approve, Scope);
        using AccessToken token = client.Acquire(request, Stop);

        JsonElement claims = Claims(token);
        Assert.Equal(Emulator.User, claims.GetProperty("upn").GetString());
        Assert.Equal((Emulator.User, false), (token.Username, token.FromCache));
        Assert.True(token.HasRefreshToken);
        Assert.Equal($"{Emulator.Address}/devicelogin", shown!.VerificationUri);
        Assert.Equal((shown.VerificationUri, null), (shown.Link, shown.VerificationUriComplete));
        Assert.Contains(shown.UserCode, shown.Message);
        Assert.Equal(shown.Message, shown.ToString());
        Assert.Equal(TimeSpan.FromSeconds(1), shown.Interval);
        Assert.InRange(shown.ExpiresIn, TimeSpan.FromSeconds(800), TimeSpan.FromSeconds(900));

        void Approve(DeviceCode code)
        {
            shown = code;
            Emulator.EnterDeviceCode(code.UserCode);
        }
    }

    [Fact]
    public async Task AnAsynchronousCallWaitsToo()
    {
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForDeviceCode(code => Emulator.EnterDeviceCode(code.UserCode), Scope);
        using AccessToken token = await client.AcquireAsync(request, Stop);
        Assert.Equal(Emulator.User, token.Username);
    }

    [Fact]
    public void EachCallAsksForANewCode()
    {
        var codes = new List<string>();
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForDeviceCode(
            code =>
            {
                codes.Add(code.UserCode);
                Emulator.EnterDeviceCode(code.UserCode);
            },
            Scope);
        client.Acquire(request, Stop).Dispose();
        client.Acquire(request, Stop).Dispose();
        Assert.Equal(2, codes.Distinct().Count());
    }

    [Fact]
    public void AConfidentialClientProvesItself()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret).Build();
        using TokenRequest request = TokenRequest.ForDeviceCode(code => Emulator.EnterDeviceCode(code.UserCode), Scope);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal("1", Claims(token).GetProperty("appidacr").GetString());
    }

    [Fact]
    public void AUserWhoDeclinesIsToldApart()
    {
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForDeviceCode(
            code => Emulator.EnterDeviceCode(code.UserCode, isAccepted: false), Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal((GraphTokenErrorKind.ServiceRejected, "authorization_declined"), (error.Kind, error.OAuthError));
    }

    [Fact]
    public void TheTimeLimitBoundsTheWait()
    {
        using TokenClient client = Client();
        var options = new TokenRequestOptions { Timeout = TimeSpan.FromSeconds(1) };
        using TokenRequest request = TokenRequest.ForDeviceCode(_ => { }, options, Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.RequestTimeout, error.Kind);
        Assert.Contains("TokenRequestOptions.Timeout", error.Hint);
    }

    [Fact]
    public async Task ACancelledCallEndsAtOnce()
    {
        using var cancellation = new CancellationTokenSource();
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForDeviceCode(_ => cancellation.Cancel(), Scope);
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => client.AcquireAsync(request, cancellation.Token).WaitAsync(Patience, Stop));
    }

    [Fact]
    public void WhatThePromptThrowsEndsTheCall()
    {
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForDeviceCode(_ => throw new IOException("no screen"), Scope);
        var error = Assert.Throws<IOException>(() => client.Acquire(request, Stop));
        Assert.Equal("no screen", error.Message);
        Assert.Single(Emulator.Journal());
    }

    [Fact]
    public void ARefusedStartShowsNothing()
    {
        Emulator.Fault("error=AADSTS50059");
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForDeviceCode(_ => Assert.Fail("there is no code"), Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal([50059], error.ServiceCodes);
    }

    [Fact]
    public void WhatCannotBeARequestIsRefusedWhenItIsMade()
    {
        Assert.Throws<ArgumentNullException>(() => TokenRequest.ForDeviceCode(null!, Scope));
        Assert.Throws<ArgumentNullException>(() => TokenRequest.ForDeviceCode(_ => { }, (string[])null!));
        Assert.Throws<ArgumentNullException>(
            () => TokenRequest.ForDeviceCode(_ => { }, (TokenRequestOptions)null!, Scope));
        var error = Assert.Throws<GraphTokenException>(
            () => TokenRequest.ForDeviceCode(_ => { }, new TokenRequestOptions { Claims = "no" }, Scope));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
    }

    [Fact]
    public void ADisposedRequestIsRefused()
    {
        using TokenClient client = Client();
        TokenRequest request = TokenRequest.ForDeviceCode(_ => { }, Scope);
        request.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.Acquire(request, Stop));
    }

    private TokenClient Client() => Emulator.PublicApplication().Build();
}
