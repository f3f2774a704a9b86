using System.Collections;
using System.Management.Automation;

namespace GraphToken.PowerShell.Tests;

/// <summary>Tokens of workloads: from a file, from GitHub Actions and Azure Pipelines, and from a script block.</summary>
public sealed class FederationTests(Stage stage) : EngineTest(stage)
{
    private readonly WorkloadEmulator _emulator = stage.Workload;

    [Fact]
    public void A_token_file_proves_the_workload()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, _emulator.WorkloadToken());
            string token = Run(
                "Get-GraphToken @app -FederatedTokenFile $path -AsPlainText", new { app = Workload, path }).Text;
            Assert.Equal(WorkloadEmulator.Workload, ClaimsOf(token).GetProperty("appid").GetString());
            Outcome warned = Run(
                "$env:AZURE_KUBERNETES_TOKEN_PROXY = 'https://proxy.example'; " +
                "try { Get-GraphToken @app -FederatedTokenFile $path -AsPlainText } " +
                "finally { $env:AZURE_KUBERNETES_TOKEN_PROXY = $null }",
                new { app = Workload, path });
            Assert.Contains(warned.Warnings, line => line.Contains("AZURE_KUBERNETES_TOKEN_PROXY is set"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_missing_token_file_is_a_missing_credential()
    {
        ErrorRecord error = Run(
            "Get-GraphToken @app -FederatedTokenFile /no/such/token", new { app = Workload }).Failure;
        Assert.StartsWith("CredentialMissing,", error.FullyQualifiedErrorId);
        Assert.Contains("-FederatedTokenFile", error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("-GitHubActions @app")]
    [InlineData("-AzurePipelines -ServiceConnectionId 44444444-4444-4444-4444-444444444444 @app")]
    [InlineData("-AzurePipelines")]
    public void A_job_gets_a_token_by_the_variables_of_its_session(string parameters)
    {
        Hashtable variables = new(_emulator.JobVariables.ToDictionary(pair => pair.Name, pair => pair.Value))
        {
            ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = WorkloadEmulator.ServiceConnectionId,
            ["AZURESUBSCRIPTION_TENANT_ID"] = _emulator.TenantUrl,
            ["AZURESUBSCRIPTION_CLIENT_ID"] = WorkloadEmulator.Workload,
        };
        string token = Run(
            "foreach ($name in $variables.Keys) { [Environment]::SetEnvironmentVariable($name, $variables[$name]) }; " +
            $"try {{ Get-GraphToken {parameters} -AsPlainText -ForceRefresh }} " +
            "finally { foreach ($name in $variables.Keys) { [Environment]::SetEnvironmentVariable($name, $null) } }",
            new { app = Workload, variables }).Text;
        Assert.Equal(WorkloadEmulator.Workload, ClaimsOf(token).GetProperty("appid").GetString());
    }

    [Theory]
    [InlineData("-GitHubActions", "CredentialMissing", "id-token: write")]
    [InlineData("-AzurePipelines -ServiceConnectionId 44444444-4444-4444-4444-444444444444", "CredentialMissing",
        "SYSTEM_ACCESSTOKEN")]
    [InlineData("-GitHubActions -AzurePipelines", "InvalidArgument", "-GitHubActions")]
    [InlineData("-FederatedTokenFile a -ClientSecret $secret", "InvalidArgument",
        "-ClientSecret")]
    [InlineData("-GitHubActions -ServiceConnectionId 44444444-4444-4444-4444-444444444444", "InvalidArgument",
        "-AzurePipelines")]
    public void What_cannot_be_is_refused_before_anything_is_sent(string parameters, string kind, string hint)
    {
        ErrorRecord error = Run(
            $"Get-GraphToken @app {parameters}", new { app = Workload, secret = Secret.Of("secret") }).Failure;
        Assert.StartsWith(kind + ",", error.FullyQualifiedErrorId);
        Assert.Contains(hint, error.ErrorDetails.RecommendedAction);
        Assert.Empty(_emulator.Journal());
    }

    [Fact]
    public void A_script_block_runs_once_for_each_request_and_is_told_what_for()
    {
        _emulator.Fault("status=503");
        string[] output = [.. Run(
            "$calls = [System.Collections.ArrayList]::new(); " +
            "Get-GraphToken @app -ClientAssertion { param($t, $c, $e) $null = $calls.Add(\"$t|$c|$e\"); $assertion } " +
            "-AsPlainText; $calls",
            new { app = Workload, assertion = _emulator.WorkloadToken() }).Output.Select(item => $"{item}")];
        string asked =
            $"{Emulator.Tenant}|{WorkloadEmulator.Workload}|{_emulator.TenantUrl}/oauth2/v2.0/token";
        Assert.Equal([asked, asked], output[1..]);
    }

    [Fact]
    public void A_secure_string_of_a_script_block_is_an_assertion() => Assert.NotEmpty(Run(
        "Get-GraphToken @app -ClientAssertion { $assertion } -AsPlainText",
        new { app = Workload, assertion = Secret.Of(_emulator.WorkloadToken()) }).Text);

    [Theory]
    [InlineData("throw 'the vault is closed'", "the vault is closed")]
    [InlineData("1; 2", "returned 2 objects")]
    [InlineData("42", "Int32")]
    public void What_a_script_block_throws_is_the_cause(string script, string says)
    {
        ErrorRecord error = Run(
            $"Get-GraphToken @app -ClientAssertion {{ {script} }}", new { app = Workload }).Failure;
        Assert.StartsWith("SigningFailed,", error.FullyQualifiedErrorId);
        Assert.Contains(says, error.Exception.InnerException!.Message);
        Assert.Empty(_emulator.Journal());
    }

    [Fact]
    public void A_token_of_a_script_block_renews_itself_by_the_script_block()
    {
        string[] output = [.. Run(
            "$calls = [System.Collections.ArrayList]::new(); " +
            "$token = Get-GraphToken @app -MinimumLifetime 7200 " +
            "-ClientAssertion { $null = $calls.Add(1); $assertion }; " +
            "$null = $token.GetHeader(); $calls.Count",
            new { app = Workload, assertion = _emulator.WorkloadToken() }).Output.Select(item => $"{item}")];
        Assert.Equal(["2"], output);
    }

    [Fact]
    public void The_diagnosis_runs_script_blocks_too()
    {
        Outcome outcome = Run(
            "Test-GraphTokenSetup @app -ClientAssertion { $assertion } | Where-Object Check -eq ClientCredential | " +
            "ForEach-Object { \"$($_.Status)\" }",
            new { app = Workload, assertion = _emulator.WorkloadToken() });
        Assert.Equal("Passed", outcome.Text);
    }

    private Hashtable Workload => Who(_emulator.TenantUrl, WorkloadEmulator.Workload);
}
