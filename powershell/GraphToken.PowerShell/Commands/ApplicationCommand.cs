using System;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>The parameters of commands that ask the service: every proof of the application, and the network.</summary>
public abstract class ApplicationCommand : ClientCommand
{
    /// <summary>The application's client secret.</summary>
    [Parameter]
    [SecretArgument]
    [ValidateNotNull]
    public SecureString? ClientSecret { get; set; }

    /// <summary>Application id as user name, client secret as password.</summary>
    [Parameter]
    [CredentialArgument]
    [ValidateNotNull]
    public PSCredential? ClientSecretCredential { get; set; }

    /// <summary>A client assertion that was signed elsewhere.</summary>
    [Parameter]
    [SecretArgument(AllowsText = true)]
    [ValidateNotNull]
    public SecureString? ClientAssertion { get; set; }

    /// <summary>Time limit of the whole call in seconds; 100 by default.</summary>
    [Parameter]
    public int? TimeoutSeconds { get; set; }

    /// <summary>HTTP proxy, in place of the environment variable HTTPS_PROXY.</summary>
    [Parameter]
    [UrlArgument]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>User name and password for <see cref="Proxy"/>.</summary>
    [Parameter]
    [CredentialArgument]
    [ValidateNotNull]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Whether a secret of these parameters was given as plain text.</summary>
    private protected bool IsSecretPlainText =>
        new[] { CertificatePassword, ClientSecret }.Any(SecretArgumentAttribute.WasText);

    /// <summary>Refuses what cannot be said together, and credentials without content.</summary>
    private protected void RefuseApplicationConflicts()
    {
        RefuseProofConflicts(
            (nameof(ClientSecret), ClientSecret != null),
            (nameof(ClientSecretCredential), ClientSecretCredential != null),
            (nameof(ClientAssertion), ClientAssertion != null));
        ExclusiveParameters.Require(
            (nameof(ProxyCredential), ProxyCredential != null), (nameof(Proxy), Proxy != null));
        RefuseEmpty(ClientSecretCredential, nameof(ClientSecretCredential));
        RefuseEmpty(ProxyCredential, nameof(ProxyCredential));
    }

    /// <summary>The application's proof; <see langword="null"/> for a public client.</summary>
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
        if (ClientAssertion != null)
        {
            return ClientCredential.FromAssertion(ClientAssertion);
        }
        return null;
    }

    /// <summary>A client builder with everything these parameters say.</summary>
    private protected TokenClientBuilder ApplicationBuilder(ClientCredential? credential)
    {
        TokenClientBuilder builder = ClientBuilder(EffectiveClientId(), credential);
        builder = Proxy == null ? builder : builder.WithProxy(ProxyUrl(Proxy));
        return TimeoutSeconds is int seconds ? builder.WithTimeout(TimeSpan.FromSeconds(seconds)) : builder;
    }

    private protected static void RefuseEmpty(PSCredential? credential, string parameter)
    {
        if (credential == PSCredential.Empty)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.CredentialMissing,
                $"-{parameter} is empty.",
                "Pass a credential with user name and password, for example from Get-Credential.");
        }
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
}
