namespace GraphToken.Tests;

/// <summary>What a call leaves to the garbage collector.</summary>
public sealed class GarbageTests(Emulator emulator) : EmulatorTest(emulator)
{
    /// <summary>The token's object, and the handle in it that frees the native one.</summary>
    private const int TwoSmallObjects = 80;

    [Fact]
    public void ACachedTokenNeedsNothingButItsOwnObjects()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret).Build();
        using TokenRequest request = TokenRequest.ForClient();
        long bytes = 0;
        // The first calls ask the service and let the runtime make what it makes once.
        for (int call = 0; call < 10; call++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            client.Acquire(request, CancellationToken.None).Dispose();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.InRange(bytes, 1, TwoSmallObjects);
    }
}
