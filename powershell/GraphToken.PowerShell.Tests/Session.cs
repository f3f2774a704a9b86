using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Engine = System.Management.Automation.PowerShell;

namespace GraphToken.PowerShell.Tests;

/// <summary>A PowerShell session with the built module imported.</summary>
internal sealed class Session : IDisposable
{
    private readonly Runspace _runspace;

    internal Session()
    {
        Host = new TextHost();
        _runspace = RunspaceFactory.CreateRunspace(Host, NewState());
        _runspace.Open();
        Outcome import = Run("Import-Module -Name $module", new { module = TestSetting.Module });
        if (import.Error != null)
        {
            throw new InvalidOperationException($"The module cannot be imported: {import.Error}");
        }
    }

    /// <summary>What a session begins with.</summary>
    internal static InitialSessionState NewState()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            // Windows allows no scripts and format files until somebody says so.
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }
        return state;
    }

    /// <summary>Shows what formatting gives.</summary>
    internal TextHost Host { get; }

    internal SessionStateProxy State => _runspace.SessionStateProxy;

    /// <summary>Runs a script; each property of <paramref name="variables"/> is a variable of the session.</summary>
    internal Outcome Run(string script, object? variables = null)
    {
        using Engine engine = Prepare(script, variables);
        var output = new PSDataCollection<PSObject>();
        ErrorRecord? error = null;
        try
        {
            engine.Invoke(null, output);
        }
        catch (RuntimeException terminating)
        {
            error = terminating.ErrorRecord;
        }
        return new Outcome([.. output], error ?? engine.Streams.Error.FirstOrDefault(), engine.Streams);
    }

    /// <summary>A script that is ready to be invoked in this session.</summary>
    internal Engine Prepare(string script, object? variables = null)
    {
        foreach (var property in variables?.GetType().GetProperties() ?? [])
        {
            State.SetVariable(property.Name, property.GetValue(variables));
        }
        Engine engine = Engine.Create(_runspace);
        engine.AddScript(script);
        return engine;
    }

    public void Dispose() => _runspace.Dispose();
}
