using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>An error of GraphToken: what failed, and what to do next. Contains no secrets.</summary>
/// <remarks><see cref="Exception.Message"/> begins with the root cause.</remarks>
public sealed class GraphTokenException : Exception
{
    /// <summary>An error without a response from the service.</summary>
    /// <param name="kind">The kind of the error.</param>
    /// <param name="message">What failed, root cause first.</param>
    /// <param name="hint">What to do next; may be empty.</param>
    /// <param name="innerException">The exception behind this one; none by default.</param>
    public GraphTokenException(
        GraphTokenErrorKind kind, string message, string hint = "", Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Hint = hint;
    }

    /// <summary>The kind of the error.</summary>
    public GraphTokenErrorKind Kind { get; }

    /// <summary>The permanent number of <see cref="Kind"/>, as the C functions return it.</summary>
    public int Status => (int)Kind;

    /// <summary>What to do next; may be empty.</summary>
    public string Hint { get; }

    /// <summary>
    /// The OAuth error code of the response (RFC 6749 section 5.2), such as <c>invalid_client</c>; or
    /// <see langword="null"/>.
    /// </summary>
    public string? OAuthError { get; internal set; }

    /// <summary>Microsoft's <c>suberror</c> of the response, or <see langword="null"/>.</summary>
    public string? SubError { get; internal set; }

    /// <summary>The AADSTS codes of the response, most specific first; may be empty.</summary>
    public IReadOnlyList<int> ServiceCodes { get; internal set; } = Array.Empty<int>();

    /// <summary>The HTTP status of the response; <see langword="null"/> if there was none.</summary>
    public int? HttpStatus { get; internal set; }

    /// <summary>The ID of the request in the sign-in logs of the tenant, or <see langword="null"/>.</summary>
    public string? CorrelationId { get; internal set; }

    /// <summary>The ID of the response, or <see langword="null"/>.</summary>
    public string? TraceId { get; internal set; }

    /// <summary>How long to wait, according to the service; <see langword="null"/> if it does not say.</summary>
    public TimeSpan? RetryAfter { get; internal set; }

    /// <summary>
    /// The claims challenge as JSON, or <see langword="null"/>. Pass it on as <see cref="TokenRequestOptions.Claims"/>;
    /// after <see cref="TokenRequest.OnBehalfOf(System.Security.SecureString, string[])"/>, return it to the caller of
    /// the application.
    /// </summary>
    public string? Claims { get; internal set; }

    /// <summary>Message and hint with the names of PowerShell's parameters; <see langword="null"/> when they are the same.
    /// </summary>
    internal (string Message, string Hint)? PowerShellTexts { get; set; }

    /// <summary>The same error with the names of PowerShell's parameters.</summary>
    internal GraphTokenException ForPowerShell() => PowerShellTexts is not (string message, string hint)
        ? this
        : new GraphTokenException(Kind, message, hint, InnerException)
        {
            OAuthError = OAuthError,
            SubError = SubError,
            ServiceCodes = ServiceCodes,
            HttpStatus = HttpStatus,
            CorrelationId = CorrelationId,
            TraceId = TraceId,
            RetryAfter = RetryAfter,
            Claims = Claims,
        };

    /// <summary>The usual text of an exception, with the hint at its end.</summary>
    public override string ToString() =>
        Hint.Length == 0 ? base.ToString() : base.ToString() + Environment.NewLine + "Hint: " + Hint;
}
