using System.Management.Automation;
using System.Text;

namespace GraphToken.PowerShell.Tests;

/// <summary>Certificates whose content is given instead of a path, as bytes or in Base64.</summary>
public sealed class CertificateContentTests(Stage stage) : EngineTest(stage)
{
    [Theory]
    [InlineData("Get-GraphToken @app -AsPlainText -CertificateBytes $pfx -CertificatePassword $password")]
    [InlineData("Get-GraphToken @app -AsPlainText -CertificateBytes ([object[]]$pem)")]
    [InlineData("Get-GraphToken @app -AsPlainText -CertificateBytes $pem -Credential $user -Scopes User.Read")]
    [InlineData("Get-GraphToken @app -AsPlainText -CertificateBase64 $base64 -CertificatePassword $password")]
    [InlineData("New-GraphClientAssertion @app -CertificateBase64 $text")]
    [InlineData("New-GraphClientAssertion @app -CertificateBase64 $lines")]
    [InlineData("New-GraphClientAssertion @app -CertificateBytes $pem -SendCertificateChain")]
    public void The_content_is_that_of_a_file(string script)
    {
        Outcome outcome = Run(script, Variables());
        Assert.Equal(3, outcome.Text.Split('.').Length);
    }

    [Theory]
    [InlineData("-CertificateBytes $pem -CertificateBase64 $text")]
    [InlineData("-CertificateBytes $pem -CertificatePath $path")]
    [InlineData("-CertificateBase64 $text -ClientSecret $text")]
    [InlineData("-CertificateBase64 $text -Pkcs11Module /nowhere.so")]
    [InlineData("-CertificateBytes $pem -PrivateKeyPath $path")]
    public void One_credential_at_a_time(string parameters)
    {
        ErrorRecord error = Run($"Get-GraphToken @app {parameters}", Variables()).Failure;
        Assert.StartsWith("InvalidArgument,", error.FullyQualifiedErrorId);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("Test-GraphTokenSetup @app -CertificateBytes ([byte[]](1, 2, 3))")]
    [InlineData("Test-GraphTokenSetup @app -CertificateBase64 AAAA")]
    public void What_cannot_be_used_is_a_finding(string script)
    {
        Outcome outcome = Run(script + " | Where-Object Status -eq Failed", Variables());
        Assert.Null(outcome.Error);
        Assert.NotEmpty(outcome.Output);
    }

    [Theory]
    [InlineData("-CertificatePath \"`\"$path`\"\"")]
    [InlineData("-CertificatePath \" '$path'`r`n\"")]
    public void What_surrounds_a_path_is_ignored(string parameters) =>
        Assert.NotEmpty(Run($"New-GraphClientAssertion @app {parameters}", Variables()).Text);

    [Theory]
    [InlineData("-CertificatePath $key")]
    [InlineData("-CertificatePath $key.Replace(\"`n\", ' ')")]
    [InlineData("-CertificatePath ($key -replace '-----[^-]*-----' -replace '\\s')")]
    [InlineData("-CertificatePath $path -PrivateKeyPath $key")]
    [InlineData("-CertificateThumbprint $key")]
    [InlineData("-CertificateSubjectName $key")]
    [InlineData("-Certificate $key")]
    [InlineData("-Certificate ($key -replace '\\s', ' ')")]
    [InlineData("-Certificate ($key -replace '-----[^-]*-----' -replace '\\s')")]
    [InlineData("-Certificate ($key -split \"`n\")")]
    [InlineData("-Pkcs11Module $key")]
    [InlineData("-CertificatePath $path -CaFile $key")]
    public void A_key_in_place_of_a_path_or_name_is_not_shown(string parameters)
    {
        string key = File.ReadAllText(TestFolder.PrivateKey);
        string[] lines = [.. key.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-'))];
        Outcome outcome = Run(
            $"Get-GraphToken @app {parameters}", new { app = App(Stage.Plain), key, path = TestFolder.Pem });
        Assert.NotNull(outcome.Error);
        string shown = $"{outcome.Error.Exception.Message} {outcome.Error.ErrorDetails?.RecommendedAction}";
        Assert.All(lines, line => Assert.DoesNotContain(line[..20], shown));
    }

    private object Variables() => new
    {
        app = App(Stage.Plain),
        user = User,
        path = TestFolder.Pem,
        pem = File.ReadAllBytes(TestFolder.Pem),
        pfx = File.ReadAllBytes(TestFolder.Pfx),
        password = Secret.Of(TestFolder.FilePassword),
        base64 = Secret.Of(Convert.ToBase64String(File.ReadAllBytes(TestFolder.Pfx))),
        text = Secret.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(TestFolder.Pem)))),
        lines = Secret.Of(File.ReadAllText(TestFolder.Pem).Replace('\n', ' ')),
    };
}
