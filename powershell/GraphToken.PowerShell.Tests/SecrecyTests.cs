using System.Security;

namespace GraphToken.PowerShell.Tests;

/// <summary>No stream and no error ever shows a secret, with everything switched on.</summary>
public sealed class SecrecyTests(Stage stage) : EngineTest(stage)
{
    private const string AllStreams = "-Verbose -Debug -ForceRefresh -InformationAction Continue";

    private static readonly string[] Proofs =
    [
        "-Certificate $certificate",
        "-CertificatePath $pem",
        "-CertificatePath $pfx -CertificatePassword $pfxPassword",
        "-CertificatePath $pfx -CertificatePassword $pfxPasswordText",
        "-ClientSecret $secret",
        "-ClientSecret $secretText",
        "-ClientSecretCredential $app",
        "-ClientAssertion $assertion",
        "-Certificate $certificate -Credential $user -Scopes User.Read",
        "-ClientSecret $secret -RefreshToken $refreshToken -Scopes User.Read",
        "-ClientSecret $secret -RefreshToken $refreshTokenText -Scopes User.Read",
        "-Certificate $certificate -UserAssertion $userAssertion -Scopes User.Read",
        "-ClientSecret $secret -UserAssertion $userAssertionText -Scopes User.Read",
    ];

    private static readonly string[] Faults =
    [
        "error=AADSTS7000215", "error=AADSTS50126", "error=AADSTS50076,claims=present", "status=503", "status=429",
        "body=html", "body=no-token", "body=absurd-expiry", "body=token-type-wrong", "body=form", "body=line-break",
        "truncate", "reset",
    ];

    [Fact]
    public void Not_when_all_goes_well()
    {
        object variables = Variables(Stage.Plain, out string[] secrets);
        foreach (string proof in Proofs)
        {
            Outcome outcome = Run($"Get-GraphToken @where {proof} {AllStreams}", variables);
            var token = (string)outcome.Single.Methods["GetPlainText"].Invoke();
            Assert.NotEmpty(outcome.Verbose);
            AssertSilent(outcome, MarkedSecrets.Search([token, .. secrets]));
        }
    }

    [Fact]
    public void Not_when_anything_goes_wrong()
    {
        Emulator emulator = Stage.Plain;
        object variables = Variables(emulator, out string[] secrets);
        SecretSearch search = MarkedSecrets.Search(secrets);
        foreach (string fault in Faults)
        {
            emulator.Forget();
            emulator.Fault(fault + ",times=all");
            foreach (string proof in Proofs)
            {
                Outcome outcome = Run($"Get-GraphToken @where {proof} {AllStreams} -MaximumRetryCount 0", variables);
                Assert.True(outcome.Error != null, $"{fault} {proof}");
                AssertSilent(outcome, search);
            }
        }
    }

    [Fact]
    public void Not_when_the_arguments_are_wrong()
    {
        object variables = Variables(Stage.Plain, out string[] secrets);
        SecretSearch search = MarkedSecrets.Search(secrets);
        foreach (string parameters in new[]
        {
            "-ClientSecret $secretText -RefreshToken $refreshTokenText -ClientAssertion $assertion",
            "-ClientSecret $secretText -Credential $user -RefreshToken $refreshTokenText",
            "-ClientSecret $secretText -UserAssertion $userAssertionText -RefreshToken $refreshTokenText",
            "-UserAssertion $userAssertionText",
            "-ClientSecret $secretText -UserAssertion \"$userAssertionText`n$userAssertionText\"",
            "-ClientSecret $secretText -UserAssertion @($userAssertionText, $userAssertionText)",
            "-ClientSecret $secretText -Proxy http://127.0.0.1:1 -ProxyCredential $user -AsPlainText -AsSecureString",
            "-CertificatePath $pfx -CertificatePassword $secretText",
            "-ClientSecret @($secretText, $secretText)",
            "-Environment Nowhere -ClientSecret $secretText",
        })
        {
            Outcome outcome = Run($"Get-GraphToken @where {parameters} {AllStreams}", variables);
            Assert.True(outcome.Error != null, parameters);
            AssertSilent(outcome, search);
        }
    }

    [Fact]
    public void Verbose_says_where_how_long_and_from_where()
    {
        Emulator emulator = Stage.Plain;
        object variables = Variables(emulator, out _);
        var id = Guid.NewGuid();
        string first = Verbose($"-CorrelationId {id} -ForceRefresh", variables);
        Assert.Contains(emulator.TenantUrl + "/oauth2/v2.0/token", first);
        Assert.Contains(Emulator.ClientId, first);
        Assert.Contains("client_credentials", first);
        Assert.Contains("network", first);
        Assert.Contains(id.ToString(), first);
        Assert.Matches(@"\d ms", first);
        Assert.Contains("cache", Verbose("", variables));
    }

    private string Verbose(string parameters, object variables) =>
        string.Join('\n', Run($"Get-GraphToken @where -ClientSecret $secret {parameters} -Verbose", variables).Verbose);

    private object Variables(Emulator emulator, out string[] secrets)
    {
        var where = App(emulator);
        string assertion = Run(
            "New-GraphClientAssertion @where -Certificate $certificate",
            new { where, certificate = TestFolder.Certificate }).Text;
        var refreshToken = (SecureString)Run(
            "(Get-GraphToken @where -ClientSecret $secret -Credential $user -Scopes User.Read).RefreshToken",
            new { where, secret = Secret.Of(Emulator.ClientSecret), user = User }).Single.BaseObject;
        var userAssertion = (SecureString)Run(
            "(Get-GraphToken @caller -Credential $user).AccessToken",
            new { caller = Caller(emulator), user = User }).Single.BaseObject;
        emulator.Forget();
        secrets = [assertion, TextOf(refreshToken), TextOf(userAssertion)];
        return new
        {
            where,
            certificate = TestFolder.Certificate,
            pem = TestFolder.Pem,
            pfx = TestFolder.Pfx,
            pfxPassword = Secret.Of(TestFolder.FilePassword),
            pfxPasswordText = TestFolder.FilePassword,
            secret = Secret.Of(Emulator.ClientSecret),
            secretText = Emulator.ClientSecret,
            app = Login(Emulator.ClientId, Emulator.ClientSecret),
            user = User,
            assertion,
            refreshToken,
            refreshTokenText = TextOf(refreshToken),
            userAssertion,
            userAssertionText = "Bearer " + TextOf(userAssertion),
        };
    }

    private static void AssertSilent(Outcome outcome, SecretSearch search) =>
        Assert.All(outcome.Everything.Distinct(), said => search.AssertHidden(said, "what was said"));
}
