using System.Management.Automation;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>Every grant with every proof, as a user types it.</summary>
public sealed class GrantTests(Stage stage) : EngineTest(stage)
{
    private const string Certificate = "-Certificate $certificate";
    private const string Pem = "-CertificatePath $pem";
    private const string Pfx = "-CertificatePath $pfx -CertificatePassword $pfxPassword";
    private const string TwoFiles = "-CertificatePath $certificateOnly -PrivateKeyPath $privateKey";
    private const string ClientSecret = "-ClientSecret $secret";
    private const string SecretCredential = "-ClientSecretCredential $app";
    private const string Assertion = "-ClientAssertion $assertion";
    private const string Password = "-Credential $user -Scopes User.Read";
    private const string Refresh = "-RefreshToken $refreshToken -Scopes User.Read";
    private const string OnBehalfOf = "-UserAssertion $userAssertion -Scopes User.Read";
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    [Fact]
    public void The_line_that_replaces_the_script_returns_the_token_that_was_issued()
    {
        Emulator emulator = Stage.Plain;
        string token = Run(
            "Get-GraphToken -TenantId $TenantName -ClientId $AppId -Certificate $Certificate -Credential $cred " +
            "-Scopes $Scope -AsPlainText",
            new
            {
                TenantName = emulator.TenantUrl,
                AppId = Emulator.ClientId,
                TestFolder.Certificate,
                cred = User,
                Scope = "https://graph.microsoft.com/User.Read",
            }).Text;

        JsonElement claims = ClaimsOf(token);
        Assert.Equal(Emulator.ClientId, claims.GetProperty("appid").GetString());
        Assert.Equal(Emulator.User, claims.GetProperty("upn").GetString());
        Assert.Equal("2", claims.GetProperty("appidacr").GetString());
        JsonElement request = Assert.Single(emulator.Journal());
        Assert.Equal("password", request.GetProperty("form").GetProperty("grant_type").GetString());
        Assert.Equal(200, request.GetProperty("answer").GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData(Certificate, "client_credentials", "2")]
    [InlineData(Pem, "client_credentials", "2")]
    [InlineData(Pfx, "client_credentials", "2")]
    [InlineData(TwoFiles, "client_credentials", "2")]
    [InlineData(ClientSecret, "client_credentials", "1")]
    [InlineData(SecretCredential, "client_credentials", "1")]
    [InlineData(Assertion, "client_credentials", "2")]
    [InlineData(Certificate + " " + Password, "password", "2")]
    [InlineData(ClientSecret + " " + Password, "password", "1")]
    [InlineData(Assertion + " " + Password, "password", "2")]
    [InlineData(Password, "password", "0")]
    [InlineData(Certificate + " " + Refresh, "refresh_token", "2")]
    [InlineData(ClientSecret + " " + Refresh, "refresh_token", "1")]
    [InlineData(Refresh, "refresh_token", "0")]
    [InlineData(Certificate + " " + OnBehalfOf, JwtBearer, "2")]
    [InlineData(Pem + " " + OnBehalfOf, JwtBearer, "2")]
    [InlineData(Pfx + " " + OnBehalfOf, JwtBearer, "2")]
    [InlineData(TwoFiles + " " + OnBehalfOf, JwtBearer, "2")]
    [InlineData(ClientSecret + " " + OnBehalfOf, JwtBearer, "1")]
    [InlineData(SecretCredential + " " + OnBehalfOf, JwtBearer, "1")]
    [InlineData(Assertion + " " + OnBehalfOf, JwtBearer, "2")]
    public void A_grant_with_a_proof_gives_a_token(string proof, string grant, string howTheAppProvedItself)
    {
        Emulator emulator = Stage.Plain;
        bool isPublic = howTheAppProvedItself == "0";
        Outcome outcome = GetToken(emulator, proof + " -ForceRefresh", isPublic);

        JsonElement claims = ClaimsOf(outcome.Text);
        Assert.Equal(howTheAppProvedItself, claims.GetProperty("appidacr").GetString());
        Assert.Equal(grant != "client_credentials", claims.TryGetProperty("upn", out _));
        JsonElement form = emulator.Journal()[^1].GetProperty("form");
        Assert.Equal(grant, form.GetProperty("grant_type").GetString());
    }

    [Theory]
    [InlineData(Certificate)]
    [InlineData(ClientSecret)]
    [InlineData(Certificate + " " + Password)]
    [InlineData(Certificate + " " + Refresh)]
    [InlineData(Certificate + " " + OnBehalfOf)]
    public void Over_TLS_SSL_CERT_FILE_says_whom_to_trust(string proof)
    {
        Emulator emulator = Stage.Tls;
        string? before = Environment.GetEnvironmentVariable("SSL_CERT_FILE");
        Environment.SetEnvironmentVariable("SSL_CERT_FILE", Stage.TrustedCertificates);
        try
        {
            Assert.NotEmpty(GetToken(emulator, proof + " -ForceRefresh", isPublic: false).Text);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SSL_CERT_FILE", before);
        }
    }

    [Fact]
    public void Over_TLS_an_untrusted_service_is_refused()
    {
        Emulator emulator = Stage.Tls;
        ErrorRecord error = Run(
            "Get-GraphToken @app -ClientSecret $secret -ForceRefresh",
            new { app = App(emulator), secret = Secret.Of(Emulator.ClientSecret) }).Failure;

        Assert.Equal("TlsFailed,GraphToken.PowerShell.GetGraphTokenCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
        Assert.Empty(emulator.Journal());
    }

    private Outcome GetToken(Emulator emulator, string parameters, bool isPublic)
    {
        string clientId = isPublic ? Emulator.PublicClientId : Emulator.ClientId;
        var variables = new
        {
            where = emulator.TenantUrl,
            clientId,
            certificate = TestFolder.Certificate,
            pem = TestFolder.Pem,
            pfx = TestFolder.Pfx,
            pfxPassword = Secret.Of(TestFolder.FilePassword),
            certificateOnly = TestFolder.CertificateOnly,
            privateKey = TestFolder.PrivateKey,
            secret = Secret.Of(Emulator.ClientSecret),
            app = Login(Emulator.ClientId, Emulator.ClientSecret),
            user = User,
            caller = Caller(emulator),
        };
        const string ProveApp = "if ($clientId -eq $app.UserName) { @{ ClientSecret = $secret } } else { @{} }";
        const string Prepare =
            "$assertion = New-GraphClientAssertion -TenantId $where -ClientId $clientId -Certificate $certificate; " +
            "$proof = " + ProveApp + "; $refreshToken = (Get-GraphToken -TenantId $where -ClientId $clientId @proof " +
            "-Credential $user -Scopes User.Read).RefreshToken; " +
            "$userAssertion = (Get-GraphToken @caller -Credential $user).AccessToken; ";
        string get = $"Get-GraphToken -TenantId $where -ClientId $clientId {parameters} -AsPlainText";
        return Run(Prepare + get, variables);
    }
}
