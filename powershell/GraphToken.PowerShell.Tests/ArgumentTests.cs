using System.Management.Automation;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>What the parameters take and what they refuse.</summary>
public sealed class ArgumentTests(Stage stage) : EngineTest(stage)
{
    private const string Id = "GraphToken.PowerShell.GetGraphTokenCommand";

    [Theory]
    [InlineData("-ClientSecret $s -ClientAssertion a", "ClientSecret", "ClientAssertion")]
    [InlineData("-Certificate $c -CertificatePath x", "Certificate", "CertificatePath")]
    [InlineData("-Certificate $c -ClientSecret $s", "Certificate", "ClientSecret")]
    [InlineData("-Certificate $c -Thumbprint x", "Certificate", "CertificateThumbprint")]
    [InlineData("-Thumbprint x -CertificateName x", "CertificateThumbprint", "CertificateSubjectName")]
    [InlineData("-CertificateSubject x -CertificatePath x", "CertificateSubjectName", "CertificatePath")]
    [InlineData("-Thumbprint x -PrivateKeyPath x", "PrivateKeyPath", "CertificatePath")]
    [InlineData("-ClientSecretCredential $p -ClientSecret $s", "ClientSecret", "ClientSecretCredential")]
    [InlineData("-ClientSecret $s -Scopes a -Resource b", "Scopes", "Resource")]
    [InlineData("-ClientSecret $s -AsPlainText -AsSecureString", "AsPlainText", "AsSecureString")]
    [InlineData("-ClientSecret $s -CertificatePassword $s", "CertificatePassword", "CertificatePath")]
    [InlineData("-ClientSecret $s -PrivateKeyPath x", "PrivateKeyPath", "CertificatePath")]
    [InlineData("-ClientSecret $s -ProxyCredential $p", "ProxyCredential", "Proxy")]
    [InlineData("-Thumbprint x -Pkcs11Module x", "CertificateThumbprint", "Pkcs11Module")]
    [InlineData("-Pkcs11Module x -ClientSecret $s", "Pkcs11Module", "ClientSecret")]
    [InlineData("-Pkcs11Module x -CertificatePath x -PrivateKeyPath x", "PrivateKeyPath", "Pkcs11Module")]
    [InlineData("-Pkcs11Module x -CertificatePath x -CertificatePassword $s", "CertificatePassword", "Pkcs11Module")]
    [InlineData("-CertificatePath x -Pkcs11Uri x", "Pkcs11Uri", "Pkcs11Module")]
    [InlineData("-CertificatePath x -Pkcs11Pin $s", "Pkcs11Pin", "Pkcs11Module")]
    [InlineData("-ClientSecret $s -TokenCacheFolder x", "TokenCacheFolder", "TokenCache")]
    [InlineData("-ClientSecret $s -TokenCacheProtection None", "TokenCacheProtection", "TokenCache")]
    [InlineData("-ClientSecret $s -TokenCacheKey $s", "TokenCacheKey", "RedisUrl")]
    [InlineData("-ClientSecret $s -RedisUrl x", "RedisUrl", "TokenCacheKey")]
    [InlineData("-ClientSecret $s -RedisPassword $s", "RedisPassword", "RedisUrl")]
    [InlineData("-ClientSecret $s -TokenCache x -RedisUrl x -TokenCacheKey $s", "TokenCache", "RedisUrl")]
    [InlineData(
        "-ClientSecret $s -TokenCache x -TokenCacheKey $s -TokenCacheProtection User",
        "TokenCacheProtection",
        "TokenCacheKey")]
    public void Two_parameters_that_do_not_go_together_are_both_named(string parameters, string one, string other)
    {
        Emulator emulator = Stage.Plain;
        ErrorRecord error = Run($"Get-GraphToken @app {parameters}", Variables(emulator)).Failure;

        Assert.Equal("InvalidArgument," + Id, error.FullyQualifiedErrorId);
        Assert.Contains($"-{one} ", error.Exception.Message);
        Assert.Contains($"-{other}", error.Exception.Message);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Empty(emulator.Journal());
    }

    [Theory]
    [InlineData("-ClientId $id -ClientSecret $s", "-TenantId")]
    [InlineData("-TenantId contoso.onmicrosoft.com -ClientSecret $s", "-ClientId")]
    [InlineData("-TenantId contoso.com -ClientId other -ClientSecretCredential $p", "-ClientSecretCredential")]
    public void Where_and_who_must_be_said_once(string parameters, string named)
    {
        ErrorRecord error = Run($"Get-GraphToken {parameters}", Variables(Stage.Plain)).Failure;
        Assert.Equal("InvalidArgument," + Id, error.FullyQualifiedErrorId);
        Assert.Contains(named, error.Exception.Message);
    }

    [Fact]
    public void The_user_name_of_the_secret_credential_is_the_client_id()
    {
        Emulator emulator = Stage.Plain;
        Outcome outcome = Run(
            "Get-GraphToken -TenantId $url -ClientSecretCredential $p -AsPlainText",
            new { url = emulator.TenantUrl, p = Login(Emulator.ClientId, Emulator.ClientSecret) });
        Assert.Equal(Emulator.ClientId, ClaimsOf(outcome.Text).GetProperty("appid").GetString());
    }

    [Theory]
    [InlineData("-Tenant $url -AppId $id")]
    [InlineData("-TenantName $url -ApplicationId $id")]
    [InlineData("-Authority $url -ClientId $id")]
    [InlineData("-Authority $base -TenantId contoso.onmicrosoft.com -ClientId $id")]
    public void Where_and_who_have_their_usual_names(string parameters)
    {
        Emulator emulator = Stage.Plain;
        Outcome outcome = Run(
            $"Get-GraphToken {parameters} -ClientSecret $s -AsPlainText -ForceRefresh",
            new
            {
                url = emulator.TenantUrl,
                @base = emulator.Address,
                id = Emulator.ClientId,
                s = Secret.Of(Emulator.ClientSecret),
            });
        Assert.NotEmpty(outcome.Text);
        string? path = emulator.Journal()[0].GetProperty("path").GetString();
        Assert.Equal($"/{Emulator.Tenant}/oauth2/v2.0/token", path);
    }

    [Theory]
    [InlineData("-Scopes User.Read, Mail.Read", "User.Read", "Mail.Read")]
    [InlineData("-Scope 'User.Read Mail.Read'", "User.Read", "Mail.Read")]
    [InlineData("-Resource https://vault.azure.net", "https://vault.azure.net/.default")]
    [InlineData("", "https://graph.microsoft.com/.default")]
    [InlineData("-Scopes ''", "https://graph.microsoft.com/.default")]
    [InlineData("-Scopes @($null)", "https://graph.microsoft.com/.default")]
    [InlineData("-Environment China", "https://microsoftgraph.chinacloudapi.cn/.default")]
    [InlineData("-Environment AzureChinaCloud", "https://microsoftgraph.chinacloudapi.cn/.default")]
    [InlineData("-Environment AzureUSGovernment", "https://graph.microsoft.us/.default")]
    [InlineData("-Environment USGovDoD", "https://dod-graph.microsoft.us/.default")]
    public void What_is_asked_for(string parameters, params string[] expected)
    {
        Emulator emulator = Stage.Plain;
        string where = parameters.Contains("-Environment") ? "-Authority $url" : "-TenantId $url";
        Run($"Get-GraphToken {where} -ClientId $id -ClientSecret $s -Credential $user -ForceRefresh {parameters}",
            new
            {
                url = emulator.TenantUrl,
                id = Emulator.ClientId,
                s = Secret.Of(Emulator.ClientSecret),
                user = User,
            });
        JsonElement form = Assert.Single(emulator.Journal()).GetProperty("form");
        string[] scopes = form.GetProperty("scope").GetString()!.Split(' ');
        Assert.All(expected, scope => Assert.Contains(scope, scopes));
    }

    [Theory]
    [InlineData("300", 300)]
    [InlineData("'300'", 300)]
    [InlineData("300.0", 300)]
    [InlineData("([timespan]'00:05:00')", 300)]
    [InlineData("'00:05:00'", 300)]
    public void A_duration_is_a_time_span_or_seconds(string duration, int seconds)
    {
        string assertion = Run(
            $"New-GraphClientAssertion @app -Certificate $c -AssertionLifetime {duration}",
            Variables(Stage.Plain)).Text;
        JsonElement claims = ClaimsOf(assertion);
        // The assertion is valid from one minute before it was made, so that a fast clock does no harm.
        Assert.Equal(seconds + 60, claims.GetProperty("exp").GetInt64() - claims.GetProperty("nbf").GetInt64());
    }

    [Theory]
    [InlineData("soon", "ParameterArgumentTransformationError")]
    [InlineData("1e300", "ParameterArgumentTransformationError")]
    [InlineData("0", "InvalidArgument")]
    [InlineData("86401", "InvalidArgument")]
    public void A_duration_that_makes_no_sense_is_refused(string duration, string errorId)
    {
        ErrorRecord error = Run(
            $"New-GraphClientAssertion @app -Certificate $c -AssertionLifetime {duration}",
            Variables(Stage.Plain)).Failure;
        Assert.Equal($"{errorId},GraphToken.PowerShell.NewGraphClientAssertionCommand", error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("ClientSecret")]
    [InlineData("ClientAssertion")]
    [InlineData("RefreshToken")]
    [InlineData("UserAssertion")]
    [InlineData("CertificatePassword")]
    public void A_secret_of_the_wrong_type_is_refused_without_being_shown(string parameter)
    {
        Outcome outcome = Run($"Get-GraphToken @app -{parameter} $wrong", new
        {
            app = App(Stage.Plain),
            wrong = new Dictionary<string, string> { ["the-secret"] = "the-secret" },
        });
        Assert.Equal("ParameterArgumentTransformationError," + Id, outcome.Failure.FullyQualifiedErrorId);
        Assert.All(outcome.Everything, text => Assert.DoesNotContain("the-secret", text));
    }

    [Theory]
    [InlineData("ClientSecret")]
    [InlineData("ClientSecretCredential")]
    [InlineData("Credential")]
    [InlineData("RefreshToken")]
    [InlineData("UserAssertion")]
    [InlineData("Certificate")]
    [InlineData("ProxyCredential")]
    [InlineData("Proxy")]
    [InlineData("NoProxyList")]
    [InlineData("Pkcs11Pin")]
    [InlineData("RedisPassword")]
    public void A_variable_that_is_not_set_is_refused_and_not_taken_for_a_missing_parameter(string parameter)
    {
        Emulator emulator = Stage.Plain;
        string script = $"Get-GraphToken @app -ClientAssertion a -{parameter} $notSet";
        ErrorRecord error = Run(script, Variables(emulator)).Failure;
        Assert.Equal("InvalidArgument," + Id, error.FullyQualifiedErrorId);
        Assert.StartsWith($"-{parameter} is null or empty.", error.Exception.Message);
        Assert.Empty(emulator.Journal());
    }

    [Fact]
    public void Only_a_token_to_decode_has_a_position()
    {
        var commands = Run("Get-Command -Module GraphToken").Output.Select(item => (CommandInfo)item.BaseObject);
        IEnumerable<string> positional = commands.SelectMany(command => command.ParameterSets
            .SelectMany(set => set.Parameters)
            .Where(parameter => parameter.Position >= 0)
            .Select(parameter => $"{command.Name} {parameter.Name} {parameter.Position}"));
        Assert.Equal(["ConvertFrom-GraphToken Token 0"], positional);
    }

    private object Variables(Emulator emulator) => new
    {
        app = App(emulator),
        id = Emulator.ClientId,
        s = Secret.Of(Emulator.ClientSecret),
        p = Login(Emulator.ClientId, Emulator.ClientSecret),
        c = TestFolder.Certificate,
    };
}
