using System;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace GraphToken;

/// <summary>
/// An application that acquires tokens. Meant to be made once and kept: it holds connections and, by default, the
/// cache. May be used from any thread, by any number at once.
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
    private readonly ExternalSigner? _signer;
    private readonly ExternalTokenStore? _store;

    internal TokenClient(
        ClientHandle handle, string clientId, ExternalSigner? signer, ExternalTokenStore? store)
    {
        _handle = handle;
        _signer = signer;
        _store = store;
        ClientId = clientId;
    }

    /// <summary>The address that tokens are requested from.</summary>
    public string TokenEndpoint => _handle.ReadText(Native.gt_client_token_endpoint);

    /// <summary>The tenant, as the authority has it.</summary>
    public string Tenant => _handle.ReadText(Native.gt_client_tenant);

    /// <summary>The application (client) id.</summary>
    public string ClientId { get; }

    /// <summary>Begins to describe a client.</summary>
    /// <param name="tenant">
    /// The tenant's id or domain name, or a whole authority URL such as
    /// <c>https://login.microsoftonline.com/contoso.onmicrosoft.com</c>. May be empty when
    /// <see cref="TokenClientBuilder.WithAuthority"/> says it all.
    /// </param>
    /// <param name="clientId">The application (client) id.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static TokenClientBuilder Builder(string tenant, string clientId) =>
        TokenClientBuilder.Create(tenant, clientId);

    /// <summary>Returns a token of the cache, or requests one. The thread waits for it.</summary>
    /// <param name="request">What is asked for. The same request may be used again.</param>
    /// <param name="cancellationToken">
    /// Ends the wait at once. A request that was already sent ends on its own and may still fill the cache.
    /// </param>
    /// <returns>The token, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The client or the request is disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="GraphTokenException">
    /// No token could be had; <see cref="GraphTokenException.Kind"/> says why. When the certificate's own key signs and
    /// failed, the inner exception is the one it threw.
    /// </exception>
    public AccessToken Acquire(TokenRequest request, CancellationToken cancellationToken = default)
    {
        if (request == null)
        {
            throw new ArgumentNullException(nameof(request));
        }
        cancellationToken.ThrowIfCancellationRequested();
        using HandleUse client = _handle.Use();
        using HandleUse wanted = request.Handle.Use();
        // A token of the cache takes less time than what a delegate and a cancellation would add to it.
        return new AccessToken(cancellationToken.CanBeCanceled
            ? TokenHandle.Cached(client.Pointer, wanted.Pointer)
                ?? AcquireCancellably(client.Pointer, wanted.Pointer, cancellationToken)
            : TokenHandle.Acquire(client.Pointer, wanted.Pointer, IntPtr.Zero, _signer));
    }

    /// <inheritdoc cref="Acquire"/>
    /// <remarks>
    /// A token of the cache is there at once. Otherwise the wait takes place on a thread of the thread pool, which it
    /// occupies.
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
        return Cached(request) is TokenHandle token
            ? Task.FromResult(new AccessToken(token))
            : AcquireOnThreadPool(request, cancellationToken);
    }

    /// <summary>Signs a new client assertion (RFC 7523 section 3) and sends nothing.</summary>
    /// <param name="cancellationToken">Ends the wait for a key that signs elsewhere.</param>
    /// <returns>The JWT, which proves for its lifetime who the application is: treat it as a secret.</returns>
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
            using AssertionHandle assertion = new(client, cancel, _signer);
            return assertion.ReadText(Native.gt_assertion_text);
        });
    }

    /// <inheritdoc cref="CreateAssertion"/>
    /// <remarks>The wait takes place on a thread of the thread pool, which it occupies.</remarks>
    public Task<string> CreateAssertionAsync(CancellationToken cancellationToken = default) =>
        Task.Run(() => CreateAssertion(cancellationToken), cancellationToken);

    /// <summary>
    /// Why the place that keeps tokens for other processes has not worked since this was asked last: the first failure,
    /// or <see langword="null"/>. Calls still return tokens, but other processes do not get them. Such places are those of
    /// <see cref="TokenClientBuilder.WithTokenCache"/>, <see cref="TokenClientBuilder.WithTokenStore"/> and
    /// <see cref="TokenClientBuilder.WithRedis(string, byte[], SecureString)"/>.
    /// </summary>
    /// <returns>The failure. When a store of the program's own threw, the inner exception is what it threw last.</returns>
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

    /// <summary>The application and where it asks.</summary>
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
        Run(cancellationToken, cancel => TokenHandle.Acquire(client, request, cancel, _signer));

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
