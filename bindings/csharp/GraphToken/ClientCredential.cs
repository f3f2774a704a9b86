using System;
using System.Security;
using System.Threading;

namespace GraphToken;

/// <summary>A credential of the application. May be used from any thread and by several clients.</summary>
/// <remarks>A client keeps what it needs: a credential may be disposed as soon as the client is built.</remarks>
public sealed class ClientCredential : IDisposable
{
    private ClientCredential(CredentialHandle handle, ExternalCallback? callback = null)
    {
        Handle = handle;
        Callback = callback;
    }

    internal CredentialHandle Handle { get; }

    /// <summary>What the engine calls for it; <see langword="null"/> if the engine needs nothing.</summary>
    internal ExternalCallback? Callback { get; }

    /// <summary>Client assertions that the key of a certificate signs (RFC 7523 section 2.2).</summary>
    /// <param name="certificate">The certificate, which may be disposed afterwards.</param>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is null.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="certificate"/> is disposed.</exception>
    public static ClientCredential FromCertificate(ClientCertificate certificate)
    {
        if (certificate == null)
        {
            throw new ArgumentNullException(nameof(certificate));
        }
        return new ClientCredential(CredentialHandle.OfCertificate(certificate.Handle), certificate.Signer);
    }

    /// <summary>A client secret (RFC 6749 section 2.3.1).</summary>
    /// <param name="secret">The secret, which may be disposed afterwards.</param>
    /// <exception cref="ArgumentNullException"><paramref name="secret"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// The secret is empty: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static ClientCredential FromSecret(SecureString secret)
    {
        using Utf8Text text = Utf8Text.OfSecret(secret, nameof(secret));
        return new ClientCredential(CredentialHandle.OfSecret(text));
    }

    /// <inheritdoc cref="FromSecret(SecureString)"/>
    /// <param name="secret">The secret. The array is overwritten with zeros, also when this fails.</param>
    public static ClientCredential FromSecret(char[] secret)
    {
        using Utf8Text text = Utf8Text.OfSecret(secret, nameof(secret));
        return new ClientCredential(CredentialHandle.OfSecret(text));
    }

    /// <inheritdoc cref="FromSecret(SecureString)"/>
    /// <param name="secret">The secret in UTF-8. The array is overwritten with zeros, also when this fails.</param>
    public static ClientCredential FromSecret(byte[] secret)
    {
        using Utf8Text text = Utf8Text.OfSecret(secret, nameof(secret));
        return new ClientCredential(CredentialHandle.OfSecret(text));
    }

    /// <summary>
    /// A client assertion (RFC 7523 section 2.2) that was signed elsewhere; it is sent as is, every time.
    /// </summary>
    /// <param name="assertion">The JWT, which may be disposed afterwards.</param>
    /// <exception cref="ArgumentNullException"><paramref name="assertion"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// The text cannot be an assertion: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static ClientCredential FromAssertion(SecureString assertion)
    {
        using Utf8Text text = Utf8Text.OfSecret(assertion, nameof(assertion));
        return new ClientCredential(CredentialHandle.OfAssertion(text));
    }

    /// <inheritdoc cref="FromAssertion(SecureString)"/>
    /// <param name="assertion">The JWT. A string cannot be overwritten; it stays until it is collected.</param>
    public static ClientCredential FromAssertion(string assertion)
    {
        if (assertion == null)
        {
            throw new ArgumentNullException(nameof(assertion));
        }
        using Utf8Text text = Utf8Text.Of(assertion, nameof(assertion));
        return new ClientCredential(CredentialHandle.OfAssertion(text));
    }

    /// <summary>
    /// Client assertions from a function, which is called for each request that is sent: a workload's token, or a JWT
    /// that a key service signs.
    /// </summary>
    /// <param name="assertion">
    /// Returns the JWT. It is called on threads of the engine, perhaps on several at once, also to renew a token in the
    /// background. Its token is cancelled when no call waits for it any more. What it throws becomes the inner exception
    /// of the call's.
    /// </param>
    /// <remarks>Only clients with this very credential share the tokens that it obtains.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="assertion"/> is null.</exception>
    public static ClientCredential FromAssertion(Func<CancellationToken, string> assertion)
    {
        if (assertion == null)
        {
            throw new ArgumentNullException(nameof(assertion));
        }
        return FromAssertion((_, cancellation) => assertion(cancellation));
    }

    /// <summary>The same with a function that is told what the assertion is for.</summary>
    internal static ClientCredential FromAssertion(Func<AssertionRequest, CancellationToken, string> assertion)
    {
        var callback = new ExternalAssertion(assertion);
        return new ClientCredential(CredentialHandle.OfCallback(callback), callback);
    }

    /// <summary>
    /// The token of a workload in a file, which its platform renews, such as the one of
    /// <c>AZURE_FEDERATED_TOKEN_FILE</c> in Kubernetes (Microsoft: "Workload identity federation"). The file is read for
    /// each request that is sent; links are followed.
    /// </summary>
    /// <param name="path">Path of the file, which holds one JWT of at most 64 KiB.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// The path is empty: <see cref="GraphTokenErrorKind.CredentialMissing"/>. So is the error of a call if the file is
    /// missing or empty; one that cannot be read is <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static ClientCredential FromFederatedTokenFile(string path)
    {
        using Utf8Text text = Utf8Text.Of(path ?? throw new ArgumentNullException(nameof(path)), nameof(path));
        return new ClientCredential(CredentialHandle.OfFederatedTokenFile(text));
    }

    /// <summary>
    /// The token of the job of GitHub Actions that runs this process, which is asked for before each request: from
    /// <c>ACTIONS_ID_TOKEN_REQUEST_URL</c> with <c>ACTIONS_ID_TOKEN_REQUEST_TOKEN</c>, as this process has them now.
    /// </summary>
    /// <exception cref="GraphTokenException">
    /// A variable is missing: <see cref="GraphTokenErrorKind.CredentialMissing"/>. The job needs the permission
    /// <c>id-token: write</c>. A variable cannot be used: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static ClientCredential FromGitHubActions()
    {
        using OptionsHandle options =
            FederationEnvironment.Options("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
        return new ClientCredential(CredentialHandle.OfGitHubActions(options));
    }

    /// <summary>
    /// The token of the job of Azure Pipelines that runs this process, which is asked for before each request: from
    /// <c>SYSTEM_OIDCREQUESTURI</c> with <c>SYSTEM_ACCESSTOKEN</c>, as this process has them now.
    /// </summary>
    /// <param name="serviceConnectionId">
    /// The id of the Azure Resource Manager service connection; empty for
    /// <c>AZURESUBSCRIPTION_SERVICE_CONNECTION_ID</c>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="serviceConnectionId"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// A variable or the id is missing: <see cref="GraphTokenErrorKind.CredentialMissing"/>. The task needs
    /// <c>env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)</c>. A variable cannot be used:
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static ClientCredential FromAzurePipelines(string serviceConnectionId)
    {
        if (serviceConnectionId == null)
        {
            throw new ArgumentNullException(nameof(serviceConnectionId));
        }
        string id = serviceConnectionId.Length > 0
            ? serviceConnectionId
            : FederationEnvironment.Variable("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID") ?? "";
        using OptionsHandle options = FederationEnvironment.Options("SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN");
        using Utf8Text text = Utf8Text.Of(id, nameof(serviceConnectionId));
        return new ClientCredential(CredentialHandle.OfAzurePipelines(text, options));
    }

    /// <summary>Frees this object. What clients keep of the credential is wiped with the last client.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>The name of the class, never the credential.</summary>
    public override string ToString() => nameof(ClientCredential);
}
