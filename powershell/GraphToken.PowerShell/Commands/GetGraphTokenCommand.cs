using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Security;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Gets an access token for an application or a user.</summary>
[Cmdlet(VerbsCommon.Get, "GraphToken", DefaultParameterSetName = ApplicationSet)]
[OutputType(typeof(GraphToken), typeof(string), typeof(SecureString))]
public sealed partial class GetGraphTokenCommand : CachingCommand
{
    private const string ApplicationSet = "Application";
    private const string PasswordSet = "Password";
    private const string RefreshTokenSet = "RefreshToken";
    private const string OnBehalfOfSet = "OnBehalfOf";
    private const string DeviceCodeSet = "DeviceCode";
    private const string InteractiveSet = "Interactive";
    private const string AccountSet = "Account";
    private const string IdentitySet = "ManagedIdentity";
    private const string EnvironmentSet = "EnvironmentVariable";
    private const string ChainSet = "Chain";
    private const string AzureCliSet = "AzureCli";
    private const string AzureDeveloperCliSet = "AzureDeveloperCli";

    private static readonly char[] Space = [' ', '\t', '\r', '\n'];

    /// <summary>User name and password, for the password grant.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PasswordSet)]
    [Alias("UserCredential")]
    [CredentialArgument]
    [AllowNull]
    [NotEmpty]
    public PSCredential? Credential { get; set; }

    /// <summary>A refresh token of the user.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RefreshTokenSet)]
    [SecretArgument]
    [AllowNull]
    [NotEmpty]
    public SecureString? RefreshToken { get; set; }

    /// <summary>The user's access token for this application, which a caller has sent to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OnBehalfOfSet)]
    [SecretArgument]
    [AllowNull]
    [NotEmpty]
    public SecureString? UserAssertion { get; set; }

    /// <summary>Has the user sign in on another device, with a code that the host shows.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DeviceCodeSet)]
    [Alias("DeviceCode")]
    public SwitchParameter UseDeviceCode { get; set; }

    /// <summary>Has the user sign in in a web browser on this computer.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InteractiveSet)]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Shows the address of the sign-in, and opens no browser.</summary>
    [Parameter]
    public SwitchParameter NoBrowser { get; set; }

    /// <summary>The port that the browser brings the answer to; any that is free by default.</summary>
    [Parameter]
    public int? RedirectPort { get; set; }

    /// <summary>The sign-in name of the user who is expected.</summary>
    [Parameter]
    [NotEmpty]
    public string? LoginHint { get; set; }

    /// <summary>What the user is shown.</summary>
    [Parameter]
    public Prompt? Prompt { get; set; }

    /// <summary>
    /// A user who signed in earlier: sign-in name, home account id or object id. With -Interactive and
    /// -UseDeviceCode the user signs in if that is necessary.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = AccountSet)]
    [Parameter(ParameterSetName = DeviceCodeSet)]
    [Parameter(ParameterSetName = InteractiveSet)]
    [NotEmpty]
    public string? Account { get; set; }

    /// <summary>Uses the managed identity of this Azure resource, which needs no tenant and no application.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdentitySet)]
    [Alias("ManagedIdentity", "MSI")]
    public SwitchParameter Identity { get; set; }

    /// <summary>A user-assigned identity, in place of the resource's own.</summary>
    [Parameter]
    [NotEmpty]
    public string? IdentityId { get; set; }

    /// <summary>What the id of the identity is; by its form if it is not given.</summary>
    [Parameter]
    public IdentityIdType? IdentityIdType { get; set; }

    /// <summary>Uses the application or user that the environment variables AZURE_* describe.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EnvironmentSet)]
    public SwitchParameter EnvironmentVariable { get; set; }

    /// <summary>Uses the first that applies: environment variables, workload, managed identity, az, azd.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ChainSet)]
    public SwitchParameter Chain { get; set; }

    /// <summary>Uses the user who is signed in to the Azure CLI.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AzureCliSet)]
    public SwitchParameter AzureCli { get; set; }

    /// <summary>Uses the user who is signed in to the Azure Developer CLI.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AzureDeveloperCliSet)]
    public SwitchParameter AzureDeveloperCli { get; set; }

    /// <summary>The scopes to request; by default /.default of the cloud's Microsoft Graph.</summary>
    [Parameter]
    [Alias("Scope")]
    public string[]? Scopes { get; set; }

    /// <summary>The resource to request a token for: short for the scope <c>resource/.default</c>.</summary>
    [Parameter]
    [NotEmpty]
    public string? Resource { get; set; }

    /// <summary>Requests a token from the service even if there is one in the cache.</summary>
    [Parameter]
    public SwitchParameter ForceRefresh { get; set; }

    /// <summary>How long a cached token must still be valid; five minutes by default.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan? MinimumLifetime { get; set; }

    /// <summary>A claims request as JSON.</summary>
    [Parameter]
    [NotEmpty]
    public string? Claims { get; set; }

    /// <summary>The header WWW-Authenticate of an API that has refused the token.</summary>
    [Parameter]
    [NotEmpty]
    public string[]? Challenge { get; set; }

    /// <summary>What the caller tells the service that it can do: cp1 to answer claims challenges.</summary>
    [Parameter]
    [NotEmpty]
    public string[]? ClientCapability { get; set; }

    /// <summary>Id under which the sign-in logs show the request; random by default.</summary>
    [Parameter]
    public Guid? CorrelationId { get; set; }

    /// <summary>Returns the token as a string.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Returns the token as a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    private protected override bool IsSecretPlainText =>
        base.IsSecretPlainText || SecretArgumentAttribute.WasText(RefreshToken) ||
        SecretArgumentAttribute.WasText(UserAssertion);

    /// <summary>The parameter with the user's credential; <see langword="null"/> for the application itself.</summary>
    private string? UserParameter => ParameterSetName switch
    {
        PasswordSet => nameof(Credential),
        RefreshTokenSet => nameof(RefreshToken),
        OnBehalfOfSet => nameof(UserAssertion),
        DeviceCodeSet when UseDeviceCode => nameof(UseDeviceCode),
        InteractiveSet when Interactive => nameof(Interactive),
        AccountSet => nameof(Account),
        _ => null,
    };

    private protected override void Run(CancellationToken stop)
    {
        RefuseConflicts();
        RefuseEmpty(Credential, nameof(Credential));
        RefuseInvisibleHost();
        WriteWarnings();
        string[] scopes = RequestedScopes();
        TokenRequestOptions options = RequestOptions();
        TokenClient client = Client();
        AccessToken token = Acquire(client, scopes, options, stop);
        if (AsPlainText || AsSecureString)
        {
            using (client)
            using (token)
            {
                WriteObject(AsPlainText ? token.GetPlainText() : token.GetSecureString());
            }
            return;
        }
        string? account = ParameterSetName == AccountSet ? Account : null;
        WriteObject(
            new GraphToken(token, new TokenRenewal(client, scopes, options, UserParameter, account, ScriptThread)));
    }

    /// <summary>The switch that stands in place of an application, if there is one.</summary>
    private (string Name, bool IsOn)? Source => ParameterSetName switch
    {
        IdentitySet => (nameof(Identity), Identity),
        EnvironmentSet => (nameof(EnvironmentVariable), EnvironmentVariable),
        ChainSet => (nameof(Chain), Chain),
        AzureCliSet => (nameof(AzureCli), AzureCli),
        AzureDeveloperCliSet => (nameof(AzureDeveloperCli), AzureDeveloperCli),
        _ => null,
    };

    private TokenClient Client()
    {
        switch (ParameterSetName)
        {
            case IdentitySet:
                ManagedIdentityId id = IdentityArgument.IdOf(IdentityId, IdentityIdType);
                return SourceBuilder(TokenClientBuilder.ForManagedIdentity(id)).Build();
            case EnvironmentSet:
                return WithCaches(EnvironmentBuilder()).Build();
            case ChainSet:
                return SourceBuilder(TokenClientBuilder.FromChain()).Build();
            case AzureCliSet:
                return SourceBuilder(TokenClientBuilder.FromAzureCli(TenantId ?? "")).Build();
            case AzureDeveloperCliSet:
                return SourceBuilder(TokenClientBuilder.FromAzureDeveloperCli(TenantId ?? "")).Build();
        }
        using ClientCredential? credential = AppCredential();
        TokenClientBuilder builder = WithCaches(ApplicationBuilder(credential));
        return builder.WithClientCapabilities(ClientCapability ?? []).Build();
    }

    private TokenClientBuilder EnvironmentBuilder()
    {
        TokenClientBuilder builder = SourceBuilder(TokenClientBuilder.FromEnvironment())
            .WithAlgorithm(Algorithm)
            .WithClientCapabilities(ClientCapability ?? []);
        // Otherwise the variable decides.
        builder = SendCertificateChain ? builder.WithCertificateChain(true) : builder;
        return AssertionLifetime is TimeSpan lifetime ? builder.WithAssertionLifetime(lifetime) : builder;
    }

    private void RefuseConflicts()
    {
        if (Source is (string name, bool isOn))
        {
            SourceArgument.RefuseConflicts(name, isOn, MyInvocation.BoundParameters);
        }
        IdentityArgument.RefuseConflicts(Identity, IdentityId, IdentityIdType);
        RefuseBrowserConflicts();
        RefuseApplicationConflicts();
        RefuseCacheConflicts();
        ExclusiveParameters.AllowOneOf((nameof(Scopes), Scopes != null), (nameof(Resource), Resource != null));
        ExclusiveParameters.AllowOneOf(
            (nameof(AsPlainText), AsPlainText), (nameof(AsSecureString), AsSecureString));
    }

    private void WriteWarnings()
    {
        OneTimeWarning.PlainTextSecret.WriteWhen(IsSecretPlainText, this);
        OneTimeWarning.PasswordGrant.WriteWhen(Credential != null, this);
    }

    private string[] RequestedScopes() => Resource != null
        ? [PastedText.Unwrapped(Resource) + "/.default"]
        : string.Join(" ", Scopes ?? []).Split(Space, StringSplitOptions.RemoveEmptyEntries);

    private TokenRequestOptions RequestOptions() => new()
    {
        Claims = Claims,
        Challenge = Challenge == null ? null : string.Join(", ", Challenge),
        CorrelationId = CorrelationId,
        ForceRefresh = ForceRefresh,
        MinimumLifetime = MinimumLifetime,
        // Otherwise the wait lasts as long as the code is valid, or five minutes.
        Timeout = (UseDeviceCode || Interactive) && TimeoutSeconds is int seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    /// <summary>
    /// The application's credential; <see langword="null"/> with a user's credential alone. The engine refuses a user
    /// assertion without one.
    /// </summary>
    private ClientCredential? AppCredential()
    {
        if (ApplicationCredential() is ClientCredential credential)
        {
            return credential;
        }
        return UserParameter != null ? null : throw new GraphTokenException(
            GraphTokenErrorKind.CredentialMissing,
            "No application or user credential was given.",
            "Add a credential of the application (-Certificate, -CertificateThumbprint, -CertificateSubjectName, " +
            "-CertificatePath, -CertificateBytes, -CertificateBase64, -Pkcs11Module, -ClientSecret, " +
            "-ClientSecretCredential, -ClientAssertion, -FederatedTokenFile, -GitHubActions or -AzurePipelines), or of " +
            "a user (-Credential, -RefreshToken or -UserAssertion), or have a user sign in with -Interactive or " +
            "-UseDeviceCode, or name one who has signed in with -Account. Without any of them, use -Identity, " +
            "-EnvironmentVariable, -Chain, -AzureCli or -AzureDeveloperCli.");
    }

    private AccessToken Acquire(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        string wanted = scopes.Length == 0 ? ".default of Microsoft Graph" : string.Join(" ", scopes);
        WriteVerbose(Source is (string source, _)
            ? $"Requesting a token{At(client.TokenEndpoint)} for {Described(source)}, with the scopes {wanted}."
            : $"Requesting a token from {client.TokenEndpoint} for application {client.ClientId}, " +
            $"with the grant {GrantName} and the scopes {wanted}.");
        var watch = Stopwatch.StartNew();
        AccessToken token = SignedIn(client, scopes, options, stop) ?? AcquireAtOnce(client, scopes, options, stop);
        WriteChoice(client);
        if (client.TakeCacheFailure()?.ForPowerShell() is GraphTokenException failure)
        {
            WriteWarning($"{failure.Message} {failure.Hint}");
        }
        WriteVerbose(
            $"Token from the {(token.FromCache ? "cache" : "network")} in {watch.Elapsed.TotalMilliseconds:F1} ms, " +
            $"{Validity(token)}, correlation id {token.CorrelationId}.");
        return token;
    }

    private static string Described(string source) => source switch
    {
        nameof(Identity) => "the managed identity",
        nameof(EnvironmentVariable) => "the credential of the environment variables",
        nameof(Chain) => "the first credential that applies",
        nameof(AzureCli) => "the user of the Azure CLI",
        _ => "the user of the Azure Developer CLI",
    };

    private static string At(string endpoint) => endpoint.Length == 0 ? "" : $" from {endpoint}";

    /// <summary>Says what a chain uses and why, and what the user should know about it.</summary>
    private void WriteChoice(TokenClient client)
    {
        foreach (string line in client.PassedOver.Split(['\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            WriteVerbose($"The chain passes over {line}");
        }
        if (client.Chosen.Length > 0)
        {
            WriteVerbose($"The chain uses {client.Chosen}.");
        }
        if (client.Warning.Length > 0)
        {
            WriteWarning(client.Warning);
        }
    }

    private AccessToken AcquireAtOnce(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        using TokenRequest request = Request(scopes, options);
        return Wait(() => client.Acquire(request, stop));
    }

    private string GrantName => ParameterSetName switch
    {
        PasswordSet => "password",
        RefreshTokenSet => "refresh_token",
        OnBehalfOfSet => "on_behalf_of",
        DeviceCodeSet when UseDeviceCode => "device_code",
        InteractiveSet when Interactive => "authorization_code",
        AccountSet => "account",
        _ => "client_credentials",
    };

    private static string Validity(AccessToken token) => token.ExpiresOn == DateTimeOffset.MinValue
        ? "not cached because the service has not said when it expires"
        : $"valid until {token.ExpiresOn.UtcDateTime:u}";

    private TokenRequest Request(string[] scopes, TokenRequestOptions options)
    {
        if (Credential != null)
        {
            return TokenRequest.ForPassword(Credential.UserName, Credential.Password, options, scopes);
        }
        if (RefreshToken != null)
        {
            return TokenRequest.ForRefreshToken(RefreshToken, options, scopes);
        }
        if (Account != null)
        {
            return TokenRequest.ForAccount(Account, options, scopes);
        }
        return UserAssertion != null
            ? TokenRequest.OnBehalfOf(UserAssertion, options, scopes)
            : TokenRequest.ForClient(options, scopes);
    }
}
