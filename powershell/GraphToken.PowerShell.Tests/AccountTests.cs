using System.Management.Automation;

namespace GraphToken.PowerShell.Tests;

/// <summary>-Account: users who signed in earlier.</summary>
public sealed class AccountTests : EngineTest
{
    private const string SignIn = "$null = Get-GraphToken @app -Credential $user -Scopes User.Read";
    private const string Get = "Get-GraphToken @app -Scopes User.Read";

    private readonly Emulator _emulator;

    public AccountTests(Stage stage)
        : base(stage)
    {
        Run("Clear-GraphTokenCache");
        _emulator = stage.Plain;
    }

    private object Variables => new
    {
        app = Who(_emulator.TenantUrl, Emulator.PublicClientId),
        user = User,
        name = Emulator.User.ToUpperInvariant(),
    };

    [Fact]
    public void A_user_stays_signed_in_until_signing_out()
    {
        PSObject token = Run($"{SignIn}; {Get} -Account $name", Variables).Single;
        Assert.Equal(Emulator.User, token.Properties["Username"].Value);
        Assert.Single(_emulator.Journal());
        token = Run($"{Get} -Account $name -ForceRefresh", Variables).Single;
        Assert.Equal(Emulator.User, token.Properties["Username"].Value);
        Assert.Equal(2, _emulator.Journal().Length);

        Outcome outcome = Run($"Clear-GraphTokenCache -Account $name; {Get} -Account $name", Variables);
        Assert.StartsWith("InteractionRequired", outcome.Failure.FullyQualifiedErrorId);
        Assert.Contains("-TokenCache", outcome.Failure.ErrorDetails.RecommendedAction);
        Assert.Equal(2, _emulator.Journal().Length);
    }

    [Fact]
    public void Who_has_not_signed_in_is_an_error_and_nothing_is_sent()
    {
        Outcome outcome = Run($"{Get} -Account $name", Variables);
        Assert.StartsWith("InteractionRequired", outcome.Failure.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, outcome.Failure.CategoryInfo.Category);
        Assert.Empty(_emulator.Journal());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Account $name")]
    public void A_device_code_is_for_who_has_not_signed_in(string account)
    {
        PSObject token = Run($"{SignIn}; {Get} -UseDeviceCode {account}", Variables).Single;
        Assert.Equal(Emulator.User, token.Properties["Username"].Value);
        Assert.Single(_emulator.Journal());
        Assert.DoesNotContain("devicelogin", Session.Host.TakeText());
    }

    [Theory]
    [InlineData("-ForceRefresh")]
    [InlineData("-Account bob@contoso.com")]
    public void A_device_code_is_asked_for_when_the_user_is_wanted(string parameters)
    {
        Outcome outcome = Run($"{SignIn}; {Get} -UseDeviceCode {parameters} -TimeoutSeconds 1", Variables);
        Assert.StartsWith("RequestTimeout", outcome.Failure.FullyQualifiedErrorId);
        Assert.Contains("devicelogin", Session.Host.TakeText());
    }

    [Fact]
    public void A_file_keeps_users_signed_in_and_the_list_shows_them()
    {
        string folder = Directory.CreateTempSubdirectory("graphtoken-accounts-").FullName;
        try
        {
            Session.State.SetVariable(
                "cache",
                new System.Collections.Hashtable
                {
                    ["TokenCache"] = "users",
                    ["TokenCacheFolder"] = folder,
                    ["TokenCacheProtection"] = "None",
                });
            Run($"{SignIn} @cache; Clear-GraphTokenCache", Variables);
            PSObject token = Run($"{Get} -Account $name @cache", Variables).Single;
            Assert.Equal(Emulator.User, token.Properties["Username"].Value);
            PSObject listed = Run("Get-GraphTokenCache @cache -Account $name", Variables).Single;
            Assert.Equal(Emulator.User, listed.Properties["Username"].Value);
            Run("Clear-GraphTokenCache @cache -Account $name", Variables);
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            Outcome outcome = Run($"{Get} -Account $name @cache", Variables);
            Assert.StartsWith("InteractionRequired", outcome.Failure.FullyQualifiedErrorId);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_token_of_an_account_is_not_renewed_after_signing_out()
    {
        Emulator emulator = Stage.ShortLived;
        var app = Who(emulator.TenantUrl, Emulator.PublicClientId);
        var variables = new { app, user = User, name = Emulator.User };
        Run($"{SignIn}; $token = {Get} -Account $name; $null = $token.GetHeader()", variables);
        Outcome outcome = Run("Clear-GraphTokenCache -Account $name; $token.GetHeader()", variables);
        Assert.Contains("is not signed in", $"{outcome.Failure}");
    }

    [Theory]
    [InlineData("-Credential $user")]
    [InlineData("-Identity")]
    public void Another_way_to_name_the_user_contradicts_it(string other)
    {
        Outcome outcome = Run($"{Get} -Account $name {other}", Variables);
        Assert.StartsWith("AmbiguousParameterSet", outcome.Failure.FullyQualifiedErrorId);
        Assert.Empty(_emulator.Journal());
    }
}
