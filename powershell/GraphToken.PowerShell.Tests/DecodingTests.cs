using System.Management.Automation;
using System.Text;

namespace GraphToken.PowerShell.Tests;

/// <summary>ConvertFrom-GraphToken.</summary>
public sealed class DecodingTests(Stage stage) : EngineTest(stage)
{
    private const string InvalidArgument = "InvalidArgument,GraphToken.PowerShell.ConvertFromGraphTokenCommand";

    private const string Header = """{"typ":"JWT","alg":"RS256","x5c":["first","second"]}""";

    private static readonly string Sample = Token(
        """
        {"__type":"kept","aud":"https://graph.microsoft.com","iat":1700000000,"nbf":1699999940.5,"exp":1700003600,
        "big":9007199254740993,"ratio":0.25,"yes":true,"no":false,"nothing":null,"text":"ä € \"\\\u0001",
        "a name":{"inner":{"deep":[[],{},-1]}},"list":["x",2,{"y":[]}],"empty":{}}
        """);

    [Fact]
    public void Claims_keep_their_kinds_and_their_nesting()
    {
        PSObject claims = Claims(Sample);
        Assert.Equal(
            [
                "__type", "aud", "iat", "nbf", "exp", "big", "ratio", "yes", "no", "nothing", "text", "a name", "list",
                "empty",
            ],
            claims.Properties.Select(property => property.Name));
        Assert.Equal(1700000000L, claims.Properties["iat"].Value);
        Assert.Equal(9007199254740993L, claims.Properties["big"].Value);
        Assert.Equal(0.25, claims.Properties["ratio"].Value);
        Assert.Equal(true, claims.Properties["yes"].Value);
        Assert.Equal(false, claims.Properties["no"].Value);
        Assert.Null(claims.Properties["nothing"].Value);
        Assert.Equal("ä € \"\\\u0001", claims.Properties["text"].Value);
        Assert.Empty(((PSObject)claims.Properties["empty"].Value).Properties);
        IReadOnlyList<PSObject> deep = Run("$claims.'a name'.inner.deep", new { claims }).Output;
        Assert.Equal(3, deep.Count);
        Assert.Equal(-1L, deep[2].BaseObject);
        var list = (object[])claims.Properties["list"].Value;
        Assert.Equal(["x", 2L], list[..2]);
        Assert.Empty((object[])((PSObject)list[2]).Properties["y"].Value);
    }

    [Fact]
    public void The_header_is_an_object_too()
    {
        var header = (PSObject)Decode(Sample).Properties["Header"].Value;
        Assert.Equal("RS256", header.Properties["alg"].Value);
        Assert.Equal(["first", "second"], (object[])header.Properties["x5c"].Value);
    }

    [Fact]
    public void The_times_are_in_UTC()
    {
        PSObject contents = Decode(Sample);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1699999940), contents.Properties["NotBefore"].Value);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700000000), contents.Properties["IssuedAt"].Value);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700003600), contents.Properties["ExpiresOn"].Value);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"exp":"tomorrow"}""")]
    [InlineData("""{"exp":1e300}""")]
    [InlineData("""{"exp":-99999999999999}""")]
    [InlineData("""{"exp":null}""")]
    public void A_time_that_the_token_does_not_say_is_null(string claims) =>
        Assert.Null(Decode(Token(claims)).Properties["ExpiresOn"].Value);

    [Fact]
    public void It_takes_every_form_of_a_token()
    {
        Emulator emulator = Stage.Plain;
        Outcome outcome = Run(
            "$token = Get-GraphToken @app -ClientSecret $s; $plain = $token.GetPlainText(); " +
            "@($token, $token.AccessToken, $plain, \"Bearer $plain\", $token.GetHeader().Authorization | " +
            "ConvertFrom-GraphToken) + (ConvertFrom-GraphToken -Token $token)",
            new { app = App(emulator), s = Secret.Of(Emulator.ClientSecret) });
        Assert.Null(outcome.Error);
        Assert.Equal(6, outcome.Output.Count);
        Assert.All(outcome.Output, contents => Assert.Equal(
            Emulator.ClientId, ((PSObject)contents.Properties["Claims"].Value).Properties["appid"].Value));
    }

    [Theory]
    [InlineData("\"{0}\"")]
    [InlineData(" 'Bearer {0}'\r\n")]
    [InlineData("Authorization: Bearer {0}")]
    [InlineData("{{\"token_type\":\"Bearer\",\"access_token\":\"{0}\"}}")]
    public void What_was_pasted_around_a_token_is_skipped(string form)
    {
        PSObject contents = Decode(string.Format(null, form, Sample));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700003600), contents.Properties["ExpiresOn"].Value);
    }

    [Fact]
    public void A_token_response_is_a_token()
    {
        Outcome outcome = Run(
            "[pscustomobject]@{ token_type = 'Bearer'; access_token = $token } | ConvertFrom-GraphToken",
            new { token = Sample });
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(1700003600), outcome.Single.Properties["ExpiresOn"].Value);
    }

    [Fact]
    public void Neither_the_text_nor_the_signature_comes_out()
    {
        PSObject contents = Decode(Sample);
        Run("$contents | Out-Default", new { contents });
        string view = Session.Host.TakeText();
        Assert.Contains("https://graph.microsoft.com", view);
        Assert.All(Sample.Split('.'), part => Assert.DoesNotContain(part, view));
        Assert.Equal(
            ["Claims", "ExpiresOn", "Header", "IssuedAt", "NotBefore"],
            contents.Properties.Select(property => property.Name).Order());
    }

    [Theory]
    [InlineData("the-secret")]
    [InlineData("the-secret.the-secret.the-secret")]
    [InlineData("eyJhbGciOiJub25lIn0.the-secret.")]
    [InlineData(" ")]
    public void What_is_no_token_is_refused_without_being_shown(string text)
    {
        Outcome outcome = Run("ConvertFrom-GraphToken -Token $text", new { text });
        Assert.Equal(InvalidArgument, outcome.Failure.FullyQualifiedErrorId);
        Assert.NotEmpty(outcome.Failure.ErrorDetails.RecommendedAction);
        Assert.All(outcome.Everything, said => Assert.DoesNotContain("the-secret", said));
    }

    [Fact]
    public void An_object_of_another_type_is_refused()
    {
        ErrorRecord error = Run("ConvertFrom-GraphToken -Token 12").Failure;
        Assert.Equal(InvalidArgument, error.FullyQualifiedErrorId);
        Assert.Contains("Int32", error.Exception.Message);
    }

    private PSObject Decode(string token) => Run("ConvertFrom-GraphToken -Token $token", new { token }).Single;

    private PSObject Claims(string token) => (PSObject)Decode(token).Properties["Claims"].Value;

    private static string Token(string claims) => $"{Encode(Header)}.{Encode(claims)}.c2lnbmF0dXJl";

    private static string Encode(string json) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
