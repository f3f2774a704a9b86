namespace GraphToken.Tests;

/// <summary>A defect of the engine is an exception, and the process goes on.</summary>
public sealed class PanicTests(Emulator emulator) : EmulatorTest(emulator)
{
    [Fact]
    public void APanicIsAnExceptionAndTheNextCallWorks()
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(
            () => Emulator.Application().WithOption("test.panic", "now").Build());
        Assert.Equal(GraphTokenErrorKind.InternalError, error.Kind);
        Assert.Contains("test.panic", error.Message);
        Assert.NotEmpty(error.Hint);

        using TokenClient client = Emulator.SecretClient();
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);
        Assert.False(token.FromCache);
    }

    [Fact]
    public void AnUnknownOptionIsRefusedWithTheKnownOnes()
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(
            () => Emulator.Application().WithOption("http.porxy", "x").Build());
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.Contains("http.porxy", error.Message);
        Assert.Contains("http.proxy", error.Hint);
    }
}
