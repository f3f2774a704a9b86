using System;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken;

/// <summary>
/// A certificate that signs client assertions: with a private key that was read, or through a key that stays where
/// it is. May be used from any thread.
/// </summary>
/// <remarks>
/// The key must be RSA of 2048 to 8192 bits. A credential keeps what it needs: a certificate may be disposed as soon as
/// the credential is made.
/// </remarks>
public sealed class ClientCertificate : IDisposable
{
    private ClientCertificate(CertificateHandle handle, ExternalSigner? signer = null)
    {
        Handle = handle;
        Signer = signer;
    }

    /// <summary>The subject, as RFC 4514 writes it.</summary>
    public string Subject => Handle.ReadText(Native.gt_certificate_subject);

    /// <summary>SHA-1 thumbprint in upper-case hexadecimal, as the Entra portal shows it.</summary>
    public string Thumbprint => Handle.ReadText(Native.gt_certificate_thumbprint_sha1);

    /// <summary>SHA-256 thumbprint in upper-case hexadecimal.</summary>
    public string ThumbprintSha256 => Handle.ReadText(Native.gt_certificate_thumbprint_sha256);

    /// <summary>The first moment of its validity, in UTC.</summary>
    public DateTimeOffset NotBefore => Time(Native.gt_certificate_not_before);

    /// <summary>The last moment of its validity, in UTC.</summary>
    public DateTimeOffset NotAfter => Time(Native.gt_certificate_not_after);

    /// <summary>Size of the RSA key in bits.</summary>
    public int KeyBits => (int)Handle.Read<uint>(Native.gt_certificate_key_bits);

    /// <summary>
    /// Why the service may reject the certificate: it had expired or was not valid yet when it was loaded.
    /// <see langword="null"/> if it was valid.
    /// </summary>
    public string? Warning =>
        Handle.HasText(Native.gt_certificate_warning) ? Handle.ReadText(Native.gt_certificate_warning) : null;

    internal CertificateHandle Handle { get; }

    /// <summary>What signs instead of the engine; <see langword="null"/> for the engine.</summary>
    internal ExternalSigner? Signer { get; }

    /// <summary>Reads a certificate and its private key from a PFX (PKCS #12) or PEM file.</summary>
    /// <remarks>
    /// Clients read the file again before they sign when it has changed, so that a replaced certificate needs no
    /// restart; this object keeps showing what it read. The password stays in native memory for that.
    /// </remarks>
    /// <param name="path">
    /// The file; its format is recognised by content. White space, quotation marks and line breaks around the path are
    /// ignored. A path of PowerShell's drive <c>Cert:</c>, such as <c>Cert:\CurrentUser\My\A1B2...</c>, is that of a
    /// certificate in a store, which is opened as by <see cref="FromThumbprint(string, bool)"/>.
    /// </param>
    /// <param name="password">
    /// The password of the PFX or of the encrypted key, which may be disposed afterwards; <see langword="null"/> for
    /// none.
    /// </param>
    /// <param name="privateKeyPath">A second file with the key; <see langword="null"/> when the first holds it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.CertificateNotFound"/>, <see cref="GraphTokenErrorKind.CertificateUnreadable"/>,
    /// <see cref="GraphTokenErrorKind.CertificatePasswordIncorrect"/>,
    /// <see cref="GraphTokenErrorKind.PrivateKeyMissing"/>, <see cref="GraphTokenErrorKind.PrivateKeyMismatch"/>,
    /// <see cref="GraphTokenErrorKind.PrivateKeyUnsupported"/> or
    /// <see cref="GraphTokenErrorKind.PrivateKeyInaccessible"/>; the message names the file.
    /// </exception>
    public static ClientCertificate FromFile(string path, SecureString? password = null, string? privateKeyPath = null)
    {
        using Utf8Text secret = Utf8Text.OfOptionalSecret(password, nameof(password));
        return FromFile(path, secret, privateKeyPath);
    }

    /// <inheritdoc cref="FromFile(string, SecureString, string)"/>
    /// <param name="path">The file; its format is recognised by content.</param>
    /// <param name="password">The password. The array is overwritten with zeros, also when this fails.</param>
    /// <param name="privateKeyPath">A second file with the key; <see langword="null"/> when the first holds it.</param>
    public static ClientCertificate FromFile(string path, char[] password, string? privateKeyPath = null)
    {
        using Utf8Text secret = Utf8Text.OfSecret(password, nameof(password));
        return FromFile(path, secret, privateKeyPath);
    }

    /// <summary>Reads a certificate and its private key from the contents of a PFX (PKCS #12) or PEM file.</summary>
    /// <param name="certificate">
    /// The contents, which may be in Base64; the format is recognised. The array stays as it is.
    /// </param>
    /// <param name="privateKey">
    /// The contents of a second file with the key; <see langword="null"/> when the first holds it. The array stays as
    /// it is: overwrite it after use.
    /// </param>
    /// <param name="password">
    /// The password of the PFX or of the encrypted key, which may be disposed afterwards; <see langword="null"/> for
    /// none.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is null.</exception>
    /// <exception cref="GraphTokenException">As for a file.</exception>
    public static ClientCertificate FromBytes(
        byte[] certificate, byte[]? privateKey = null, SecureString? password = null)
    {
        if (certificate == null)
        {
            throw new ArgumentNullException(nameof(certificate));
        }
        using Utf8Text secret = Utf8Text.OfOptionalSecret(password, nameof(password));
        using Utf8Text content = Utf8Text.CopyOf(certificate);
        using Utf8Text key = Utf8Text.CopyOf(privateKey);
        return new ClientCertificate(CertificateHandle.FromBytes(content, key, secret));
    }

    /// <summary>
    /// Reads a certificate and its private key from the contents of a PFX (PKCS #12) or PEM file in Base64, as secret
    /// stores return them.
    /// </summary>
    /// <param name="certificate">
    /// The Base64 text, or the text of a PEM file itself, whose line breaks may be missing. It may be disposed
    /// afterwards.
    /// </param>
    /// <param name="password">
    /// The password of the PFX or of the encrypted key, which may be disposed afterwards; <see langword="null"/> for
    /// none.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is null.</exception>
    /// <exception cref="GraphTokenException">As for a file.</exception>
    public static ClientCertificate FromBase64(SecureString certificate, SecureString? password = null)
    {
        using Utf8Text content = Utf8Text.OfSecret(certificate, nameof(certificate));
        using Utf8Text secret = Utf8Text.OfOptionalSecret(password, nameof(password));
        using Utf8Text key = Utf8Text.CopyOf(null);
        return new ClientCertificate(CertificateHandle.FromBytes(content, key, secret));
    }

    /// <summary>
    /// Takes a certificate whose private key is on a token: an HSM or smart card with a PKCS#11 module. Not on Windows,
    /// where <see cref="FromX509(X509Certificate2, X509Certificate2Collection)"/> takes it from the certificate store.
    /// </summary>
    /// <remarks>
    /// Among several certificates that have their key on the token, the newest valid one is taken. The PIN is tried
    /// once, at one token, and stays in native memory to log in again when the token was unplugged for a moment; once
    /// refused, it is not given again. The login is one of the whole process: while a certificate of the token is in
    /// use, a further PIN for it is not looked at.
    /// </remarks>
    /// <param name="modulePath">
    /// The provider's shared library, such as <c>/usr/lib/softhsm/libsofthsm2.so</c>. It runs in this process and stays
    /// loaded until its end.
    /// </param>
    /// <param name="pin">
    /// The user's PIN, which may be disposed afterwards; <see langword="null"/> for a token that needs none or has a
    /// keypad of its own.
    /// </param>
    /// <param name="uri">
    /// Which token and which object on it are meant (RFC 7512): <c>pkcs11:token=...;object=...</c>, with token, serial,
    /// manufacturer, model, slot-id, object, id and type. <see langword="null"/> when there is one token with one
    /// certificate.
    /// </param>
    /// <param name="certificate">
    /// The contents of a certificate file, for a token that holds the key alone; <see langword="null"/> when the token
    /// has the certificate.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="modulePath"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.CertificateNotFound"/> when the module, the token or the certificate is not
    /// there; <see cref="GraphTokenErrorKind.CertificatePasswordIncorrect"/> when the PIN is wrong or missing; <see
    /// cref="GraphTokenErrorKind.CertificateUnreadable"/>, <see cref="GraphTokenErrorKind.PrivateKeyMissing"/>, <see
    /// cref="GraphTokenErrorKind.PrivateKeyMismatch"/>, <see cref="GraphTokenErrorKind.PrivateKeyUnsupported"/>; <see
    /// cref="GraphTokenErrorKind.PrivateKeyInaccessible"/> when the token is locked or does not let the key sign; <see
    /// cref="GraphTokenErrorKind.InvalidArgument"/> for a URI that is not understood, and on Windows.
    /// </exception>
    public static ClientCertificate FromPkcs11(
        string modulePath, SecureString? pin = null, string? uri = null, byte[]? certificate = null)
    {
        using Utf8Text secret = Utf8Text.OfOptionalSecret(pin, nameof(pin));
        return FromPkcs11(modulePath, secret, uri, certificate);
    }

    /// <inheritdoc cref="FromPkcs11(string, SecureString, string, byte[])"/>
    /// <param name="modulePath">The provider's shared library.</param>
    /// <param name="pin">The user's PIN. The array is overwritten with zeros, also when this fails.</param>
    /// <param name="uri">Which token and which object on it are meant (RFC 7512).</param>
    /// <param name="certificate">The contents of a certificate file, for a token that holds the key alone.</param>
    public static ClientCertificate FromPkcs11(
        string modulePath, char[] pin, string? uri = null, byte[]? certificate = null)
    {
        using Utf8Text secret = Utf8Text.OfSecret(pin, nameof(pin));
        return FromPkcs11(modulePath, secret, uri, certificate);
    }

    /// <summary>
    /// Finds a certificate by its thumbprint in the stores <c>CurrentUser\My</c>, then <c>LocalMachine\My</c>. Its
    /// private key signs where it is and need not be exportable. An expired certificate is found too.
    /// </summary>
    /// <param name="thumbprint">
    /// SHA-1 or SHA-256 in hexadecimal digits; spaces, colons, dashes, letter case and invisible characters do not
    /// matter. Also the path of a certificate in PowerShell's drive <c>Cert:</c>, which is searched for in its store
    /// only.
    /// </param>
    /// <param name="findIssuers">
    /// Whether the certificates that issued it are looked for on this machine, for
    /// <see cref="TokenClientBuilder.WithCertificateChain(bool)"/>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="thumbprint"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/> when it is no thumbprint;
    /// <see cref="GraphTokenErrorKind.CertificateNotFound"/>, <see cref="GraphTokenErrorKind.PrivateKeyMissing"/>,
    /// <see cref="GraphTokenErrorKind.PrivateKeyUnsupported"/> or
    /// <see cref="GraphTokenErrorKind.PrivateKeyInaccessible"/>; the message names each store that was searched.
    /// </exception>
    public static ClientCertificate FromThumbprint(string thumbprint, bool findIssuers = false)
    {
        using Utf8Text text = Utf8Text.Of(
            thumbprint ?? throw new ArgumentNullException(nameof(thumbprint)), nameof(thumbprint));
        return FromStore(CertificateSearchHandle.ByThumbprint(text), findIssuers);
    }

    /// <summary>
    /// Finds the newest valid certificate with a subject in the stores <c>CurrentUser\My</c> and
    /// <c>LocalMachine\My</c>. Its private key signs where it is and need not be exportable.
    /// </summary>
    /// <param name="subjectName">
    /// The whole distinguished name, such as <c>CN=App, O=Contoso</c>, or the common name alone. Letter case, spaces
    /// and the order of the attributes do not matter.
    /// </param>
    /// <param name="findIssuers">As for <see cref="FromThumbprint(string, bool)"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="subjectName"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// As for <see cref="FromThumbprint(string, bool)"/>; <see cref="GraphTokenErrorKind.CertificateNotFound"/> also
    /// when there are only expired ones, which the message lists.
    /// </exception>
    public static ClientCertificate FromSubjectName(string subjectName, bool findIssuers = false)
    {
        using Utf8Text text = Utf8Text.Of(
            subjectName ?? throw new ArgumentNullException(nameof(subjectName)), nameof(subjectName));
        return FromStore(CertificateSearchHandle.BySubjectName(text), findIssuers);
    }

    /// <summary>
    /// Takes a certificate of a store, a smart card or a file. Its private key signs where it is, by
    /// <see cref="RSACertificateExtensions.GetRSAPrivateKey"/>, and need not be exportable.
    /// </summary>
    /// <param name="certificate">The certificate, which may be disposed afterwards.</param>
    /// <param name="chain">
    /// The certificates that issued it, in any number, for
    /// <see cref="TokenClientBuilder.WithCertificateChain(bool)"/>; none by default.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.PrivateKeyMissing"/>, <see cref="GraphTokenErrorKind.PrivateKeyUnsupported"/> or
    /// <see cref="GraphTokenErrorKind.PrivateKeyInaccessible"/>.
    /// </exception>
    public static ClientCertificate FromX509(X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        if (certificate == null)
        {
            throw new ArgumentNullException(nameof(certificate));
        }
        return FromX509(certificate, new ExternalSigner(X509PrivateKey.Of(certificate), ownsKey: true), chain);
    }

    /// <inheritdoc cref="FromX509(X509Certificate2, X509Certificate2Collection)"/>
    /// <param name="certificate">The certificate, which may be disposed afterwards.</param>
    /// <param name="findIssuers">As for <see cref="FromThumbprint(string, bool)"/>.</param>
    public static ClientCertificate FromX509(X509Certificate2 certificate, bool findIssuers)
    {
        if (!findIssuers || certificate == null)
        {
            return FromX509(certificate!);
        }
        using var issuers = new IssuerChain(certificate);
        return FromX509(certificate, issuers.Certificates);
    }

    /// <summary>
    /// Takes a certificate whose private key signs through <paramref name="privateKey"/>, as clients of key vaults and
    /// hardware modules offer it.
    /// </summary>
    /// <param name="certificate">The certificate, which may be disposed afterwards. It need not have a key.</param>
    /// <param name="privateKey">
    /// Signs by <see cref="RSA.SignHash(byte[], HashAlgorithmName, RSASignaturePadding)"/>, one call at a time, on any
    /// thread. It is not disposed, and must stay usable until everything made from this certificate is disposed.
    /// </param>
    /// <param name="chain">
    /// The certificates that issued it, in any number, for
    /// <see cref="TokenClientBuilder.WithCertificateChain(bool)"/>; none by default.
    /// </param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="certificate"/> or <paramref name="privateKey"/> is null.
    /// </exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.PrivateKeyUnsupported"/>. Whether certificate and key belong together shows with
    /// the first signature.
    /// </exception>
    public static ClientCertificate FromX509(
        X509Certificate2 certificate, RSA privateKey, X509Certificate2Collection? chain = null)
    {
        if (certificate == null)
        {
            throw new ArgumentNullException(nameof(certificate));
        }
        if (privateKey == null)
        {
            throw new ArgumentNullException(nameof(privateKey));
        }
        return FromX509(certificate, new ExternalSigner(privateKey, ownsKey: false), chain);
    }

    /// <summary>Frees this object. What credentials keep of the key is wiped with the last credential.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>Subject and thumbprint, nothing of the key.</summary>
    public override string ToString() =>
        Handle.IsClosed ? "ClientCertificate (disposed)" : $"ClientCertificate ({Subject}, thumbprint {Thumbprint})";

    private static ClientCertificate FromFile(string path, Utf8Text password, string? privateKeyPath)
    {
        using Utf8Text file = Utf8Text.Of(path ?? throw new ArgumentNullException(nameof(path)), nameof(path));
        if (privateKeyPath == null && StorePath.IsOne(path))
        {
            // .NET's stores, which the engine does not read on every system.
            return FromThumbprint(path);
        }
        using Utf8Text keyFile = Utf8Text.Of(privateKeyPath, nameof(privateKeyPath));
        return new ClientCertificate(CertificateHandle.FromFile(file, keyFile, password));
    }

    private static ClientCertificate FromPkcs11(string modulePath, Utf8Text pin, string? uri, byte[]? certificate)
    {
        using Utf8Text module = Utf8Text.Of(
            modulePath ?? throw new ArgumentNullException(nameof(modulePath)), nameof(modulePath));
        using Utf8Text meant = Utf8Text.Of(uri, nameof(uri));
        using Utf8Text content = Utf8Text.CopyOf(certificate);
        return new ClientCertificate(CertificateHandle.FromPkcs11(module, meant, content, pin));
    }

    private static ClientCertificate FromStore(CertificateSearchHandle handle, bool findIssuers)
    {
        using var search = new X509StoreSearch(handle);
        return search.Open(certificate => FromX509(certificate, findIssuers));
    }

    private static ClientCertificate FromX509(
        X509Certificate2 certificate, ExternalSigner signer, X509Certificate2Collection? chain)
    {
        using Utf8Text text = Utf8Text.Of(PemChain.Of(certificate, chain), nameof(certificate));
        return new ClientCertificate(CertificateHandle.WithSigner(text, signer), signer);
    }

    private DateTimeOffset Time(NativeGetter<long> getter) => DateTimeOffset.FromUnixTimeSeconds(Handle.Read(getter));
}
