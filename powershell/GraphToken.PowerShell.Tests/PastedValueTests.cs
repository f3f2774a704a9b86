using System.Management.Automation;
using System.Reflection;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>Values that were pasted with what stood around them.</summary>
public sealed class PastedValueTests(Stage stage) : EngineTest(stage)
{
    [Theory]
    [InlineData("{0}", "{{{0}}}")]
    [InlineData("\"{0}\"", " \"{0}\"\r\n")]
    [InlineData("\u200b{0}\ufeff", "\"{{{0}}}\"")]
    public void What_surrounds_a_tenant_an_id_and_a_resource_is_ignored(string tenant, string id)
    {
        Emulator emulator = Stage.Plain;
        PSObject token = Run(
            "Get-GraphToken -TenantId $tenant -ClientId $id -ClientSecret $secret -Resource $resource -ForceRefresh",
            new
            {
                tenant = string.Format(null, tenant, emulator.TenantUrl),
                id = string.Format(null, id, Emulator.ClientId),
                secret = Secret.Of(Emulator.ClientSecret),
                resource = string.Format(null, tenant, "https://vault.azure.net"),
            }).Single;

        Assert.Equal(Emulator.ClientId, token.Properties["ClientId"].Value);
        Assert.Equal(Emulator.Tenant, token.Properties["TenantId"].Value);
        JsonElement form = Assert.Single(emulator.Journal()).GetProperty("form");
        Assert.Equal("https://vault.azure.net/.default", form.GetProperty("scope").GetString());
    }

    [Fact]
    public void A_client_id_in_braces_is_that_of_the_credential()
    {
        Outcome outcome = Run(
            "Get-GraphToken -TenantId $url -ClientId \"{$id}\" -ClientSecretCredential $login -AsPlainText",
            new
            {
                url = Stage.Plain.TenantUrl,
                id = Emulator.ClientId,
                login = Login(Emulator.ClientId, Emulator.ClientSecret),
            });
        Assert.NotEmpty(outcome.Text);
    }

    [Theory]
    [InlineData("\"{0}\"")]
    [InlineData("{0} ")]
    [InlineData("'{0}'\r\n")]
    public void What_surrounds_a_path_is_ignored(string form)
    {
        Outcome outcome = Run(
            "New-GraphClientAssertion @app -CertificatePath $path -CertificatePassword $password",
            new
            {
                app = App(Stage.Plain),
                path = string.Format(null, form, TestFolder.Pfx),
                password = Secret.Of(TestFolder.FilePassword),
            });
        Assert.NotEmpty(outcome.Text);
    }

    [Fact]
    public void A_cloud_may_be_pasted_too()
    {
        ErrorRecord error = Run(
            "Get-GraphToken -TenantId x -ClientId y -ClientSecret $secret -Environment '\"AzureChinaCloud\" '",
            new { secret = Secret.Of("secret") }).Failure;
        Assert.Contains("tenant", error.Exception.Message);
    }

    [Fact]
    public void A_secret_is_sent_as_it_is_and_doubted_when_it_is_refused()
    {
        ErrorRecord error = Run(
            "Get-GraphToken @app -ClientSecret $secret",
            new { app = App(Stage.Plain), secret = Secret.Of($"\"{Emulator.ClientSecret}\"") }).Failure;
        Assert.StartsWith("ClientCredentialRejected,", error.FullyQualifiedErrorId);
        Assert.StartsWith(
            "Check -ClientSecret first: the client secret begins or ends with a quotation mark",
            error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("contoso.com", "contoso.com")]
    [InlineData(" \"contoso.com\"\r\n", "contoso.com")]
    [InlineData("\u201ccontoso.com\u201d", "contoso.com")]
    [InlineData("\u00ab\u00a0contoso.com\u00a0\u00bb", "contoso.com")]
    [InlineData("\u200bcontoso.com\ufeff", "contoso.com")]
    [InlineData("`contoso.com`", "contoso.com")]
    [InlineData("{6f1a4b0e-0000-4000-8000-00000000ABCD}", "6f1a4b0e-0000-4000-8000-00000000ABCD")]
    [InlineData("{name}", "{name}")]
    [InlineData(" \"\" ", "")]
    public void Before_the_engine_is_called_the_same_is_taken_off(string pasted, string expected)
    {
        MethodInfo id = Loaded("GraphToken").GetType("GraphToken.PastedText", true)!
            .GetMethod("Id", BindingFlags.NonPublic | BindingFlags.Static)!;
        Assert.Equal(expected, id.Invoke(null, [pasted]));
    }
}
