using System.Security;
using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>The on-behalf-of grant: a user's access token for this application becomes one for another API.</summary>
public sealed class OnBehalfOfTests(Emulator emulator) : EmulatorTest(emulator)
{
    private const string Scope = "https://graph.microsoft.com/User.Read";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("secret", "1")]
    [InlineData("certificate", "2")]
    public void TheCallersTokenBecomesOneForGraph(string proof, string howTheAppProvedItself)
    {
        string assertion = Assertion();
        using TokenClient client = Client(proof);
        using TokenRequest request = Request(assertion);
        using AccessToken token = client.Acquire(request, Stop);

        JsonElement claims = Claims(token);
        Assert.Equal(Emulator.User, claims.GetProperty("upn").GetString());
        Assert.Equal("https://graph.microsoft.com", claims.GetProperty("aud").GetString());
        Assert.Equal(Emulator.ClientId, claims.GetProperty("appid").GetString());
        Assert.Equal(howTheAppProvedItself, claims.GetProperty("appidacr").GetString());
        Assert.Equal(Emulator.User, token.Username);
        Assert.Equal(Emulator.ClientId, token.ClientId);
        Assert.Contains(Scope, token.Scopes);
        Assert.False(token.FromCache);
        JsonElement form = Assert.Single(Emulator.Journal()).GetProperty("form");
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form.GetProperty("grant_type").GetString());
        Assert.Equal("on_behalf_of", form.GetProperty("requested_token_use").GetString());
    }

    [Fact]
    public void ThereIsNoRefreshTokenEvenIfOneIsAskedFor()
    {
        using TokenClient client = Client();
        using TokenRequest request = Request(Assertion(), new TokenRequestOptions(), Scope, "offline_access");
        using AccessToken token = client.Acquire(request, Stop);
        Assert.False(token.HasRefreshToken);
        Assert.Null(token.GetRefreshToken());
    }

    [Fact]
    public void ATokenIsCachedForItsAssertionAlone()
    {
        string assertion = Assertion();
        string another = Assertion();
        using TokenClient client = Client();
        string first = Text(assertion, fromCache: false);
        Assert.Equal(first, Text(assertion, fromCache: true));
        Assert.Equal(first, Text($"Bearer {assertion}", fromCache: true));
        Assert.NotEqual(first, Text(another, fromCache: false));
        Assert.Equal(first, Text(assertion, fromCache: true));
        Assert.Equal(2, Emulator.Journal().Length);

        string Text(string given, bool fromCache)
        {
            using TokenRequest request = Request(given);
            using AccessToken token = client.Acquire(request, Stop);
            Assert.Equal(fromCache, token.FromCache);
            return token.GetPlainText();
        }
    }

    [Fact]
    public void AnotherCredentialOfTheApplicationDoesNotGetACachedToken()
    {
        string assertion = Assertion();
        foreach (string proof in (string[])["secret", "certificate"])
        {
            using TokenClient client = Client(proof, builder => builder.WithSharedCache());
            using TokenRequest request = Request(assertion);
            using AccessToken token = client.Acquire(request, Stop);
            Assert.False(token.FromCache);
        }
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer  {0}")]
    [InlineData(" {0}\r\n")]
    [InlineData("\t\"{0}\"")]
    [InlineData("\ufeffBearer {0}\u200b")]
    public void WhatStandsAroundATokenInAHeaderIsTakenOff(string form)
    {
        string assertion = Assertion();
        using TokenClient client = Client();
        using TokenRequest request = Request(string.Format(null, form, assertion));
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal(Emulator.User, token.Username);
    }

    [Fact]
    public void TheOptionsOfTheRequestAreUsed()
    {
        var options = new TokenRequestOptions
        {
            CorrelationId = Guid.NewGuid(),
            Claims = """{"access_token":{"acrs":{"essential":true,"value":"c1"}}}""",
        };
        string assertion = Assertion();
        using TokenClient client = Client();
        using TokenRequest request = Request(assertion, options, Scope);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal(options.CorrelationId.Value.ToString("D"), token.CorrelationId);
        JsonElement form = Assert.Single(Emulator.Journal()).GetProperty("form");
        Assert.Equal(options.Claims, form.GetProperty("claims").GetString());
    }

    [Fact]
    public async Task AnAsyncCallReturnsTheSame()
    {
        using TokenClient client = Client();
        using TokenRequest request = Request(Assertion());
        using AccessToken token = await client.AcquireAsync(request, Stop);
        Assert.Equal(Emulator.User, token.Username);
    }

    [Fact]
    public void ARequestKeepsACopyOfTheAssertion()
    {
        SecureString assertion = Secret.Of(Assertion());
        using TokenRequest request = TokenRequest.OnBehalfOf(assertion, Scope);
        assertion.Dispose();
        using TokenClient client = Client();
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal(Emulator.User, token.Username);
        Assert.Throws<ObjectDisposedException>(() => TokenRequest.OnBehalfOf(assertion, Scope));
    }

    [Fact]
    public void APublicClientIsRefusedBeforeAnythingIsSent()
    {
        string assertion = Assertion();
        using TokenClient client = Emulator.PublicApplication().Build();
        GraphTokenException error = Refused(client, assertion);
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.Contains("public client", error.Message);
        Assert.Empty(Emulator.Journal());
    }

    [Theory]
    [InlineData("common")]
    [InlineData("organizations")]
    [InlineData("consumers")]
    public void ATenantThatStandsForAllIsRefusedBeforeAnythingIsSent(string tenant)
    {
        string assertion = Assertion();
        using SecureString secret = Secret.Of(Emulator.ClientSecret);
        using TokenClient client = TokenClient.Builder($"{Emulator.Address}/{tenant}", Emulator.ClientId)
            .WithClientSecret(secret).Build();
        GraphTokenException error = Refused(client, assertion);
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(tenant, error.Message);
        Assert.Contains("tid", error.Hint);
        Assert.Empty(Emulator.Journal());
    }

    [Fact]
    public void ATokenForAnotherApiIsRefusedAndItsAudienceShown()
    {
        string forGraph = Emulator.UserToken(Scope);
        Emulator.Forget();
        using TokenClient client = Client();
        GraphTokenException error = Refused(client, forGraph);
        Assert.Equal(GraphTokenErrorKind.UserCredentialRejected, error.Kind);
        Assert.Equal("invalid_grant", error.OAuthError);
        Assert.Equal([500131], error.ServiceCodes);
        Assert.Contains("audience https://graph.microsoft.com ", error.Hint);
        Assert.Contains(Emulator.ClientId, error.Hint);
        MarkedSecrets.Search(forGraph).AssertHidden(error.ToString(), "the error");
    }

    [Fact]
    public void AnIdTokenIsRefused()
    {
        string idToken = IdToken();
        using TokenClient client = Client();
        GraphTokenException error = Refused(client, idToken);
        Assert.Equal([50027], error.ServiceCodes);
        Assert.Contains("id token", error.Hint);
        MarkedSecrets.Search(idToken).AssertHidden(error.ToString(), "the error");
    }

    [Fact]
    public void ATokenForTheApplicationItselfIsRefused()
    {
        using TokenClient client = Client();
        using TokenRequest forItself = TokenRequest.ForClient($"{EmulatorClients.ApplicationUri}/.default");
        using AccessToken own = client.Acquire(forItself, Stop);
        GraphTokenException error = Refused(client, own.GetPlainText());
        Assert.Contains("for an application", error.Hint);
    }

    [Fact]
    public void AClaimsChallengeIsForTheCaller()
    {
        string assertion = Assertion();
        Emulator.Fault("error=AADSTS50076,suberror=basic_action,claims=present");
        using TokenClient client = Client();
        GraphTokenException error = Refused(client, assertion);
        Assert.Equal(GraphTokenErrorKind.InteractionRequired, error.Kind);
        Assert.Equal([50076], error.ServiceCodes);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(error.Claims!).ValueKind);
        Assert.Contains("your caller", error.Hint);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("\"\"")]
    public void AnEmptyAssertionIsNone(string text)
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(() => Request(text));
        Assert.Equal(GraphTokenErrorKind.CredentialMissing, error.Kind);
        Assert.Contains("argument assertion", error.Hint);
    }

    [Theory]
    [InlineData("{0}\r\nHost: example.invalid")]
    [InlineData("{0} {0}")]
    [InlineData("Basic {0}")]
    [InlineData("{0}\u00e9")]
    [InlineData("{0}\0{0}")]
    public void WhatCannotBeATokenIsRefusedWithoutBeingShown(string form)
    {
        string assertion = Assertion();
        GraphTokenException error =
            Assert.Throws<GraphTokenException>(() => Request(string.Format(null, form, assertion)));
        Assert.Equal(GraphTokenErrorKind.InvalidArgument, error.Kind);
        Assert.Contains("argument assertion", error.Hint);
        MarkedSecrets.Search(assertion).AssertHidden(error.ToString(), "the error");
        Assert.Empty(Emulator.Journal());
    }

    [Fact]
    public void ArgumentsThatAreNullAreRefused()
    {
        using SecureString assertion = Secret.Of("e30.e30.x");
        Assert.Throws<ArgumentNullException>("assertion", () => TokenRequest.OnBehalfOf(null!, Scope));
        Assert.Throws<ArgumentNullException>("options", () =>
            TokenRequest.OnBehalfOf(assertion, (TokenRequestOptions)null!, Scope));
        Assert.Throws<ArgumentNullException>("scopes", () =>
            TokenRequest.OnBehalfOf(assertion, new TokenRequestOptions(), null!));
    }

    /// <summary>A new access token of the user for the confidential application, and an empty journal.</summary>
    private string Assertion()
    {
        string assertion = Emulator.UserToken(EmulatorClients.ApplicationScope);
        Emulator.Forget();
        return assertion;
    }

    /// <summary>An id token of the user whose audience is the confidential application.</summary>
    private string IdToken()
    {
        using SecureString password = Secret.Of(Emulator.Password);
        using TokenClient client = Emulator.SecretClient();
        using TokenRequest request = TokenRequest.ForPassword(Emulator.User, password, Scope, "openid");
        using AccessToken token = client.Acquire(request, Stop);
        return token.GetIdToken()!;
    }

    private TokenClient Client(string proof = "secret", Func<TokenClientBuilder, TokenClientBuilder>? change = null)
    {
        TokenClientBuilder builder = Emulator.Application();
        builder = change == null ? builder : change(builder);
        using ClientCredential credential = Credential(proof);
        return builder.WithCredential(credential).Build();
    }

    private static ClientCredential Credential(string proof)
    {
        if (proof == "secret")
        {
            return ClientCredential.FromSecret(Emulator.ClientSecret.ToCharArray());
        }
        using ClientCertificate certificate = ClientCertificate.FromFile(TestFolder.Pem);
        return ClientCredential.FromCertificate(certificate);
    }

    private static TokenRequest Request(string assertion) => Request(assertion, new TokenRequestOptions(), Scope);

    private static TokenRequest Request(string assertion, TokenRequestOptions options, params string[] scopes)
    {
        using SecureString secret = Secret.Of(assertion);
        return TokenRequest.OnBehalfOf(secret, options, scopes);
    }

    private static GraphTokenException Refused(TokenClient client, string assertion)
    {
        using TokenRequest request = Request(assertion);
        return Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
    }
}
