using System.Management.Automation;

namespace GraphToken.PowerShell.Tests;

/// <summary>The ways to get a token, each a parameter set, and that no call ever prompts.</summary>
public sealed class ParameterSetTests(Stage stage) : EngineTest(stage)
{
    private const string GetGraphToken = "GraphToken.PowerShell.GetGraphTokenCommand";

    /// <summary>The set of each way, and the parameter that selects it; the default set needs none.</summary>
    private static readonly Dictionary<string, string?> Ways = new()
    {
        ["Application"] = null,
        ["Password"] = "Credential",
        ["RefreshToken"] = "RefreshToken",
        ["OnBehalfOf"] = "UserAssertion",
        ["DeviceCode"] = "UseDeviceCode",
        ["Interactive"] = "Interactive",
        ["Account"] = "Account",
        ["ManagedIdentity"] = "Identity",
        ["EnvironmentVariable"] = "EnvironmentVariable",
        ["Chain"] = "Chain",
        ["AzureCli"] = "AzureCli",
        ["AzureDeveloperCli"] = "AzureDeveloperCli",
    };

    [Fact]
    public void Each_set_is_selected_by_the_only_parameter_that_is_mandatory_in_it()
    {
        Dictionary<string, string?> actual = Sets("Get-GraphToken").ToDictionary(
            set => set.Name, set => set.Parameters.SingleOrDefault(parameter => parameter.IsMandatory)?.Name);
        Assert.Equal(Ways, actual);
        Assert.Equal("Application", Sets("Get-GraphToken").Single(set => set.IsDefault).Name);
    }

    [Fact]
    public void Each_line_of_the_syntax_begins_with_the_parameter_that_selects_it()
    {
        // The text of Get-Command -Syntax, which the bare engine prints as well.
        string[] lines = [.. Sets("Get-GraphToken").Select(set => set.ToString())];
        Assert.Equal(12, lines.Length);
        Assert.StartsWith("[-", lines[0]);
        Assert.StartsWith("-Credential <pscredential> [-", lines[1]);
        Assert.StartsWith("-RefreshToken <securestring> [-", lines[2]);
        Assert.StartsWith("-UserAssertion <securestring> [-", lines[3]);
        Assert.StartsWith("-UseDeviceCode [-", lines[4]);
        Assert.StartsWith("-Interactive [-", lines[5]);
        Assert.StartsWith("-Account <string> [-", lines[6]);
        Assert.StartsWith("-Identity [-", lines[7]);
        Assert.StartsWith("-EnvironmentVariable [-", lines[8]);
        Assert.StartsWith("-Chain [-", lines[9]);
        Assert.StartsWith("-AzureCli [-", lines[10]);
        Assert.StartsWith("-AzureDeveloperCli [-", lines[11]);
    }

    [Fact]
    public void Every_other_parameter_belongs_to_every_set()
    {
        string[] selecting =
        [
            "Credential", "RefreshToken", "UserAssertion", "UseDeviceCode", "Interactive", "NoBrowser", "RedirectPort",
            "LoginHint", "Prompt", "Account", "Identity", "IdentityId", "IdentityIdType",
            "EnvironmentVariable", "Chain", "AzureCli", "AzureDeveloperCli",
        ];
        var shared = Sets("Get-GraphToken").Select(
            set => set.Parameters.Select(parameter => parameter.Name).Except(selecting).Order().ToArray());
        Assert.Single(shared.Select(names => string.Join(' ', names)).Distinct());
    }

    [Theory]
    [InlineData("-Credential $user -RefreshToken $secret")]
    [InlineData("-RefreshToken $secret -UserCredential $user -ClientSecret $secret")]
    [InlineData("-UserAssertion $secret -RefreshToken $secret -ClientSecret $secret")]
    [InlineData("-ClientSecret $secret -UserAssertion $secret -Credential $user")]
    public void Parameters_of_two_sets_are_an_error_of_PowerShell(string parameters)
    {
        Emulator emulator = Stage.Plain;
        ErrorRecord error = Run($"Get-GraphToken @app {parameters}", Variables(emulator)).Failure;
        Assert.Equal("AmbiguousParameterSet," + GetGraphToken, error.FullyQualifiedErrorId);
        Assert.Empty(emulator.Journal());
    }

    [Theory]
    [InlineData("$certificate | Get-GraphToken @app -AsPlainText")]
    [InlineData("$certificate | Get-GraphToken @app -AsPlainText -Credential $user -Scopes User.Read")]
    [InlineData("[System.IO.FileInfo]::new($pem) | Get-GraphToken @app -AsPlainText")]
    [InlineData("[System.IO.FileInfo]::new($pem) | Get-GraphToken @app -AsPlainText -RefreshToken $refreshToken")]
    [InlineData("$certificate | Get-GraphToken @app -AsPlainText -UserAssertion $userAssertion")]
    public void Certificates_come_by_pipeline_in_every_set(string script)
    {
        Emulator emulator = Stage.Plain;
        Outcome outcome = Run(
            "$proofs = @{ ClientSecret = $secret; Credential = $user; Scopes = 'User.Read' }; " +
            "$refreshToken = (Get-GraphToken @app @proofs).RefreshToken; " +
            "$userAssertion = (Get-GraphToken @caller -Credential $user).AccessToken; " + script,
            Variables(emulator));
        Assert.NotEmpty(outcome.Text);
        Assert.Equal(0, Session.Host.Prompts);
    }

    [Theory]
    [InlineData("Get-GraphToken", "CredentialMissing")]
    [InlineData("Get-GraphToken @app", "CredentialMissing")]
    [InlineData("Get-GraphToken @app -ClientSecret $secret -Thumbprint x", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -Credential $user -RefreshToken $secret", "AmbiguousParameterSet")]
    [InlineData("Get-GraphToken -Credential $user", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -Credential $notSet", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -Credential alice", "ParameterArgumentTransformationError")]
    [InlineData("Get-GraphToken @app -ClientSecretCredential app", "ParameterArgumentTransformationError")]
    [InlineData("Get-GraphToken @app -ProxyCredential alice", "ParameterArgumentTransformationError")]
    [InlineData("ConvertFrom-GraphToken", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -RefreshToken $notSet", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -UserAssertion $notSet -ClientSecret $secret", "InvalidArgument")]
    [InlineData("Get-GraphToken -UserAssertion $secret", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -UserAssertion $secret", "InvalidArgument")]
    [InlineData("$notSet | Get-GraphToken @app", "InvalidArgument")]
    [InlineData("New-GraphClientAssertion", "CredentialMissing")]
    [InlineData("Test-GraphTokenSetup", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -NoBrowser", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -RedirectPort 8400", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -LoginHint alice", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -Prompt Login", "InvalidArgument")]
    [InlineData("Get-GraphToken @app -ClientSecret $secret -IdentityId x", "InvalidArgument")]
    [InlineData("Get-GraphToken -IdentityIdType ClientId", "InvalidArgument")]
    [InlineData("Test-GraphTokenSetup -IdentityId x", "InvalidArgument")]
    public void A_call_that_is_not_complete_fails_and_does_not_prompt(string script, string errorId)
    {
        Emulator emulator = Stage.Plain;
        ErrorRecord error = Run(script, Variables(emulator)).Failure;
        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId);
        Assert.Equal(0, Session.Host.Prompts);
        Assert.Empty(emulator.Journal());
    }

    private IReadOnlyList<CommandParameterSetInfo> Sets(string command) =>
        ((CommandInfo)Run($"Get-Command {command}").Single.BaseObject).ParameterSets;

    private static object Variables(Emulator emulator) => new
    {
        app = App(emulator),
        caller = Caller(emulator),
        secret = Secret.Of(Emulator.ClientSecret),
        user = User,
        certificate = TestFolder.Certificate,
        pem = TestFolder.Pem,
    };
}
