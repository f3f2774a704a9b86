namespace GraphToken.Tests;

/// <summary>Environment variables that are set inside the process reach the engine.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class EnvironmentTests(Emulator emulator, TlsEmulator tls)
    : EmulatorTest(emulator), IClassFixture<TlsEmulator>
{
    private const string ClosedProxy = "http://127.0.0.1:1";

    [Theory]
    [InlineData("HTTPS_PROXY")]
    [InlineData("https_proxy")]
    public void TheProxyIsUsed(string name) => With(
        name,
        ClosedProxy,
        () => Assert.Equal(GraphTokenErrorKind.ProxyFailed, FailureOf(tls.Application())?.Kind));

    [Fact]
    public void WhatTheBuilderSaysWinsOverTheProxy() => With("HTTPS_PROXY", ClosedProxy, () =>
    {
        Assert.Null(FailureOf(tls.Application().WithNoProxy()));
        Assert.Null(FailureOf(tls.Application().WithProxy("")));
        Assert.Null(FailureOf(tls.Application().UseEnvironment(false)));
    });

    [Fact]
    public void AnExceptedHostIsAskedDirectly() => With("HTTPS_PROXY", ClosedProxy, () =>
        With("NO_PROXY", "example.invalid,127.0.0.1", () =>
        {
            Assert.Null(FailureOf(tls.Application()));
            Assert.Equal(GraphTokenErrorKind.ProxyFailed, FailureOf(tls.Application().WithNoProxyList())?.Kind);
        }));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("example.invalid", "127.0.0.1")]
    [InlineData("example.invalid,127.0.0.1")]
    public void ExceptedHostsCanBeNamedWithoutAProxy(params string[] hosts) => With("HTTPS_PROXY", ClosedProxy, () =>
        Assert.Null(FailureOf(tls.Application().WithNoProxyList(hosts))));

    [Fact]
    public void PlainHttpNeverGoesThroughTheProxy() => With("HTTPS_PROXY", ClosedProxy, () =>
    {
        Assert.Null(FailureOf(Emulator.Application()));
        Assert.Null(FailureOf(
            TokenClient.Builder(Emulator.Tenant, Emulator.ClientId).WithAuthority(Emulator.Address)));
    });

    [Fact]
    public void TheFileOfTrustedCertificatesIsUsed()
    {
        With("SSL_CERT_FILE", tls.AuthorityFile, () =>
        {
            Assert.Null(FailureOf(tls.DistrustingApplication()));
            TokenClientBuilder systemsOwn = tls.DistrustingApplication().WithTrustedCertificates("");
            Assert.Equal(GraphTokenErrorKind.TlsFailed, FailureOf(systemsOwn)?.Kind);
        });
        Assert.Equal(GraphTokenErrorKind.TlsFailed, FailureOf(tls.DistrustingApplication())?.Kind);
    }

    private static GraphTokenException? FailureOf(TokenClientBuilder builder)
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = builder.WithClientSecret(secret).Build();
        using TokenRequest request = TokenRequest.ForClient();
        try
        {
            client.Acquire(request, TestContext.Current.CancellationToken).Dispose();
            return null;
        }
        catch (GraphTokenException error)
        {
            return error;
        }
    }

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
