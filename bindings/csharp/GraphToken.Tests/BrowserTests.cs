using System.Net;
using System.Net.Sockets;

namespace GraphToken.Tests;

/// <summary>Signing in in a web browser (RFC 6749 section 4.1, RFC 7636).</summary>
public sealed class BrowserTests(Emulator emulator) : EmulatorTest(emulator)
{
    private const string Scope = "https://graph.microsoft.com/User.Read";

    // Far above what a sign-in needs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheUserSignsInAtTheAddressThatIsShown()
    {
        string? shown = null;
        var page = new TaskCompletionSource<string>();
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(
            Showing(address =>
            {
                shown = address;
                SignInLater(address, page);
            }),
            Scope);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal(Emulator.User, Claims(token).GetProperty("upn").GetString());
        Assert.Equal((Emulator.User, false), (token.Username, token.FromCache));
        Assert.True(token.HasRefreshToken);
        Assert.StartsWith($"{Emulator.TenantUrl}/oauth2/v2.0/authorize?", shown);
        Assert.Contains("You are signed in", await page.Task);
    }

    [Fact]
    public async Task AnAsynchronousCallWaitsToo()
    {
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(Showing(address => SignInLater(address)), Scope);
        using AccessToken token = await client.AcquireAsync(request, Stop);
        Assert.Equal(Emulator.User, token.Username);
    }

    [Fact]
    public void AConfidentialClientProvesItself()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret).Build();
        using TokenRequest request = TokenRequest.ForBrowser(Showing(address => SignInLater(address)), Scope);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal("1", Claims(token).GetProperty("appidacr").GetString());
    }

    [Fact]
    public void TheOptionsAreInTheAddress()
    {
        int port = FreePort();
        string? shown = null;
        BrowserOptions options = Showing(address =>
        {
            shown = address;
            SignInLater(address);
        });
        (options.RedirectPort, options.RedirectHost) = (port, "localhost");
        (options.LoginHint, options.Prompt) = ("alice@contoso.com", Prompt.SelectAccount);
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(options, Scope);
        client.Acquire(request, Stop).Dispose();
        Assert.Contains($"redirect_uri=http%3A%2F%2Flocalhost%3A{port}&", shown);
        Assert.Contains("login_hint=alice%40contoso.com&", shown);
        Assert.Contains("prompt=select_account&", shown);
    }

    [Fact]
    public void AUserWhoDeclinesIsToldApart()
    {
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(
            Showing(address => Later(() => Emulator.SignIn(address, "decline"))), Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal((GraphTokenErrorKind.ServiceRejected, "access_denied"), (error.Kind, error.OAuthError));
        Assert.Equal([65004], error.ServiceCodes);
    }

    [Fact]
    public void AWrongStateDoesNotEndTheWait()
    {
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(
            Showing(address => Later(() =>
            {
                var response = Emulator.SignInResponse(address);
                var wrong = new Dictionary<string, string>(response.Fields) { ["state"] = "wrong" };
                string refused = Emulator.Bring((response.Address, wrong));
                return refused.Contains("not expected") ? Emulator.Bring(response) : refused;
            })),
            Scope);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal(Emulator.User, token.Username);
    }

    [Fact]
    public void AReplayedCodeIsRefused()
    {
        string? code = null;
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(
            Showing(address => Later(() =>
            {
                var response = Emulator.SignInResponse(address);
                code ??= response.Fields["code"];
                response.Fields["code"] = code;
                return Emulator.Bring(response);
            })),
            Scope);
        client.Acquire(request, Stop).Dispose();
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal((GraphTokenErrorKind.UserCredentialRejected, 54005), (error.Kind, error.ServiceCodes.Single()));
        Assert.DoesNotContain(code!, $"{error}");
    }

    [Fact]
    public void TheTimeLimitBoundsTheWait()
    {
        using TokenClient client = Client();
        var options = new TokenRequestOptions { Timeout = TimeSpan.FromSeconds(1) };
        using TokenRequest request = TokenRequest.ForBrowser(Showing(_ => { }), options, Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.RequestTimeout, error.Kind);
        Assert.Contains("TokenRequestOptions.Timeout", error.Hint);
        Assert.Contains("BrowserOptions.RedirectPort", error.Hint);
    }

    [Fact]
    public async Task ACancelledCallEndsAtOnce()
    {
        using var cancellation = new CancellationTokenSource();
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(Showing(_ => cancellation.Cancel()), Scope);
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => client.AcquireAsync(request, cancellation.Token).WaitAsync(Patience, Stop));
    }

    [Fact]
    public void WhatShowsTheAddressMayThrow()
    {
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(Showing(_ => throw new IOException("no screen")), Scope);
        var error = Assert.Throws<IOException>(() => client.Acquire(request, Stop));
        Assert.Equal("no screen", error.Message);
        Assert.Empty(Emulator.Journal());
    }

    [Fact]
    public void WithoutABrowserItIsSaidOrShown()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("DISPLAY") == null &&
            Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") == null &&
            Environment.GetEnvironmentVariable("BROWSER") == null && OperatingSystem.IsLinux(),
            "A browser would be opened.");
        using TokenClient client = Client();
        using TokenRequest silent = TokenRequest.ForBrowser(new BrowserOptions(), Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(silent, Stop));
        Assert.Equal(GraphTokenErrorKind.InteractionRequired, error.Kind);
        Assert.Contains("No web browser was opened", error.Message);
        using TokenRequest shown = TokenRequest.ForBrowser(
            new BrowserOptions { ShowAddress = address => SignInLater(address) }, Scope);
        using AccessToken token = client.Acquire(shown, Stop);
        Assert.Equal(Emulator.User, token.Username);
    }

    [Fact]
    public void APortInUseIsTold()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        BrowserOptions options = Showing(_ => Assert.Fail("there is no address"));
        options.RedirectPort = port;
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForBrowser(options, Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.Contains($"{port}", error.Message);
        Assert.Contains("BrowserOptions.RedirectPort", error.Hint);
    }

    [Fact]
    public void WhatCannotBeARequestIsRefusedWhenItIsMade()
    {
        Assert.Throws<ArgumentNullException>(() => TokenRequest.ForBrowser(null!, Scope));
        Assert.Throws<ArgumentNullException>(() => TokenRequest.ForBrowser(Showing(_ => { }), (string[])null!));
        Assert.Throws<ArgumentNullException>(
            () => TokenRequest.ForBrowser(Showing(_ => { }), (TokenRequestOptions)null!, Scope));
        Assert.Throws<ArgumentException>(
            () => TokenRequest.ForBrowser(new BrowserOptions { OpenBrowser = false }, Scope));
        foreach (BrowserOptions options in new[]
        {
            new BrowserOptions { RedirectPort = 0 },
            new BrowserOptions { RedirectPort = 65536 },
            new BrowserOptions { RedirectHost = "0.0.0.0" },
            new BrowserOptions { Prompt = (Prompt)17 },
        })
        {
            var error = Assert.Throws<GraphTokenException>(() => TokenRequest.ForBrowser(options, Scope));
            Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
            Assert.Contains("BrowserOptions.", error.Message);
        }
    }

    [Fact]
    public void ADisposedRequestIsRefused()
    {
        using TokenClient client = Client();
        TokenRequest request = TokenRequest.ForBrowser(Showing(_ => { }), Scope);
        request.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.Acquire(request, Stop));
    }

    private static BrowserOptions Showing(Action<string> show) => new() { OpenBrowser = false, ShowAddress = show };

    private void SignInLater(string address, TaskCompletionSource<string>? page = null) =>
        Later(() => Emulator.SignIn(address), page);

    // The call must return before it listens to the browser.
    private static void Later(Func<string> act, TaskCompletionSource<string>? page = null) =>
        Task.Run(() => page?.TrySetResult(act()) ?? act().Length > 0, Stop);

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private TokenClient Client() => Emulator.PublicApplication().Build();
}
