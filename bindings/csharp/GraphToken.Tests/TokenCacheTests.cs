namespace GraphToken.Tests;

/// <summary>Tokens for the next process, in a file.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class TokenCacheTests(Emulator emulator) : EmulatorTest(emulator)
{
    // Another array each time, because who takes a key overwrites it.
    private static byte[] Key => [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    private readonly string _folder = TestFolder.Combine(Guid.NewGuid().ToString());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "work.json");

    [Fact]
    public void TheNextClientHasTheTokenUntilItIsCleared()
    {
        using TokenRequest request = TokenRequest.ForClient();
        foreach (bool fromCache in new[] { false, true })
        {
            using TokenClient client = Client();
            using AccessToken token = client.Acquire(request, Stop);
            Assert.Equal(fromCache, token.FromCache);
            Assert.Null(client.TakeCacheFailure());
        }
        Assert.DoesNotContain("AccessToken", System.IO.File.ReadAllText(File));
        TokenCache.Clear("work", _folder);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        TokenCache.Clear("work", _folder);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        using TokenClient next = Client();
        using AccessToken another = next.Acquire(request, Stop);
        Assert.False(another.FromCache);
    }

    [Fact]
    public void ADamagedFileIsToldOfOnceAndCostsNoToken()
    {
        Directory.CreateDirectory(_folder);
        System.IO.File.WriteAllText(File, "damaged");
        using TokenRequest request = TokenRequest.ForClient();
        using TokenClient client = Client();
        using AccessToken token = client.Acquire(request, Stop);
        GraphTokenException? failure = client.TakeCacheFailure();
        Assert.Equal(GraphTokenErrorKind.CacheUnreadable, failure?.Kind);
        Assert.Contains($"{File}.damaged-", failure?.Message);
        Assert.NotEmpty(failure!.Hint);
        Assert.Null(client.TakeCacheFailure());
    }

    [Fact]
    public void ClearingForgetsWhatClientsShareInTheProcess()
    {
        using TokenRequest request = TokenRequest.ForClient();
        Assert.False(IsFromSharedCache(request));
        Assert.True(IsFromSharedCache(request));
        TokenCache.Clear("work", _folder);
        Assert.True(IsFromSharedCache(request));
        TokenCache.Clear();
        Assert.False(IsFromSharedCache(request));
    }

    [Fact]
    public void AKeyAndANameAreWhatTheyShouldBe()
    {
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, Refusal(builder => builder.WithTokenCacheKey([1])));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, Refusal(builder => builder.WithTokenCache("../work")));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, Refusal(builder => builder.WithPlainTokenCache()));
    }

    private bool IsFromSharedCache(TokenRequest request)
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = Emulator.Application().WithClientSecret(secret).WithSharedCache().Build();
        using AccessToken token = client.Acquire(request, Stop);
        return token.FromCache;
    }

    private TokenClient Client()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        return Emulator.Application().WithClientSecret(secret).WithTokenCache("work", _folder).WithTokenCacheKey(Key)
            .Build();
    }

    private GraphTokenErrorKind Refusal(Func<TokenClientBuilder, TokenClientBuilder> mistake) =>
        Assert.Throws<GraphTokenException>(() => mistake(Emulator.Application()).Build()).Kind;
}
