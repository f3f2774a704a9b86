namespace GraphToken.Tests;

/// <summary><see cref="TokenCache.List"/>, and what <see cref="TokenCache.Clear(TokenCacheOptions)"/> leaves.</summary>
public sealed class TokenCacheListTests(Emulator emulator) : EmulatorTest(emulator)
{
    private readonly TokenCacheOptions _cache = new()
    {
        Name = "list",
        Folder = TestFolder.Combine(Guid.NewGuid().ToString()),
        IsPlain = true,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void AUserIsSignedOutAndTheApplicationStays()
    {
        Fill();
        IReadOnlyList<CachedToken> tokens = TokenCache.List(_cache);
        Assert.Equal(2, tokens.Count);
        CachedToken user = Assert.Single(tokens, token => token.IsForUser);
        Assert.Equal(Emulator.User, user.Username);
        Assert.Equal(Emulator.PublicClientId, user.ClientId);
        Assert.Equal(Emulator.Tenant, user.TenantId);
        Assert.NotEmpty(user.Environment);
        Assert.Contains("User.Read", user.Scopes);
        Assert.True(user.ExpiresOn > DateTimeOffset.UtcNow);

        _cache.Account = Emulator.User.ToUpperInvariant();
        Assert.Single(TokenCache.List(_cache));
        Assert.Equal(1, TokenCache.Clear(_cache));
        Assert.Equal(0, TokenCache.Clear(_cache));
        _cache.Account = null;
        Assert.False(Assert.Single(TokenCache.List(_cache)).IsForUser);
        Assert.DoesNotContain(Emulator.User, File.ReadAllText(Path.Combine(_cache.Folder!, "list.json")));
        _cache.TenantId = Emulator.Tenant;
        Assert.Equal(1, TokenCache.Clear(_cache));
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Folder!));
    }

    [Fact]
    public void ACacheThatIsNotThereHasNoTokens()
    {
        Assert.Empty(TokenCache.List(_cache));
        Assert.Equal(0, TokenCache.Clear(_cache));
        Assert.False(Directory.Exists(_cache.Folder));
        Assert.Throws<ArgumentNullException>(() => TokenCache.Clear((TokenCacheOptions)null!));
        Assert.Equal(
            GraphTokenErrorKind.InvalidArgument,
            Assert.Throws<GraphTokenException>(() => TokenCache.List(new() { Name = "../x" })).Kind);
    }

    [Fact]
    public void AnotherKeyListsNothingAndRemovesNothing()
    {
        Fill();
        using var key = Secret.Of(Convert.ToBase64String(new byte[32]));
        var other = new TokenCacheOptions { Name = "list", Folder = _cache.Folder, Key = key, ClientId = "x" };
        Assert.Equal(
            GraphTokenErrorKind.CacheUnreadable,
            Assert.Throws<GraphTokenException>(() => TokenCache.List(other)).Kind);
        Assert.Throws<GraphTokenException>(() => TokenCache.Clear(other));
        Assert.Equal(2, TokenCache.List(_cache).Count);
    }

    /// <summary>A token of the application and one of the user.</summary>
    private void Fill()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient application = WithCache(Emulator.Application().WithClientSecret(secret));
        using TokenRequest request = TokenRequest.ForClient();
        application.Acquire(request, Stop).Dispose();
        using var password = Secret.Of(Emulator.Password);
        using TokenClient client = WithCache(Emulator.PublicApplication());
        using TokenRequest ofUser = TokenRequest.ForPassword(Emulator.User, password, "User.Read", "offline_access");
        client.Acquire(ofUser, Stop).Dispose();
    }

    private TokenClient WithCache(TokenClientBuilder builder) =>
        builder.WithTokenCache(_cache.Name!, _cache.Folder).WithPlainTokenCache().Build();
}
