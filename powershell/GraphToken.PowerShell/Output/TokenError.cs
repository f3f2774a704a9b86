using System;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>The error records of all commands: the ID is the kind of the error, the recommended action its hint.
/// </summary>
internal static class TokenError
{
    internal static ErrorRecord RecordOf(GraphTokenException error) =>
        new(error, error.Kind.ToString(), CategoryOf(error.Kind), targetObject: null)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.Hint },
        };

    /// <summary>For what is not of this library: the ID is the exception's type.</summary>
    internal static ErrorRecord RecordOf(Exception error) =>
        new(error, error.GetType().Name, ErrorCategory.InvalidArgument, targetObject: null);

    internal static GraphTokenException InvalidArgument(string message, string hint) =>
        new(GraphTokenErrorKind.InvalidArgument, message, hint);

    /// <summary>The only place that says which PowerShell category a kind of error has.</summary>
    internal static ErrorCategory CategoryOf(GraphTokenErrorKind kind) => kind switch
    {
        GraphTokenErrorKind.Cancelled => ErrorCategory.OperationStopped,
        GraphTokenErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        GraphTokenErrorKind.InvalidAuthority => ErrorCategory.InvalidArgument,
        GraphTokenErrorKind.CredentialMissing => ErrorCategory.InvalidArgument,
        GraphTokenErrorKind.CertificateNotFound => ErrorCategory.ObjectNotFound,
        GraphTokenErrorKind.CertificateUnreadable => ErrorCategory.InvalidData,
        GraphTokenErrorKind.CertificatePasswordIncorrect => ErrorCategory.SecurityError,
        GraphTokenErrorKind.PrivateKeyMissing => ErrorCategory.InvalidData,
        GraphTokenErrorKind.PrivateKeyMismatch => ErrorCategory.InvalidData,
        GraphTokenErrorKind.PrivateKeyUnsupported => ErrorCategory.InvalidType,
        GraphTokenErrorKind.PrivateKeyInaccessible => ErrorCategory.PermissionDenied,
        GraphTokenErrorKind.SigningFailed => ErrorCategory.InvalidResult,
        GraphTokenErrorKind.ConnectionFailed => ErrorCategory.ConnectionError,
        GraphTokenErrorKind.TlsFailed => ErrorCategory.SecurityError,
        GraphTokenErrorKind.ProxyFailed => ErrorCategory.ConnectionError,
        GraphTokenErrorKind.RequestTimeout => ErrorCategory.OperationTimeout,
        GraphTokenErrorKind.ServiceRejected => ErrorCategory.AuthenticationError,
        GraphTokenErrorKind.ClientCredentialRejected => ErrorCategory.AuthenticationError,
        GraphTokenErrorKind.UserCredentialRejected => ErrorCategory.AuthenticationError,
        GraphTokenErrorKind.InteractionRequired => ErrorCategory.AuthenticationError,
        GraphTokenErrorKind.Throttled => ErrorCategory.LimitsExceeded,
        GraphTokenErrorKind.ServiceUnavailable => ErrorCategory.ResourceUnavailable,
        GraphTokenErrorKind.MalformedResponse => ErrorCategory.InvalidData,
        GraphTokenErrorKind.CacheUnreadable => ErrorCategory.ReadError,
        GraphTokenErrorKind.CacheUnwritable => ErrorCategory.WriteError,
        GraphTokenErrorKind.CacheLocked => ErrorCategory.WriteError,
        GraphTokenErrorKind.CacheProtectionUnavailable => ErrorCategory.ReadError,
        _ => ErrorCategory.InvalidOperation,
    };
}
