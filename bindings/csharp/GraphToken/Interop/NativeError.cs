using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>The one place where the status and error of a native call become an exception.</summary>
internal static class NativeError
{
    /// <summary>A native function that reads a text in the words of a surface.</summary>
    private delegate int SurfaceGetter(IntPtr handle, int surface, out GtStr text);

    /// <summary>Throws unless the call succeeded, and frees <paramref name="error"/>.</summary>
    /// <param name="status">What the call returned.</param>
    /// <param name="error">The <c>gt_error</c> of the call; NULL when it has none.</param>
    /// <param name="callback">What the call may have called back, to tell why it failed.</param>
    internal static void ThrowIfFailed(int status, IntPtr error, ExternalCallback? callback = null)
    {
        // A success needs no delegate.
        if (status != (int)GtStatus.Ok)
        {
            ThrowIfFailed(status, error, callback == null ? null : callback.FailureBehind);
        }
    }

    /// <inheritdoc cref="ThrowIfFailed(int, IntPtr, ExternalCallback)"/>
    /// <param name="status">What the call returned.</param>
    /// <param name="error">The <c>gt_error</c> of the call; NULL when it has none.</param>
    /// <param name="cause">The exception behind an error of a kind.</param>
    internal static void ThrowIfFailed(
        int status, IntPtr error, Func<GraphTokenErrorKind, Exception?>? cause)
    {
        if (Of(status, error, cause) is GraphTokenException exception)
        {
            throw exception;
        }
    }

    /// <summary>The exception of a call; <see langword="null"/> when it succeeded. Frees <paramref name="error"/>.
    /// </summary>
    internal static GraphTokenException? Of(
        int status, IntPtr error, Func<GraphTokenErrorKind, Exception?>? cause = null)
    {
        if (status == (int)GtStatus.Ok)
        {
            return null;
        }
        var kind = (GraphTokenErrorKind)status;
        if (error == IntPtr.Zero)
        {
            return new GraphTokenException(
                kind, $"The native library returned status {status} without an error message.");
        }
        try
        {
            return Read(kind, error, cause?.Invoke(kind));
        }
        finally
        {
            Native.gt_error_free(error);
        }
    }

    private static GraphTokenException Read(GraphTokenErrorKind kind, IntPtr error, Exception? innerException)
    {
        Native.gt_error_http_status(error, out int httpStatus);
        Native.gt_error_retry_after(error, out long retryAfter);
        return new GraphTokenException(
            kind,
            Text(error, Native.gt_error_message_on, GtSurface.Dotnet),
            Text(error, Native.gt_error_hint_on, GtSurface.Dotnet),
            innerException)
        {
            PowerShellTexts = (
                Text(error, Native.gt_error_message_on, GtSurface.PowerShell),
                Text(error, Native.gt_error_hint_on, GtSurface.PowerShell)),
            OAuthError = OptionalText(error, Native.gt_error_oauth_error),
            SubError = OptionalText(error, Native.gt_error_suberror),
            ServiceCodes = ServiceCodes(error),
            HttpStatus = httpStatus == 0 ? null : httpStatus,
            CorrelationId = OptionalText(error, Native.gt_error_correlation_id),
            TraceId = OptionalText(error, Native.gt_error_trace_id),
            RetryAfter = Duration(retryAfter),
            Claims = OptionalText(error, Native.gt_error_claims),
        };
    }

    private static string Text(IntPtr error, NativeGetter<GtStr> getter)
    {
        getter(error, out GtStr text);
        return Utf8Text.Read(text);
    }

    private static string Text(IntPtr error, SurfaceGetter getter, GtSurface surface)
    {
        getter(error, (int)surface, out GtStr text);
        return Utf8Text.Read(text);
    }

    private static string? OptionalText(IntPtr error, NativeGetter<GtStr> getter)
    {
        string text = Text(error, getter);
        return text.Length == 0 ? null : text;
    }

    private static List<int> ServiceCodes(IntPtr error)
    {
        Native.gt_error_service_code_count(error, out ulong count);
        var codes = new List<int>();
        for (ulong index = 0; index < count; index++)
        {
            Native.gt_error_service_code(error, index, out uint code);
            codes.Add(unchecked((int)code));
        }
        return codes;
    }

    private static TimeSpan? Duration(long seconds)
    {
        const long Longest = long.MaxValue / TimeSpan.TicksPerSecond;
        return seconds < 0 ? null : TimeSpan.FromTicks(Math.Min(seconds, Longest) * TimeSpan.TicksPerSecond);
    }
}
