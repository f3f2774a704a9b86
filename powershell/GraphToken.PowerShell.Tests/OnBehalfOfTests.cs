using System.Management.Automation;
using System.Security;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>-UserAssertion: a token for the user whose access token a caller has sent to the application.</summary>
public sealed class OnBehalfOfTests(Stage stage) : EngineTest(stage)
{
    private const string Get = "Get-GraphToken @app -ClientSecret $secret -UserAssertion $assertion -Scopes User.Read";

    // Whoever asks the stage for an emulator gets one that has forgotten everything.
    private readonly Emulator _emulator = stage.Plain;

    [Fact]
    public void The_callers_token_becomes_one_for_Graph()
    {
        Outcome outcome = RunWith(Get + " -Verbose", Assertion());
        PSObject token = outcome.Single;

        JsonElement claims = ClaimsOf((string)token.Methods["GetPlainText"].Invoke());
        Assert.Equal(Emulator.User, claims.GetProperty("upn").GetString());
        Assert.Equal("https://graph.microsoft.com", claims.GetProperty("aud").GetString());
        Assert.Equal(Emulator.ClientId, claims.GetProperty("appid").GetString());
        Assert.Equal(Emulator.User, token.Properties["Username"].Value);
        Assert.Null(token.Properties["RefreshToken"].Value);
        Assert.Contains(outcome.Verbose, line => line.Contains("the grant on_behalf_of and the scopes User.Read"));
        JsonElement form = Assert.Single(_emulator.Journal()).GetProperty("form");
        Assert.Equal("on_behalf_of", form.GetProperty("requested_token_use").GetString());
    }

    [Fact]
    public void The_resource_may_be_any()
    {
        string token = RunWith(
            Get.Replace("-Scopes User.Read", "-Resource https://vault.azure.net -AsPlainText"), Assertion()).Text;
        Assert.Equal("https://vault.azure.net", ClaimsOf(token).GetProperty("aud").GetString());
    }

    [Fact]
    public void There_is_no_refresh_token_even_if_one_is_asked_for() => Assert.Null(
        RunWith(Get + ", offline_access", Assertion()).Single.Properties["RefreshToken"].Value);

    [Fact]
    public void A_token_is_cached_for_its_assertion_alone()
    {
        SecureString assertion = Assertion();
        SecureString another = Assertion();
        string first = RunWith(Get + " -AsPlainText", assertion).Text;
        Assert.Equal(first, RunWith(Get + " -AsPlainText", assertion).Text);
        Assert.NotEqual(first, RunWith(Get + " -AsPlainText", another).Text);
        Assert.Equal(first, RunWith(Get + " -AsPlainText", assertion).Text);
        Assert.Equal(2, _emulator.Journal().Length);

        Assert.NotEqual(first, RunWith(Get + " -AsPlainText -ForceRefresh", assertion).Text);
        Assert.Equal(3, _emulator.Journal().Length);
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer  {0}")]
    [InlineData(" {0}\r\n")]
    [InlineData("\"{0}\"")]
    public void What_stands_around_a_token_in_a_header_is_taken_off(string form)
    {
        string text = string.Format(null, form, TextOf(Assertion()));
        foreach (object assertion in new object[] { Secret.Of(text), text })
        {
            PSObject token = RunWith(Get + " -ForceRefresh", assertion).Single;
            Assert.Equal(Emulator.User, token.Properties["Username"].Value);
        }
    }

    [Fact]
    public void A_public_client_is_refused_before_anything_is_sent()
    {
        PSObject exception = Fails(
            "InvalidArgument", "Get-GraphToken @app -UserAssertion $assertion -Scopes User.Read", Assertion());
        Assert.Contains("public client", Message(exception));
        Assert.Empty(_emulator.Journal());
    }

    [Theory]
    [InlineData("common")]
    [InlineData("organizations")]
    [InlineData("consumers")]
    public void A_tenant_that_stands_for_all_is_refused_before_anything_is_sent(string tenant)
    {
        string script =
            Get.Replace("@app", $"-Authority {_emulator.Address} -TenantId {tenant} -ClientId $app.ClientId");
        PSObject exception = Fails("InvalidArgument", script, Assertion());
        Assert.Contains(tenant, Message(exception));
        Assert.StartsWith("Set -TenantId ", Hint(exception));
        Assert.Empty(_emulator.Journal());
    }

    [Fact]
    public void A_token_for_another_API_is_refused_and_its_audience_shown()
    {
        SecureString forGraph = UserToken("User.Read");
        PSObject exception = Fails("UserCredentialRejected", Get, forGraph);
        Assert.Equal([500131], Assert.IsAssignableFrom<IEnumerable<int>>(exception.Properties["ServiceCodes"].Value));
        Assert.StartsWith("Set -UserAssertion ", Hint(exception));
        Assert.Contains("audience https://graph.microsoft.com ", Hint(exception));
        MarkedSecrets.Search(TextOf(forGraph)).AssertHidden(exception.ToString(), "the error");
    }

    [Fact]
    public void An_ID_token_is_refused()
    {
        ErrorRecord error = RunWith(Get, IdToken()).Failure;
        PSObject exception = new(error.Exception);
        Assert.Equal([50027], Assert.IsAssignableFrom<IEnumerable<int>>(exception.Properties["ServiceCodes"].Value));
        Assert.StartsWith("Set -UserAssertion ", Hint(exception));
        Assert.Contains("id token", Hint(exception));
    }

    [Fact]
    public void A_claims_challenge_is_for_the_caller()
    {
        SecureString assertion = Assertion();
        _emulator.Fault("error=AADSTS50076,suberror=basic_action,claims=present");
        PSObject exception = Fails("InteractionRequired", Get, assertion);
        using JsonDocument claims = JsonDocument.Parse((string)exception.Properties["Claims"].Value);
        Assert.Equal(JsonValueKind.Object, claims.RootElement.ValueKind);
        Assert.Contains("your caller", Hint(exception));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("\"\"")]
    public void An_empty_assertion_is_none(string text)
    {
        PSObject exception = Fails("CredentialMissing", Get, Secret.Of(text));
        Assert.StartsWith("Set -UserAssertion ", Hint(exception));
        Assert.Empty(_emulator.Journal());
    }

    [Theory]
    [InlineData("{0}\nHost: example.invalid")]
    [InlineData("{0} {0}")]
    [InlineData("Basic {0}")]
    public void What_cannot_be_a_token_is_refused_without_being_shown(string form)
    {
        string text = TextOf(Assertion());
        PSObject exception = Fails("InvalidArgument", Get, Secret.Of(string.Format(null, form, text)));
        Assert.StartsWith("Set -UserAssertion ", Hint(exception));
        MarkedSecrets.Search(text).AssertHidden(exception.ToString(), "the error");
        Assert.Empty(_emulator.Journal());
    }

    /// <summary>A new access token of the user for the confidential application, and an empty journal.</summary>
    private SecureString Assertion() => UserToken((string)Caller(_emulator)["Scopes"]!);

    private SecureString UserToken(string scope)
    {
        var token = (SecureString)Session.Run(
            "Get-GraphToken @caller -Credential $user -Scopes $scope -ForceRefresh -AsSecureString",
            new { caller = Who(_emulator.TenantUrl, Emulator.PublicClientId), user = User, scope }).Single.BaseObject;
        _emulator.Forget();
        return token;
    }

    /// <summary>An ID token of the user for the confidential application. No command returns one.</summary>
    private SecureString IdToken()
    {
        using var http = new HttpClient(new HttpClientHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, _emulator.TenantUrl + "/oauth2/v2.0/token");
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "password",
            ["client_id"] = Emulator.ClientId,
            ["client_secret"] = Emulator.ClientSecret,
            ["username"] = Emulator.User,
            ["password"] = Emulator.Password,
            ["scope"] = "openid User.Read",
        });
        using HttpResponseMessage response = http.Send(request);
        using JsonDocument answer = JsonDocument.Parse(response.Content.ReadAsStream());
        return Secret.Of(answer.RootElement.GetProperty("id_token").GetString()!);
    }

    private Outcome RunWith(string script, object assertion) => Session.Run(
        script, new { app = App(_emulator), secret = Secret.Of(Emulator.ClientSecret), assertion });

    private PSObject Fails(string kind, string script, SecureString assertion)
    {
        ErrorRecord error = RunWith(script, assertion).Failure;
        Assert.Equal($"{kind},GraphToken.PowerShell.GetGraphTokenCommand", error.FullyQualifiedErrorId);
        return new PSObject(error.Exception);
    }

    private static string Message(PSObject exception) => (string)exception.Properties["Message"].Value;

    private static string Hint(PSObject exception) => (string)exception.Properties["Hint"].Value;
}
