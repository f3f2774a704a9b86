namespace GraphToken.Tests;

/// <summary>What a call leaves to the garbage collector.</summary>
public sealed class GarbageTests(Emulator emulator) : EmulatorTest(emulator)
{
    /// <summary>The token's object, and the handle in it that frees the native one.</summary>
    private const int TwoSmallObjects = 80;

    /// <summary>A task that has its result.</summary>
    private const int FinishedTask = 80;

    [Fact]
    public void ACachedTokenNeedsNothingButItsOwnObjects()
    {
        using TokenClient client = CachingClient();
        using TokenRequest request = TokenRequest.ForClient();
        using var stop = new CancellationTokenSource();
        Assert.InRange(BytesOf(() => client.Acquire(request, CancellationToken.None)), 1, TwoSmallObjects);
        Assert.InRange(BytesOf(() => client.Acquire(request, stop.Token)), 1, TwoSmallObjects);
    }

    [Fact]
    public void ACachedTokenIsThereAtOnce()
    {
        using TokenClient client = CachingClient();
        using TokenRequest request = TokenRequest.ForClient();
        client.Acquire(request, TestContext.Current.CancellationToken).Dispose();
        long bytes = BytesOf(() =>
        {
            Task<AccessToken> call = client.AcquireAsync(request, CancellationToken.None);
            Assert.True(call.IsCompletedSuccessfully);
            return call.Result;
        });
        Assert.InRange(bytes, 1, TwoSmallObjects + FinishedTask);
    }

    private TokenClient CachingClient()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        return Emulator.Application().WithClientSecret(secret).Build();
    }

    private static long BytesOf(Func<AccessToken> call)
    {
        long bytes = 0;
        // The first calls ask the service and let the runtime make what it makes once.
        for (int time = 0; time < 10; time++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call().Dispose();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        return bytes;
    }
}
