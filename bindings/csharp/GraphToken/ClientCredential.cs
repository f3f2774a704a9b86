using System;
using System.Security;

namespace GraphToken;

/// <summary>A credential of the application. May be used from any thread and by several clients.</summary>
/// <remarks>A client keeps what it needs: a credential may be disposed as soon as the client is built.</remarks>
public sealed class ClientCredential : IDisposable
{
    private ClientCredential(CredentialHandle handle, ExternalSigner? signer = null)
    {
        Handle = handle;
        Signer = signer;
    }

    internal CredentialHandle Handle { get; }

    /// <summary>What signs instead of the engine; <see langword="null"/> for the engine.</summary>
    internal ExternalSigner? Signer { get; }

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

    /// <summary>Frees this object. What clients keep of the credential is wiped with the last client.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>The name of the class, never the credential.</summary>
    public override string ToString() => nameof(ClientCredential);
}
