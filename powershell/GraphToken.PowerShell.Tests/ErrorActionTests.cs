using System.Management.Automation;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.PowerShell.Tests;

/// <summary>-ErrorAction: a failed call in a loop must not leave the result of the call before.</summary>
public sealed class ErrorActionTests(Stage stage) : EngineTest(stage)
{
    private const string Unknown = "nosuch.onmicrosoft.com";

    /// <summary>Tenants one of which the service does not know, and one of which is an unset variable.</summary>
    private static readonly string[] Tenants = [Emulator.Tenant, Unknown, "", Emulator.Tenant];

    [Theory]
    [InlineData("Continue", true, 2)]
    [InlineData("SilentlyContinue", false, 2)]
    [InlineData("Ignore", false, 0)]
    public void A_loop_goes_on_without_the_token_of_the_tenant_before(string action, bool prints, int kept)
    {
        Outcome outcome = Loop($"$token = Get-GraphToken @call -TenantId $tenant -ErrorAction {action}");

        Assert.Equal(
            [$"{Emulator.Tenant} -> {Emulator.Tenant}", $"{Unknown} -> ", " -> ",
                $"{Emulator.Tenant} -> {Emulator.Tenant}", $"errors: {kept}"],
            Lines(outcome));
        Assert.Equal(prints ? "ServiceRejected,GraphToken.PowerShell.GetGraphTokenCommand" : null,
            outcome.Error?.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("$PSDefaultParameterValues['Get-GraphToken:ErrorAction'] = 'SilentlyContinue'; ", "")]
    [InlineData("$PSDefaultParameterValues['*:ErrorAction'] = 'SilentlyContinue'; ", "")]
    [InlineData("$quiet = @{ ErrorAction = 'SilentlyContinue' }; ", "@quiet")]
    [InlineData("", "-EA 0")]
    public void An_error_action_is_explicit_in_every_form(string before, string argument)
    {
        Outcome outcome = Run(
            before + "$token = 'before'; $token = Get-GraphToken @call -TenantId $tenant " + argument +
            "; $PSDefaultParameterValues.Clear(); \"token: $token\"",
            Variables(Unknown));
        Assert.Equal("token: ", outcome.Text);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "-ErrorAction Stop")]
    [InlineData("$ErrorActionPreference = 'SilentlyContinue'; ", "")]
    [InlineData("$ErrorActionPreference = 'Continue'; ", "")]
    public void Otherwise_errors_are_terminating(string before, string argument)
    {
        Outcome outcome = Run(
            before + $"try {{ $token = Get-GraphToken @call -TenantId $tenant {argument}; 'went on' }} " +
            "catch { \"caught $($_.FullyQualifiedErrorId)\" }",
            Variables(Unknown));
        Assert.Equal("caught ServiceRejected,GraphToken.PowerShell.GetGraphTokenCommand", outcome.Text);
    }

    [Theory]
    [InlineData("Get-GraphToken @call -TenantId ''")]
    [InlineData("Get-GraphToken @call -TenantId 'not a tenant'")]
    [InlineData("Get-GraphToken @call -TenantId contoso.com -Certificate $null")]
    [InlineData("Get-GraphToken @call -TenantId contoso.com -Credential $null")]
    [InlineData("Get-GraphToken -TenantId contoso.com -ClientId x -CertificateBytes $null")]
    [InlineData("Get-GraphToken -TenantId contoso.com -ClientId x -CertificateBytes @()")]
    [InlineData("Get-GraphToken -TenantId contoso.com -ClientId x -CertificateBase64 $null")]
    [InlineData("New-GraphClientAssertion -TenantId contoso.com -ClientId x -CertificateBytes $null")]
    [InlineData("New-GraphClientAssertion -TenantId contoso.com -ClientId x -CertificateBase64 $null")]
    [InlineData("Test-GraphTokenSetup -TenantId contoso.com -ClientId x -CertificateBytes ([byte[]]@())")]
    [InlineData("Get-GraphToken @call -TenantId contoso.com -RefreshToken $null")]
    [InlineData("Get-GraphToken -TenantId contoso.com -ClientId x -CertificatePath /nowhere/app.pem")]
    [InlineData("Get-GraphToken -TenantId contoso.com -ClientId x -CertificatePath nowhere:\\app.pem")]
    [InlineData("Get-GraphToken -TenantId contoso.com -ClientId x -ClientSecret $disposed")]
    [InlineData("New-GraphClientAssertion -TenantId contoso.com -ClientId x")]
    [InlineData("ConvertFrom-GraphToken")]
    [InlineData("ConvertFrom-GraphToken 'not a token'")]
    [InlineData("ConvertFrom-GraphToken $null")]
    [InlineData("Test-GraphTokenSetup -ClientId x")]
    [InlineData("Clear-GraphTokenCache -TokenCacheFolder .")]
    public void Every_command_goes_on_when_it_is_told_to(string call)
    {
        System.Security.SecureString disposed = Secret.Of("secret");
        disposed.Dispose();
        Session.State.SetVariable("disposed", disposed);
        foreach (string action in (string[])["Continue", "SilentlyContinue", "Ignore"])
        {
            Outcome outcome = Run(
                $"$result = 'before'; $result = {call} -ErrorAction {action}; \"result: $result\"",
                Variables(Emulator.Tenant));
            Assert.Equal("result: ", Assert.Single(Lines(outcome)));
            Assert.Equal(action == "Continue", outcome.Error != null);
        }
    }

    [Fact]
    public void Each_object_of_the_pipeline_has_an_error_of_its_own()
    {
        X509Certificate2 certificate = TestFolder.Certificate;
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(certificate.RawData);
        Outcome outcome = Run(
            "$Error.Clear(); $certificates | Get-GraphToken @app -ErrorAction SilentlyContinue -AsPlainText; $Error",
            new
            {
                app = App(Stage.Plain),
                certificates = new[] { withoutKey, certificate, withoutKey, certificate },
            });
        Assert.Equal(
            [typeof(string), typeof(string), typeof(ErrorRecord), typeof(ErrorRecord)],
            outcome.Output.Select(item => item.BaseObject.GetType()));
        Assert.All(outcome.Output.Skip(2), error => Assert.StartsWith(
            "PrivateKeyMissing,", ((ErrorRecord)error.BaseObject).FullyQualifiedErrorId));
    }

    [Fact]
    public void Tokens_that_cannot_be_decoded_do_not_stop_the_others()
    {
        Outcome outcome = Run(
            "$Error.Clear(); 'bad', $token, 'worse', $token | ConvertFrom-GraphToken -ErrorAction Ignore; $Error.Count",
            new { token = "e30.eyJhIjoxfQ.x" });
        Assert.Null(outcome.Error);
        Assert.Equal(3, outcome.Output.Count);
        Assert.Equal(0, outcome.Output[2].BaseObject);
    }

    [Fact]
    public void What_the_next_command_throws_is_not_kept_from_it()
    {
        Outcome outcome = Run(
            "try { $token | ConvertFrom-GraphToken -ErrorAction Ignore | ForEach-Object { throw 'of the next' } } " +
            "catch { \"$_\" }",
            new { token = "e30.eyJhIjoxfQ.x" });
        Assert.Equal("of the next", outcome.Text);
    }

    private Outcome Loop(string statement) => Run(
        "$Error.Clear(); foreach ($tenant in $tenants) { " + statement + "; \"$tenant -> $($token.TenantId)\" }; " +
        "\"errors: $($Error.Count)\"",
        Variables(Emulator.Tenant));

    private static IEnumerable<string> Lines(Outcome outcome) =>
        outcome.Output.Select(item => (string)item.BaseObject);

    private object Variables(string tenant) => new
    {
        tenants = Tenants,
        tenant,
        call = new System.Collections.Hashtable
        {
            ["Authority"] = Stage.Plain.Address,
            ["ClientId"] = Emulator.ClientId,
            ["ClientSecret"] = Secret.Of(Emulator.ClientSecret),
        },
    };
}
