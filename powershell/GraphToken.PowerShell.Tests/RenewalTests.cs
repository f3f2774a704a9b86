using System.Collections;
using System.Management.Automation;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>GetHeader() replaces a token that is about to expire.</summary>
public sealed class RenewalTests(Stage stage) : EngineTest(stage)
{
    [Fact]
    public void A_token_with_time_left_is_not_renewed()
    {
        Emulator emulator = Stage.Plain;
        PSObject token = AppToken(emulator);
        string header = HeaderOf(token);

        Assert.Equal(header, HeaderOf(token));
        Assert.Single(emulator.Journal());
    }

    [Fact]
    public void An_application_renews_through_its_proof()
    {
        Emulator emulator = Stage.ShortLived;
        PSObject token = AppToken(emulator);
        string first = "Bearer " + token.Methods["GetPlainText"].Invoke();
        string renewed = HeaderOf(token);

        Assert.NotEqual(first, renewed);
        Assert.Equal(renewed, "Bearer " + token.Methods["GetPlainText"].Invoke());
        Assert.Equal(["client_credentials", "client_credentials"], Grants(emulator));
        Assert.All(emulator.Journal(), request =>
            Assert.Equal(200, request.GetProperty("answer").GetProperty("status").GetInt32()));
    }

    [Fact]
    public void A_user_renews_through_the_refresh_token_and_never_through_the_password()
    {
        Emulator emulator = Stage.ShortLived;
        PSObject token = Run(
            "Get-GraphToken @app -Certificate $certificate -Credential $user -Scopes User.Read",
            new { app = App(emulator), certificate = TestFolder.Certificate, user = User }).Single;
        string first = TextOf(token.Properties["RefreshToken"].Value);
        HeaderOf(token);
        string second = TextOf(token.Properties["RefreshToken"].Value);
        string header = HeaderOf(token);

        Assert.Equal(["password", "refresh_token", "refresh_token"], Grants(emulator));
        Assert.NotEqual(first, second);
        Assert.Equal(Emulator.User, ClaimsOf(header["Bearer ".Length..]).GetProperty("upn").GetString());
    }

    [Theory]
    [InlineData(-7200)]
    [InlineData(7200)]
    public void A_wrong_clock_neither_defers_a_renewal_nor_brings_it_forward(int skew)
    {
        foreach ((Emulator emulator, bool isDue) in new[] { (Stage.ShortLived, true), (Stage.Plain, false) })
        {
            emulator.Fault($"date-skew={skew},times=all");
            PSObject token = Run(
                "Get-GraphToken @app -ClientSecret $secret -ForceRefresh",
                new { app = App(emulator), secret = Secret.Of(Emulator.ClientSecret) }).Single;
            string first = "Bearer " + token.Methods["GetPlainText"].Invoke();
            Assert.Equal(isDue, first != HeaderOf(token));
        }
    }

    [Fact]
    public void A_token_without_a_known_expiry_is_replaced_each_time()
    {
        Emulator emulator = Stage.Plain;
        emulator.Fault("body=no-expiry,times=all");
        PSObject token = Run(
            "Get-GraphToken @app -ClientSecret $secret -ForceRefresh -Verbose",
            new { app = App(emulator), secret = Secret.Of(Emulator.ClientSecret) }).Single;

        Assert.Equal(DateTimeOffset.MinValue, token.Properties["ExpiresOn"].Value);
        Assert.EndsWith("without a known expiry", token.ToString());
        Assert.NotEqual(HeaderOf(token), HeaderOf(token));
        Assert.Equal(3, emulator.Journal().Length);
        Run("$token | Out-Default", new { token });
        string view = Session.Host.TakeText();
        Assert.Contains("ExpiresOn", view);
        Assert.DoesNotContain("0001", view);
    }

    [Fact]
    public void The_margin_is_the_minimum_lifetime_that_was_asked_for()
    {
        Emulator emulator = Stage.Plain;
        PSObject token = AppToken(emulator, "-MinimumLifetime 86400");
        string first = "Bearer " + token.Methods["GetPlainText"].Invoke();

        Assert.NotEqual(first, HeaderOf(token));
        Assert.Equal(2, emulator.Journal().Length);
    }

    [Fact]
    public void What_cannot_be_renewed_asks_for_the_user()
    {
        using var service = new StandInService(
            """{"token_type":"Bearer","expires_in":60,"access_token":"a.b.c","scope":"User.Read"}""");
        ErrorRecord error = Run(
            "$token = Get-GraphToken @app -Credential $user -Scopes User.Read; $token.GetHeader()",
            new { app = Who(service.TenantUrl, Emulator.PublicClientId), user = User }).Failure;

        var exception = new PSObject(error.Exception.InnerException!);
        Assert.Equal("InteractionRequired", $"{exception.Properties["Kind"].Value}");
        Assert.Contains("Get-GraphToken", (string)exception.Properties["Hint"].Value);
    }

    [Fact]
    public void A_user_assertion_is_not_kept_for_a_renewal()
    {
        Emulator emulator = Stage.ShortLived;
        PSObject token = Run(
            "$userAssertion = (Get-GraphToken @caller -Credential $user).AccessToken; " +
            "Get-GraphToken @app -Certificate $certificate -UserAssertion $userAssertion -Scopes User.Read",
            new
            {
                app = App(emulator),
                caller = Caller(emulator),
                certificate = TestFolder.Certificate,
                user = User,
            }).Single;
        Assert.Null(token.Properties["RefreshToken"].Value);
        int before = emulator.Journal().Length;
        ErrorRecord error = Run("$token.GetHeader()", new { token }).Failure;

        var exception = new PSObject(error.Exception.InnerException!);
        Assert.Equal("InteractionRequired", $"{exception.Properties["Kind"].Value}");
        Assert.Contains("-UserAssertion", (string)exception.Properties["Hint"].Value);
        Assert.Equal(before, emulator.Journal().Length);
    }

    private PSObject AppToken(Emulator emulator, string parameters = "") => Run(
        $"Get-GraphToken @app -Certificate $certificate -ForceRefresh {parameters}",
        new { app = App(emulator), certificate = TestFolder.Certificate }).Single;

    private static string HeaderOf(PSObject token) =>
        (string)((Hashtable)token.Methods["GetHeader"].Invoke())["Authorization"]!;

    private static IEnumerable<string?> Grants(Emulator emulator) => emulator.Journal().Select(
        (JsonElement request) => request.GetProperty("form").GetProperty("grant_type").GetString());
}
