using System;
using System.Collections.Generic;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace GraphToken;

/// <summary>
/// An application that acquires tokens. Make one and keep it: it holds connections and, by default, the cache. May be
/// used from any thread, by any number of threads at once.
/// </summary>
/// <example>
/// <code>
/// using ClientCertificate certificate = ClientCertificate.FromFile("app.pfx", password);
/// using TokenClient client =
///     TokenClient.Builder("contoso.onmicrosoft.com", clientId).WithCertificate(certificate).Build();
/// using TokenRequest request = TokenRequest.ForClient("https://graph.microsoft.com/.default");
/// using AccessToken token = await client.AcquireAsync(request, cancellationToken);
/// </code>
/// </example>
public sealed class TokenClient : IDisposable
{
    private readonly ClientHandle _handle;
    private readonly ExternalCallback? _callback;
    private readonly ExternalTokenStore? _store;

    internal TokenClient(ClientHandle handle, ExternalCallback? callback, ExternalTokenStore? store)
    {
        _handle = handle;
        _callback = callback;
        _store = store;
    }

    /// <summary>
    /// The link of a chain that is in use: <c>environment</c>, <c>workload identity</c>, <c>managed identity</c>,
    /// <c>Azure CLI</c> or <c>Azure Developer CLI</c>. Empty until the chain has issued a token, and for other clients.
    /// It stays the same for the client's life.
    /// </summary>
    public string Chosen => _handle.ReadText(Native.gt_client_chosen);

    /// <summary>
    /// Why the links of a chain before the one in use do not apply: <c>NAME: REASON</c>, a line for each. Empty until
    /// the chain has issued a token, and for other clients.
    /// </summary>
    public string PassedOver => _handle.ReadText(Native.gt_client_passed_over);

    /// <summary>
    /// What the user should know about the client; empty if there is nothing, and for a chain until it has issued a
    /// token.
    /// </summary>
    /// <remarks>
    /// Of environment variables: that they have a user's password, that the certificate has expired, or that the token
    /// proxy of Azure Kubernetes Service, which they name, is not supported. Of an application with
    /// <see cref="TokenClientBuilder.WithAzureRegion"/>: that the region of this machine was not found when the last
    /// token was requested. Of a managed identity: that a request left out claims, which platforms do not take.
    /// </remarks>
    public string Warning => _handle.ReadText(Native.gt_client_warning);

    /// <summary>
    /// The address that tokens are requested from; empty for a developer tool, and for a chain until it has issued a
    /// token.
    /// </summary>
    public string TokenEndpoint => _handle.ReadText(Native.gt_client_token_endpoint);

    /// <summary>The tenant, as the authority has it; empty for a managed identity.</summary>
    public string Tenant => _handle.ReadText(Native.gt_client_tenant);

    /// <summary>
    /// The application (client) id, as requests send it; empty for a managed identity that was not chosen by it.
    /// </summary>
    public string ClientId => _handle.ReadText(Native.gt_client_client_id);

    /// <summary>Begins to describe a client.</summary>
    /// <param name="tenant">
    /// The tenant's id or domain name, or a whole authority URL such as
    /// <c>https://login.microsoftonline.com/contoso.onmicrosoft.com</c>. May be empty if
    /// <see cref="TokenClientBuilder.WithAuthority"/> includes the tenant.
    /// </param>
    /// <param name="clientId">The application (client) id.</param>
    /// <remarks>
    /// White space, quotation marks and invisible characters around a value are ignored, as are the braces of a GUID.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static TokenClientBuilder Builder(string tenant, string clientId) =>
        TokenClientBuilder.Create(tenant, clientId);

    /// <summary>
    /// A client for a managed identity: an identity that a platform of Azure gives the programs on a resource, which
    /// need no tenant, no application and no credential. Nothing is sent yet.
    /// </summary>
    /// <param name="id">The identity.</param>
    /// <returns>The client, which the caller disposes.</returns>
    /// <remarks>
    /// The environment variables of the process name the platform: Service Fabric, App Service (and Functions,
    /// Container Apps, Automation), Machine Learning, Cloud Shell, Azure Arc; otherwise it is a virtual machine.
    /// Acquire tokens with <see cref="TokenRequest.ForClient(string[])"/> and one scope that ends in <c>/.default</c>.
    /// Requests never go through a proxy. Tokens are kept in memory only: the platform keeps them for all processes.
    /// </remarks>
    /// <example>
    /// <code>
    /// using TokenClient client = TokenClient.ForManagedIdentity(ManagedIdentityId.SystemAssigned);
    /// using TokenRequest request = TokenRequest.ForClient("https://graph.microsoft.com/.default");
    /// using AccessToken token = await client.AcquireAsync(request, cancellationToken);
    /// </code>
    /// </example>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/> for an id that is not valid, for an identity that the platform
    /// cannot choose, and for variables that no platform sets.
    /// </exception>
    public static TokenClient ForManagedIdentity(ManagedIdentityId id) =>
        TokenClientBuilder.ForManagedIdentity(id).Build();

    /// <summary>
    /// A client for the application or user that the environment variables of this process describe, as the Azure SDKs
    /// read them. Nothing is sent yet.
    /// </summary>
    /// <returns>The client, which the caller disposes.</returns>
    /// <remarks>
    /// An application: <c>AZURE_TENANT_ID</c>, <c>AZURE_CLIENT_ID</c> and <c>AZURE_CLIENT_SECRET</c>, or
    /// <c>AZURE_CLIENT_CERTIFICATE_PATH</c> (with <c>AZURE_CLIENT_CERTIFICATE_PASSWORD</c> and
    /// <c>AZURE_CLIENT_SEND_CERTIFICATE_CHAIN</c>). A user: <c>AZURE_USERNAME</c>, <c>AZURE_PASSWORD</c> and
    /// <c>AZURE_CLIENT_ID</c>; see <see cref="Warning"/>. <c>AZURE_AUTHORITY_HOST</c> names the authority. An empty
    /// variable counts as unset. Acquire tokens with <see cref="TokenRequest.ForClient(string[])"/>, for a user too.
    /// </remarks>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.CredentialMissing"/> if the variables describe nothing, or only a part;
    /// otherwise what is wrong with what they say.
    /// </exception>
    public static TokenClient FromEnvironment() => TokenClientBuilder.FromEnvironment().Build();

    /// <summary>
    /// A client that uses the first of these that applies here, and keeps to it: the environment variables
    /// (<see cref="FromEnvironment"/>), the workload of <c>AZURE_FEDERATED_TOKEN_FILE</c>, the managed identity of this
    /// machine, the Azure CLI, the Azure Developer CLI. Nothing is sent yet.
    /// </summary>
    /// <returns>The client, which the caller disposes.</returns>
    /// <remarks>
    /// What is not set, does not answer, is not installed or not signed in does not apply. What applies and is refused
    /// ends the call with its own error. <c>AZURE_TOKEN_CREDENTIALS</c> narrows the chain down: <c>prod</c>,
    /// <c>dev</c> or the name of one credential of the Azure SDKs. <see cref="Chosen"/> and <see cref="PassedOver"/>
    /// tell what is used and why. Tokens are kept in memory only.
    /// </remarks>
    /// <example>
    /// <code>
    /// using TokenClient client = TokenClient.FromChain();
    /// using TokenRequest request = TokenRequest.ForClient("https://graph.microsoft.com/.default");
    /// using AccessToken token = await client.AcquireAsync(request, cancellationToken);
    /// Console.WriteLine($"Token of {client.Chosen}");
    /// </code>
    /// </example>
    /// <exception cref="GraphTokenException">
    /// What is wrong with the variables of the first link that applies. If none applies, acquiring a token throws
    /// <see cref="GraphTokenErrorKind.CredentialMissing"/> with a line for each link.
    /// </exception>
    public static TokenClient FromChain() => TokenClientBuilder.FromChain().Build();

    /// <summary>
    /// A client for the user who is signed in to the Azure CLI. The program <c>az</c> is looked for on <c>PATH</c>, and
    /// runs when a token is acquired, for up to 10 seconds.
    /// </summary>
    /// <returns>The client, which the caller disposes.</returns>
    public static TokenClient FromAzureCli() => TokenClientBuilder.FromAzureCli().Build();

    /// <summary>
    /// A client for the user who is signed in to the Azure Developer CLI. The program <c>azd</c> is looked for on
    /// <c>PATH</c>, and runs when a token is acquired, for up to 10 seconds.
    /// </summary>
    /// <returns>The client, which the caller disposes.</returns>
    public static TokenClient FromAzureDeveloperCli() => TokenClientBuilder.FromAzureDeveloperCli().Build();

    /// <summary>Returns a token from the cache, or requests one. Blocks the thread.</summary>
    /// <param name="request">The request, which may be used again.</param>
    /// <param name="cancellationToken">
    /// Ends the wait at once. A request that was already sent ends on its own and may still fill the cache.
    /// </param>
    /// <returns>The token, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The client or the request is disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="GraphTokenException">
    /// There is no token; <see cref="GraphTokenException.Kind"/> says why. If the key of an <c>X509Certificate2</c>
    /// failed to sign, the inner exception is the one that the key threw; if the function of a credential failed, the
    /// one that it threw.
    /// </exception>
    public AccessToken Acquire(TokenRequest request, CancellationToken cancellationToken = default)
    {
        if (request == null)
        {
            throw new ArgumentNullException(nameof(request));
        }
        cancellationToken.ThrowIfCancellationRequested();
        using HandleUse client = _handle.Use();
        if (request.SignIn is UserSignIn signIn)
        {
            return AcquireWithUser(client.Pointer, signIn, cancellationToken);
        }
        using HandleUse wanted = request.Handle.Use();
        // A token from the cache takes less time than a delegate and a cancellation would add.
        return new AccessToken(cancellationToken.CanBeCanceled
            ? TokenHandle.Cached(client.Pointer, wanted.Pointer)
                ?? AcquireCancellably(client.Pointer, wanted.Pointer, cancellationToken)
            : AcquireCounted(client.Pointer, wanted.Pointer, IntPtr.Zero));
    }

    /// <inheritdoc cref="Acquire"/>
    /// <remarks>
    /// A token from the cache is returned at once. Otherwise the call occupies a thread of the thread pool.
    /// </remarks>
    public Task<AccessToken> AcquireAsync(TokenRequest request, CancellationToken cancellationToken = default)
    {
        if (request == null)
        {
            throw new ArgumentNullException(nameof(request));
        }
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<AccessToken>(cancellationToken);
        }
        return request.SignIn == null && Cached(request) is TokenHandle token
            ? Task.FromResult(new AccessToken(token))
            : AcquireOnThreadPool(request, cancellationToken);
    }

    /// <summary>
    /// Lists the users who signed in at the client's authority, one account for each user: those in the file of
    /// <see cref="TokenClientBuilder.WithTokenCache"/>, which MSAL's libraries may have written, or without a file those
    /// in memory.
    /// </summary>
    /// <remarks>
    /// A user has signed in when a token was issued for a device code, a password or a refresh token. Redis and an
    /// <see cref="ITokenStore"/> keep no accounts: users of their clients are in memory, where clients with
    /// <see cref="TokenClientBuilder.WithSharedCache"/> share them.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.CacheUnreadable"/> or <see cref="GraphTokenErrorKind.CacheLocked"/> when the file
    /// cannot be read.
    /// </exception>
    public IReadOnlyList<Account> GetAccounts()
    {
        using HandleUse client = _handle.Use();
        using AccountsHandle accounts = new(client.Pointer);
        return accounts.Accounts();
    }

    /// <summary>
    /// Signs out a user: removes the tokens for every application and tenant, the refresh tokens and the account where
    /// this client keeps accounts. An account that is not there is not an error.
    /// </summary>
    /// <remarks>
    /// Local only: the service is not told, tokens that were issued live on, and so does the session of the user's
    /// browser.
    /// </remarks>
    /// <param name="account">The user.</param>
    /// <exception cref="ArgumentNullException"><paramref name="account"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.CacheUnreadable"/>, <see cref="GraphTokenErrorKind.CacheUnwritable"/> or
    /// <see cref="GraphTokenErrorKind.CacheLocked"/> for the file.
    /// </exception>
    public void SignOut(Account account) =>
        SignOut((account ?? throw new ArgumentNullException(nameof(account))).HomeAccountId);

    /// <inheritdoc cref="SignOut(Account)"/>
    /// <param name="account">
    /// A sign-in name, in any letter case, a home account id, or an id in a tenant. If several accounts have the name, it
    /// is <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </param>
    public void SignOut(string account)
    {
        using Utf8Text name = Utf8Text.Of(account ?? throw new ArgumentNullException(nameof(account)), nameof(account));
        using HandleUse client = _handle.Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_client_sign_out(client.Pointer, name.Borrow(), ref error);
        NativeError.ThrowIfFailed(status, error);
    }

    /// <summary>Signs a new client assertion (RFC 7523 section 3) and sends nothing.</summary>
    /// <param name="cancellationToken">Ends the wait for a key that signs elsewhere.</param>
    /// <returns>
    /// The JWT. Anyone who has it can request tokens as the application until it expires: treat it as a secret.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="GraphTokenException">
    /// The client has no certificate, or its key did not sign; <see cref="GraphTokenException.Kind"/> says which.
    /// </exception>
    public string CreateAssertion(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using HandleUse use = _handle.Use();
        IntPtr client = use.Pointer;
        return Run(cancellationToken, cancel =>
        {
            using AssertionHandle assertion = new(client, cancel, _callback);
            return assertion.ReadText(Native.gt_assertion_text);
        });
    }

    /// <inheritdoc cref="CreateAssertion"/>
    /// <remarks>The call occupies a thread of the thread pool.</remarks>
    public Task<string> CreateAssertionAsync(CancellationToken cancellationToken = default) =>
        Task.Run(() => CreateAssertion(cancellationToken), cancellationToken);

    /// <summary>
    /// The first failure to keep or read tokens for other processes since the last call of this method;
    /// <see langword="null"/> if there was none. Calls still return tokens, but other processes do not get them.
    /// Concerns <see cref="TokenClientBuilder.WithTokenCache"/>, <see cref="TokenClientBuilder.WithTokenStore"/> and
    /// <see cref="TokenClientBuilder.WithRedis(string, byte[], SecureString)"/>.
    /// </summary>
    /// <returns>
    /// The failure. If an <see cref="ITokenStore"/> threw, the inner exception is the last one that it threw.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public GraphTokenException? TakeCacheFailure()
    {
        using HandleUse client = _handle.Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_client_cache_failure(client.Pointer, ref error);
        return NativeError.Of(status, error, _ => _store?.Failure);
    }

    /// <summary>Frees the client, its connections and its own cache. Calls that are under way end normally.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>The application and its token endpoint.</summary>
    public override string ToString() =>
        _handle.IsClosed ? "TokenClient (disposed)" : $"TokenClient ({ClientId} at {TokenEndpoint})";

    private TokenHandle? Cached(TokenRequest request)
    {
        using HandleUse client = _handle.Use();
        using HandleUse wanted = request.Handle.Use();
        return TokenHandle.Cached(client.Pointer, wanted.Pointer);
    }

    // A method of its own, because the closure would be made at its caller's beginning.
    private Task<AccessToken> AcquireOnThreadPool(TokenRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => Acquire(request, cancellationToken), cancellationToken);

    private TokenHandle AcquireCancellably(IntPtr client, IntPtr request, CancellationToken cancellationToken) =>
        Run(cancellationToken, cancel => AcquireCounted(client, request, cancel, cancellationToken));

    private TokenHandle AcquireCounted(
        IntPtr client, IntPtr request, IntPtr cancel, CancellationToken cancellationToken = default)
    {
        _callback?.Begin();
        try
        {
            return TokenHandle.Acquire(client, request, cancel, _callback);
        }
        finally
        {
            _callback?.End(cancellationToken.IsCancellationRequested);
        }
    }

    // A method of its own, because the closure would be made at its caller's beginning.
    private AccessToken AcquireWithUser(IntPtr client, UserSignIn signIn, CancellationToken cancellationToken) =>
        new(Run(cancellationToken, cancel =>
        {
            using RequestHandle request = signIn.Ask(client, cancel);
            using HandleUse wanted = request.Use();
            return AcquireCounted(client, wanted.Pointer, cancel, cancellationToken);
        }));

    private static T Run<T>(CancellationToken cancellationToken, Func<IntPtr, T> call)
    {
        using Cancellation cancellation = new(cancellationToken);
        try
        {
            return call(cancellation.Pointer);
        }
        catch (GraphTokenException error)
            when (error.Kind == GraphTokenErrorKind.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
    }
}
