namespace GraphToken;

/// <summary>What kind of error happened. The numbers are permanent and the same in every part of GraphToken.</summary>
/// <remarks>
/// 1 to 99 are misuse, 100 to 199 the caller's input, 200 to 299 the network, 300 to 399 the service, 400 to 499
/// storage.
/// A newer native library may report a number that has no name here.
/// </remarks>
public enum GraphTokenErrorKind
{
    /// <summary>A pointer that must not be NULL was NULL: a mistake in a direct use of <see cref="Native"/>.</summary>
    NullPointer = 1,

    /// <summary>The engine panicked, which is a defect of GraphToken. The process and other objects are unharmed.</summary>
    InternalError = 2,

    /// <summary>The call was cancelled.</summary>
    Cancelled = 3,

    /// <summary>The native library was not found, could not be loaded, or is not the one for this assembly.</summary>
    NativeLibraryMismatch = 4,

    /// <summary>A handle of the native library is not one of the expected object, or was freed.</summary>
    InvalidHandle = 5,

    /// <summary>An argument is invalid.</summary>
    InvalidArgument = 100,

    /// <summary>The tenant or authority is invalid, or is not one that requests may be sent to.</summary>
    InvalidAuthority = 101,

    /// <summary>No application or user credential was given.</summary>
    CredentialMissing = 102,

    /// <summary>The certificate was not found.</summary>
    CertificateNotFound = 110,

    /// <summary>The certificate is damaged or has an unknown format.</summary>
    CertificateUnreadable = 111,

    /// <summary>The password of the certificate or its key, or the PIN, is wrong.</summary>
    CertificatePasswordIncorrect = 112,

    /// <summary>The certificate has no private key.</summary>
    PrivateKeyMissing = 113,

    /// <summary>The private key belongs to another certificate.</summary>
    PrivateKeyMismatch = 114,

    /// <summary>The key is of a kind or size that cannot sign client assertions.</summary>
    PrivateKeyUnsupported = 115,

    /// <summary>This account has no access to the private key.</summary>
    PrivateKeyInaccessible = 116,

    /// <summary>The key failed to sign, or its signature is wrong.</summary>
    SigningFailed = 117,

    /// <summary>The service cannot be reached: name resolution, connecting, or a connection that broke.</summary>
    ConnectionFailed = 200,

    /// <summary>The TLS handshake failed, most often because the server's certificate is not trusted.</summary>
    TlsFailed = 201,

    /// <summary>The proxy refused the connection or cannot be used.</summary>
    ProxyFailed = 202,

    /// <summary>The call timed out.</summary>
    RequestTimeout = 203,

    /// <summary>The service rejected the request for a reason that has no kind of its own.</summary>
    ServiceRejected = 300,

    /// <summary>The service rejected the credential of the application (<c>invalid_client</c>).</summary>
    ClientCredentialRejected = 301,

    /// <summary>
    /// The service rejected the password, refresh token or assertion of the user (<c>invalid_grant</c>).
    /// </summary>
    UserCredentialRejected = 302,

    /// <summary>The user must sign in interactively.</summary>
    InteractionRequired = 303,

    /// <summary>The service received too many requests.</summary>
    Throttled = 304,

    /// <summary>The service is temporarily unavailable.</summary>
    ServiceUnavailable = 305,

    /// <summary>The response is not from a token service.</summary>
    MalformedResponse = 306,

    /// <summary>The file of the token cache cannot be read, is damaged, or is protected in another way.</summary>
    CacheUnreadable = 400,

    /// <summary>The file of the token cache cannot be written or removed.</summary>
    CacheUnwritable = 401,

    /// <summary>Another process holds the lock of the token cache.</summary>
    CacheLocked = 402,

    /// <summary>
    /// This account cannot protect the file of the token cache, or others can write the folder of one in plain text.
    /// </summary>
    CacheProtectionUnavailable = 403,
}
