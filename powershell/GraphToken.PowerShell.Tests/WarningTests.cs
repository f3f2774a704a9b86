using System.Management.Automation.Language;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.PowerShell.Tests;

/// <summary>What the commands warn about, and how often.</summary>
public sealed class WarningTests(Stage stage) : EngineTest(stage)
{
    [Fact]
    public void The_password_grant_warns_once_in_a_process()
    {
        string[] lines = FreshProcess.Start(
            $"{UserVariable} 1..2 | ForEach-Object {{ Get-GraphToken -TenantId {Stage.Plain.TenantUrl} " +
            $"-ClientId {Emulator.PublicClientId} -Credential $user -ForceRefresh | ForEach-Object Username }}");

        string warning = Assert.Single(lines, line => line.StartsWith("warning", StringComparison.Ordinal));
        Assert.Contains("password grant", warning);
        Assert.Equal(2, lines.Count(line => line == $"output {Emulator.User}"));
    }

    [Fact]
    public void A_secret_in_plain_text_works_and_warns_once_in_a_process()
    {
        string[] lines = FreshProcess.Start(
            $"1..2 | ForEach-Object {{ Get-GraphToken -TenantId {Stage.Plain.TenantUrl} " +
            $"-ClientId {Emulator.ClientId} -ClientSecret {Quoted(Emulator.ClientSecret)} " +
            "| ForEach-Object ClientId }");

        string warning = Assert.Single(lines, line => line.StartsWith("warning", StringComparison.Ordinal));
        Assert.Contains("plain text", warning);
        Assert.DoesNotContain(Emulator.ClientSecret, warning);
        Assert.Equal(2, lines.Count(line => line == $"output {Emulator.ClientId}"));
    }

    [Fact]
    public void A_user_assertion_in_plain_text_works_and_warns_once_in_a_process()
    {
        string[] lines = FreshProcess.Start(
            $"{UserVariable} $where = @{{ TenantId = '{Stage.Plain.TenantUrl}' }}; " +
            $"$assertion = Get-GraphToken @where -ClientId {Emulator.PublicClientId} -Credential $user " +
            $"-Scopes api://{Emulator.ClientId}/access_as_user -AsPlainText -WarningAction Ignore; " +
            $"1..2 | ForEach-Object {{ Get-GraphToken @where -ClientId {Emulator.ClientId} " +
            $"-CertificatePath '{TestFolder.Pem}' -UserAssertion \"Bearer $assertion\" | ForEach-Object Username }}");

        string warning = Assert.Single(lines, line => line.StartsWith("warning", StringComparison.Ordinal));
        Assert.Contains("plain text", warning);
        Assert.Equal(2, lines.Count(line => line == $"output {Emulator.User}"));
    }

    [Fact]
    public void A_client_assertion_in_plain_text_needs_no_warning()
    {
        string[] lines = FreshProcess.Start(
            $"$app = @{{ TenantId = '{Stage.Plain.TenantUrl}'; ClientId = '{Emulator.ClientId}' }}; " +
            $"$assertion = New-GraphClientAssertion @app -CertificatePath '{TestFolder.Pem}'; " +
            "Get-GraphToken @app -ClientAssertion $assertion | ForEach-Object ClientId");

        Assert.Equal([$"output {Emulator.ClientId}"], lines);
    }

    [Fact]
    public void An_expired_certificate_warns_every_time_and_the_service_decides()
    {
        using RSA key = RSA.Create(2048);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 expired =
            TestFolder.SelfSigned("CN=Expired", key, now.AddDays(-30), now.AddDays(-29));
        for (int i = 0; i < 2; i++)
        {
            Outcome outcome = Run(
                "New-GraphClientAssertion @app -Certificate $expired", new { app = App(Stage.Plain), expired });
            Assert.NotEmpty(outcome.Text);
            Assert.Contains("expired", Assert.Single(outcome.Warnings));
        }
    }

    [Fact]
    public void A_sound_certificate_does_not_warn()
    {
        Outcome outcome = Run(
            "Get-GraphToken @app -Certificate $certificate",
            new { app = App(Stage.Plain), certificate = TestFolder.Certificate });
        Assert.NotNull(outcome.Single);
        Assert.Empty(outcome.Warnings);
    }

    private static string UserVariable =>
        $"$user = [pscredential]::new('{Emulator.User}', " +
        $"[System.Net.NetworkCredential]::new('', {Quoted(Emulator.Password)}).SecurePassword);";

    private static string Quoted(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
