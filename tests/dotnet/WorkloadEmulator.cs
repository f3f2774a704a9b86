namespace GraphToken.Tests;

/// <summary>An emulator that knows a workload, and is the token service of GitHub Actions and Azure Pipelines.</summary>
public sealed class WorkloadEmulator : Emulator
{
    internal const string Workload = "33333333-3333-3333-3333-333333333333";
    internal const string Issuer = "https://oidc.example/cluster";
    internal const string Subject = "system:serviceaccount:default:workload";
    internal const string RequestToken = "github-request-token-8c7b6a5d4e3f";
    internal const string AccessToken = "pipelines-access-token-1f2e3d4c5b6a";
    internal const string ServiceConnectionId = "44444444-4444-4444-4444-444444444444";

    /// <summary>Starts it.</summary>
    public WorkloadEmulator()
        : base(
            "--app",
            $"{Workload}:issuer={Issuer}:subject={Subject}" +
            ":issuer=https://token.actions.githubusercontent.com:subject=repo:contoso/deploy:ref:refs/heads/main" +
            ":issuer=https://vstoken.dev.azure.com/emulated:subject=sc://contoso/project/connection",
            "--github-actions",
            $"{RequestToken}:repo:contoso/deploy:ref:refs/heads/main",
            "--azure-pipelines",
            $"{AccessToken}:{ServiceConnectionId}:sc://contoso/project/connection")
    {
    }

    /// <summary>The variables of a job of both systems.</summary>
    internal (string Name, string Value)[] JobVariables =>
    [
        ("ACTIONS_ID_TOKEN_REQUEST_URL",
            $"{Address}/_apis/distributedtask/hubs/Actions/plans/1/jobs/2/idtoken?api-version=2.0"),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", RequestToken),
        ("SYSTEM_OIDCREQUESTURI",
            $"{Address}/contoso/project/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken"),
        ("SYSTEM_ACCESSTOKEN", AccessToken),
    ];

    /// <summary>A token for a token file.</summary>
    internal string WorkloadToken(string subject = Subject, int lifetime = 300) => Send(
        HttpMethod.Get, $"/_workload-token?issuer={Issuer}&subject={subject}&lifetime={lifetime}", null);
}
