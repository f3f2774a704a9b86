using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>What went wrong, and what to do next. Holds no secret.</summary>
/// <remarks><see cref="Exception.Message"/> begins with the root cause.</remarks>
public sealed class GraphTokenException : Exception
{
    /// <summary>An error that no answer of the service is behind.</summary>
    /// <param name="kind">What kind of error it is.</param>
    /// <param name="message">What went wrong, root cause first.</param>
    /// <param name="hint">What to do next; empty when there is nothing to say.</param>
    /// <param name="innerException">The exception behind this one; none by default.</param>
    public GraphTokenException(
        GraphTokenErrorKind kind, string message, string hint = "", Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Hint = hint;
    }

    /// <summary>What kind of error it is.</summary>
    public GraphTokenErrorKind Kind { get; }

    /// <summary>The permanent number of <see cref="Kind"/>, as the C functions return it.</summary>
    public int Status => (int)Kind;

    /// <summary>What to do next; empty when there is nothing to say.</summary>
    public string Hint { get; }

    /// <summary>
    /// The OAuth error code of the answer (RFC 6749 section 5.2), such as <c>invalid_client</c>; or
    /// <see langword="null"/>.
    /// </summary>
    public string? OAuthError { get; internal set; }

    /// <summary>Microsoft's <c>suberror</c> of the answer, or <see langword="null"/>.</summary>
    public string? SubError { get; internal set; }

    /// <summary>The AADSTS numbers of the answer, most specific first; empty when there are none.</summary>
    public IReadOnlyList<int> ServiceCodes { get; internal set; } = Array.Empty<int>();

    /// <summary>HTTP status of the answer; <see langword="null"/> when there was no answer.</summary>
    public int? HttpStatus { get; internal set; }

    /// <summary>Id that finds the request in the tenant's sign-in logs, or <see langword="null"/>.</summary>
    public string? CorrelationId { get; internal set; }

    /// <summary>The service's id of its answer, or <see langword="null"/>.</summary>
    public string? TraceId { get; internal set; }

    /// <summary>How long the service asks to wait; <see langword="null"/> when it does not say.</summary>
    public TimeSpan? RetryAfter { get; internal set; }

    /// <summary>
    /// The claims challenge as JSON, to pass on as <see cref="TokenRequestOptions.Claims"/>; or <see langword="null"/>.
    /// </summary>
    public string? Claims { get; internal set; }

    /// <summary>The usual text of an exception, with the hint at its end.</summary>
    public override string ToString() =>
        Hint.Length == 0 ? base.ToString() : base.ToString() + Environment.NewLine + "Hint: " + Hint;
}
