using System;
using System.Management.Automation;
using System.Net;

namespace GraphToken.PowerShell;

/// <summary>The parameters of commands that send requests: time limits, repetition, proxy and trust.</summary>
public abstract class NetworkCommand : ClientCommand
{
    /// <summary>Time limit of the whole call in seconds; 100 by default.</summary>
    [Parameter]
    public int? TimeoutSeconds { get; set; }

    /// <summary>Time limit of connecting in seconds; 10 by default.</summary>
    [Parameter]
    public int? ConnectTimeoutSeconds { get; set; }

    /// <summary>How often a request is sent again after a transient failure; 3 by default.</summary>
    [Parameter]
    public int? MaximumRetryCount { get; set; }

    /// <summary>HTTP proxy, instead of the environment variable HTTPS_PROXY; empty for a direct connection.</summary>
    [Parameter]
    [UrlArgument]
    [NotEmpty]
    public Uri? Proxy { get; set; }

    /// <summary>User name and password for <see cref="Proxy"/>.</summary>
    [Parameter]
    [CredentialArgument]
    [NotEmpty]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Hosts that are connected to directly, instead of the environment variable NO_PROXY.</summary>
    [Parameter]
    [NotEmpty]
    public string[]? NoProxyList { get; set; }

    /// <summary>Literal path of a PEM file with the authorities to trust, instead of SSL_CERT_FILE; empty for the
    /// authorities of the operating system.</summary>
    [Parameter]
    public string? CaFile { get; set; }

    /// <summary>Refuses an empty credential, and one without a proxy.</summary>
    private protected void RefuseProxyConflicts()
    {
        ExclusiveParameters.Require(
            (nameof(ProxyCredential), ProxyCredential != null), (nameof(Proxy), Proxy != null));
        RefuseEmpty(ProxyCredential, nameof(ProxyCredential));
    }

    /// <summary>A client builder with the values of these parameters.</summary>
    private protected TokenClientBuilder NetworkBuilder(string? clientId, ClientCredential? credential) =>
        WithProxies(WithLimits(ClientBuilder(clientId, credential)));

    /// <summary>A client builder for a source that needs no application, with the values of these parameters. Proxies do
    /// not apply to a managed identity.</summary>
    private protected TokenClientBuilder SourceBuilder(TokenClientBuilder source) =>
        WithProxies(WithLimits(CloudBuilder(source)));

    private TokenClientBuilder WithProxies(TokenClientBuilder builder)
    {
        builder = Proxy == null ? builder : builder.WithProxy(ProxyUrl(Proxy));
        return NoProxyList == null ? builder : builder.WithNoProxyList(NoProxyList);
    }

    private TokenClientBuilder WithLimits(TokenClientBuilder builder)
    {
        builder = CaFile == null ? builder : builder.WithTrustedCertificates(TrustedFile(CaFile));
        builder = TimeoutSeconds is int seconds ? builder.WithTimeout(TimeSpan.FromSeconds(seconds)) : builder;
        builder = ConnectTimeoutSeconds is int connect
            ? builder.WithConnectTimeout(TimeSpan.FromSeconds(connect))
            : builder;
        return MaximumRetryCount is int count ? builder.WithRetries(count) : builder;
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

    // An empty text is not a path: it means that there is no file.
    private string TrustedFile(string path) => path.Length == 0 ? path : FileOf(path, nameof(CaFile));

    private string ProxyUrl(Uri proxy)
    {
        if (ProxyCredential == null || proxy is UnparsedUrl)
        {
            return UnparsedUrl.TextOf(proxy);
        }
        if (!proxy.IsAbsoluteUri)
        {
            throw TokenError.InvalidArgument(
                "-ProxyCredential requires an absolute URL as -Proxy.", "Pass -Proxy as http://host:port.");
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
