using System;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Security;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Gets an access token for an application or a user.</summary>
[Cmdlet(VerbsCommon.Get, "GraphToken")]
[OutputType(typeof(GraphToken), typeof(string), typeof(SecureString))]
public sealed class GetGraphTokenCommand : ClientCommand
{
    private static readonly char[] Space = [' ', '\t', '\r', '\n'];

    /// <summary>The application's client secret.</summary>
    [Parameter]
    [SecretArgument]
    [ValidateNotNull]
    public SecureString? ClientSecret { get; set; }

    /// <summary>Application id as user name, client secret as password.</summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? ClientSecretCredential { get; set; }

    /// <summary>A client assertion that was signed elsewhere.</summary>
    [Parameter]
    [SecretArgument(AllowsText = true)]
    [ValidateNotNull]
    public SecureString? ClientAssertion { get; set; }

    /// <summary>User name and password, for the password grant.</summary>
    [Parameter]
    [Alias("UserCredential")]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>A refresh token of the user.</summary>
    [Parameter]
    [SecretArgument]
    [ValidateNotNull]
    public SecureString? RefreshToken { get; set; }

    /// <summary>What the token is for; by default everything that is granted in the cloud's Microsoft Graph.</summary>
    [Parameter]
    [Alias("Scope")]
    public string[]? Scopes { get; set; }

    /// <summary>A resource whose granted permissions the token is for: <c>resource/.default</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Resource { get; set; }

    /// <summary>Asks the service even when the cache has a token.</summary>
    [Parameter]
    public SwitchParameter ForceRefresh { get; set; }

    /// <summary>How long a token of the cache must still be valid; five minutes by default.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan? MinimumLifetime { get; set; }

    /// <summary>A claims request as JSON, as an API's claims challenge has it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Claims { get; set; }

    /// <summary>Time limit of the whole call in seconds; 100 by default.</summary>
    [Parameter]
    public int? TimeoutSeconds { get; set; }

    /// <summary>HTTP proxy, in place of the environment variable HTTPS_PROXY.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>User name and password for <see cref="Proxy"/>.</summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Id under which the sign-in logs show the request; random by default.</summary>
    [Parameter]
    public Guid? CorrelationId { get; set; }

    /// <summary>Returns the token as a string.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Returns the token as a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    private bool IsForUser => Credential != null || RefreshToken != null;

    private protected override void Run(CancellationToken stop)
    {
        RefuseConflicts();
        RefuseEmpty(ClientSecretCredential, nameof(ClientSecretCredential));
        RefuseEmpty(Credential, nameof(Credential));
        RefuseEmpty(ProxyCredential, nameof(ProxyCredential));
        WriteWarnings();
        string[] scopes = RequestedScopes();
        TokenRequestOptions options = RequestOptions();
        using ClientCredential? credential = AppCredential();
        TokenClient client = BuildClient(credential);
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
        WriteObject(new GraphToken(token, new TokenRenewal(client, scopes, options, IsForUser)));
    }

    private void RefuseConflicts()
    {
        RefuseProofConflicts(
            (nameof(ClientSecret), ClientSecret != null),
            (nameof(ClientSecretCredential), ClientSecretCredential != null),
            (nameof(ClientAssertion), ClientAssertion != null));
        ExclusiveParameters.AllowOneOf(
            (nameof(Credential), Credential != null), (nameof(RefreshToken), RefreshToken != null));
        ExclusiveParameters.AllowOneOf((nameof(Scopes), Scopes != null), (nameof(Resource), Resource != null));
        ExclusiveParameters.AllowOneOf(
            (nameof(AsPlainText), AsPlainText), (nameof(AsSecureString), AsSecureString));
        ExclusiveParameters.Require(
            (nameof(ProxyCredential), ProxyCredential != null), (nameof(Proxy), Proxy != null));
    }

    private static void RefuseEmpty(PSCredential? credential, string parameter)
    {
        if (credential == PSCredential.Empty)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.CredentialMissing,
                $"-{parameter} is empty.",
                "Pass a credential with user name and password, for example from Get-Credential.");
        }
    }

    private void WriteWarnings()
    {
        bool plainText = new[] { CertificatePassword, ClientSecret, RefreshToken }.Any(SecretArgumentAttribute.WasText);
        OneTimeWarning.PlainTextSecret.WriteWhen(plainText, this);
        OneTimeWarning.PasswordGrant.WriteWhen(Credential != null, this);
    }

    private string[] RequestedScopes() => Resource != null
        ? [Resource + "/.default"]
        : string.Join(" ", Scopes ?? []).Split(Space, StringSplitOptions.RemoveEmptyEntries);

    private TokenRequestOptions RequestOptions() => new()
    {
        Claims = Claims,
        CorrelationId = CorrelationId,
        ForceRefresh = ForceRefresh,
        MinimumLifetime = MinimumLifetime,
    };

    /// <summary>The application's proof; <see langword="null"/> for a public client with a user's proof.</summary>
    private ClientCredential? AppCredential()
    {
        if (HasCertificate)
        {
            return CertificateCredential();
        }
        if ((ClientSecret ?? ClientSecretCredential?.Password) is SecureString secret)
        {
            return ClientCredential.FromSecret(secret);
        }
        if (ClientAssertion != null)
        {
            return ClientCredential.FromAssertion(ClientAssertion);
        }
        return IsForUser ? null : throw new GraphTokenException(
            GraphTokenErrorKind.CredentialMissing,
            "Neither the application nor a user proves who it is.",
            "Add a proof of the application (-Certificate, -CertificateThumbprint, -CertificateSubjectName, " +
            "-CertificatePath, -ClientSecret, -ClientSecretCredential or -ClientAssertion) or of a user " +
            "(-Credential or -RefreshToken).");
    }

    private TokenClient BuildClient(ClientCredential? credential)
    {
        TokenClientBuilder builder = ClientBuilder(EffectiveClientId(), credential);
        builder = Proxy == null ? builder : builder.WithProxy(ProxyUrl(Proxy));
        builder = TimeoutSeconds is int seconds ? builder.WithTimeout(TimeSpan.FromSeconds(seconds)) : builder;
        return builder.Build();
    }

    private string? EffectiveClientId()
    {
        string? userName = ClientSecretCredential?.UserName;
        if (ClientId != null && userName != null && !ClientId.Equals(userName, StringComparison.OrdinalIgnoreCase))
        {
            throw TokenError.InvalidArgument(
                $"-ClientId is '{ClientId}', but the user name of -ClientSecretCredential is '{userName}'.",
                "The user name of -ClientSecretCredential is the client id: leave out -ClientId, or make both equal.");
        }
        return ClientId ?? userName;
    }

    private string ProxyUrl(Uri proxy)
    {
        if (ProxyCredential == null)
        {
            return proxy.OriginalString;
        }
        if (!proxy.IsAbsoluteUri)
        {
            throw TokenError.InvalidArgument(
                "-Proxy is not a whole URL.", "Pass the proxy as http://host:port when there is a -ProxyCredential.");
        }
        NetworkCredential login = ProxyCredential.GetNetworkCredential();
        string user = login.Domain.Length == 0 ? login.UserName : $"{login.Domain}\\{login.UserName}";
        var url = new UriBuilder(proxy)
        {
            UserName = Uri.EscapeDataString(user),
            Password = Uri.EscapeDataString(login.Password),
        };
        return url.Uri.AbsoluteUri;
    }

    private AccessToken Acquire(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        string grant = Credential != null ? "password" : RefreshToken != null ? "refresh_token" : "client_credentials";
        string wanted = scopes.Length == 0 ? "the default of Microsoft Graph" : string.Join(" ", scopes);
        WriteVerbose(
            $"Asking {client.TokenEndpoint} for application {client.ClientId}: grant {grant}, scopes {wanted}.");
        using TokenRequest request = Request(scopes, options);
        var watch = Stopwatch.StartNew();
        AccessToken token = client.Acquire(request, stop);
        WriteVerbose(
            $"Token from the {(token.FromCache ? "cache" : "network")} in {watch.Elapsed.TotalMilliseconds:F1} ms, " +
            $"valid until {token.ExpiresOn.UtcDateTime:u}, correlation id {token.CorrelationId}.");
        return token;
    }

    private TokenRequest Request(string[] scopes, TokenRequestOptions options)
    {
        if (Credential != null)
        {
            return TokenRequest.ForPassword(Credential.UserName, Credential.Password, options, scopes);
        }
        return RefreshToken != null
            ? TokenRequest.ForRefreshToken(RefreshToken, options, scopes)
            : TokenRequest.ForClient(options, scopes);
    }
}
