using System.Management.Automation;

namespace GraphToken.PowerShell.Tests;

/// <summary>-TokenCache and Clear-GraphTokenCache.</summary>
public sealed class TokenCacheTests(Stage stage) : EngineTest(stage)
{
    private const string Get =
        "Get-GraphToken @app -CertificatePath $pem -TokenCache work -TokenCacheFolder $folder -TokenCacheKey $key " +
        "-AsPlainText";

    private static readonly string Key = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(n => (byte)n)]);

    // Whoever asks the stage for an emulator gets one that has forgotten everything.
    private readonly Emulator _emulator = stage.Plain;

    private readonly string _folder = TestFolder.Combine(Guid.NewGuid().ToString());

    private string File => Path.Combine(_folder, "work.json");

    [Fact]
    public void The_next_process_has_the_token_until_it_is_cleared()
    {
        RunWithKey("Clear-GraphTokenCache; " + Get);
        // The memory of the process is that of the next one now.
        RunWithKey("Clear-GraphTokenCache; " + Get);
        Assert.Single(_emulator.Journal());

        Assert.Empty(RunWithKey("Clear-GraphTokenCache -TokenCache work -TokenCacheFolder $folder -WhatIf").Output);
        Assert.True(System.IO.File.Exists(File));
        Assert.Empty(RunWithKey("Clear-GraphTokenCache -TokenCache work -TokenCacheFolder $folder").Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        // The memory of the process still has it, and that of the next one has not.
        RunWithKey(Get);
        Assert.Single(_emulator.Journal());
        RunWithKey("Clear-GraphTokenCache; " + Get);
        Assert.Equal(2, _emulator.Journal().Length);
    }

    [Fact]
    public void File_and_memory_are_cleared_together_when_asked_for()
    {
        RunWithKey("Clear-GraphTokenCache; " + Get);
        Assert.Empty(RunWithKey("Clear-GraphTokenCache -TokenCache work -TokenCacheFolder $folder -Memory").Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        RunWithKey(Get);
        Assert.Equal(2, _emulator.Journal().Length);
    }

    [Fact]
    public void The_list_shows_everything_but_the_tokens_and_is_narrowed()
    {
        const string File = " -TokenCache work -TokenCacheFolder $folder -TokenCacheKey $key";
        string token = RunWithKey("Clear-GraphTokenCache; " + Get).Text;
        foreach (string place in new[] { "", File })
        {
            Outcome outcome = RunWithKey($"Get-GraphTokenCache{place} -Verbose");
            PSObject listed = outcome.Single;
            Assert.Equal(Emulator.ClientId, listed.Properties["ClientId"].Value);
            Assert.Equal(Emulator.Tenant, listed.Properties["TenantId"].Value);
            Assert.Equal(false, listed.Properties["IsForUser"].Value);
            Assert.Contains("https://graph.microsoft.com/.default", (IEnumerable<string>)listed.Properties["Scopes"].Value);
            Assert.True((DateTimeOffset)listed.Properties["ExpiresOn"].Value > DateTimeOffset.UtcNow);
            Assert.Contains(outcome.Verbose, line => line.EndsWith(": 1.", StringComparison.Ordinal));
            RunWithKey($"Get-GraphTokenCache{place} | Out-Default");
            string view = Session.Host.TakeText();
            Assert.Contains(Emulator.ClientId, view);
            Assert.DoesNotContain(token, view);
            Assert.DoesNotContain(token, $"{listed}");
            Assert.Single(RunWithKey($"Get-GraphTokenCache{place} -ClientId {Emulator.ClientId.ToUpperInvariant()}").Output);
            Assert.Empty(RunWithKey($"Get-GraphTokenCache{place} -Username {Emulator.User}").Output);
            Assert.Empty(RunWithKey($"Get-GraphTokenCache{place} -TenantId fabrikam.com").Output);
        }
    }

    [Fact]
    public void What_is_cleared_is_narrowed_and_the_last_token_takes_the_file_with_it()
    {
        const string Clear =
            "Clear-GraphTokenCache -TokenCache work -TokenCacheFolder $folder -TokenCacheKey $key -Memory -Verbose";
        RunWithKey("Clear-GraphTokenCache; " + Get);
        Outcome none = RunWithKey(Clear + " -TenantId fabrikam.com");
        Assert.Equal(2, none.Verbose.Count(line => line.EndsWith(": 0.", StringComparison.Ordinal)));
        Assert.Single(RunWithKey("Get-GraphTokenCache").Output);
        Outcome all = RunWithKey($"{Clear} -ClientId {Emulator.ClientId}");
        Assert.Equal(2, all.Verbose.Count(line => line.EndsWith(": 1.", StringComparison.Ordinal)));
        Assert.Empty(RunWithKey("Get-GraphTokenCache").Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_cache_that_is_not_there_is_none_afterwards_either()
    {
        Directory.CreateDirectory(_folder);
        Assert.Empty(RunWithKey("Clear-GraphTokenCache -TokenCache nonesuch -TokenCacheFolder $folder").Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_damaged_file_is_a_warning()
    {
        Directory.CreateDirectory(_folder);
        System.IO.File.WriteAllText(File, "damaged");
        Outcome outcome = RunWithKey("Clear-GraphTokenCache; " + Get);
        Assert.NotEmpty(outcome.Text);
        Assert.Contains("work.json.damaged-", Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void A_file_without_protection_can_be_read()
    {
        const string Plain = "Clear-GraphTokenCache; Get-GraphToken @app -CertificatePath $pem -TokenCache work " +
            "-TokenCacheFolder $folder -TokenCacheProtection None -AsPlainText";
        string token = RunWithKey(Plain).Text;
        Assert.Contains(token, System.IO.File.ReadAllText(File));
        Assert.Equal(token, RunWithKey(Plain).Text);
    }

    [Fact]
    public void The_protection_of_the_user_is_the_default()
    {
        // Where there is none, as in most containers, both say so.
        string Kind(string name, string protection) => RunWithKey(
            $"Clear-GraphTokenCache; Get-GraphToken @app -CertificatePath $pem -TokenCache {name} " +
            $"-TokenCacheFolder $folder {protection}").Error?.FullyQualifiedErrorId ?? "none";
        Assert.Equal(Kind("first", ""), Kind("second", "-TokenCacheProtection User"));
        Assert.All(
            Directory.Exists(_folder) ? Directory.GetFiles(_folder) : [],
            file => Assert.DoesNotContain("AccessToken", System.IO.File.ReadAllText(file)));
    }

    [Fact]
    public void A_key_is_Base64_and_belongs_to_a_cache()
    {
        foreach (string arguments in new[] { "-TokenCache x -TokenCacheKey $bad", "-TokenCacheKey $bad" })
        {
            ErrorRecord error = Run(
                "Get-GraphToken @app -CertificatePath $pem " + arguments,
                new { app = App(_emulator), pem = TestFolder.Pem, bad = Secret.Of("not Base64") }).Failure;
            Assert.StartsWith("InvalidArgument", error.FullyQualifiedErrorId);
        }
    }

    private Outcome RunWithKey(string script) => Run(
        script,
        new { app = App(_emulator), pem = TestFolder.Pem, folder = _folder, key = Secret.Of(Key) });
}
