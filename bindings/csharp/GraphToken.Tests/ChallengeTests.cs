using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>Claims challenges of an API that refuses a token.</summary>
public sealed class ChallengeTests(Emulator emulator) : EmulatorTest(emulator)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void TheNewTokenReplacesTheRefusedOne()
    {
        using TokenClient client = Client("cp1");
        string refused = Text(client, new TokenRequestOptions());
        Assert.Null(Emulator.Challenge(refused));
        Emulator.Revoke();
        string? challenge = Emulator.Challenge(refused);
        Assert.NotNull(challenge);
        Assert.Equal(refused, Text(client, new TokenRequestOptions()));

        string renewed = Text(client, new TokenRequestOptions { Challenge = challenge });
        Assert.Null(Emulator.Challenge(renewed));
        JsonElement claims = SentClaims().GetProperty("access_token");
        Assert.Equal("cp1", claims.GetProperty("xms_cc").GetProperty("values")[0].GetString());
        Assert.True(claims.GetProperty("nbf").GetProperty("essential").GetBoolean());
        Assert.Equal(renewed, Text(client, new TokenRequestOptions()));
    }

    [Fact]
    public void ClaimsAndChallengeAreUnited()
    {
        using TokenClient client = Client();
        Text(client, new TokenRequestOptions
        {
            Challenge = "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnsiYSI6bnVsbH19\"",
            Claims = """{"access_token":{"b":null}}""",
        });
        Assert.Equal("""{"access_token":{"a":null,"b":null}}""", SentClaims().GetRawText());
    }

    [Theory]
    [InlineData("Bearer error=\"invalid_token\"", "invalid_token")]
    [InlineData("Bearer", "only asks for a token")]
    [InlineData("", "empty")]
    public void AChallengeWithoutClaimsSaysWhatItAsksFor(string challenge, string part)
    {
        var error = Assert.Throws<GraphTokenException>(
            () => TokenRequest.ForClient(new TokenRequestOptions { Challenge = challenge }));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.Contains("TokenRequestOptions.Challenge", error.Message);
        Assert.Contains(part, error.Message);
    }

    [Fact]
    public void CapabilitiesKeepTokensApart()
    {
        using TokenClient plain = Client();
        using TokenClient capable = Client("cp1");
        Assert.NotEqual(Text(plain, new TokenRequestOptions()), Text(capable, new TokenRequestOptions()));
        Assert.Throws<ArgumentNullException>(() => Emulator.Application().WithClientCapabilities(null!));
        var error = Assert.Throws<GraphTokenException>(() => Client("cp;1"));
        Assert.Contains("WithClientCapabilities", error.Message);
    }

    private TokenClient Client(params string[] capabilities)
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        return Emulator.Application().WithClientSecret(secret).WithClientCapabilities(capabilities).Build();
    }

    private static string Text(TokenClient client, TokenRequestOptions options)
    {
        using TokenRequest request = TokenRequest.ForClient(options);
        using AccessToken token = client.Acquire(request, Stop);
        return token.GetPlainText();
    }

    private JsonElement SentClaims() => JsonElement.Parse(Emulator.Journal()
        .Last(entry => entry.GetProperty("method").GetString() == "POST")
        .GetProperty("form").GetProperty("claims").GetString()!);
}
