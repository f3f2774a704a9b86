using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security;
using System.Threading;

namespace GraphToken;

/// <summary>
/// Builds a <see cref="TokenClient"/>. Every method returns the builder itself; a later call overrides an earlier one.
/// <see cref="Build"/> validates the values. Not for use by several threads at once.
/// </summary>
public sealed class TokenClientBuilder
{
    private readonly string _tenant;
    private readonly string _clientId;
    private readonly Dictionary<string, string> _options = [];
    private readonly Dictionary<string, SecureString> _secrets = [];
    private readonly ClientSource _source;
    private ClientCredential? _credential;
    private TokenStoreHandle? _store;
    private bool _useEnvironment = true;

    private TokenClientBuilder(string tenant, string clientId)
    {
        _tenant = tenant ?? throw new ArgumentNullException(nameof(tenant));
        _clientId = clientId ?? throw new ArgumentNullException(nameof(clientId));
    }

    private TokenClientBuilder(ManagedIdentityId identity)
        : this(ClientSource.ManagedIdentity)
    {
        if ((identity ?? throw new ArgumentNullException(nameof(identity))).Option is string option)
        {
            _options[option] = identity.Value;
        }
    }

    private TokenClientBuilder(ClientSource source, string toolTenant = "")
        : this("", "")
    {
        _source = source;
        if ((toolTenant ?? throw new ArgumentNullException("tenant")).Length > 0)
        {
            _options["developer_tool.tenant"] = toolTenant;
        }
    }

    /// <summary>
    /// Begins to describe a client for a managed identity, for settings that
    /// <see cref="TokenClient.ForManagedIdentity"/> does not take, such as a time limit or the national cloud.
    /// </summary>
    /// <param name="id">The identity.</param>
    /// <remarks>
    /// Proxies do not apply. A credential, an authority and places for tokens outside the process are refused.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    public static TokenClientBuilder ForManagedIdentity(ManagedIdentityId id) => new(id);

    /// <summary>
    /// Begins to describe a client for the credential of the environment variables, for settings that
    /// <see cref="TokenClient.FromEnvironment"/> does not take, such as a time limit or a proxy.
    /// </summary>
    /// <remarks>A credential is refused.</remarks>
    public static TokenClientBuilder FromEnvironment() => new(ClientSource.Environment);

    /// <summary>
    /// Begins to describe a client for the first credential that applies, for settings that
    /// <see cref="TokenClient.FromChain"/> does not take, such as a time limit or a proxy.
    /// </summary>
    /// <remarks>A credential, an authority and places for tokens outside the process are refused.</remarks>
    public static TokenClientBuilder FromChain() => new(ClientSource.Chain);

    /// <summary>
    /// Begins to describe a client for the user of the Azure CLI, for settings that
    /// <see cref="TokenClient.FromAzureCli"/> does not take, such as the tenant.
    /// </summary>
    /// <param name="tenant">The tenant's id or domain name; empty for the one that the tool is signed in to.</param>
    /// <remarks>A credential, an authority and places for tokens outside the process are refused.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="tenant"/> is null.</exception>
    public static TokenClientBuilder FromAzureCli(string tenant = "") => new(ClientSource.AzureCli, tenant);

    /// <summary>
    /// Begins to describe a client for the user of the Azure Developer CLI, for settings that
    /// <see cref="TokenClient.FromAzureDeveloperCli"/> does not take, such as the tenant.
    /// </summary>
    /// <param name="tenant">The tenant's id or domain name; empty for the one that the tool is signed in to.</param>
    /// <remarks>A credential, an authority and places for tokens outside the process are refused.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="tenant"/> is null.</exception>
    public static TokenClientBuilder FromAzureDeveloperCli(string tenant = "") =>
        new(ClientSource.AzureDeveloperCli, tenant);

    /// <inheritdoc cref="TokenClient.Builder"/>
    public static TokenClientBuilder Create(string tenant, string clientId) => new(tenant, clientId);

    /// <summary>The credential of the application; without one the client is a public client.</summary>
    /// <param name="credential">The credential, which may be disposed after <see cref="Build"/>.</param>
    public TokenClientBuilder WithCredential(ClientCredential credential)
    {
        _credential = credential ?? throw new ArgumentNullException(nameof(credential));
        return this;
    }

    /// <summary>Authenticates with client assertions that the key of this certificate signs.</summary>
    /// <param name="certificate">The certificate, which may be disposed afterwards.</param>
    public TokenClientBuilder WithCertificate(ClientCertificate certificate) =>
        WithCredential(ClientCredential.FromCertificate(certificate));

    /// <summary>Authenticates with a client secret.</summary>
    /// <param name="secret">The secret, which may be disposed afterwards.</param>
    public TokenClientBuilder WithClientSecret(SecureString secret) =>
        WithCredential(ClientCredential.FromSecret(secret));

    /// <summary>The national cloud; <see cref="NationalCloud.Global"/> by default.</summary>
    public TokenClientBuilder WithCloud(NationalCloud cloud) => WithOption("cloud", cloud switch
    {
        NationalCloud.Global => "global",
        NationalCloud.USGov => "usgov",
        NationalCloud.USGovDoD => "usgovdod",
        NationalCloud.China => "china",
        _ => throw new ArgumentOutOfRangeException(nameof(cloud), cloud, "Not a national cloud."),
    });

    /// <summary>
    /// The base URL of the authority, or the whole authority including the tenant, for clouds that
    /// <see cref="WithCloud"/> does not cover.
    /// </summary>
    public TokenClientBuilder WithAuthority(string authority) =>
        WithText("authority", authority, nameof(authority));

    /// <summary>
    /// The kind of authority. By default its address tells: AD FS has the path <c>/adfs</c>, Azure AD B2C hosts below
    /// <c>b2clogin.com</c> or the path <c>/tfp</c>, External ID hosts below <c>ciamlogin.com</c>; every other authority
    /// is one of Microsoft Entra ID.
    /// </summary>
    public TokenClientBuilder WithAuthorityType(AuthorityType type) => WithOption("authority.type", type switch
    {
        AuthorityType.Aad => "aad",
        AuthorityType.Adfs => "adfs",
        AuthorityType.B2C => "b2c",
        AuthorityType.Ciam => "ciam",
        AuthorityType.Oidc => "oidc",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of authority."),
    });

    /// <summary>
    /// The region of Azure whose token service answers requests of applications; none by default. Tokens for users, and
    /// authorities other than those of Microsoft Entra ID, have no regions.
    /// </summary>
    /// <param name="region">
    /// The name of a region such as <c>westeurope</c>. <c>auto</c> finds it when a token is requested: in the environment
    /// variable <c>REGION_NAME</c>, or else from the metadata service of the virtual machine.
    /// </param>
    public TokenClientBuilder WithAzureRegion(string region) =>
        WithText("authority.region", region, nameof(region));

    /// <summary>
    /// What the program tells the service that it can do. <c>cp1</c>: it answers claims challenges
    /// (<see cref="TokenRequestOptions.Challenge"/>), so that tokens live longer and APIs refuse them as soon as a
    /// critical event occurs (continuous access evaluation). None by default.
    /// </summary>
    /// <param name="capabilities">The names. Tokens are cached for the same names only.</param>
    /// <exception cref="ArgumentNullException"><paramref name="capabilities"/> is null.</exception>
    public TokenClientBuilder WithClientCapabilities(params string[] capabilities) => WithOption(
        "capabilities", string.Join(" ", capabilities ?? throw new ArgumentNullException(nameof(capabilities))));

    /// <summary>Signature algorithm of client assertions; <see cref="AssertionAlgorithm.Auto"/> by default.</summary>
    public TokenClientBuilder WithAlgorithm(AssertionAlgorithm algorithm) =>
        WithOption("assertion.algorithm", algorithm switch
        {
            AssertionAlgorithm.Auto => "auto",
            AssertionAlgorithm.PS256 => "PS256",
            AssertionAlgorithm.RS256 => "RS256",
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not an assertion algorithm."),
        });

    /// <summary>The audience of client assertions; the token endpoint by default.</summary>
    public TokenClientBuilder WithAssertionAudience(string audience) =>
        WithText("assertion.audience", audience, nameof(audience));

    /// <summary>
    /// How long a client assertion is valid after it is signed: 1 second to 1 day, in whole seconds and rounded up;
    /// 9 minutes by default. Its validity begins up to one minute earlier, unless it would then last longer than 10
    /// minutes.
    /// </summary>
    public TokenClientBuilder WithAssertionLifetime(TimeSpan lifetime) =>
        WithOption("assertion.lifetime_seconds", OptionsHandle.Seconds(lifetime));

    /// <summary>
    /// Whether client assertions carry the certificate and its chain (<c>x5c</c>, RFC 7515 section 4.1.6), as
    /// applications need that trust the issuer of a certificate by subject name; not by default.
    /// </summary>
    public TokenClientBuilder WithCertificateChain(bool send = true) =>
        WithOption("assertion.send_chain", send ? "true" : "false");

    /// <summary>The HTTP proxy; by default the one of the environment (<see cref="UseEnvironment"/>).</summary>
    /// <param name="url">
    /// <c>http://[user:password@]host:port</c>; user and password percent-encoded. Empty for a direct connection.
    /// </param>
    public TokenClientBuilder WithProxy(string url) => WithText("http.proxy", url, nameof(url));

    /// <inheritdoc cref="WithProxy(string)"/>
    /// <param name="url"><c>http://[user:password@]host:port</c>; user and password percent-encoded.</param>
    /// <param name="noProxy">As in <see cref="WithNoProxyList"/>.</param>
    public TokenClientBuilder WithProxy(string url, string noProxy) =>
        WithProxy(url).WithText("http.no_proxy", noProxy, nameof(noProxy));

    /// <summary>
    /// The hosts that are connected to without the proxy; by default those of the environment
    /// (<see cref="UseEnvironment"/>).
    /// </summary>
    /// <param name="hosts">
    /// Host names, domains and addresses, as in <c>NO_PROXY</c>; one text may hold several, separated by commas.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="hosts"/> is null.</exception>
    public TokenClientBuilder WithNoProxyList(params string[] hosts) =>
        WithOption("http.no_proxy", string.Join(",", hosts ?? throw new ArgumentNullException(nameof(hosts))));

    /// <summary>Connects directly, regardless of the environment.</summary>
    public TokenClientBuilder WithNoProxy() => WithOption("http.proxy", "");

    /// <summary>
    /// Trusts the certificate authorities in this PEM file instead of those of the operating system; by default the
    /// file that the environment names (<see cref="UseEnvironment"/>).
    /// </summary>
    /// <param name="caFile">Path of the file. Empty for the authorities of the operating system.</param>
    public TokenClientBuilder WithTrustedCertificates(string caFile) =>
        WithText("http.ca_file", caFile, nameof(caFile));

    /// <summary>
    /// How long connecting may take: 1 second to 1 hour, in whole seconds and rounded up; 10 seconds by default.
    /// </summary>
    public TokenClientBuilder WithConnectTimeout(TimeSpan timeout) =>
        WithOption("http.connect_timeout_seconds", OptionsHandle.Seconds(timeout));

    /// <summary>
    /// How long a whole call may take: 1 second to 1 day, in whole seconds and rounded up; 100 seconds by default.
    /// </summary>
    public TokenClientBuilder WithTimeout(TimeSpan timeout) =>
        WithOption("http.timeout_seconds", OptionsHandle.Seconds(timeout));

    /// <summary>
    /// How often a request is sent again after a transient failure (no connection, no response, HTTP 408, 429 or 5xx),
    /// within the time limit of the call. The default is 3.
    /// </summary>
    /// <param name="count">From 0 to 10.</param>
    public TokenClientBuilder WithRetries(int count) =>
        WithOption("http.retries", count.ToString(CultureInfo.InvariantCulture));

    /// <summary>Name and version of the program, such as <c>Contoso.Backup/1.0</c>, sent with each request.</summary>
    public TokenClientBuilder WithProduct(string product) =>
        WithText("http.product", product, nameof(product));

    /// <summary>
    /// Caches tokens in the process, shared with every other such client that presents the same credential; by default
    /// each client has a cache of its own.
    /// </summary>
    public TokenClientBuilder WithSharedCache() => WithOption("cache", "process");

    /// <summary>Caches no tokens: every call requests one from the service.</summary>
    public TokenClientBuilder WithoutCache() => WithOption("cache", "none");

    /// <summary>
    /// Keeps tokens in a file of the user as well, for other processes. It has the format of MSAL caches, and is
    /// protected by the user account or by a key (<see cref="WithTokenCacheKey(byte[])"/>). If the file cannot be used,
    /// calls still return tokens: <see cref="TokenClient.TakeCacheFailure"/>.
    /// </summary>
    /// <param name="name">
    /// Letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; without a dot the file gets <c>.json</c>.
    /// </param>
    /// <param name="folder">Where the file is; by default in the user's data folder.</param>
    public TokenClientBuilder WithTokenCache(string name, string? folder = null)
    {
        WithText("cache.name", name, nameof(name));
        return folder == null ? this : WithOption("cache.folder", folder);
    }

    /// <summary>
    /// Protects the file of <see cref="WithTokenCache"/> with a key (AES-256-GCM) instead of the user account.
    /// </summary>
    /// <param name="key">32 random bytes. The array is overwritten with zeros.</param>
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    public TokenClientBuilder WithTokenCacheKey(byte[] key)
    {
        _secrets["cache.key"] = Base64Text.OfSecret(key, nameof(key));
        return this;
    }

    /// <inheritdoc cref="WithTokenCacheKey(byte[])"/>
    /// <param name="key">32 random bytes in Base64. It may be disposed afterwards.</param>
    public TokenClientBuilder WithTokenCacheKey(SecureString key)
    {
        _secrets["cache.key"] = (key ?? throw new ArgumentNullException(nameof(key))).Copy();
        return this;
    }

    /// <summary>
    /// Leaves the file of <see cref="WithTokenCache"/> in plain text, as MSAL's own serialization does: anyone who can
    /// read the file has the tokens.
    /// </summary>
    public TokenClientBuilder WithPlainTokenCache() => WithOption("cache.protection", "none");

    /// <summary>
    /// Shares tokens with other processes through a store. If it fails, calls still return tokens
    /// (<see cref="TokenClient.TakeCacheFailure"/>).
    /// </summary>
    /// <param name="store">The store, which is used for as long as there is a client that was built with it.</param>
    /// <param name="key">
    /// 32 random bytes that tokens are encrypted with there, the same in every process. The array is overwritten with
    /// zeros, also when this fails.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="GraphTokenException">
    /// The key does not have 32 bytes: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public TokenClientBuilder WithTokenStore(ITokenStore store, byte[] key)
    {
        using Utf8Text text = Utf8Text.OfSecret(key, nameof(key));
        var external = new ExternalTokenStore(store ?? throw new ArgumentNullException(nameof(store)));
        _store = TokenStoreHandle.Of(external, text);
        return this;
    }

    /// <summary>
    /// Shares tokens with other processes through Redis. If Redis does not answer, tokens come from memory and from the
    /// service (<see cref="TokenClient.TakeCacheFailure"/>).
    /// </summary>
    /// <param name="address">
    /// <c>rediss://[user@]host[:port][/database]</c> for TLS, <c>redis://</c> for none, or <c>unix:///path</c>; without
    /// a password.
    /// </param>
    /// <param name="key">
    /// 32 random bytes that tokens are encrypted with there, the same in every process. The array is overwritten with
    /// zeros.
    /// </param>
    /// <param name="password">The password of Redis, if it has one. It may be disposed afterwards.</param>
    /// <exception cref="ArgumentNullException">The address or the key is null.</exception>
    public TokenClientBuilder WithRedis(string address, byte[] key, SecureString? password = null)
    {
        _secrets["cache.key"] = Base64Text.OfSecret(key, nameof(key));
        return WithRedis(address, password);
    }

    /// <inheritdoc cref="WithRedis(string, byte[], SecureString)"/>
    /// <param name="address">
    /// <c>rediss://[user@]host[:port][/database]</c> for TLS, <c>redis://</c> for none, or <c>unix:///path</c>; without
    /// a password.
    /// </param>
    /// <param name="key">
    /// 32 random bytes in Base64 that tokens are encrypted with there, the same in every process. It may be disposed
    /// afterwards.
    /// </param>
    /// <param name="password">The password of Redis, if it has one. It may be disposed afterwards.</param>
    public TokenClientBuilder WithRedis(string address, SecureString key, SecureString? password = null) =>
        WithTokenCacheKey(key).WithRedis(address, password);

    /// <summary>
    /// The password of Redis from a file, which is read again for each connection, so that a password that changes
    /// needs no new client; in place of the password in <see cref="WithRedis(string, byte[], SecureString)"/>.
    /// </summary>
    /// <param name="path">Path of the file. A line break at its end is not part of the password.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    public TokenClientBuilder WithRedisPasswordFile(string path)
    {
        _secrets.Remove("cache.redis_password");
        return WithText("cache.redis_password_file", path, nameof(path));
    }

    /// <summary>
    /// Whether the proxy comes from <c>HTTPS_PROXY</c> and <c>NO_PROXY</c> (or the same in lower case), and the trusted
    /// certificates from <c>SSL_CERT_FILE</c>, as this process has them when <see cref="Build"/> is called. On by
    /// default; the other methods take precedence.
    /// </summary>
    public TokenClientBuilder UseEnvironment(bool use = true)
    {
        _useEnvironment = use;
        return this;
    }

    /// <summary>Builds the client. Nothing is sent.</summary>
    /// <returns>The client, which the caller disposes.</returns>
    /// <exception cref="ObjectDisposedException">The credential is disposed.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.InvalidAuthority"/> for the tenant or authority,
    /// <see cref="GraphTokenErrorKind.ProxyFailed"/> for the URL of the proxy,
    /// <see cref="GraphTokenErrorKind.CacheProtectionUnavailable"/> if this account cannot protect a token cache,
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/> for the client id and every other value.
    /// </exception>
    public TokenClient Build()
    {
        using OptionsHandle options = Options(withVariables: _source != ClientSource.Application);
        if (_source != ClientSource.Application)
        {
            RefuseCredential();
            return new TokenClient(ClientHandle.Of(_source, options), null, _store?.Store);
        }
        using Utf8Text tenant = Utf8Text.Of(_tenant, "tenant");
        using Utf8Text clientId = Utf8Text.Of(_clientId, "clientId");
        ClientHandle handle = ClientHandle.Of(tenant, clientId, _credential?.Handle, options);
        return new TokenClient(handle, _credential?.Callback, _store?.Store);
    }

    /// <summary>
    /// Finds out why an application does not get a token: checks its certificate and key, the connection to the
    /// service, the clock, the tenant and the application, and requests one token, which it discards. Blocks the
    /// thread. Of a managed identity or a chain, it finds out whether that issues a token. Other sources are named by
    /// variables and files, and not asked.
    /// </summary>
    /// <param name="credentialFailure">
    /// The exception that was thrown instead of a credential: it becomes a finding. Ignored if there is a credential.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One finding for each check, in order.</returns>
    /// <exception cref="ObjectDisposedException">The credential is disposed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="GraphTokenException">
    /// A value of this builder is invalid: <see cref="GraphTokenErrorKind.ProxyFailed"/> for the URL of the proxy,
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/> for others. Problems of the setup are in the findings.
    /// </exception>
    public IReadOnlyList<SetupFinding> Diagnose(
        GraphTokenException? credentialFailure = null, CancellationToken cancellationToken = default) =>
        DiagnoseFor(GtSurface.Dotnet, credentialFailure, cancellationToken);

    /// <inheritdoc cref="Diagnose"/>
    /// <param name="surface">Whose names of parameters the findings have.</param>
    /// <param name="credentialFailure">The exception that was thrown instead of a credential.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal IReadOnlyList<SetupFinding> DiagnoseFor(
        GtSurface surface, GraphTokenException? credentialFailure, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using OptionsHandle options = Options(withVariables: true);
        using Utf8Text tenant = Utf8Text.Of(_tenant, "tenant");
        using Utf8Text clientId = Utf8Text.Of(_clientId, "clientId");
        using ErrorHandle? failure = credentialFailure == null ? null : ErrorHandle.Of(credentialFailure);
        using Cancellation cancellation = new(cancellationToken);
        try
        {
            using DiagnosisHandle diagnosis = _source == ClientSource.Application
                ? DiagnosisHandle.Of(tenant, clientId, _credential, failure, options, cancellation)
                : DiagnosisHandle.Of(DiagnosedSource(), options, cancellation);
            return diagnosis.Findings(surface);
        }
        catch (GraphTokenException error)
            when (error.Kind == GraphTokenErrorKind.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
    }

    /// <summary>Sets an option of the native library by its key.</summary>
    internal TokenClientBuilder WithOption(string key, string value)
    {
        _options[key] = value;
        return this;
    }

    private TokenClientBuilder WithRedis(string address, SecureString? password)
    {
        if (password == null)
        {
            _secrets.Remove("cache.redis_password");
        }
        else
        {
            _secrets["cache.redis_password"] = password.Copy();
            _options.Remove("cache.redis_password_file");
        }
        return WithText("cache.redis", address, nameof(address));
    }

    private TokenClientBuilder WithText(string key, string text, string name) =>
        WithOption(key, text ?? throw new ArgumentNullException(name));

    private string DiagnosedSource() => _source switch
    {
        ClientSource.ManagedIdentity => "managed_identity",
        ClientSource.Chain => "chain",
        _ => throw new GraphTokenException(
            GraphTokenErrorKind.InvalidArgument,
            "Only an application, a managed identity and a chain are diagnosed.",
            "Use TokenClientBuilder.Create, ForManagedIdentity or FromChain."),
    };

    private OptionsHandle Options(bool withVariables)
    {
        var options = new OptionsHandle();
        try
        {
            options.SetAll(_useEnvironment
                ? NetworkEnvironment.Options(isPlainHttp: IsPlainHttp())
                : NetworkEnvironment.Ignored);
            options.SetAll(_options);
            foreach (KeyValuePair<string, SecureString> secret in _secrets)
            {
                options.SetSecret(secret.Key, secret.Value);
            }
            if (withVariables || _options.ContainsKey("authority.region"))
            {
                using SecureString variables = PlatformEnvironment.Block();
                options.SetSecret("identity.variables", variables);
            }
            if (_store != null)
            {
                options.SetTokenStore(_store);
            }
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private void RefuseCredential()
    {
        if (_credential != null)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.InvalidArgument,
                _source == ClientSource.ManagedIdentity
                    ? "A managed identity was given a credential, which it does not need."
                    : "A credential was given to a client that finds its own.",
                "Leave out the credential, or use TokenClient.Builder for an application.");
        }
    }

    private bool IsPlainHttp() =>
        PastedText.Unwrapped(_options.TryGetValue("authority", out string? authority) ? authority : _tenant)
        .StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
