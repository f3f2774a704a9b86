using System.Management.Automation;
using System.Reflection;

namespace GraphToken.PowerShell.Tests;

/// <summary>The manifest, and what importing the module does and does not do.</summary>
public sealed class ModuleTests(Stage stage) : EngineTest(stage)
{
    [Fact]
    public void It_exports_its_commands_and_nothing_else()
    {
        var module = (PSModuleInfo)Run("Get-Module GraphToken").Single.BaseObject;
        Assert.Equal(CommandsOfTheAssembly(), module.ExportedCmdlets.Keys.Order());
        Assert.Empty(module.ExportedFunctions);
        Assert.Empty(module.ExportedAliases);
        Assert.Empty(module.ExportedVariables);
    }

    [Fact]
    public void The_manifest_is_valid_for_both_editions()
    {
        Outcome outcome = Run(
            "Test-ModuleManifest -Path $path", new { path = Path.Combine(TestSetting.Module, "GraphToken.psd1") });
        var manifest = (PSModuleInfo)outcome.Single.BaseObject;
        Assert.Empty(outcome.Warnings);
        Assert.Equal(["Core", "Desktop"], manifest.CompatiblePSEditions.Order());
        Assert.Equal(new Version(5, 1), manifest.PowerShellVersion);
        Assert.Equal(new Version(4, 7, 2), manifest.DotNetFrameworkVersion);
        Assert.NotEmpty(manifest.Description);
    }

    [Fact]
    public void The_versions_of_manifest_and_assemblies_are_one()
    {
        var module = (PSModuleInfo)Run("Get-Module GraphToken").Single.BaseObject;
        foreach (string name in new[] { "GraphToken", "GraphToken.PowerShell" })
        {
            Version assembly = Loaded(name).GetName().Version!;
            Assert.Equal(module.Version, new Version(assembly.Major, assembly.Minor, assembly.Build));
        }
    }

    [Fact]
    public void Importing_it_twice_says_and_changes_nothing()
    {
        string[] lines = FreshProcess.Start(
            "$before = [System.Environment]::GetEnvironmentVariables(); " +
            "$tls = [System.Net.ServicePointManager]::SecurityProtocol; " +
            $"Import-Module '{TestSetting.Module}'; Import-Module '{TestSetting.Module}' -Force; " +
            "$after = [System.Environment]::GetEnvironmentVariables(); " +
            "$after.Keys | Where-Object { $before[$_] -ne $after[$_] } | ForEach-Object { \"changed $_\" }; " +
            "if ($tls -ne [System.Net.ServicePointManager]::SecurityProtocol) { 'changed TLS' }; 'done'");
        Assert.Equal(["output done"], lines);
    }

    [Fact]
    public void Every_command_declares_what_it_returns()
    {
        var commands = Run("Get-Command -Module GraphToken").Output.Select(item => (CmdletInfo)item.BaseObject);
        Assert.All(commands, command => Assert.NotEmpty(command.OutputType));
    }

    private static IEnumerable<string> CommandsOfTheAssembly() => Loaded("GraphToken.PowerShell").GetTypes()
        .Select(type => type.GetCustomAttribute<CmdletAttribute>())
        .OfType<CmdletAttribute>()
        .Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}")
        .Order();
}
