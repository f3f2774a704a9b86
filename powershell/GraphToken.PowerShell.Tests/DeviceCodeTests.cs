using System.Management.Automation;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>-UseDeviceCode: the user signs in on another device.</summary>
public sealed class DeviceCodeTests(Stage stage) : SignInTest(stage, Get)
{
    private const string Get = "Get-GraphToken @app -UseDeviceCode -Scopes User.Read";

    [Fact]
    public async Task The_user_signs_in_with_the_code_on_the_host()
    {
        (Outcome outcome, string shown) = await SignIn(Get, isAccepted: true);
        PSObject token = outcome.Single;
        Assert.Equal(Emulator.User, token.Properties["Username"].Value);
        JsonElement claims = ClaimsOf((string)token.Methods["GetPlainText"].Invoke());
        Assert.Equal("User.Read", claims.GetProperty("scp").GetString());
        Assert.Contains($"{Emulator.Address}/devicelogin", shown);
        Assert.NotNull(token.Properties["RefreshToken"].Value);
    }

    [Fact]
    public async Task The_code_is_not_part_of_the_output()
    {
        (Outcome outcome, string shown) = await SignIn($"$token = {Get} -AsPlainText; $token", isAccepted: true);
        Assert.DoesNotContain(UserCode(shown), outcome.Text);
        Assert.Equal(3, outcome.Text.Split('.').Length);
    }

    [Fact]
    public async Task A_script_block_proves_the_application_at_each_poll()
    {
        Session.State.SetVariable("confidential", App(Emulator));
        Session.State.SetVariable("pem", TestFolder.Pem);
        (Outcome outcome, _) = await SignIn(
            "Get-GraphToken @confidential -UseDeviceCode -Scopes User.Read -ClientAssertion { " +
            "New-GraphClientAssertion @confidential -CertificatePath $pem }",
            isAccepted: true);
        JsonElement claims = ClaimsOf((string)outcome.Single.Methods["GetPlainText"].Invoke());
        Assert.Equal(Emulator.User, claims.GetProperty("upn").GetString());
        Assert.Equal("2", claims.GetProperty("appidacr").GetString());
    }

    [Fact]
    public async Task A_user_who_declines_is_an_error()
    {
        (Outcome outcome, _) = await SignIn(Get, isAccepted: false);
        Assert.StartsWith("ServiceRejected", outcome.Failure.FullyQualifiedErrorId);
        Assert.Contains("authorization_declined", $"{outcome.Failure}");
    }

    [Fact]
    public async Task Another_user_than_the_named_one_is_an_error()
    {
        (Outcome outcome, _) = await SignIn($"{Get} -Account bob@contoso.com", isAccepted: true);
        Assert.StartsWith("UserCredentialRejected", outcome.Failure.FullyQualifiedErrorId);
        Assert.Contains(Emulator.User, $"{outcome.Failure}");
    }

    [Fact]
    public void The_time_limit_bounds_the_wait()
    {
        Outcome outcome = Run(Get + " -TimeoutSeconds 1", new { app = Application() });
        Assert.StartsWith("RequestTimeout", outcome.Failure.FullyQualifiedErrorId);
        Assert.Contains("-TimeoutSeconds", outcome.Failure.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("-Credential $user")]
    [InlineData("-RefreshToken $secret")]
    [InlineData("-UserAssertion $secret")]
    public void Another_way_to_sign_in_contradicts_it(string other)
    {
        Outcome outcome = Run($"{Get} {other}", new { app = Application(), user = User, secret = Secret.Of("x") });
        Assert.StartsWith("AmbiguousParameterSet", outcome.Failure.FullyQualifiedErrorId);
        Assert.Empty(Emulator.Journal());
    }

    /// <summary>Runs a script while the user enters the code that it shows.</summary>
    private Task<(Outcome Outcome, string Shown)> SignIn(string script, bool isAccepted) =>
        SignIn(script, shown => Emulator.EnterDeviceCode(UserCode(shown), isAccepted));

    private static string UserCode(string shown)
    {
        string[] words = shown.Split(' ');
        return words[Array.IndexOf(words, "code") + 1];
    }
}
