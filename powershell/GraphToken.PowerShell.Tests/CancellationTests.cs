using System.Management.Automation;
using Engine = System.Management.Automation.PowerShell;

namespace GraphToken.PowerShell.Tests;

/// <summary>Ctrl+C, which reaches a command as a stop of its pipeline.</summary>
public sealed class CancellationTests(Stage stage) : EngineTest(stage)
{
    // Far below the time limit of a request and far above what a stop takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Get-GraphToken")]
    [InlineData("Test-GraphTokenSetup")]
    public async Task A_stop_ends_a_request_that_waits_for_its_answer(string command)
    {
        using Engine engine = Session.Prepare(
            $"{command} -TenantId $url -ClientId $id -ClientSecret $secret -TimeoutSeconds 3600",
            new { id = Emulator.ClientId, secret = Secret.Of(Emulator.ClientSecret) });
        // Ends before the engine does, which otherwise would wait for a request that nothing stops.
        using var service = new StandInService(_ => null);
        Session.State.SetVariable("url", service.TenantUrl);
        IAsyncResult run = engine.BeginInvoke();
        await service.Asked.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await engine.StopAsync(null, null).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Throws<PipelineStoppedException>(() => engine.EndInvoke(run));
        Assert.Equal(PSInvocationState.Stopped, engine.InvocationStateInfo.State);
    }

    [Fact]
    public async Task The_session_goes_on_after_a_stop()
    {
        await A_stop_ends_a_request_that_waits_for_its_answer("Get-GraphToken");
        Outcome next = Run(
            "Get-GraphToken @app -ClientSecret $secret -AsPlainText",
            new { app = App(Stage.Plain), secret = Secret.Of(Emulator.ClientSecret) });
        Assert.NotEmpty(next.Text);
    }
}
