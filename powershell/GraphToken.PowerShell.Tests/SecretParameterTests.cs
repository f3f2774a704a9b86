using System.Collections;
using System.Management.Automation;
using System.Text;

namespace GraphToken.PowerShell.Tests;

/// <summary>Whatever is given to a parameter that takes a secret, of whatever type, no error shows it.</summary>
public sealed class SecretParameterTests(Stage stage) : EngineTest(stage)
{
    // Neither is a part of anything else.
    private const string Text = "hunter22";
    private const int Number = 220022;

    /// <summary>What a secret is mistaken for.</summary>
    private static readonly Dictionary<string, object?> Values = new()
    {
        ["string"] = Text,
        ["empty string"] = "",
        ["null"] = null,
        ["SecureString"] = Secret.Of(Text),
        ["empty SecureString"] = Secret.Of(""),
        ["PSCredential"] = Login("alice", Text),
        ["empty PSCredential"] = PSCredential.Empty,
        ["array of strings"] = new[] { Text, Text },
        ["hashtable"] = new Hashtable { [Text] = Text },
        ["object"] = Described(Text),
        ["characters"] = Text.ToCharArray(),
        ["bytes"] = Encoding.UTF8.GetBytes(Text),
        ["long text"] = new string(' ', 70_000) + Text,
        ["number"] = Number,
        ["fraction"] = Number + 0.5,
        ["URL"] = new Uri($"http://{Text}/"),
        ["script block"] = ScriptBlock.Create($"'{Text}'"),
        ["certificate"] = TestFolder.Certificate,
    };

    /// <summary>How it is given; the braces stand for the parameter's name.</summary>
    private static readonly string[] Places =
    [
        "-{0} $value",
        "@splatted",
        "-{0} $value -{0} $value",
        "-{0} $value -NoSuchParameter",
        "-{0} $value -AssertionLifetime nonsense",
    ];

    private readonly Emulator _emulator = stage.Plain;

    [Theory]
    [InlineData("Get-GraphToken", "ClientSecret", "")]
    [InlineData("Get-GraphToken", "ClientSecretCredential", "")]
    [InlineData("Get-GraphToken", "ClientAssertion", "")]
    [InlineData("Get-GraphToken", "CertificateBytes", "")]
    [InlineData("Get-GraphToken", "CertificateBase64", "")]
    [InlineData("Get-GraphToken", "CertificatePassword", "-CertificatePath $pfx")]
    [InlineData("Get-GraphToken", "Credential", "-Scopes User.Read")]
    [InlineData("Get-GraphToken", "RefreshToken", "-Scopes User.Read")]
    [InlineData("Get-GraphToken", "UserAssertion", "-ClientSecret $secret -Scopes User.Read")]
    [InlineData("Get-GraphToken", "ProxyCredential", "-ClientSecret $secret -Proxy http://127.0.0.1:1")]
    [InlineData("Get-GraphToken", "TokenCacheKey", "-ClientSecret $secret -TokenCache x -TokenCacheFolder $folder")]
    [InlineData("Get-GraphToken", "RedisPassword", "-ClientSecret $secret -RedisUrl $redis -TokenCacheKey $key")]
    [InlineData("Get-GraphToken", "Pkcs11Pin", "-Pkcs11Module /nowhere/module.so")]
    [InlineData("Get-GraphTokenCache", "TokenCacheKey", "-TokenCache x -TokenCacheFolder $folder")]
    [InlineData("Clear-GraphTokenCache", "TokenCacheKey", "-TokenCache x -TokenCacheFolder $folder")]
    [InlineData("New-GraphClientAssertion", "CertificateBytes", "")]
    [InlineData("New-GraphClientAssertion", "CertificateBase64", "")]
    [InlineData("New-GraphClientAssertion", "CertificatePassword", "-CertificatePath $pfx")]
    [InlineData("New-GraphClientAssertion", "Pkcs11Pin", "-Pkcs11Module /nowhere/module.so")]
    [InlineData("Test-GraphTokenSetup", "ClientSecret", "")]
    [InlineData("Test-GraphTokenSetup", "ClientSecretCredential", "")]
    [InlineData("Test-GraphTokenSetup", "ClientAssertion", "")]
    [InlineData("Test-GraphTokenSetup", "CertificateBytes", "")]
    [InlineData("Test-GraphTokenSetup", "CertificateBase64", "")]
    [InlineData("Test-GraphTokenSetup", "CertificatePassword", "-CertificatePath $pfx")]
    [InlineData("Test-GraphTokenSetup", "Pkcs11Pin", "-Pkcs11Module /nowhere/module.so")]
    [InlineData("Test-GraphTokenSetup", "ProxyCredential", "-ClientSecret $secret -Proxy http://127.0.0.1:1")]
    public void A_secret_is_not_shown(string command, string parameter, string others)
    {
        // A script block is taken there, and is code, which PowerShell quotes as it quotes the script.
        foreach ((string type, object? value) in Values.Where(
            pair => parameter != "ClientAssertion" || pair.Value is not ScriptBlock))
        {
            foreach (string place in Places)
            {
                string given = string.Format(null, place, parameter);
                Outcome outcome = Run($"{command} @app {others} {given} -Verbose", parameter, value);
                AssertSilent(outcome, $"{command} {given}, {type}");
                if (place == Places[0])
                {
                    AssertViewsAreSilent(outcome, $"{command} {given}, {type}");
                }
            }
        }
        Assert.Equal(0, Session.Host.Prompts);
    }

    [Fact]
    public void Every_parameter_that_takes_a_secret_is_looked_at_here()
    {
        IEnumerable<string> tested = GetType().GetMethod(nameof(A_secret_is_not_shown))!
            .GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(attribute => (IList)attribute.ConstructorArguments[0].Value!)
            .Select(row => $"{row[0]} {row[1]}".Replace("\"", ""));
        IEnumerable<string> actual = Run("Get-Command -Module GraphToken").Output
            .Select(item => (CommandInfo)item.BaseObject)
            .Where(command => command.Name != "ConvertFrom-GraphToken")
            .SelectMany(command => command.Parameters.Values
                // The last one takes a script block too.
                .Where(parameter => parameter.ParameterType.Name is "SecureString" or "PSCredential" or "Byte[]" ||
                    parameter.Name == "ClientAssertion")
                .Select(parameter => $"{command.Name} {parameter.Name}"));
        Assert.Equal(actual.Order(), tested.Order());
    }

    [Theory]
    [InlineData("ConvertFrom-GraphToken $value")]
    [InlineData("ConvertFrom-GraphToken -Token $value")]
    [InlineData("ConvertFrom-GraphToken -Token:$value")]
    [InlineData("ConvertFrom-GraphToken @splatted")]
    [InlineData("ConvertFrom-GraphToken Bearer $value")]
    [InlineData("ConvertFrom-GraphToken -Token Bearer $value")]
    [InlineData("ConvertFrom-GraphToken $value $value")]
    [InlineData("ConvertFrom-GraphToken -Token $value -Token $value")]
    [InlineData("ConvertFrom-GraphToken -Token $value -ErrorAction Nonsense")]
    [InlineData("ConvertFrom-GraphToken $value -ErrorAction Nonsense")]
    [InlineData("ConvertFrom-GraphToken -NoSuchParameter $value")]
    [InlineData("ConvertFrom-GraphToken -Token $value -NoSuchParameter $value")]
    [InlineData(",$value | ConvertFrom-GraphToken")]
    [InlineData(",$value | ConvertFrom-GraphToken x")]
    [InlineData(",$value | ConvertFrom-GraphToken -Token $value")]
    [InlineData("$value | ConvertFrom-GraphToken -ErrorAction Nonsense")]
    public void A_token_that_cannot_be_decoded_is_not_shown(string script)
    {
        foreach ((string type, object? value) in Values)
        {
            Outcome outcome = Run(script, "Token", value);
            AssertSilent(outcome, $"{script}, {type}");
            AssertViewsAreSilent(outcome, $"{script}, {type}");
        }
        Assert.Equal(0, Session.Host.Prompts);
    }

    [Theory]
    [InlineData("-ClientSecret $secret -Proxy $url", "http://user:hunter22@:x")]
    [InlineData("-ClientSecret $secret -Proxy $url", "http://user:hunter22@")]
    [InlineData("-ClientSecret $secret -Proxy $url", "socks5://user:hunter22@127.0.0.1")]
    [InlineData("-ClientSecret $secret -Proxy $url", "http://user:hunter22#@127.0.0.1:1")]
    [InlineData("-ClientSecret $secret -Proxy $url", "http://user:hunter22@127.0.0.1:99999")]
    [InlineData("-ClientSecret $secret -Proxy $url -ProxyCredential $user", "http://user:hunter22#@127.0.0.1:1")]
    [InlineData("-Pkcs11Module /nowhere/module.so -Pkcs11Uri $url", "pkcs11:token=app;pin-value=hunter22")]
    public void A_password_in_a_URL_is_not_shown(string parameters, string url)
    {
        Outcome outcome = Run(
            $"Get-GraphToken @app {parameters}",
            new { app = App(_emulator), secret = Secret.Of(Emulator.ClientSecret), url, user = User });
        AssertSilent(outcome, $"{parameters} {url}");
    }

    private Outcome Run(string script, string parameter, object? value) => Run(script, new
    {
        app = App(_emulator),
        splatted = new Hashtable { [parameter] = value },
        value,
        pfx = TestFolder.Pfx,
        folder = TestFolder.Combine("caches"),
        secret = Secret.Of("another"),
        redis = "redis://127.0.0.1:1",
        key = Secret.Of(Convert.ToBase64String(new byte[32])),
        user = User,
    });

    private static void AssertSilent(Outcome outcome, string call) =>
        Assert.All(outcome.Everything, text => AssertSilent(text, call));

    /// <summary>The views of the error and of the output say no more than these do.</summary>
    private void AssertViewsAreSilent(Outcome outcome, string call)
    {
        Run(
            "$output | Out-Default; " +
            "if ($record) { 'ConciseView', 'NormalView' | ForEach-Object { $ErrorView = $_; $record | Out-Default } }",
            new { output = outcome.Output, record = outcome.Error });
        string view = Session.Host.TakeText();
        Assert.NotEmpty(view);
        AssertSilent(view, call);
    }

    private static void AssertSilent(string text, string call) => Assert.False(
        text.Contains(Text, StringComparison.OrdinalIgnoreCase) || text.Contains($"{Number}"), $"{call}: {text}");

    private static PSObject Described(string text)
    {
        var described = new PSObject();
        described.Properties.Add(new PSNoteProperty(text, text));
        return described;
    }
}
