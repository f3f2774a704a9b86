using System;
using System.Linq;
using System.Management.Automation;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>The credentials of the application other than certificates.</summary>
public abstract class ApplicationCommand : NetworkCommand
{
    // Variables of AKS identity bindings.
    private static readonly string[] TokenProxyVariables =
    [
        "AZURE_KUBERNETES_TOKEN_PROXY", "AZURE_KUBERNETES_CA_FILE", "AZURE_KUBERNETES_CA_DATA",
        "AZURE_KUBERNETES_SNI_NAME",
    ];

    /// <summary>The application's client secret.</summary>
    [Parameter]
    [SecretArgument]
    [NotEmpty]
    public SecureString? ClientSecret { get; set; }

    /// <summary>Application id as user name, client secret as password.</summary>
    [Parameter]
    [CredentialArgument]
    [NotEmpty]
    public PSCredential? ClientSecretCredential { get; set; }

    /// <summary>A client assertion that was signed elsewhere, or a script block that provides one for each request.
    /// </summary>
    [Parameter]
    [SecretArgument(AllowsText = true, AllowsScript = true)]
    [NotEmpty]
    public object? ClientAssertion { get; set; }

    /// <summary>Literal path of the file in which a platform keeps the token of its workload.</summary>
    [Parameter]
    [NotEmpty]
    public string? FederatedTokenFile { get; set; }

    /// <summary>Proves the application with the token of this job of GitHub Actions.</summary>
    [Parameter]
    public SwitchParameter GitHubActions { get; set; }

    /// <summary>Proves the application with the token of this job of Azure Pipelines.</summary>
    [Parameter]
    public SwitchParameter AzurePipelines { get; set; }

    /// <summary>The service connection of Azure Pipelines.</summary>
    [Parameter]
    public Guid? ServiceConnectionId { get; set; }

    /// <summary>The thread that runs the script block of <see cref="ClientAssertion"/>; <see langword="null"/> without
    /// one.</summary>
    private protected PipelineThread? ScriptThread { get; private set; }

    /// <inheritdoc/>
    private protected override string? DefaultTenantId => OfPipelines("AZURESUBSCRIPTION_TENANT_ID");

    /// <inheritdoc/>
    private protected override string? DefaultClientId => OfPipelines("AZURESUBSCRIPTION_CLIENT_ID");

    private protected override bool IsSecretPlainText =>
        base.IsSecretPlainText || SecretArgumentAttribute.WasText(ClientSecret);

    /// <summary>Refuses parameters that exclude each other, and empty credentials.</summary>
    private protected void RefuseApplicationConflicts()
    {
        RefuseCertificateConflicts(
            (nameof(ClientSecret), ClientSecret != null),
            (nameof(ClientSecretCredential), ClientSecretCredential != null),
            (nameof(ClientAssertion), ClientAssertion != null),
            (nameof(FederatedTokenFile), FederatedTokenFile != null),
            (nameof(GitHubActions), GitHubActions),
            (nameof(AzurePipelines), AzurePipelines));
        ExclusiveParameters.Require(
            (nameof(ServiceConnectionId), ServiceConnectionId != null), (nameof(AzurePipelines), AzurePipelines));
        RefuseProxyConflicts();
        RefuseEmpty(ClientSecretCredential, nameof(ClientSecretCredential));
    }

    /// <summary>The application's credential; <see langword="null"/> for a public client.</summary>
    private protected ClientCredential? ApplicationCredential()
    {
        if (HasCertificate)
        {
            return CertificateCredential();
        }
        if ((ClientSecret ?? ClientSecretCredential?.Password) is SecureString secret)
        {
            return ClientCredential.FromSecret(secret);
        }
        return ClientAssertion switch
        {
            ScriptBlock script => AssertionScript.CredentialOf(script, ScriptThread = new PipelineThread()),
            SecureString assertion => ClientCredential.FromAssertion(assertion),
            _ => WorkloadCredential(),
        };
    }

    /// <summary>Waits for the engine, which may run the script block meanwhile.</summary>
    private protected T Wait<T>(Func<T> work) => ScriptThread == null ? work() : ScriptThread.Wait(work);

    private ClientCredential? WorkloadCredential()
    {
        if (FederatedTokenFile != null)
        {
            WarnOfTokenProxy();
            return ClientCredential.FromFederatedTokenFile(FileOf(FederatedTokenFile, nameof(FederatedTokenFile)));
        }
        if (GitHubActions)
        {
            return ClientCredential.FromGitHubActions();
        }
        return AzurePipelines ? ClientCredential.FromAzurePipelines(ServiceConnectionId?.ToString() ?? "") : null;
    }

    private void WarnOfTokenProxy()
    {
        if (TokenProxyVariables.FirstOrDefault(name => FederationEnvironment.Variable(name) != null) is string variable)
        {
            WriteWarning(
                $"{variable} is set, but the token proxy of Azure Kubernetes Service is not supported: requests go to " +
                "the authority itself.");
        }
    }

    private string? OfPipelines(string variable) => AzurePipelines ? FederationEnvironment.Variable(variable) : null;

    /// <summary>A client builder with the values of these parameters.</summary>
    private protected TokenClientBuilder ApplicationBuilder(ClientCredential? credential) =>
        NetworkBuilder(EffectiveClientId(), credential);

    private string? EffectiveClientId()
    {
        string? userName = ClientSecretCredential?.UserName;
        if (ClientId != null && userName != null &&
            !PastedText.Id(ClientId).Equals(PastedText.Id(userName), StringComparison.OrdinalIgnoreCase))
        {
            throw TokenError.InvalidArgument(
                "-ClientId and the user name of -ClientSecretCredential differ.",
                "Leave out -ClientId: the user name of -ClientSecretCredential is the client id.");
        }
        return ClientId ?? userName;
    }
}
