using System.Security;

namespace GraphToken.Tests;

/// <summary>Decoding without verifying.</summary>
public sealed class JsonWebTokenTests
{
    // RFC 7515 appendix A.1.
    private const string Example =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt" +
        "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    [Theory]
    [InlineData("", "")]
    [InlineData("Bearer ", "")]
    [InlineData("  ", "")]
    [InlineData("\"", "\"")]
    [InlineData("'Bearer ", "'")]
    [InlineData("Authorization: Bearer ", "")]
    [InlineData("{\"token_type\":\"Bearer\",\"access_token\":\"", "\"}")]
    public void ATokenIsTakenApart(string before, string after)
    {
        using var secret = Secret.Of(before + Example + after + "\n");
        string text = Secret.Reveal(secret);
        foreach (DecodedToken token in new[] { JsonWebToken.Decode(text), JsonWebToken.Decode(secret) })
        {
            Assert.Contains("\"HS256\"", token.HeaderJson);
            Assert.Contains("1300819380", token.ClaimsJson);
            Assert.Contains("http://example.com/is_root", token.ClaimsJson);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not-a-token")]
    [InlineData("sup3rsecret.sup3rsecret.sup3rsecret")]
    public void WhatIsNoTokenIsRefusedWithoutBeingQuoted(string text)
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => JsonWebToken.Decode(text));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.DoesNotContain("sup3rsecret", error.ToString());
    }

    [Fact]
    public void NullIsRefused()
    {
        Assert.Throws<ArgumentNullException>("token", () => JsonWebToken.Decode((string)null!));
        Assert.Throws<ArgumentNullException>("token", () => JsonWebToken.Decode((SecureString)null!));
    }
}
