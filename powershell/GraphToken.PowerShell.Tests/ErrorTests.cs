using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GraphToken.PowerShell.Tests;

/// <summary>Each error as a script sees it: ErrorId, category, recommended action, and what the service said.</summary>
public sealed class ErrorTests(Stage stage) : EngineTest(stage)
{
    [Theory]
    [InlineData("error=AADSTS700016", "ServiceRejected", ErrorCategory.AuthenticationError, 700016)]
    [InlineData("error=AADSTS90002", "ServiceRejected", ErrorCategory.AuthenticationError, 90002)]
    [InlineData("error=AADSTS70011", "ServiceRejected", ErrorCategory.AuthenticationError, 70011)]
    [InlineData("error=AADSTS7000215", "ClientCredentialRejected", ErrorCategory.AuthenticationError, 7000215)]
    [InlineData("error=AADSTS700027", "ClientCredentialRejected", ErrorCategory.AuthenticationError, 700027)]
    [InlineData("error=AADSTS50126", "UserCredentialRejected", ErrorCategory.AuthenticationError, 50126)]
    [InlineData("error=AADSTS50034", "UserCredentialRejected", ErrorCategory.AuthenticationError, 50034)]
    [InlineData("error=AADSTS50076", "InteractionRequired", ErrorCategory.AuthenticationError, 50076)]
    [InlineData("error=AADSTS65001", "InteractionRequired", ErrorCategory.AuthenticationError, 65001)]
    public void What_the_service_refuses(string fault, string kind, ErrorCategory category, int code)
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault(fault + ",times=all");
        ErrorRecord error = Fails(emulator, "-ForceRefresh");

        AssertIs(error, kind, category);
        PSObject exception = new(error.Exception);
        Assert.Contains(code, Assert.IsAssignableFrom<IEnumerable<int>>(exception.Properties["ServiceCodes"].Value));
        Assert.NotEmpty((string)exception.Properties["OAuthError"].Value);
        Assert.NotEmpty((string)exception.Properties["TraceId"].Value);
        Assert.InRange((int)exception.Properties["HttpStatus"].Value, 400, 401);
    }

    [Theory]
    [InlineData("status=429,retry-after=1", "Throttled", ErrorCategory.LimitsExceeded)]
    [InlineData("status=503", "ServiceUnavailable", ErrorCategory.ResourceUnavailable)]
    [InlineData("body=html", "MalformedResponse", ErrorCategory.InvalidData)]
    [InlineData("body=empty", "MalformedResponse", ErrorCategory.InvalidData)]
    [InlineData("body=text", "MalformedResponse", ErrorCategory.InvalidData)]
    [InlineData("body=array", "MalformedResponse", ErrorCategory.InvalidData)]
    [InlineData("body=no-token", "MalformedResponse", ErrorCategory.InvalidData)]
    [InlineData("body=absurd-expiry", "MalformedResponse", ErrorCategory.InvalidData)]
    [InlineData("body=huge", "MalformedResponse", ErrorCategory.InvalidData)]
    [InlineData("truncate", "MalformedResponse", ErrorCategory.InvalidData)]
    [InlineData("reset", "ConnectionFailed", ErrorCategory.ConnectionError)]
    public void What_goes_wrong_on_the_way(string fault, string kind, ErrorCategory category)
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault(fault + ",times=all");
        AssertIs(Fails(emulator, "-ForceRefresh -TimeoutSeconds 1"), kind, category);
    }

    [Theory]
    [InlineData("-TimeoutSeconds 0", "Invalid value for -TimeoutSeconds.")]
    [InlineData("-MaximumRetryCount 11", "Invalid value for -MaximumRetryCount.")]
    [InlineData("-ConnectTimeoutSeconds 0", "Invalid value for -ConnectTimeoutSeconds.")]
    public void The_engine_names_the_parameters_of_PowerShell(string parameter, string message)
    {
        ErrorRecord error = Fails(Stage.Plain, parameter);

        AssertIs(error, "InvalidArgument", ErrorCategory.InvalidArgument);
        Assert.Equal(message, error.ErrorDetails.Message);
        Assert.Equal(message, error.Exception.Message);
    }

    [Fact]
    public void A_throttled_request_says_how_long_to_wait()
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault("status=429,retry-after=1,times=all");
        PSObject exception = new(Fails(emulator, "-ForceRefresh -TimeoutSeconds 1").Exception);
        Assert.Equal(TimeSpan.FromSeconds(1), exception.Properties["RetryAfter"].Value);
    }

    [Fact]
    public void The_correlation_id_is_the_one_that_was_asked_for()
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault("error=AADSTS700016,times=all");
        var id = Guid.NewGuid();
        PSObject exception = new(Fails(emulator, $"-ForceRefresh -CorrelationId {id}").Exception);
        Assert.Equal(id, Guid.Parse((string)exception.Properties["CorrelationId"].Value));
    }

    [Fact]
    public void A_claims_challenge_can_be_passed_on()
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault("error=AADSTS50076,claims=present,times=all");
        PSObject exception = new(Fails(emulator, "-ForceRefresh").Exception);
        var claims = (string)exception.Properties["Claims"].Value;
        Assert.NotEmpty(claims);

        emulator.Forget();
        Outcome next = Run("Get-GraphToken @app -ClientSecret $secret -AsPlainText -Claims $claims",
            new { app = App(emulator), secret = Secret.Of(Emulator.ClientSecret), claims });
        Assert.NotEmpty(next.Text);
        Assert.Equal(claims, emulator.Journal()[0].GetProperty("form").GetProperty("claims").GetString());
    }

    [Fact]
    public void Nobody_answers()
    {
        using Socket nobody = RefusingPort();
        string url = $"http://{nobody.LocalEndPoint}/{Emulator.Tenant}";
        ErrorRecord error = Run(
            "Get-GraphToken @app -ClientSecret $secret -TimeoutSeconds 5",
            new { app = Who(url, Emulator.ClientId), secret = Secret.Of(Emulator.ClientSecret) }).Failure;
        AssertIs(error, "ConnectionFailed", ErrorCategory.ConnectionError);
    }

    [Fact]
    public void The_proxy_cannot_be_used()
    {
        using Socket nobody = RefusingPort();
        string proxy = $"http://{nobody.LocalEndPoint}";
        ErrorRecord error = Run(
            "Get-GraphToken -TenantId contoso.com -ClientId $id -ClientSecret $secret -Proxy $proxy " +
            "-ProxyCredential $user -TimeoutSeconds 5",
            new { id = Emulator.ClientId, secret = Secret.Of(Emulator.ClientSecret), proxy, user = User }).Failure;
        AssertIs(error, "ProxyFailed", ErrorCategory.ConnectionError);
    }

    [Fact]
    public async Task The_proxy_is_told_user_and_password()
    {
        using var proxy = new StandInService("no tunnel");
        ErrorRecord error = Run(
            "Get-GraphToken -TenantId contoso.com -ClientId $id -ClientSecret $secret -Proxy $proxy " +
            "-ProxyCredential $login -TimeoutSeconds 5",
            new
            {
                id = Emulator.ClientId,
                secret = Secret.Of(Emulator.ClientSecret),
                proxy = proxy.Address,
                login = Login("proxy user", "pass:wörd@%2f"),
            }).Failure;
        Assert.True(proxy.Asked.IsCompleted, $"The proxy was not asked: {error}");
        string request = await proxy.Asked;
        string expected = Convert.ToBase64String(Encoding.UTF8.GetBytes("proxy user:pass:wörd@%2f"));
        Assert.StartsWith("CONNECT login.microsoftonline.com:443 ", request);
        Assert.Contains($"proxy-authorization: basic {expected}", request, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_time_limit_passes()
    {
        using var service = new StandInService(_ => null);
        ErrorRecord error = Run(
            "Get-GraphToken @app -ClientSecret $secret -TimeoutSeconds 1",
            new { app = Who(service.TenantUrl, Emulator.ClientId), secret = Secret.Of(Emulator.ClientSecret) }).Failure;
        AssertIs(error, "RequestTimeout", ErrorCategory.OperationTimeout);
    }

    [Fact]
    public void A_wrong_secret_and_a_wrong_password_are_told_apart()
    {
        Emulator emulator = Stage.Plain;
        var variables = new
        {
            app = App(emulator),
            secret = Secret.Of("wrong"),
            certificate = TestFolder.Certificate,
            user = Login(Emulator.User, "wrong"),
        };
        AssertIs(
            Run("Get-GraphToken @app -ClientSecret $secret", variables).Failure,
            "ClientCredentialRejected", ErrorCategory.AuthenticationError);
        AssertIs(
            Run("Get-GraphToken @app -Certificate $certificate -Credential $user -Scopes User.Read", variables).Failure,
            "UserCredentialRejected", ErrorCategory.AuthenticationError);
    }

    [Theory]
    [InlineData("missing.pem", "", "CertificateNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("damaged.pem", "", "CertificateUnreadable", ErrorCategory.InvalidData)]
    [InlineData("app.pfx", "-CertificatePassword $wrong", "CertificatePasswordIncorrect", ErrorCategory.SecurityError)]
    [InlineData("certificate.pem", "", "PrivateKeyMissing", ErrorCategory.InvalidData)]
    [InlineData("certificate.pem", "-PrivateKeyPath $otherKey", "PrivateKeyMismatch", ErrorCategory.InvalidData)]
    public void What_is_wrong_with_a_certificate(string file, string parameters, string kind, ErrorCategory category)
    {
        Emulator emulator = Stage.Plain;
        using RSA otherKey = RSA.Create(2048);
        TestFolder.Write("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        ErrorRecord error = Run(
            $"Get-GraphToken @app -CertificatePath $file {parameters}",
            new
            {
                app = App(emulator),
                file = TestFolder.Combine(file),
                wrong = Secret.Of("wrong"),
                otherKey = TestFolder.Write("other-key.pem", otherKey.ExportPkcs8PrivateKeyPem()),
            }).Failure;

        AssertIs(error, kind, category);
        Assert.Empty(emulator.Journal());
    }

    [Fact]
    public void A_certificate_file_beside_a_token_that_is_not_there()
    {
        ErrorRecord error = Run(
            "Get-GraphToken @app -CertificatePath missing.pem -Pkcs11Module $module",
            new { app = App(Stage.Plain), module = TestFolder.Combine("module.so") }).Failure;
        AssertIs(error, "CertificateNotFound", ErrorCategory.ObjectNotFound);
        Assert.Contains("missing.pem", error.Exception.Message);
    }

    [Fact]
    public void A_module_that_is_not_there()
    {
        string module = TestFolder.Combine("module.so");
        ErrorRecord error =
            Run("Get-GraphToken @app -Pkcs11Module $module", new { app = App(Stage.Plain), module }).Failure;
        if (OperatingSystem.IsWindows())
        {
            AssertIs(error, "InvalidArgument", ErrorCategory.InvalidArgument);
            return;
        }
        AssertIs(error, "CertificateNotFound", ErrorCategory.ObjectNotFound);
        Assert.Contains(module, error.Exception.Message);
    }

    [Fact]
    public void A_certificate_object_without_its_key()
    {
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(TestFolder.Certificate.RawData);
        AssertIs(
            Run("Get-GraphToken @app -Certificate $withoutKey", new { app = App(Stage.Plain), withoutKey }).Failure,
            "PrivateKeyMissing", ErrorCategory.InvalidData);
    }

    [Theory]
    [InlineData("-CertificatePath $file")]
    [InlineData("-Certificate $certificate")]
    public void An_elliptic_key(string parameter)
    {
        string pem = EllipticCurvePem();
        string file = TestFolder.Write("elliptic.pem", pem);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem, pem);
        AssertIs(
            Run($"Get-GraphToken @app {parameter}", new { app = App(Stage.Plain), file, certificate }).Failure,
            "PrivateKeyUnsupported", ErrorCategory.InvalidType);
    }

    [Theory]
    [InlineData("-ClientSecret ([securestring]::new())")]
    [InlineData("-ClientSecretCredential ([pscredential]::Empty)")]
    [InlineData("-Credential ([pscredential]::Empty)")]
    [InlineData("-RefreshToken ([securestring]::new())")]
    [InlineData("-UserAssertion ([securestring]::new()) -Certificate $certificate")]
    public void An_empty_proof_is_none(string proof)
    {
        Emulator emulator = Stage.Plain;
        ErrorRecord error = Run(
            $"Get-GraphToken @app {proof}", new { app = App(emulator), certificate = TestFolder.Certificate }).Failure;
        AssertIs(error, "CredentialMissing", ErrorCategory.InvalidArgument);
        Assert.Empty(emulator.Journal());
    }

    [Fact]
    public void Without_any_proof_nothing_is_sent()
    {
        Emulator emulator = Stage.Plain;
        ErrorRecord error = Run("Get-GraphToken @app", new { app = App(emulator) }).Failure;
        AssertIs(error, "CredentialMissing", ErrorCategory.InvalidArgument);
        Assert.Empty(emulator.Journal());
    }

    [Theory]
    [InlineData("http://login.example.com/contoso.onmicrosoft.com")]
    [InlineData("https://user@login.microsoftonline.com/contoso.onmicrosoft.com")]
    [InlineData("contoso/../common")]
    public void An_authority_that_may_not_be_asked(string tenant)
    {
        ErrorRecord error = Run(
            "Get-GraphToken -TenantId $tenant -ClientId $id -ClientSecret $secret",
            new { tenant, id = Emulator.ClientId, secret = Secret.Of(Emulator.ClientSecret) }).Failure;
        AssertIs(error, "InvalidAuthority", ErrorCategory.InvalidArgument);
    }

    private ErrorRecord Fails(Emulator emulator, string parameters) => Run(
        $"Get-GraphToken @app -ClientSecret $secret {parameters}",
        new { app = App(emulator), secret = Secret.Of(Emulator.ClientSecret) }).Failure;

    /// <summary>A port that is taken, so that no other test gets it, and where nobody listens.</summary>
    private static Socket RefusingPort()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static void AssertIs(ErrorRecord error, string kind, ErrorCategory category)
    {
        Assert.Equal($"{kind},GraphToken.PowerShell.GetGraphTokenCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        PSObject exception = new(error.Exception);
        Assert.Equal(kind, $"{exception.Properties["Kind"].Value}");
        Assert.Equal(exception.Properties["Hint"].Value, error.ErrorDetails.RecommendedAction);
        Assert.Equal("GraphToken.GraphTokenException", error.Exception.GetType().FullName);
    }

    private static string EllipticCurvePem()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=Elliptic", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
