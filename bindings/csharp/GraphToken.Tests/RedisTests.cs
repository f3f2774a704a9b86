namespace GraphToken.Tests;

/// <summary>Tokens that clients share through Redis, where there is a redis-server.</summary>
public sealed class RedisTests(Emulator emulator) : EmulatorTest(emulator)
{
    private const string Password = "open sesame +&=%";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static byte[] Key => [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    [Fact]
    public void WhatOneClientGotTheNextOneHasWhateverFormTheKeyIsIn()
    {
        RedisServer.Require();
        using var redis = new RedisServer(Password);
        using var password = Secret.Of(Password);
        using var key = Secret.Of(Convert.ToBase64String(Key));
        Assert.False(IsFromCache(builder => builder.WithRedis(redis.Address, Key, password)));
        Assert.True(IsFromCache(builder => builder.WithRedis(redis.Address, key, password)));
        Assert.Single(Emulator.Journal());
    }

    [Fact]
    public void APasswordFileIsReadForEachConnection()
    {
        RedisServer.Require();
        using var redis = new RedisServer("the first");
        string file = TestFolder.Write("redis.password", "the first\n");
        using TokenClient client = Client(builder => builder.WithRedis(redis.Address, Key).WithRedisPasswordFile(file));
        IsFromCache(client, "https://graph.microsoft.com/.default");
        redis.Restart("the second");
        TestFolder.Write("redis.password", "the second\n");
        IsFromCache(client, "https://vault.azure.net/.default");

        using var password = Secret.Of("the second");
        using TokenClient next = Client(builder => builder.WithRedis(redis.Address, Key, password));
        Assert.True(IsFromCache(next, "https://vault.azure.net/.default"));
    }

    [Fact]
    public void ThePasswordThatWasGivenLastCounts()
    {
        RedisServer.Require();
        using var redis = new RedisServer(Password);
        using var password = Secret.Of(Password);
        using var wrong = Secret.Of("wrong");
        string file = TestFolder.Write("right.password", Password);
        string wrongFile = TestFolder.Write("wrong.password", "wrong");
        IsFromCache(builder => builder.WithRedis(redis.Address, Key, wrong).WithRedisPasswordFile(file));
        IsFromCache(builder => builder.WithRedisPasswordFile(wrongFile).WithRedis(redis.Address, Key, password));
    }

    private bool IsFromCache(Func<TokenClientBuilder, TokenClientBuilder> share)
    {
        using TokenClient client = Client(share);
        return IsFromCache(client, "https://graph.microsoft.com/.default");
    }

    /// <summary>Whether Redis has a token that the client has not asked for before.</summary>
    private static bool IsFromCache(TokenClient client, string scope)
    {
        using TokenRequest request = TokenRequest.ForClient(scope);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Null(client.TakeCacheFailure());
        return token.FromCache;
    }

    private TokenClient Client(Func<TokenClientBuilder, TokenClientBuilder> share)
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        return share(Emulator.Application().WithClientSecret(secret)).Build();
    }
}
