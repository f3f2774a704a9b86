using System.Management.Automation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>New-GraphClientAssertion, checked with .NET's own cryptography.</summary>
public sealed class ClientAssertionTests(Stage stage) : EngineTest(stage)
{
    [Theory]
    [InlineData("", "PS256", "x5t#S256")]
    [InlineData("-Algorithm Auto", "PS256", "x5t#S256")]
    [InlineData("-Algorithm PS256", "PS256", "x5t#S256")]
    [InlineData("-Algorithm RS256", "RS256", "x5t")]
    public void The_signature_is_of_the_algorithm_in_the_header(string parameters, string algorithm, string thumbprint)
    {
        string assertion = Sign($"-Certificate $certificate {parameters}").Text;
        JsonElement header = HeaderOf(assertion);
        Assert.Equal(algorithm, header.GetProperty("alg").GetString());
        Assert.Equal(Thumbprint(thumbprint), header.GetProperty(thumbprint).GetString());

        int dot = assertion.LastIndexOf('.');
        using RSA key = TestFolder.Certificate.GetRSAPublicKey()!;
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes(assertion[..dot]),
            System.Buffers.Text.Base64Url.DecodeFromChars(assertion.AsSpan(dot + 1)),
            HashAlgorithmName.SHA256,
            algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void The_claims_are_about_the_application_and_the_token_endpoint()
    {
        Emulator emulator = Stage.Plain;
        JsonElement claims = ClaimsOf(Sign("-CertificatePath $pem").Text);
        Assert.Equal(emulator.TenantUrl + "/oauth2/v2.0/token", claims.GetProperty("aud").GetString());
        Assert.Equal(Emulator.ClientId, claims.GetProperty("iss").GetString());
        Assert.Equal(Emulator.ClientId, claims.GetProperty("sub").GetString());
        Assert.NotEqual(
            claims.GetProperty("jti").GetString(),
            ClaimsOf(Sign("-CertificatePath $pem").Text).GetProperty("jti").GetString());
        Assert.Empty(emulator.Journal());
    }

    [Fact]
    public void The_audience_can_be_another()
    {
        JsonElement claims = ClaimsOf(Sign("-CertificatePath $pem -Audience https://other.example/token").Text);
        Assert.Equal("https://other.example/token", claims.GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData("-SendCertificateChain")]
    [InlineData("-SendX5C")]
    public void The_chain_is_sent_when_asked_for(string parameter)
    {
        Assert.False(HeaderOf(Sign("-CertificatePath $pem").Text).TryGetProperty("x5c", out _));
        JsonElement chain = HeaderOf(Sign($"-CertificatePath $pem {parameter}").Text).GetProperty("x5c");
        Assert.Equal(Convert.ToBase64String(TestFolder.Certificate.RawData), chain[0].GetString());
    }

    [Fact]
    public void Without_a_certificate_there_is_nothing_to_sign_with()
    {
        ErrorRecord error = Sign("").Failure;
        Assert.Equal(
            "CredentialMissing,GraphToken.PowerShell.NewGraphClientAssertionCommand", error.FullyQualifiedErrorId);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    private Outcome Sign(string parameters) => Run(
        $"New-GraphClientAssertion @app {parameters}",
        new { app = App(Stage.Plain), certificate = TestFolder.Certificate, pem = TestFolder.Pem });

    private string Thumbprint(string name) => System.Buffers.Text.Base64Url.EncodeToString(
        TestFolder.Certificate.GetCertHash(name == "x5t" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256));
}
