using System.Collections;
using System.Management.Automation;
using System.Security.Cryptography;

namespace GraphToken.PowerShell.Tests;

/// <summary>Test-GraphTokenSetup names each fault, as objects and never as errors.</summary>
public sealed class SetupTests(Stage stage) : EngineTest(stage)
{
    private const string Stranger = "99999999-9999-9999-9999-999999999999";

    private const string WrongThumbprint = "00112233445566778899AABBCCDDEEFF00112233";

    /// <summary>Nobody listens there.</summary>
    private const string ClosedAddress = "http://127.0.0.1:1";

    [Fact]
    public void A_sound_setup_has_no_failures()
    {
        Dictionary<string, PSObject> findings = Findings(App(Stage.Tls), "-Certificate $certificate", ca: true);
        Assert.Equal(
            "Certificate CertificateValidity Thumbprints PrivateKey Signature Authority Proxy Connection Tls Clock " +
            "Tenant Application CertificateRegistered ClientCredential Environment Workload ManagedIdentity " +
            "DeveloperTools Chain",
            string.Join(" ", findings.Keys));
        // The certificate of these tests lives for a day only.
        Assert.Equal(["CertificateValidity"], Named(findings, "Warning"));
        // Whether this machine has other sources does not matter.
        Assert.Equal(13, Named(findings, "Passed").Intersect(findings.Keys.Take(14)).Count());
        Assert.Contains(TestFolder.Certificate.Thumbprint, Detail(findings, "Thumbprints"));
    }

    [Fact]
    public void An_expired_certificate()
    {
        using RSA key = RSA.Create(2048);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using var expired = TestFolder.SelfSigned("CN=Old", key, now.AddDays(-3), now.AddDays(-2));
        string pem = TestFolder.Write(
            "expired.pem", expired.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        Dictionary<string, PSObject> findings = Findings(App(Stage.Plain), $"-CertificatePath '{pem}'");
        Assert.Contains("CertificateValidity", Named(findings, "Failed"));
        Assert.Contains("expired on", Detail(findings, "CertificateValidity"));
    }

    [Fact]
    public void A_certificate_that_is_not_there() => Fails(
        "Certificate", "app.pfx", App(Stage.Plain), "-CertificatePath /nowhere/app.pfx");

    [Fact]
    public void A_wrong_thumbprint() => Fails(
        "Certificate", WrongThumbprint, App(Stage.Plain), $"-CertificateThumbprint {WrongThumbprint}");

    [Fact]
    public void A_wrong_password()
    {
        Hashtable app = App(Stage.Plain);
        app["CertificatePath"] = TestFolder.Pfx;
        app["CertificatePassword"] = Secret.Of("wrong horse");
        Fails("Certificate", "password", app, "");
    }

    [Fact]
    public void A_key_of_another_certificate()
    {
        using RSA key = RSA.Create(2048);
        string path = TestFolder.Write("other-key.pem", key.ExportPkcs8PrivateKeyPem());
        Fails(
            "PrivateKey", "does not belong", App(Stage.Plain),
            $"-CertificatePath '{TestFolder.CertificateOnly}' -PrivateKeyPath '{path}'");
    }

    [Fact]
    public void A_clock_that_is_twenty_minutes_off()
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault("date-skew=1200,times=all");
        Fails("Clock", "20 minutes behind", App(emulator), "-CertificatePath $pem");
        emulator.Forget();
    }

    [Fact]
    public void An_unknown_tenant() => Fails(
        "Tenant",
        "AADSTS90002",
        Who(Stage.Plain.Address + "/fabrikam.com", Emulator.ClientId),
        "-CertificatePath $pem");

    [Fact]
    public void An_unknown_application() => Fails(
        "Application", "AADSTS700016", Who(Stage.Plain.TenantUrl, Stranger), "-CertificatePath $pem");

    [Fact]
    public void A_certificate_that_is_not_registered()
    {
        using RSA key = RSA.Create(2048);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using var other = TestFolder.SelfSigned("CN=Other", key, now.AddHours(-1), now.AddHours(23));
        string pem = TestFolder.Write(
            "other.pem", other.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        Fails("CertificateRegistered", "AADSTS700027", App(Stage.Plain), $"-CertificatePath '{pem}'");
    }

    [Fact]
    public void Tls_that_is_not_trusted() => Fails("Tls", "issued by CN=", App(Stage.Tls), "-CertificatePath $pem");

    [Fact]
    public void A_web_page_in_place_of_the_service()
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault("body=html,times=all");
        Fails("Connection", "a web page", App(emulator), "-CertificatePath $pem");
        emulator.Forget();
    }

    [Fact]
    public void A_proxy_that_answers_with_a_web_page() => Fails(
        "Proxy", "127.0.0.1", App(Stage.Tls), $"-CertificatePath $pem -Proxy {Stage.Plain.Address}", ca: true);

    [Fact]
    public void No_network() => Fails(
        "Connection", "refused", Who(ClosedAddress + "/contoso.com", Emulator.ClientId), "-CertificatePath $pem");

    [Fact]
    public void A_wrong_secret()
    {
        Hashtable app = App(Stage.Plain);
        app["ClientSecret"] = Secret.Of("not the secret");
        Fails("ClientCredential", "AADSTS7000215", app, "");
    }

    [Fact]
    public void Contradicting_arguments_are_an_error()
    {
        ErrorRecord error = Run(
            "Test-GraphTokenSetup @app -Certificate $certificate -CertificatePath $pem", Variables(App(Stage.Plain)))
            .Failure;
        Assert.StartsWith("InvalidArgument,", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void The_table_has_the_hint_below_what_failed()
    {
        Run("Test-GraphTokenSetup @app -CertificatePath /nowhere.pem | Out-Default", Variables(App(Stage.Plain)));
        string table = Session.Host.TakeText();
        string[] lines = [.. table.Split('\n').Select(line => line.TrimEnd())];
        int failed = Array.FindIndex(lines, line => line.StartsWith("Failed   Certificate ", StringComparison.Ordinal));
        Assert.True(failed >= 0, table);
        Assert.Contains(lines.Skip(failed + 1).Take(2), line => line.Contains("Check the path"));
    }

    private void Fails(string check, string says, Hashtable app, string parameters, bool ca = false)
    {
        Dictionary<string, PSObject> findings = Findings(app, parameters, ca);
        Assert.Equal([check], Named(findings, "Failed"));
        Assert.Contains(says, Detail(findings, check));
        Assert.NotEmpty($"{findings[check].Properties["Hint"].Value}");
    }

    private Dictionary<string, PSObject> Findings(Hashtable app, string parameters, bool ca = false)
    {
        string trust = ca ? "$env:SSL_CERT_FILE = $ca; " : "";
        Outcome outcome = Run(
            $"try {{ {trust}Test-GraphTokenSetup @app {parameters} }} finally {{ $env:SSL_CERT_FILE = '' }}",
            Variables(app));
        Assert.True(outcome.Error == null, $"{outcome.Error}");
        return outcome.Output.ToDictionary(finding => $"{finding.Properties["Check"].Value}");
    }

    private object Variables(Hashtable app) =>
        new { app, certificate = TestFolder.Certificate, pem = TestFolder.Pem, ca = Stage.TrustedCertificates };

    private static IEnumerable<string> Named(Dictionary<string, PSObject> findings, string status) =>
        findings.Keys.Where(check => $"{findings[check].Properties["Status"].Value}" == status);

    private static string Detail(Dictionary<string, PSObject> findings, string check) =>
        $"{findings[check].Properties["Detail"].Value}";
}
