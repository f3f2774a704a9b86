using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Engine = System.Management.Automation.PowerShell;

namespace GraphToken.PowerShell.Tests;

/// <summary>A way to sign in during the call, at an emulator whose users have not signed in.</summary>
public abstract class SignInTest(Stage stage, string get) : EngineTest(stage)
{
    /// <summary>Far above what a sign-in needs.</summary>
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected Emulator Emulator { get; } = SignedOut(stage);

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        using Engine engine = Session.Prepare(get, new { app = Application() });
        IAsyncResult run = engine.BeginInvoke();
        await Shown();
        await engine.StopAsync(null, null).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Throws<PipelineStoppedException>(() => engine.EndInvoke(run));
    }

    [Fact]
    public void A_host_that_shows_nothing_is_refused_before_anything_is_sent()
    {
        using Runspace bare = RunspaceFactory.CreateRunspace(Session.NewState());
        bare.Open();
        bare.SessionStateProxy.SetVariable("app", Application());
        using Engine engine = Engine.Create(bare);
        engine.AddScript($"Import-Module '{TestSetting.Module}'; {get.Replace(" -NoBrowser", "")}");
        engine.Invoke();
        Assert.StartsWith("InteractionRequired", Assert.Single(engine.Streams.Error).FullyQualifiedErrorId);
        Assert.Empty(Emulator.Journal());
    }

    private protected Hashtable Application() => Who(Emulator.TenantUrl, Emulator.PublicClientId);

    /// <summary>Runs a script while the user acts on what it shows.</summary>
    private protected async Task<(Outcome Outcome, string Shown)> SignIn(string script, Action<string> act)
    {
        Task<Outcome> run = Task.Run(() => Run(script, new { app = Application() }));
        string shown = await Shown();
        act(shown);
        return (await run.WaitAsync(Patience, TestContext.Current.CancellationToken), shown);
    }

    private protected Task<string> Shown() =>
        Session.Host.FirstLine.WaitAsync(Patience, TestContext.Current.CancellationToken);

    private static Emulator SignedOut(Stage stage)
    {
        using var session = new Session();
        session.Run("Clear-GraphTokenCache");
        return stage.Plain;
    }
}
