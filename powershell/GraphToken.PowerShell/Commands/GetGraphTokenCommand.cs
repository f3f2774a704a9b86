using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Security;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Gets an access token for an application or a user.</summary>
[Cmdlet(VerbsCommon.Get, "GraphToken", DefaultParameterSetName = ApplicationSet)]
[OutputType(typeof(GraphToken), typeof(string), typeof(SecureString))]
public sealed class GetGraphTokenCommand : CachingCommand
{
    private const string ApplicationSet = "Application";
    private const string PasswordSet = "Password";
    private const string RefreshTokenSet = "RefreshToken";
    private const string OnBehalfOfSet = "OnBehalfOf";
    private const string DeviceCodeSet = "DeviceCode";
    private const string InteractiveSet = "Interactive";
    private const string IdentitySet = "ManagedIdentity";

    // The engine's own, as long as no other is given.
    private static readonly TimeSpan BrowserTimeout = TimeSpan.FromSeconds(300);

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
    [Parameter(ParameterSetName = InteractiveSet)]
    public SwitchParameter NoBrowser { get; set; }

    /// <summary>The port that the browser brings the answer to; any that is free by default.</summary>
    [Parameter(ParameterSetName = InteractiveSet)]
    public int? RedirectPort { get; set; }

    /// <summary>The sign-in name of the user who is expected.</summary>
    [Parameter(ParameterSetName = InteractiveSet)]
    [NotEmpty]
    public string? LoginHint { get; set; }

    /// <summary>What the user is shown.</summary>
    [Parameter(ParameterSetName = InteractiveSet)]
    public Prompt? Prompt { get; set; }

    /// <summary>Uses the managed identity of this Azure resource, which needs no tenant and no application.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdentitySet)]
    [Alias("ManagedIdentity", "MSI")]
    public SwitchParameter Identity { get; set; }

    /// <summary>A user-assigned identity, in place of the resource's own.</summary>
    [Parameter(ParameterSetName = IdentitySet)]
    [NotEmpty]
    public string? IdentityId { get; set; }

    /// <summary>What the id of the identity is; by its form if it is not given.</summary>
    [Parameter(ParameterSetName = IdentitySet)]
    public IdentityIdType? IdentityIdType { get; set; }

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
        WriteObject(new GraphToken(token, new TokenRenewal(client, scopes, options, UserParameter, ScriptThread)));
    }

    private TokenClient Client()
    {
        if (Identity)
        {
            return IdentityBuilder(IdentityArgument.IdOf(IdentityId, IdentityIdType)).Build();
        }
        using ClientCredential? credential = AppCredential();
        return CachingBuilder(credential).WithClientCapabilities(ClientCapability ?? []).Build();
    }

    private void RefuseConflicts()
    {
        if (ParameterSetName == IdentitySet)
        {
            IdentityArgument.RefuseConflicts(Identity, IdentityId, IdentityIdType, MyInvocation.BoundParameters);
        }
        RefuseApplicationConflicts();
        RefuseCacheConflicts();
        ExclusiveParameters.AllowOneOf((nameof(Scopes), Scopes != null), (nameof(Resource), Resource != null));
        ExclusiveParameters.AllowOneOf(
            (nameof(AsPlainText), AsPlainText), (nameof(AsSecureString), AsSecureString));
    }

    // A host without an interface has one here nevertheless, which shows nothing: its name tells it apart.
    private void RefuseInvisibleHost()
    {
        if ((UseDeviceCode || Interactive) && Host.Name == "Default Host")
        {
            string shown = UseDeviceCode ? "-UseDeviceCode has nowhere to show the code" :
                "-Interactive has nowhere to show the address of the sign-in";
            throw new GraphTokenException(
                GraphTokenErrorKind.InteractionRequired,
                $"{shown}: this PowerShell host has no user interface.",
                "Run the command in a console, or sign in with an application's credential.");
        }
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
            "-UseDeviceCode.");
    }

    private AccessToken Acquire(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        string wanted = scopes.Length == 0 ? ".default of Microsoft Graph" : string.Join(" ", scopes);
        WriteVerbose(Identity
            ? $"Requesting a token from {client.TokenEndpoint} for the managed identity, with the scopes {wanted}."
            : $"Requesting a token from {client.TokenEndpoint} for application {client.ClientId}, " +
            $"with the grant {GrantName} and the scopes {wanted}.");
        var watch = Stopwatch.StartNew();
        AccessToken token = SignedIn(client, scopes, options, stop) ?? AcquireAtOnce(client, scopes, options, stop);
        if (client.TakeCacheFailure()?.ForPowerShell() is GraphTokenException failure)
        {
            WriteWarning($"{failure.Message} {failure.Hint}");
        }
        WriteVerbose(
            $"Token from the {(token.FromCache ? "cache" : "network")} in {watch.Elapsed.TotalMilliseconds:F1} ms, " +
            $"{Validity(token)}, correlation id {token.CorrelationId}.");
        return token;
    }

    /// <summary>The token of a user who signs in now; <see langword="null"/> for every other way.</summary>
    private AccessToken? SignedIn(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        if (UseDeviceCode)
        {
            return AcquireOnDevice(client, scopes, options, stop);
        }
        return Interactive ? AcquireInBrowser(client, scopes, options, stop) : null;
    }

    private AccessToken AcquireAtOnce(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        using TokenRequest request = Request(scopes, options);
        return Wait(() => client.Acquire(request, stop));
    }

    private AccessToken AcquireOnDevice(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        var display = new DeviceCodeDisplay(this);
        if (ScriptThread is PipelineThread thread)
        {
            // This thread runs the script block at each poll, so nothing counts down.
            using TokenRequest proved = TokenRequest.ForDeviceCode(
                code => thread.Invoke(() => display.Write(code)), options, scopes);
            return Wait(() => client.Acquire(proved, stop));
        }
        using TokenRequest request = TokenRequest.ForDeviceCode(display.Show, options, scopes);
        return display.Wait(client.AcquireAsync(request, stop));
    }

    private AccessToken AcquireInBrowser(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        var display = new BrowserDisplay(this, options.Timeout ?? BrowserTimeout);
        PipelineThread? thread = ScriptThread;
        var browser = new BrowserOptions
        {
            OpenBrowser = !NoBrowser,
            // This thread runs the script block of the application's proof, so nothing counts down.
            ShowAddress = thread == null ? display.Show : address => thread.Invoke(() => display.Write(address)),
            RedirectPort = RedirectPort,
            LoginHint = LoginHint,
            Prompt = Prompt,
        };
        using TokenRequest request = TokenRequest.ForBrowser(browser, options, scopes);
        return thread == null
            ? display.Wait(client.AcquireAsync(request, stop))
            : Wait(() => client.Acquire(request, stop));
    }

    private protected override string ClientIdHint => ParameterSetName switch
    {
        InteractiveSet => Registration(
            "add the platform \"Mobile and desktop applications\" with the redirect URI http://localhost"),
        DeviceCodeSet => Registration("set \"Allow public client flows\" to Yes under Authentication"),
        _ => base.ClientIdHint,
    };

    private static string Registration(string step) =>
        "Add -ClientId with the Application (client) ID of an app registration. To register an application, open " +
        $"https://entra.microsoft.com, select App registrations and New registration, and {step}.";

    private string GrantName => ParameterSetName switch
    {
        PasswordSet => "password",
        RefreshTokenSet => "refresh_token",
        OnBehalfOfSet => "on_behalf_of",
        DeviceCodeSet when UseDeviceCode => "device_code",
        InteractiveSet when Interactive => "authorization_code",
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
        return UserAssertion != null
            ? TokenRequest.OnBehalfOf(UserAssertion, options, scopes)
            : TokenRequest.ForClient(options, scopes);
    }
}
