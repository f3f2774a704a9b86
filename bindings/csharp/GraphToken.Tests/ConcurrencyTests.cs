namespace GraphToken.Tests;

/// <summary>Objects that many threads use at once, and that are disposed meanwhile.</summary>
public sealed class ConcurrencyTests(Emulator emulator) : EmulatorTest(emulator)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EightThreadsShareAClientAndARequest(bool forceRefresh)
    {
        using ClientCertificate certificate = ClientCertificate.FromX509(TestFolder.Certificate);
        using TokenClient client = Emulator.Application().WithCertificate(certificate).Build();
        using TokenRequest request = TokenRequest.ForClient(new TokenRequestOptions { ForceRefresh = forceRefresh });
        using var start = new Barrier(8);
        var tokens = new string[8];
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(number => new Thread(() =>
        {
            start.SignalAndWait(Stop);
            using AccessToken token = client.Acquire(request, Stop);
            tokens[number] = token.GetPlainText();
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(tokens, token => Assert.Equal(3, token.Split('.').Length));
        if (forceRefresh)
        {
            Assert.Equal(8, tokens.Distinct().Count());
            Assert.Equal(8, Emulator.Journal().Length);
        }
    }

    [Fact]
    public async Task AClientThatIsDisposedInACallEndsTheCallNormally()
    {
        Emulator.Fault("delay-ms=600000,times=all");
        TokenClient client = Emulator.SecretClient();
        TokenRequest request = TokenRequest.ForClient();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task<AccessToken> call = client.AcquireAsync(request, stop.Token);
        while (Emulator.Journal().Length == 0)
        {
            Assert.False(call.IsCompleted);
            await Task.Yield();
        }
        client.Dispose();
        request.Dispose();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void WhatIsDisposedIsRefused()
    {
        TokenClient client = Emulator.SecretClient();
        TokenRequest request = TokenRequest.ForClient();
        AccessToken token = client.Acquire(request, Stop);
        token.Dispose();
        token.Dispose();
        Assert.Throws<ObjectDisposedException>(token.GetPlainText);
        Assert.Equal("AccessToken (disposed)", token.ToString());
        request.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.Acquire(request, Stop));
        client.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.TokenEndpoint);
        Assert.Equal("TokenClient (disposed)", client.ToString());
        ClientCertificate certificate = ClientCertificate.FromFile(TestFolder.Pem);
        certificate.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ClientCredential.FromCertificate(certificate));
        Assert.Equal("ClientCertificate (disposed)", certificate.ToString());
    }
}
