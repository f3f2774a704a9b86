using System.Collections;
using System.Management.Automation;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>-Challenge: a new token for an API that has refused the one before.</summary>
public sealed class ChallengeTests : EngineTest
{
    private readonly Emulator _emulator;
    private readonly Hashtable _app;

    public ChallengeTests(Stage stage)
        : base(stage)
    {
        _emulator = stage.Plain;
        _app = App(_emulator);
        _app["ClientSecret"] = Secret.Of(Emulator.ClientSecret);
        _app["ClientCapability"] = "cp1";
    }

    [Fact]
    public void The_script_of_the_help_gets_a_new_token_and_succeeds()
    {
        string script = HelpExample("Answer a claims challenge")
            .Replace("https://graph.microsoft.com/v1.0/groups", "$api")
            .Replace("$app = @{ ", "$null = @{ ")
            .Replace("$token = Get-GraphToken @app\n", "$token = $first\n");
        Assert.Contains("$token = $first", script);
        PSObject first = Get("").Single;
        _emulator.Revoke();
        // The cmdlet of the script is not in this host.
        const string Call = """
            function Invoke-RestMethod($Uri, $Headers) {
                try { $client.Get($Uri, $Headers.Authorization) }
                catch { throw $_.Exception.InnerException }
            }

            """;
        Outcome outcome = Run(
            Call + script + "\n$groups; $token.GetPlainText()",
            new { app = _app, api = _emulator.Address + "/_resource", first, client = new ApiClient() });

        Assert.Null(outcome.Error);
        Assert.Contains(Emulator.ClientId, (string)outcome.Output[0].BaseObject);
        string renewed = (string)outcome.Output[1].BaseObject;
        Assert.Null(_emulator.Challenge(renewed));
        Assert.Equal(renewed, Get("-AsPlainText").Text);
        JsonElement claims = SentClaims().GetProperty("access_token");
        Assert.Equal("cp1", claims.GetProperty("xms_cc").GetProperty("values")[0].GetString());
        Assert.True(claims.GetProperty("nbf").GetProperty("essential").GetBoolean());
    }

    [Fact]
    public void A_header_may_come_as_a_text_or_as_the_headers_of_a_response()
    {
        string refused = Get("-AsPlainText").Text;
        _emulator.Revoke();
        string challenge = _emulator.Challenge(refused)!;
        using var response = new HttpResponseMessage();
        response.Headers.Add("WWW-Authenticate", ["Negotiate", challenge]);
        foreach (object given in new object[]
        {
            challenge, new[] { "Negotiate", challenge }, response.Headers.WwwAuthenticate,
            response.Headers.GetValues("WWW-Authenticate"),
        })
        {
            string renewed = Get("-AsPlainText -Challenge $given", given).Text;
            Assert.Null(_emulator.Challenge(renewed));
        }
    }

    [Theory]
    [InlineData("'Bearer error=\"invalid_token\"'", "invalid_token", "-ForceRefresh")]
    [InlineData("'Negotiate'", "not for bearer tokens", "way of signing in")]
    [InlineData("@()", "empty", "WWW-Authenticate")]
    [InlineData("$null", "null or empty", "-Challenge")]
    public void A_header_without_claims_says_what_it_asks_for(string challenge, string message, string hint)
    {
        ErrorRecord error = Get($"-Challenge {challenge}").Failure;
        Assert.StartsWith("InvalidArgument,", error.FullyQualifiedErrorId);
        Assert.Contains("-Challenge", error.Exception.Message);
        Assert.Contains(message, error.Exception.Message);
        Assert.Contains(hint, error.ErrorDetails.RecommendedAction);
        Assert.Empty(_emulator.Journal());
    }

    [Fact]
    public void The_demand_of_the_service_is_in_the_error_unchanged()
    {
        _emulator.Fault("error=AADSTS50076,claims=present");
        ErrorRecord failure = Get("-Claims '{}'").Failure;
        Assert.StartsWith("InteractionRequired,", failure.FullyQualifiedErrorId);
        object? claims = new PSObject(failure.Exception).Properties["Claims"].Value;
        Assert.Equal("""{"access_token":{"capolids":{"essential":true,"values":["emulated-policy"]}}}""", claims);
        Assert.Single(_emulator.Journal());
    }

    /// <summary>Calls an API as Invoke-RestMethod does.</summary>
    public sealed class ApiClient
    {
        /// <summary>The body of the answer.</summary>
        public string Get(string address, string authorization)
        {
            using var http = new HttpClient(new HttpClientHandler { UseProxy = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("Authorization", authorization);
            HttpResponseMessage response = http.Send(request);
            using var reader = new StreamReader(response.Content.ReadAsStream());
            return response.IsSuccessStatusCode ? reader.ReadToEnd() : throw new RefusedException(response);
        }
    }

    /// <summary>An answer that says that the call was refused.</summary>
    public sealed class RefusedException(HttpResponseMessage response) : Exception("The API refuses the call.")
    {
        /// <summary>The answer.</summary>
        public HttpResponseMessage Response => response;
    }

    private Outcome Get(string more, object? given = null) =>
        Run($"Get-GraphToken @app {more}", new { app = _app, given });

    private string HelpExample(string title)
    {
        string script = "(Get-Help Get-GraphToken -Full).examples.example | Where-Object title -Like \"*$title*\"";
        return $"{Run(script, new { title }).Single.Properties["code"].Value}".Replace("\r\n", "\n");
    }

    private JsonElement SentClaims() => JsonDocument.Parse(_emulator.Journal()
        .Last(entry => entry.GetProperty("method").GetString() == "POST" &&
            entry.GetProperty("form").TryGetProperty("claims", out _))
        .GetProperty("form").GetProperty("claims").GetString()!).RootElement.Clone();
}
