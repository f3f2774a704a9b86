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

    /// <summary>The engine failed: a defect of GraphToken. The process and other objects are unharmed.</summary>
    InternalError = 2,

    /// <summary>The call was cancelled.</summary>
    Cancelled = 3,

    /// <summary>The native library was not found, could not be loaded, or is not the one for this assembly.</summary>
    NativeLibraryMismatch = 4,

    /// <summary>An argument is not one that can be used.</summary>
    InvalidArgument = 100,

    /// <summary>The tenant or authority does not name a token service that may be asked.</summary>
    InvalidAuthority = 101,

    /// <summary>Neither the application nor the user proves who it is.</summary>
    CredentialMissing = 102,

    /// <summary>No certificate is at the place that was named.</summary>
    CertificateNotFound = 110,

    /// <summary>The certificate is damaged or of an unknown format.</summary>
    CertificateUnreadable = 111,

    /// <summary>The password does not open the certificate or its key.</summary>
    CertificatePasswordIncorrect = 112,

    /// <summary>The certificate is there, its private key is not.</summary>
    PrivateKeyMissing = 113,

    /// <summary>The private key belongs to another certificate.</summary>
    PrivateKeyMismatch = 114,

    /// <summary>The key is of a kind or size that cannot sign client assertions.</summary>
    PrivateKeyUnsupported = 115,

    /// <summary>The private key exists, but this account may not use it.</summary>
    PrivateKeyInaccessible = 116,

    /// <summary>The key did not sign, or its signature is wrong.</summary>
    SigningFailed = 117,

    /// <summary>The service could not be reached: name resolution, connecting, or a connection that broke.</summary>
    ConnectionFailed = 200,

    /// <summary>The TLS handshake failed, most often because the server's certificate is not trusted.</summary>
    TlsFailed = 201,

    /// <summary>The proxy refused or could not be used.</summary>
    ProxyFailed = 202,

    /// <summary>The time limit of the call passed.</summary>
    RequestTimeout = 203,

    /// <summary>The service refused the request for a reason that no other kind names.</summary>
    ServiceRejected = 300,

    /// <summary>The service did not accept the application's proof (<c>invalid_client</c>).</summary>
    ClientCredentialRejected = 301,

    /// <summary>The service did not accept the user's password or refresh token (<c>invalid_grant</c>).</summary>
    UserCredentialRejected = 302,

    /// <summary>The user must sign in interactively.</summary>
    InteractionRequired = 303,

    /// <summary>The service asks for fewer requests.</summary>
    Throttled = 304,

    /// <summary>The service is temporarily unable to answer.</summary>
    ServiceUnavailable = 305,

    /// <summary>The answer is not one that a token service gives.</summary>
    MalformedResponse = 306,

    /// <summary>The token cache's file cannot be read, is damaged, or is protected otherwise than it should be.</summary>
    CacheUnreadable = 400,

    /// <summary>The token cache's file cannot be written or removed.</summary>
    CacheUnwritable = 401,

    /// <summary>Another process had the token cache's file locked for too long.</summary>
    CacheLocked = 402,

    /// <summary>This account has no protection of its own for the token cache's file.</summary>
    CacheProtectionUnavailable = 403,
}
