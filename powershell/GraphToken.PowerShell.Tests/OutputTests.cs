using System.Collections;
using System.Management.Automation;
using System.Security;

namespace GraphToken.PowerShell.Tests;

/// <summary>What Get-GraphToken returns, and what is seen of it.</summary>
public sealed class OutputTests(Stage stage) : EngineTest(stage)
{
    [Fact]
    public void The_object_says_whose_token_it_is_and_until_when()
    {
        Emulator emulator = Stage.Plain;
        DateTimeOffset before = DateTimeOffset.UtcNow;
        PSObject token = UserToken(emulator);

        Assert.Equal("GraphToken", token.BaseObject.GetType().Name);
        var expiresOn = Assert.IsType<DateTimeOffset>(token.Properties["ExpiresOn"].Value);
        Assert.Equal(TimeSpan.Zero, expiresOn.Offset);
        // The cache may answer with a token that another test got some time before.
        Assert.InRange(expiresOn, before.AddMinutes(30), DateTimeOffset.UtcNow.AddMinutes(60));
        Assert.Equal(Emulator.ClientId, token.Properties["ClientId"].Value);
        Assert.Equal(Emulator.User, token.Properties["Username"].Value);
        Assert.Equal("Bearer", token.Properties["TokenType"].Value);
        Assert.Contains("User.Read", Assert.IsAssignableFrom<IEnumerable<string>>(token.Properties["Scopes"].Value));
        Assert.NotEmpty((string)token.Properties["TenantId"].Value);
        Assert.IsType<SecureString>(token.Properties["RefreshToken"].Value);
        Assert.Equal(
            Emulator.User, ClaimsOf(TextOf(token.Properties["AccessToken"].Value)).GetProperty("upn").GetString());
    }

    [Fact]
    public void An_application_has_neither_user_nor_refresh_token()
    {
        PSObject token = AppToken(Stage.Plain, "");
        Assert.Null(token.Properties["RefreshToken"].Value);
        Assert.Equal("", token.Properties["Username"].Value);
    }

    [Fact]
    public void Its_forms_hold_the_same_token()
    {
        Emulator emulator = Stage.Plain;
        string plain = Assert.IsType<string>(AppToken(emulator, "-AsPlainText").BaseObject);
        string secure = TextOf(AppToken(emulator, "-AsSecureString").BaseObject);
        PSObject token = AppToken(emulator, "");
        var header = (Hashtable)token.Methods["GetHeader"].Invoke();

        Assert.Equal(plain, secure);
        Assert.Equal(plain, TextOf(token.Properties["AccessToken"].Value));
        Assert.Equal(plain, token.Methods["GetPlainText"].Invoke());
        Assert.Equal("Bearer " + plain, Assert.Single(header.Cast<DictionaryEntry>()).Value);
        Assert.Equal("Authorization", header.Keys.Cast<string>().Single());
        Assert.Equal("Bearer " + plain, header["authorization"]);
    }

    [Fact]
    public void The_default_view_shows_everything_but_the_token()
    {
        PSObject token = UserToken(Stage.Plain);
        Assert.Null(Run("$token | Out-Default", new { token }).Error);
        string view = Session.Host.TakeText();

        Assert.Contains(Emulator.ClientId, view);
        Assert.Contains(Emulator.User, view);
        Assert.Contains("User.Read", view);
        Assert.DoesNotContain((string)token.Methods["GetPlainText"].Invoke(), view);
        Assert.DoesNotContain("AccessToken", view);
        Assert.DoesNotContain("RefreshToken", view);
    }

    [Fact]
    public void No_text_form_of_the_object_has_the_token()
    {
        PSObject token = UserToken(Stage.Plain);
        var texts = Run(
            "\"$token\"; $token.ToString(); $token.PSObject.Properties | ForEach-Object { \"$($_.Name)=$($_.Value)\" }",
            new { token }).Output.Select(text => text.ToString());
        string accessToken = (string)token.Methods["GetPlainText"].Invoke();
        string refreshToken = TextOf(token.Properties["RefreshToken"].Value);

        Assert.Contains(Emulator.ClientId, token.ToString());
        Assert.All(texts, text => Assert.DoesNotContain(accessToken, text));
        Assert.All(texts, text => Assert.DoesNotContain(refreshToken, text));
    }

    private PSObject UserToken(Emulator emulator) => Run(
        "Get-GraphToken @app -Certificate $certificate -Credential $user -Scopes User.Read",
        new { app = App(emulator), certificate = TestFolder.Certificate, user = User }).Single;

    private PSObject AppToken(Emulator emulator, string parameters) => Run(
        $"Get-GraphToken @app -Certificate $certificate {parameters}",
        new { app = App(emulator), certificate = TestFolder.Certificate }).Single;
}
