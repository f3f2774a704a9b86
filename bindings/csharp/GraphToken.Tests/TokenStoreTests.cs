using System.Runtime.CompilerServices;
using System.Security;
using System.Text;

namespace GraphToken.Tests;

/// <summary>Tokens that clients share through a store.</summary>
public sealed class TokenStoreTests(Emulator emulator) : EmulatorTest(emulator)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void WhatOneClientGotTheNextOneHas()
    {
        var store = new MemoryTokenStore();
        string first = Acquire(store);
        string second = Acquire(store);
        Assert.Equal(first, second);
        Assert.Single(Emulator.Journal());

        (string key, byte[] value) = Assert.Single(store.Values);
        Assert.StartsWith("graphtoken:", key, StringComparison.Ordinal);
        string signature = first[(first.LastIndexOf('.') + 1)..];
        Assert.True(value.AsSpan().IndexOf(Encoding.ASCII.GetBytes(signature[..16])) < 0);
        Assert.InRange(Assert.Single(store.Lifetimes), TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(60));
    }

    [Fact]
    public void AnotherKeyOpensNothing()
    {
        var store = new MemoryTokenStore();
        Acquire(store, Key(1));
        Acquire(store, Key(2));
        Assert.Equal(2, Emulator.Journal().Length);
    }

    [Fact]
    public async Task AStoreWithLocksLetsOneClientAsk()
    {
        var store = new LockingTokenStore();
        Emulator.Fault("delay-ms=300,times=all");
        IEnumerable<Task<string>> calls = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Acquire(store), Stop));
        Assert.Single((await Task.WhenAll(calls)).Distinct());
        Assert.Single(Emulator.Journal());
        Assert.True(store.LocksTaken > 0);
        Assert.False(store.HasLocks);
    }

    [Fact]
    public void AStoreThatThrowsCostsNobodyAToken()
    {
        var store = new BrokenStore();
        using TokenClient client = Client(store, Key(1));
        Assert.Null(client.TakeCacheFailure());
        using TokenRequest request = TokenRequest.ForClient();
        client.Acquire(request, Stop).Dispose();
        Assert.Same(store.Failure, client.TakeCacheFailure()?.InnerException);
        Assert.Null(client.TakeCacheFailure());
        client.Acquire(request, Stop).Dispose();
        Assert.Single(Emulator.Journal());
    }

    [Fact]
    public void AStoreThatHangsIsNotWaitedFor()
    {
        using var store = new HangingStore();
        using TokenClient client = Client(store, Key(1));
        using TokenRequest request = TokenRequest.ForClient();
        client.Acquire(request, Stop).Dispose();
        client.Acquire(request, Stop).Dispose();
        store.Release();
        Assert.Single(Emulator.Journal());
    }

    [Fact]
    public void ADiagnosisAsksPastTheStore()
    {
        var store = new MemoryTokenStore();
        Acquire(store);
        Emulator.Forget();
        using var secret = Secret.Of(Emulator.ClientSecret);
        TokenClientBuilder builder = Emulator.Application().WithClientSecret(secret).WithTokenStore(store, Key(1));
        builder.Diagnose(cancellationToken: Stop);
        Assert.NotEmpty(Emulator.Journal());
        Assert.Single(store.Lifetimes);
    }

    [Fact]
    public void TheStoreLivesAsLongAsTheClientAndNoLonger()
    {
        WeakReference reference = UseAndForget();
        for (int round = 0; round < 100 && reference.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Yield();
        }
        Assert.False(reference.IsAlive);
    }

    [Fact]
    public void ValuesThatAreNoneAreRefused()
    {
        TokenClientBuilder builder = Emulator.Application();
        Assert.Throws<ArgumentNullException>(() => builder.WithTokenStore(null!, Key(1)));
        Assert.Throws<ArgumentNullException>(() => builder.WithTokenStore(new MemoryTokenStore(), null!));
        Assert.Throws<ArgumentNullException>(() => builder.WithRedis(null!, Key(1)));
        Assert.Throws<ArgumentNullException>(() => builder.WithRedis("redis://localhost", (byte[])null!));
        Assert.Throws<ArgumentNullException>(() => builder.WithRedis("redis://localhost", (SecureString)null!));
        Assert.Throws<ArgumentNullException>(() => builder.WithRedisPasswordFile(null!));
        byte[] shortKey = [1, 2, 3];
        GraphTokenException error =
            Assert.Throws<GraphTokenException>(() => builder.WithTokenStore(new MemoryTokenStore(), shortKey));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.Equal([0, 0, 0], shortKey);
    }

    [Fact]
    public void APasswordInTheAddressOfRedisIsRefused()
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(
            () => Emulator.Application().WithRedis("redis://:hunter22@localhost", Key(1)).Build());
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.DoesNotContain("hunter22", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARedisThatIsNotThereCostsNobodyAToken()
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        using var password = Secret.Of("open sesame");
        byte[] key = Key(1);
        using TokenClient client = Emulator.Application()
            .WithClientSecret(secret)
            .WithRedis("redis://127.0.0.1:1", key, password)
            .Build();
        Assert.All(key, each => Assert.Equal(0, each));
        using TokenRequest request = TokenRequest.ForClient();
        client.Acquire(request, Stop).Dispose();
        Assert.Equal(GraphTokenErrorKind.ConnectionFailed, client.TakeCacheFailure()?.Kind);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference UseAndForget()
    {
        var store = new MemoryTokenStore();
        TokenClientBuilder builder = Emulator.Application().WithTokenStore(store, Key(1));
        using var secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = builder.WithClientSecret(secret).Build();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using TokenRequest request = TokenRequest.ForClient();
        client.Acquire(request, Stop).Dispose();
        Assert.Single(store.Values);
        return new WeakReference(store);
    }

    private string Acquire(ITokenStore store, byte[]? key = null)
    {
        using TokenClient client = Client(store, key ?? Key(1));
        using TokenRequest request = TokenRequest.ForClient();
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Null(client.TakeCacheFailure());
        return token.GetPlainText();
    }

    private TokenClient Client(ITokenStore store, byte[] key)
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        return Emulator.Application().WithClientSecret(secret).WithTokenStore(store, key).Build();
    }

    private static byte[] Key(byte value) => [.. Enumerable.Repeat(value, 32)];

    private sealed class BrokenStore : MemoryTokenStore
    {
        internal InvalidOperationException Failure { get; } = new("the database is down");

        public override byte[]? Get(string key) => throw Failure;

        public override void Set(string key, byte[] value, TimeSpan lifetime) => throw Failure;
    }

    private sealed class HangingStore : MemoryTokenStore, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public override byte[]? Get(string key)
        {
            _released.Wait();
            return null;
        }

        internal void Release() => _released.Set();

        public void Dispose() => Release();
    }
}
