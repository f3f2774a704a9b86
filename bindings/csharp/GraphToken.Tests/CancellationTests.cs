namespace GraphToken.Tests;

/// <summary>Cancelling a call that waits for the service. The service would answer after ten minutes.</summary>
public sealed class CancellationTests : EmulatorTest
{
    public CancellationTests(Emulator emulator)
        : base(emulator) => emulator.Fault("delay-ms=600000,times=all");

    [Fact]
    public async Task ASyncCallEndsWhenItIsCancelled()
    {
        using TokenClient client = Emulator.SecretClient();
        using TokenRequest request = TokenRequest.ForClient();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<AccessToken> call = Task.Run(() => client.Acquire(request, stop.Token), CancellationToken.None);
        await RequestArrived(call);
        await stop.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(stop.Token, error.CancellationToken);
    }

    [Fact]
    public async Task AnAsyncCallEndsWhenItIsCancelled()
    {
        using TokenClient client = Emulator.SecretClient();
        using TokenRequest request = TokenRequest.ForClient();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<AccessToken> call = client.AcquireAsync(request, stop.Token);
        await RequestArrived(call);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(call.IsCanceled);
    }

    [Fact]
    public async Task ADiagnosisEndsWhenItIsCancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        TokenClientBuilder builder = Emulator.Application();
        Task call = Task.Run(() => builder.Diagnose(null, stop.Token), CancellationToken.None);
        await RequestArrived(call);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task AnAssertionEndsWhenItsKeyWaits()
    {
        using var asked = new SemaphoreSlim(0);
        using var answer = new ManualResetEventSlim();
        using var key = new SignOnlyKey((_, _, _) =>
        {
            asked.Release();
            answer.Wait();
            throw new InvalidOperationException("too late");
        });
        using ClientCertificate certificate = ClientCertificate.FromX509(TestFolder.Certificate, key);
        using TokenClient client = Emulator.Application().WithCertificate(certificate).Build();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<string> call = client.CreateAssertionAsync(stop.Token);
        await asked.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        try
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        finally
        {
            answer.Set();
        }
    }

    [Fact]
    public void ACallThatIsCancelledBeforehandSendsNothing()
    {
        using TokenClient client = Emulator.SecretClient();
        using TokenRequest request = TokenRequest.ForClient();
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => client.Acquire(request, cancelled));
        Assert.Throws<OperationCanceledException>(() => client.CreateAssertion(cancelled));
        Assert.Empty(Emulator.Journal());
    }

    private async Task RequestArrived(Task call)
    {
        while (Emulator.Journal().Length == 0)
        {
            Assert.False(call.IsCompleted, "The call ended before it was cancelled.");
            await Task.Yield();
        }
    }
}
