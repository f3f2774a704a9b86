using System.Management.Automation;
using System.Text.Json;

namespace GraphToken.PowerShell.Tests;

/// <summary>-Interactive: the user signs in in a web browser.</summary>
public sealed class BrowserTests(Stage stage) : SignInTest(stage, Get)
{
    private const string Get = "Get-GraphToken @app -Interactive -NoBrowser -Scopes User.Read";

    [Fact]
    public async Task The_user_signs_in_at_the_address_on_the_host()
    {
        (Outcome outcome, string shown) = await SignIn(Get);
        PSObject token = outcome.Single;
        Assert.Equal(Emulator.User, token.Properties["Username"].Value);
        JsonElement claims = ClaimsOf((string)token.Methods["GetPlainText"].Invoke());
        Assert.Equal("User.Read", claims.GetProperty("scp").GetString());
        Assert.StartsWith($"{Emulator.TenantUrl}/oauth2/v2.0/authorize?", shown);
        Assert.NotNull(token.Properties["RefreshToken"].Value);
    }

    [Fact]
    public async Task The_address_is_not_part_of_the_output()
    {
        (Outcome outcome, _) = await SignIn($"$token = {Get} -AsPlainText; $token");
        Assert.DoesNotContain("authorize", outcome.Text);
        Assert.Equal(3, outcome.Text.Split('.').Length);
    }

    [Fact]
    public async Task Without_a_browser_the_address_is_shown()
    {
        // Set within this process, it would not reach the engine.
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("DISPLAY") == null &&
            Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") == null &&
            Environment.GetEnvironmentVariable("BROWSER") == null && OperatingSystem.IsLinux(),
            "A browser would be opened.");
        (Outcome outcome, _) = await SignIn(Get.Replace(" -NoBrowser", ""));
        Assert.Equal(Emulator.User, outcome.Single.Properties["Username"].Value);
    }

    [Fact]
    public async Task The_user_s_browser_is_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The variable BROWSER is for Unix.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("graphtoken-browser-");
        string pipe = Path.Combine(folder.FullName, "address");
        string program = Path.Combine(folder.FullName, "browser");
        File.WriteAllText(program, $"#!/bin/sh\nprintf '%s' \"$*\" > {pipe}\n");
        using (var tool = System.Diagnostics.Process.Start("sh", ["-c", $"mkfifo {pipe} && chmod +x {program}"]))
        {
            await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        string script =
            $"Get-GraphToken -Authority {Emulator.TenantUrl} -ClientId {Emulator.PublicClientId} -Interactive " +
            "-Scopes User.Read -AsPlainText";
        Task<string[]> run = Task.Run(() => FreshProcess.Start(script, ("BROWSER", program)));
        string address = await File.ReadAllTextAsync(pipe, TestContext.Current.CancellationToken);
        Emulator.SignIn(address);
        string[] lines = await run.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.StartsWith("output ey", Assert.Single(lines));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Port_hint_and_prompt_are_passed_on()
    {
        using var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        int port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        (_, string shown) = await SignIn(
            $"{Get} -RedirectPort {port} -LoginHint alice@contoso.com -Prompt Login");
        Assert.Contains($"redirect_uri=http%3A%2F%2Flocalhost%3A{port}&", shown);
        Assert.Contains("login_hint=alice%40contoso.com&", shown);
        Assert.Contains("prompt=login&", shown);
    }

    [Fact]
    public async Task A_script_block_proves_the_application()
    {
        Session.State.SetVariable("confidential", App(Emulator));
        Session.State.SetVariable("pem", TestFolder.Pem);
        (Outcome outcome, _) = await SignIn(
            "Get-GraphToken @confidential -Interactive -NoBrowser -Scopes User.Read -ClientAssertion { " +
            "New-GraphClientAssertion @confidential -CertificatePath $pem }");
        JsonElement claims = ClaimsOf((string)outcome.Single.Methods["GetPlainText"].Invoke());
        Assert.Equal((Emulator.User, "2"), (claims.GetProperty("upn").GetString(), claims.GetProperty("appidacr").GetString()));
    }

    [Fact]
    public async Task A_user_who_declines_is_an_error()
    {
        (Outcome outcome, _) = await SignIn(Get, "decline");
        Assert.StartsWith("ServiceRejected", outcome.Failure.FullyQualifiedErrorId);
        Assert.Contains("AADSTS65004", $"{outcome.Failure}");
    }

    [Fact]
    public void The_time_limit_bounds_the_wait()
    {
        Outcome outcome = Run(Get + " -TimeoutSeconds 1", new { app = Application() });
        Assert.StartsWith("RequestTimeout", outcome.Failure.FullyQualifiedErrorId);
        string hint = outcome.Failure.ErrorDetails.RecommendedAction;
        Assert.Contains("-TimeoutSeconds", hint);
        Assert.Contains("-UseDeviceCode", hint);
    }

    [Theory]
    [InlineData("-Interactive -Credential $user", "AmbiguousParameterSet")]
    [InlineData("-Interactive -RefreshToken $secret", "AmbiguousParameterSet")]
    [InlineData("-Interactive -UserAssertion $secret", "AmbiguousParameterSet")]
    [InlineData("-Interactive -UseDeviceCode", "AmbiguousParameterSet")]
    [InlineData("-UseDeviceCode -NoBrowser", "InvalidArgument")]
    [InlineData("-Credential $user -LoginHint alice", "InvalidArgument")]
    public void Another_way_to_sign_in_contradicts_it(string parameters, string errorId)
    {
        Outcome outcome = Run(
            $"Get-GraphToken @app {parameters}",
            new { app = Application(), user = User, secret = Secret.Of("x") });
        Assert.StartsWith(errorId, outcome.Failure.FullyQualifiedErrorId);
        Assert.Empty(Emulator.Journal());
    }

    [Theory]
    [InlineData("-RedirectPort 0")]
    [InlineData("-RedirectPort 65536")]
    public void A_port_that_is_none_is_refused(string parameter)
    {
        Outcome outcome = Run($"{Get} {parameter}", new { app = Application() });
        Assert.StartsWith("InvalidArgument", outcome.Failure.FullyQualifiedErrorId);
        Assert.Contains("-RedirectPort", $"{outcome.Failure}");
        Assert.Empty(Emulator.Journal());
    }

    [Theory]
    [InlineData("-Interactive", "http://localhost")]
    [InlineData("-UseDeviceCode", "public client flows")]
    public void Without_an_application_the_error_tells_how_to_register_one(string way, string part)
    {
        Outcome outcome = Run($"Get-GraphToken -TenantId contoso.com {way}");
        Assert.StartsWith("InvalidArgument", outcome.Failure.FullyQualifiedErrorId);
        string hint = outcome.Failure.ErrorDetails.RecommendedAction;
        Assert.Contains("-ClientId", hint);
        Assert.Contains(part, hint);
    }

    /// <summary>Runs a script while the user signs in at the address that it shows.</summary>
    private Task<(Outcome Outcome, string Shown)> SignIn(string script, string action = "sign-in") =>
        SignIn(script, address => Emulator.SignIn(address, action));
}
