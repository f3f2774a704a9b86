using System.Collections;

namespace GraphToken.PowerShell.Tests;

/// <summary>No error of any kind shows a secret in any stream, whatever the command was given.</summary>
public sealed class ErrorSecrecyTests(Stage stage) : EngineTest(stage)
{
    private static readonly SecretSearch Search = MarkedSecrets.Search();

    /// <summary>The kinds that no script here fails as, and why.</summary>
    private static readonly Dictionary<string, string> Excepted = new(
    [
        new("NullPointer", "a script cannot cause it"),
        new("InvalidHandle", "a script cannot cause it"),
        new("InternalError", "only a test hook causes it, which no command sets"),
        new("NativeLibraryMismatch", "the library is looked for before any input is read"),
        new("Cancelled", "a command that is stopped has no error; other cancellations need a key that asks its user"),
        new("PrivateKeyInaccessible", "needs a key that this account may not use"),
        new("SigningFailed", "needs a key that does not sign"),
        new("CacheUnreadable", "a warning of Get-GraphToken"),
        new("CacheUnwritable", "a warning of Get-GraphToken"),
        new("CacheLocked", "a warning of Get-GraphToken"),
        .. OperatingSystem.IsWindows()
            ? [new("CacheProtectionUnavailable", "every account of Windows has a protection")]
            : (KeyValuePair<string, string>[])[],
    ]);

    // Most of what is said is said again by the next script.
    private readonly HashSet<string> _searched = [];

    private object Variables => MarkedVariables.Of(App(Stage.Plain), App(Stage.Tls));

    [Fact]
    public void No_error_shows_a_secret()
    {
        object variables = Variables;
        Assert.All(FailingScript.All, script => AssertFails(script.Kind, RunAt(script, variables), script.Script));
    }

    [Fact]
    public void Every_kind_is_of_a_script_or_excepted()
    {
        string[] kinds = Loaded("GraphToken").GetType("GraphToken.GraphTokenErrorKind", true)!.GetEnumNames();
        Assert.Equal(
            kinds.Order(),
            FailingScript.All.Select(script => script.Kind).Distinct().Concat(Excepted.Keys).Order());
    }

    [Fact]
    public void No_finding_shows_a_secret()
    {
        object variables = Variables;
        Assert.All(FailingScript.Setups, script =>
        {
            Outcome outcome = RunAt(script, variables);
            Assert.True(outcome.Error == null, $"{script}: {outcome.Error}");
            Assert.NotEmpty(outcome.Output);
            IEnumerable<string> findings =
                outcome.Output.SelectMany(finding => finding.Properties.Select(property => $"{property.Value}"));
            AssertSilent(outcome.Everything.Concat(findings), $"{script}");
        });
    }

    [Theory]
    [InlineData("invalid_client", "401 Unauthorized", 7000215, "ClientCredentialRejected")]
    [InlineData("invalid_grant", "400 Bad Request", 50126, "UserCredentialRejected")]
    [InlineData("interaction_required", "400 Bad Request", 50076, "InteractionRequired")]
    public void Nothing_that_a_service_repeats_is_shown(string error, string status, int code, string kind) =>
        Assert.All(Echo.Forms.Keys, form =>
        {
            using var service = new StandInService(request => Echo.Refusal(request, status, error, code, form));
            foreach (string userProof in (string[])["-Credential $user", "-UserAssertion $userAssertion"])
            {
                AssertFails(kind, Ask(service.TenantUrl, MarkedVariables.ClosedAddress, userProof), form);
            }
        });

    [Fact]
    public void Nothing_that_a_proxy_repeats_is_shown() => Assert.All(Echo.Forms.Keys, form =>
    {
        using var proxy = new StandInService(request => Echo.Page(request, "407 Who are you", form));
        AssertFails("ProxyFailed", Ask("contoso.com", proxy.Address), form);
    });

    [Fact]
    public void Nothing_that_Redis_repeats_is_shown() => Assert.All(Echo.Forms.Keys, form =>
    {
        using var redis = new StandInService(command => Echo.RedisError(command, form));
        AssertWarns("@redis", MarkedVariables.Redis($"redis://{redis.HostAndPort}"));
    });

    [Theory]
    [InlineData("-TokenCache damaged -TokenCacheKey $redis.TokenCacheKey")]
    [InlineData("-TokenCache damaged -TokenCacheProtection None")]
    [InlineData("-TokenCache locked -TokenCacheKey $redis.TokenCacheKey -TimeoutSeconds 1")]
    public void No_warning_of_a_token_cache_shows_a_secret(string cache)
    {
        string folder = TestFolder.Combine(Guid.NewGuid().ToString());
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "damaged.json"), MarkedSecrets.CutOffCacheFile);
        using FileStream held = new(
            Path.Combine(folder, "locked.json.lockfile"), FileMode.Create, FileAccess.Write, FileShare.None);
        AssertWarns($"{cache} -TokenCacheFolder '{folder}'", MarkedVariables.Redis("redis://127.0.0.1:1"));
    }

    private Outcome RunAt(FailingScript script, object variables)
    {
        Emulator emulator = Stage.Plain;
        if (script.Fault.Length > 0)
        {
            emulator.Fault(script.Fault + ",times=all");
        }
        return Run(script.Script, variables);
    }

    private Outcome Ask(string tenant, string proxy, string userProof = "-Credential $user") => Run(
        $"Get-GraphToken @app @network -ClientSecret $secret {userProof} {FailingScript.AllStreams}",
        new
        {
            app = Who(tenant, Emulator.ClientId),
            network = MarkedVariables.Network(proxy),
            secret = Secret.Of(Emulator.ClientSecret),
            user = User,
            userAssertion = Secret.Of(MarkedSecrets.Assertion),
        });

    private void AssertWarns(string parameters, Hashtable redis)
    {
        Outcome outcome = Run(
            "Clear-GraphTokenCache; " +
            $"Get-GraphToken @app @network -ClientSecret $secret {parameters} {FailingScript.AllStreams}",
            new
            {
                app = App(Stage.Plain),
                network = MarkedVariables.Network(MarkedVariables.ClosedAddress),
                secret = Secret.Of(Emulator.ClientSecret),
                redis,
            });
        Assert.True(outcome.Error == null, $"{outcome.Error}");
        Assert.NotEmpty(outcome.Warnings);
        AssertSilent(outcome.Everything, parameters);
    }

    private void AssertFails(string kind, Outcome outcome, string what)
    {
        string id = outcome.Error?.FullyQualifiedErrorId ?? "nothing";
        Assert.True(id.StartsWith($"{kind},", StringComparison.Ordinal), $"{what}: {id}: {outcome.Error}");
        AssertSilent(outcome.Everything, what);
    }

    private void AssertSilent(IEnumerable<string> texts, string what) =>
        Assert.All(texts.Where(_searched.Add), text => Search.AssertHidden(text, what));
}
