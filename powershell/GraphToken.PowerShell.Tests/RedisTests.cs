namespace GraphToken.PowerShell.Tests;

/// <summary>-RedisUrl and -RedisPassword, where there is a redis-server.</summary>
public sealed class RedisTests(Stage stage) : EngineTest(stage)
{
    private const string Get =
        "Clear-GraphTokenCache; " +
        "Get-GraphToken @app -ClientSecret $secret -RedisUrl $url -TokenCacheKey $key -AsPlainText";

    private readonly Emulator _emulator = stage.Plain;

    [Theory]
    [InlineData(null, "")]
    [InlineData("open sesame +&=%", "-RedisPassword $password")]
    public void Another_process_has_the_token(string? password, string parameters)
    {
        RedisServer.Require();
        using var redis = new RedisServer(password);
        Outcome first = Run($"{Get} {parameters}", redis.Address, password);
        // The memory of the process is that of the next one now.
        Outcome second = Run($"{Get} {parameters}", redis.Address, password);
        Assert.Equal(first.Text, second.Text);
        Assert.Empty(first.Warnings.Concat(second.Warnings));
        Assert.Single(_emulator.Journal());
    }

    [Fact]
    public void A_server_that_refuses_the_password_is_a_warning()
    {
        RedisServer.Require();
        using var redis = new RedisServer("another");
        Outcome outcome = Run($"{Get} -RedisPassword $password", redis.Address, "the-wrong-one");
        Assert.NotEmpty(outcome.Text);
        Assert.Contains("Redis", Assert.Single(outcome.Warnings));
        Assert.DoesNotContain("the-wrong-one", outcome.Warnings[0]);
    }

    [Fact]
    public void A_server_that_is_not_there_is_a_warning()
    {
        Outcome outcome = Run(Get, "redis://127.0.0.1:1", null);
        Assert.NotEmpty(outcome.Text);
        Assert.Contains("127.0.0.1:1", Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void A_password_in_the_address_is_refused_and_not_shown()
    {
        Outcome outcome = Run(Get, "redis://:hunter22@127.0.0.1:1", null);
        Assert.StartsWith("InvalidArgument,", outcome.Failure.FullyQualifiedErrorId);
        Assert.All(outcome.Everything, text => Assert.DoesNotContain("hunter22", text));
    }

    private Outcome Run(string script, string url, string? password) => Run(script, new
    {
        app = App(_emulator),
        secret = Secret.Of(Emulator.ClientSecret),
        url,
        key = Secret.Of(Convert.ToBase64String(new byte[32])),
        password = password == null ? null : Secret.Of(password),
    });
}
